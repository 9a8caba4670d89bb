"""The door rule as an import-linter contract: which modules of another app may be imported, and from where."""

from typing import Any, ClassVar

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

# What each kind of module of an app may import from another app, besides its `public.py`.
_TABLES = "models"
_READ_TABLES = frozenset(
    {"engine", "lifecycle", "management", "models", "policy", "public", "queries", "services", "tasks"}
)
_ADDRESSES = ".urls"
# What the root runs: background work, and the live endpoint beside Django.
_RUN = frozenset({"tasks", "live"})
_DOORS = frozenset({"api", "web"})


class EntrancesContract(Contract):
    """Apps are entered through `public.py`.

    Besides: services, queries and the like may name a lower app's tables (for keys and types), a door may mount
    another door's addresses, a `kernel` package is open to all, and the `root` may mount and run everything.
    A door (`web`, `api`) never imports tables, not even its own app's.
    """

    type_name: ClassVar[str] = "entrances"
    # The library's descriptors: on an instance they are sets of names, and a name.
    apps: Any = fields.SetField(subfield=fields.StringField())
    kernel: Any = fields.SetField(subfield=fields.StringField())
    root: Any = fields.StringField()

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Collect every import that goes past an entrance."""
        past = [
            (importer, imported)
            for importer in sorted(graph.modules)
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if not self.is_entrance(importer, imported)
        ]
        lines = {
            pair: [row["line_number"] for row in graph.get_import_details(importer=pair[0], imported=pair[1])]
            for pair in past
        }
        return ContractCheck(kept=not past, metadata={"past": past, "lines": lines})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each such import with its lines."""
        for importer, imported in check.metadata["past"]:
            lines = ", ".join(f"l.{number}" for number in check.metadata["lines"][importer, imported])
            output.print_error(f"{importer} imports {imported} ({lines})", bold=False)

    def is_entrance(self, importer: str, imported: str) -> bool:
        """Whether `importer` may import `imported` as far as entrances go; layers are another contract."""
        home, _, from_part = importer.partition(".")
        app, _, to_part = imported.partition(".")
        from_kind, to_kind = from_part.partition(".")[0], to_part.partition(".")[0]
        if app not in self.apps or home not in self.apps or from_kind == "migrations":
            return True
        if to_kind == _TABLES and from_kind in _DOORS:
            return False
        if home == app or to_kind in ("", "public") or self._is_open(imported):
            return True
        if to_kind == _TABLES:
            return from_kind in _READ_TABLES
        is_mounting = to_part.endswith(_ADDRESSES) and (from_kind in _DOORS or home == self.root)
        return is_mounting or (home == self.root and to_kind in _RUN)

    def _is_open(self, module: str) -> bool:
        return any(module == name or module.startswith(f"{name}.") for name in self.kernel)
