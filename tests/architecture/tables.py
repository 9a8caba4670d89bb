"""What every table of the database is expected to allow: reviewed here, compared with PostgreSQL by `catalogue`."""

from dataclasses import dataclass

PROJECTION = "derived from the audit; replay proves it"
LOG = "is itself a log"
QUEUE = "messages in transit; what they tell of is audited"
TRIAL = "what definitions would come to; computed, and nothing is measured by it"
SCRATCH = "nobody's record: what one person has typed but not sent"


@dataclass(frozen=True, slots=True)
class Tenanted:
    """A tenant table. `unaudited` says why it has no machine audit trigger; "" means that it has one.

    supplier: which rows the supplier's role reads, a key of PREDICATES, "" for none.
    worker: what cross-tenant sweeps may do: "", "r", "rw", or "a" (read and append).
    app: what the application may do: "rw", "a" (read and append), "r" or "".
    is_reported: whether reports across tenants read it.
    """

    supplier: str = ""
    supplier_writes: bool = False
    worker: str = ""
    app: str = "rw"
    is_reported: bool = True
    unaudited: str = ""
    append_only: bool = False


TABLES: dict[str, Tenanted] = {
    "approvals_approval": Tenanted(worker="r"),
    "approvals_approver": Tenanted(),
    "approvals_delegation": Tenanted(),
    "approvals_question": Tenanted(),
    "calendars_calendar": Tenanted(supplier="tenant"),
    "calendars_calendarversion": Tenanted(supplier="tenant"),
    "catalogue_availabilityband": Tenanted(),
    "catalogue_definitiondraft": Tenanted(),
    "catalogue_definitiontemplate": Tenanted(app="a", append_only=True),
    "catalogue_servicedefinition": Tenanted(app="a", append_only=True),
    "catalogue_servicestep": Tenanted(app="a", append_only=True),
    "catalogue_category": Tenanted(supplier="tenant"),
    "catalogue_component": Tenanted(),
    "catalogue_dependency": Tenanted(),
    "catalogue_dependencygroup": Tenanted(),
    "catalogue_fulfilmentplan": Tenanted(),
    "catalogue_offering": Tenanted(),
    "catalogue_offeringaudience": Tenanted(),
    "catalogue_offeringversion": Tenanted(app="a", append_only=True),
    "catalogue_plannedtask": Tenanted(),
    "catalogue_prioritymatrix": Tenanted(supplier="tenant"),
    "catalogue_service": Tenanted(supplier="tenant"),
    "doors_idempotentrequest": Tenanted(
        supplier="tenant", supplier_writes=True, unaudited="kept responses, forgotten after a day"
    ),
    "exchange_counterpart": Tenanted(supplier="party"),
    "exchange_endpoint": Tenanted(supplier="party", worker="r"),
    "exchange_endpointhealth": Tenanted(supplier="party", worker="r", unaudited=LOG),
    "exchange_incoming": Tenanted(
        supplier="party", supplier_writes=True, app="a", append_only=True, unaudited=LOG
    ),
    "exchange_outgoing": Tenanted(supplier="party", worker="rw", unaudited=QUEUE),
    "governance_checklist": Tenanted(app="a", append_only=True),
    "governance_earlylife": Tenanted(),
    "governance_evidence": Tenanted(),
    "governance_evidencefile": Tenanted(),
    "incidents_incident": Tenanted(supplier="record", supplier_writes=True),
    "market_tinyaddress": Tenanted(
        supplier="party", supplier_writes=True, unaudited="a long address for a day, which changes nothing"
    ),
    "market_withdrawn": Tenanted(supplier="record", supplier_writes=True),
    "notifications_enclosure": Tenanted(
        unaudited="what went with letters that say themselves what became of them"
    ),
    "notifications_mail": Tenanted(
        unaudited="each row is a letter's own history; what it tells of is audited"
    ),
    "outbox_delivery": Tenanted(worker="rw", unaudited=QUEUE),
    "outbox_message": Tenanted(worker="rw", unaudited=QUEUE),
    "people_apiclient": Tenanted(supplier="tenant"),
    "people_clientlogin": Tenanted(),
    "people_groupmembership": Tenanted(supplier="tenant"),
    "people_membership": Tenanted(supplier="tenant"),
    "people_membershiprole": Tenanted(supplier="tenant"),
    "people_organisation": Tenanted(supplier="tenant"),
    "people_provider": Tenanted(supplier="tenant"),
    "people_role": Tenanted(supplier="tenant"),
    "people_supportgroup": Tenanted(supplier="tenant"),
    "portal_draft": Tenanted(unaudited=SCRATCH),
    "portal_draftfile": Tenanted(unaudited=SCRATCH),
    "records_attachment": Tenanted(supplier="record", supplier_writes=True),
    "records_auditentry": Tenanted(
        supplier="record", supplier_writes=True, worker="r", app="a", unaudited=LOG, append_only=True
    ),
    "records_comment": Tenanted(supplier="record", supplier_writes=True),
    "records_counter": Tenanted(supplier="tenant", supplier_writes=True, unaudited="numbers are gapless"),
    "records_link": Tenanted(supplier="link", supplier_writes=True),
    "records_record": Tenanted(supplier="header", supplier_writes=True, worker="r"),
    "records_recordparty": Tenanted(supplier="party", supplier_writes=True),
    "records_recordperson": Tenanted(supplier="record", supplier_writes=True),
    "records_searchdocument": Tenanted(
        app="",
        is_reported=False,
        unaudited="derived from title, description and comments; reached by functions only",
    ),
    "records_worknote": Tenanted(supplier="record", supplier_writes=True),
    "reporting_cell": Tenanted(supplier="party", unaudited=PROJECTION),
    "reporting_fact": Tenanted(supplier="party", unaudited=PROJECTION),
    "reporting_grain": Tenanted(supplier="party", unaudited=PROJECTION),
    "reporting_report": Tenanted(supplier="party", app="a", append_only=True),
    "reporting_schedule": Tenanted(),
    "requests_app_allowedhost": Tenanted(),
    "requests_app_automationrun": Tenanted(
        supplier="record", supplier_writes=True, worker="r", unaudited=LOG
    ),
    "requests_app_basket": Tenanted(unaudited=SCRATCH),
    "requests_app_basketfile": Tenanted(unaudited=SCRATCH),
    "requests_app_basketline": Tenanted(unaudited=SCRATCH),
    "requests_app_hook": Tenanted(),
    "requests_app_hookdelivery": Tenanted(unaudited=LOG),
    "requests_app_order": Tenanted(),
    "requests_app_request": Tenanted(supplier="record", supplier_writes=True),
    "requests_app_task": Tenanted(supplier="record", supplier_writes=True),
    "sla_availabilitypromise": Tenanted(app="a", append_only=True),
    "sla_clock": Tenanted(supplier="record", supplier_writes=True, worker="rw", unaudited=PROJECTION),
    "sla_escalated": Tenanted(supplier="record", app="a", append_only=True),
    "sla_escalation": Tenanted(supplier="tenant", worker="r"),
    "sla_forecasttally": Tenanted(
        supplier="party", unaudited="counts of what the audit holds, rebuilt whole every night"
    ),
    "sla_dispute": Tenanted(supplier="party", supplier_writes=True),
    "sla_draft": Tenanted(),
    "sla_draftchange": Tenanted(unaudited=TRIAL),
    "sla_draftrun": Tenanted(unaudited=TRIAL),
    "sla_hold": Tenanted(supplier="record", supplier_writes=True, unaudited=PROJECTION),
    "sla_promiseacceptance": Tenanted(app="a", append_only=True),
    "sla_target": Tenanted(supplier="tenant"),
    "sla_targetversion": Tenanted(supplier="tenant"),
    "suppliers_agreement": Tenanted(supplier="party"),
    "suppliers_agreementmapping": Tenanted(supplier="party", app="a", append_only=True),
    "suppliers_agreementstep": Tenanted(supplier="party", app="a", append_only=True),
    "suppliers_charge": Tenanted(supplier="party"),
    "suppliers_contract": Tenanted(supplier="party"),
    "suppliers_contractterms": Tenanted(supplier="party", app="a", append_only=True),
    "suppliers_obligation": Tenanted(supplier="party"),
    "suppliers_obligationmet": Tenanted(supplier="party", app="a", append_only=True),
    "tenancy_machineentry": Tenanted(worker="r", app="r", unaudited=LOG, append_only=True),
    "tenancy_seal": Tenanted(worker="a", app="r", unaudited=LOG, append_only=True),
    "transition_import": Tenanted(),
    "transition_importedrecord": Tenanted(unaudited="what the other system claimed; written once"),
}

