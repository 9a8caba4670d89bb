"""Migration operations that hand a table's isolation to the database.

Every tenant table's creating migration ends with one `IsolateTable`: row level security with the exact policy of
ADR 0002, grants per role, composite foreign keys, and the machine audit trigger. `tests/architecture` compares what
PostgreSQL holds with what the models say.
"""

from typing import Any

from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

TENANT = "tenant_id = current_setting('app.tenant_id')::int"
# One look-up per row that the query touches. Written as IN or EXISTS, PostgreSQL hashes all records the provider ever
# held for every statement: 12 ms at 39,000 of them, against 0.03.
_PARTY = (
    "(SELECT true FROM records_recordparty p"
    " WHERE p.tenant_id = current_setting('app.tenant_id')::int"
    " AND p.provider_id = current_setting('app.provider_id')::uuid AND p.record_id = {column} LIMIT 1)"
)


def _party(column: str) -> str:
    return _PARTY.replace("{column}", "{table}." + column)


# What a supplier's role sees of a table, by kind of table.
SUPPLIER_SEES = {
    "tenant": TENANT,
    "header": f"{TENANT} AND {_party('id')}",
    "record": f"{TENANT} AND {_party('record_id')}",
    "link": f"{TENANT} AND ({_party('source_id')} OR {_party('target_id')})",
    "party": f"{TENANT} AND provider_id = current_setting('app.provider_id')::uuid",
}


class IsolateTable(Operation):
    """Isolate one tenant table.

    supplier: which rows the supplier role reads (a key of SUPPLIER_SEES, or "" for none).
    supplier_writes: whether it may insert and update too (rows it may read; new rows in its tenant).
    worker: "" | "r" | "rw", what cross-tenant sweeps may do.
    audited: False only for projections and logs, which are derived from, or are themselves, the audit.
    append_only: no role, not even the owner, updates or deletes.
    leaf: nothing refers to this table, so it needs no unique (tenant_id, id).
    """

    reversible = True
    reduces_to_sql = True

    def __init__(
        self,
        model: str,
        *,
        supplier: str = "",
        supplier_writes: bool = False,
        worker: str = "",
        audited: bool = True,
        append_only: bool = False,
        leaf: bool = False,
    ) -> None:
        self.model, self.supplier, self.supplier_writes, self.worker = (
            model,
            supplier,
            supplier_writes,
            worker,
        )
        self.audited, self.append_only, self.leaf = audited, append_only, leaf

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """As migrations are written."""
        options = {
            key: getattr(self, key)
            for key in ("supplier", "supplier_writes", "worker", "audited", "append_only", "leaf")
            if getattr(self, key)
        }
        if not self.audited:
            options["audited"] = False
        return "IsolateTable", [self.model], options

    def describe(self) -> str:
        """What `migrate` prints."""
        return f"Isolate the table of {self.model} by tenant"

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Isolation lives in the database only."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make policies, grants, references and triggers."""
        model = to_state.apps.get_model(app_label, self.model)
        for statement in [*self._policies(model), *self._references(model), *self._triggers(model)]:
            schema_editor.execute(statement)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """The table is dropped next, and everything here goes with it."""

    def _policies(self, model: Any) -> list[str]:
        table = model._meta.db_table
        done = [f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"]
        done.append(f"CREATE POLICY {table}_app ON {table} TO itsm_app USING ({TENANT})")
        if self.append_only:
            done.append(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM itsm_app")
        done.append(f"GRANT SELECT ON {table} TO itsm_report")
        done.append(f"CREATE POLICY {table}_report ON {table} FOR SELECT TO itsm_report USING (true)")
        if self.supplier:
            sees = SUPPLIER_SEES[self.supplier].replace("{table}", table)
            done.append(f"GRANT SELECT ON {table} TO itsm_supplier")
            done.append(
                f"CREATE POLICY {table}_supplier ON {table} FOR SELECT TO itsm_supplier USING ({sees})"
            )
            if self.supplier_writes:
                rights = "INSERT" if self.append_only else "INSERT, UPDATE, DELETE"
                done.append(f"GRANT {rights} ON {table} TO itsm_supplier")
                done.append(
                    f"CREATE POLICY {table}_supplier_new ON {table} FOR INSERT TO itsm_supplier WITH CHECK ({TENANT})"
                )
                done.append(
                    f"CREATE POLICY {table}_supplier_change ON {table} FOR UPDATE TO itsm_supplier"
                    f" USING ({sees}) WITH CHECK ({TENANT})"
                )
                done.append(
                    f"CREATE POLICY {table}_supplier_end ON {table} FOR DELETE TO itsm_supplier USING ({sees})"
                )
        if self.worker:
            rights = "SELECT" if self.worker == "r" else "SELECT, INSERT, UPDATE, DELETE"
            kind = "FOR SELECT" if self.worker == "r" else ""
            done.append(f"GRANT {rights} ON {table} TO itsm_worker")
            done.append(f"CREATE POLICY {table}_worker ON {table} {kind} TO itsm_worker USING (true)")
        return done

    def _references(self, model: Any) -> list[str]:
        table = model._meta.db_table
        done = [] if self.leaf else [_referable(table)]
        for field in model._meta.local_fields:
            if type(field).__name__ not in ("TenantForeignKey", "TenantOneToOneField"):
                continue
            done.append(_reference(table, field))
        return done

    def _triggers(self, model: Any) -> list[str]:
        table, key = model._meta.db_table, model._meta.pk.column
        done = []
        if self.audited:
            done.append(
                f"CREATE TRIGGER {table}_audit AFTER INSERT OR UPDATE OR DELETE ON {table}"
                f" FOR EACH ROW EXECUTE FUNCTION tenancy_write_machine_entry('{key}')"
            )
        if self.append_only:
            done.append(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION tenancy_refuse_rewrite()"
            )
            done.append(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION tenancy_refuse_rewrite()"
            )
        return done


class AllowReferences(Operation):
    """The unique (tenant_id, id) of a table that was a leaf when it was isolated, and is referred to from now on."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, model: str) -> None:
        self.model = model

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """As migrations are written."""
        return "AllowReferences", [self.model], {}

    def describe(self) -> str:
        """What `migrate` prints."""
        return f"Let rows of the same tenant refer to {self.model}"

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The constraint lives in the database only."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make the constraint."""
        schema_editor.execute(_referable(to_state.apps.get_model(app_label, self.model)._meta.db_table))

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Take the constraint away."""
        table = from_state.apps.get_model(app_label, self.model)._meta.db_table
        schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_tenant_key")


class ReferTenantRow(Operation):
    """The composite foreign key of one tenant reference that was added to a table isolated before."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, model: str, field: str) -> None:
        self.model, self.field = model, field

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """As migrations are written."""
        return "ReferTenantRow", [self.model, self.field], {}

    def describe(self) -> str:
        """What `migrate` prints."""
        return f"Keep {self.field} of {self.model} in its tenant"

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The constraint lives in the database only."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make the constraint."""
        model = to_state.apps.get_model(app_label, self.model)
        schema_editor.execute(_reference(model._meta.db_table, model._meta.get_field(self.field)))

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """The column is dropped next, and its constraint goes with it."""


def _referable(table: str) -> str:
    return f"ALTER TABLE {table} ADD CONSTRAINT {table}_tenant_key UNIQUE (tenant_id, id)"


def _reference(table: str, field: Any) -> str:
    target = field.remote_field.model._meta.db_table
    name = f"{table}_{field.column}_tenant_fk"[:63]
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (tenant_id, {field.column})"
        f" REFERENCES {target} (tenant_id, id) DEFERRABLE INITIALLY DEFERRED"
    )
