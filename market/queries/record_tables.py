"""Records of every process: what all have, and what each has beside it."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from incidents.models import Incident
from market.engine.choices import (
    ANY_STATES,
    CHANNELS,
    CLASSES,
    CLOSE_CODES,
    HOLD_REASONS,
    INCIDENT_STATES,
    LEVELS,
    PRIORITIES,
    REQUEST_STATES,
    TASK_STATES,
    Choices,
)
from market.models import Withdrawn
from market.queries.fields import Field, Table, always, chosen, fields_of, instant, refers, text
from people.public import Actor
from records.models import Record
from records.public import visible_to
from requests_app.models import Order, Request, Task

_ACTIVE = Choices(
    {"open": "true", "pending": "true", "resolved": "true", "closed": "false"},
    {"true": "true", "false": "false"},
    {"1": "true", "0": "false"},
)
NEWEST = ("-opened_at", "-pk")
_JOURNALS = ("comments", "work_notes", "comments_and_work_notes")


def _visible(*kinds: str) -> Callable[[Actor], QuerySet[Any]]:
    def visible(actor: Actor) -> QuerySet[Any]:
        withdrawn = Withdrawn.objects.filter(attachment=None).values("record_id")
        return visible_to(actor, Record.objects.filter(kind__in=kinds)).exclude(pk__in=withdrawn)

    return visible


def _header(states: Choices, *beside: Field) -> dict[str, Field]:
    """What every record has; `beside` comes after, and in the place of a field with the same name."""
    return fields_of(
        Field("sys_id", "id", "pk"),
        text("number", "number", is_exact=True, fold=str.upper),
        text("short_description", "title"),
        text("description", "description"),
        chosen("state", "state", states),
        chosen("active", "phase", _ACTIVE),
        chosen("priority", "priority", PRIORITIES),
        chosen("sys_class_name", "kind", CLASSES),
        refers("assignment_group", "support_group", "sys_user_group"),
        refers("assigned_to", "assignee", "sys_user"),
        refers("company", "provider", "core_company"),
        refers("business_service", "service", "cmdb_ci_service"),
        refers("cmdb_ci", "service", "cmdb_ci_service"),
        text("correlation_id", "external_reference", is_exact=True),
        instant("opened_at", "opened_at"),
        instant("sys_created_on", "opened_at"),
        instant("sys_updated_on", "updated_at"),
        instant("closed_at", "closed_at"),
        Field("sys_mod_count", "whole", "version"),
        *(Field(name, "journal") for name in _JOURNALS),
        *map(
            always,
            ("approval", "close_notes", "contact_type", "correlation_display", "due_date", "escalation",
             "follow_up", "location", "made_sla", "parent", "sys_domain", "sys_tags", "watch_list",
             "work_notes_list"),
        ),
        *beside,
    )  # fmt: skip


# Columns of theirs that tools ask for by name and that say nothing here.
_INCIDENT_BLANKS = (
    "activity_due",
    "additional_assignee_list",
    "approval_history",
    "approval_set",
    "business_duration",
    "business_stc",
    "calendar_duration",
    "calendar_stc",
    "caused_by",
    "child_incidents",
    "closed_by",
    "delivery_plan",
    "delivery_task",
    "expected_start",
    "group_list",
    "opened_by",
    "order",
    "parent_incident",
    "problem_id",
    "reassignment_count",
    "reopen_count",
    "reopened_by",
    "reopened_time",
    "resolved_by",
    "rfc",
    "severity",
    "sla_due",
    "subcategory",
    "sys_created_by",
    "sys_domain_path",
    "sys_updated_by",
    "time_worked",
    "upon_approval",
    "upon_reject",
    "user_input",
    "work_end",
    "work_start",
)
INCIDENTS = Table(
    name="incident",
    model=Record,
    permission="incident:read",
    visible=_visible("incident"),
    detail=Incident,
    order=NEWEST,
    fields=_header(
        INCIDENT_STATES,
        chosen("incident_state", "state", INCIDENT_STATES),
        chosen("hold_reason", "state", Choices(
            {state: HOLD_REASONS.theirs.get(state, "") for state in INCIDENT_STATES.theirs}, HOLD_REASONS.labels
        )),
        chosen("impact", "impact", LEVELS, is_detail=True),
        chosen("urgency", "urgency", LEVELS, is_detail=True),
        text("category", "category__code", display="category__name", is_detail=True),
        chosen("contact_type", "channel", CHANNELS, is_detail=True),
        chosen("close_code", "resolution_code", CLOSE_CODES, is_detail=True),
        text("close_notes", "resolution", is_detail=True),
        refers("caller_id", "requester", "sys_user"),
        refers("u_affected_user", "affected_user", "sys_user"),
        instant("resolved_at", "resolved_at"),
        *map(always, _INCIDENT_BLANKS),
        always("knowledge", "false"),
        always("notify", "1"),
    ),
)  # fmt: skip

REQUESTED_ITEMS = Table(
    name="sc_req_item",
    model=Record,
    permission="request:read",
    visible=_visible("request"),
    detail=Request,
    order=NEWEST,
    fields=_header(
        REQUEST_STATES,
        Field(
            "request",
            "reference",
            "order",
            display="order__number",
            table="sc_request",
            is_detail=True,
            is_ours=True,
        ),
        text("u_offering", "offering_code", is_detail=True, is_exact=True),
        refers("cat_item", "offering", "sc_cat_item", shown="code", is_detail=True, is_ours=True),
        Field("quantity", "whole", "quantity", is_detail=True),
        Field("price", "decimal", "unit_price", is_detail=True),
        Field("due_date", "instant", "promised_at", is_detail=True),
        Field("estimated_delivery", "instant", "promised_at", is_detail=True),
        refers("opened_by", "requester", "sys_user"),
        refers("requested_for", "affected_user", "sys_user"),
    ),
)

CATALOGUE_TASKS = Table(
    name="sc_task",
    model=Record,
    permission="task:read",
    visible=_visible("task"),
    detail=Task,
    order=NEWEST,
    fields=_header(
        TASK_STATES,
        refers("request_item", "request", "sc_req_item", shown="number", is_detail=True, is_ours=True),
        refers("parent", "request", "sc_req_item", shown="number", is_detail=True, is_ours=True),
        Field("order", "whole", "position", is_detail=True),
    ),
)


def _every(actor: Actor) -> QuerySet[Any]:
    allowed = [kind for kind in CLASSES.theirs if actor.may(f"{kind}:read")]
    return _visible(*allowed)(actor)


EVERY_TASK = Table(
    name="task",
    model=Record,
    permission="incident:read",
    visible=_every,
    order=NEWEST,
    fields=_header(ANY_STATES),
)


def _orders(actor: Actor) -> QuerySet[Any]:
    if actor.reach not in ("all", "system"):
        return Order.objects.none()
    return Order.objects.all()


ORDERS = Table(
    name="sc_request",
    model=Order,
    permission="request:read",
    visible=_orders,
    order=("-ordered_at", "-pk"),
    is_ours=True,
    fields=fields_of(
        Field("sys_id", "id", "pk"),
        text("number", "number", is_exact=True, fold=str.upper),
        refers("requested_for", "ordered_by", "sys_user"),
        refers("opened_by", "ordered_by", "sys_user"),
        instant("opened_at", "ordered_at"),
        instant("sys_created_on", "ordered_at"),
        always("sys_class_name", "sc_request"),
    ),
)