# Tables of no tenant, each with the reason why.
PLATFORM: dict[str, str] = {
    "account_emailaddress": "a person's, who may be a member of several tenants",
    "account_emailconfirmation": "as above",
    "allauth_idp_oidc_client": "the OAuth client; people_apiclient ties it to one tenant",
    "allauth_idp_oidc_token": "hashed tokens of those clients; read by people_client_of_token only",
    "auth_group": "Django's; unused",
    "auth_group_permissions": "Django's; unused",
    "auth_permission": "Django's; unused",
    "django_content_type": "Django's list of models",
    "django_migrations": "Django's list of applied migrations",
    "django_session": "a session begins before its tenant is known",
    "mfa_authenticator": "a person's second factor",
    "people_person": "one login, maybe of several tenants",
    "tenancy_tenant": "the tenants themselves",
}

# Unique indexes of tenant tables that do not begin with tenant_id, each with the reason why.
UNIQUE_ACROSS_TENANTS: dict[str, str] = {
    "people_apiclient_client_id_key": "the OAuth client is a platform row; it belongs to one tenant at most",
    "people_clientlogin_name_key": "a log-in finds its tenant; names begin with the tenant's code",
    "people_clientlogin_secret_hash_key": "as above; digests of 256 random bits",
}

# Functions that run with their owner's rights.
DEFINERS: dict[str, str] = {
    "tenancy_definitions_changed": "a trigger that gives the changed row's own tenant a new version",
    "exchange_acknowledge": "a supplier's system ends its own wire; it writes no counterpart else",
    "exchange_hand_over": "a supplier hands on to another, whose counterpart it may not see",
    "exchange_heard": "notes what a supplier's own system said; the provider is that of the scope",
    "exchange_integrated": "whose systems take records, asked by whoever hands one on; keys only",
    "outbox_publish": "message and deliveries in one statement, in the caller's tenant; suppliers write no outbox",
    "people_client_of_login": "finds the tenant of an API client before any tenant is in scope",
    "people_client_of_token": "finds the tenant of an API client before any tenant is in scope",
    "people_places_of": "finds a person's tenants before any tenant is in scope",
    "records_add_words": "search documents are written for suppliers who may not read them",
    "records_index": "as above",
    "records_search": "words are matched before row security, which no index of theirs survives",
    "tenancy_write_machine_entry": "nobody may write the machine audit but its trigger",
}

_TENANT = "(tenant_id = (current_setting('app.tenant_id'::text))::integer)"
_PROVIDER = "(current_setting('app.provider_id'::text))::uuid"


def _party(column: str) -> str:
    return (
        "( SELECT true FROM records_recordparty p WHERE ((p.tenant_id ="
        f" (current_setting('app.tenant_id'::text))::integer) AND (p.provider_id = {_PROVIDER})"
        f" AND (p.record_id = {{table}}.{column})) LIMIT 1)"
    )


# As PostgreSQL prints them, white space apart; `{table}` stands for the table's own name.
PREDICATES: dict[str, str] = {
    "tenant": _TENANT,
    "header": f"({_TENANT} AND {_party('id')})",
    "record": f"({_TENANT} AND {_party('record_id')})",
    "link": f"({_TENANT} AND ({_party('source_id')} OR {_party('target_id')}))",
    "party": f"({_TENANT} AND (provider_id = {_PROVIDER}))",
}
