"""People, groups, companies and departments."""

from typing import Any

from django.db.models import QuerySet

from catalogue.models import Service
from market.engine.choices import Choices
from market.queries.fields import Field, Table, always, chosen, fields_of, refers, text
from people.models import GroupMembership, Membership, Organisation, Provider, SupportGroup
from people.public import Actor, visible_members

_ACTIVE = Choices(
    {"True": "true", "False": "false"}, {"true": "true", "false": "false"}, {"1": "true", "0": "false"}
)


def _active(path: str = "is_active") -> Field:
    return chosen("active", path, _ACTIVE)


def _id() -> Field:
    return Field("sys_id", "id", "pk")


USERS = Table(
    name="sys_user",
    model=Membership,
    permission="person:read",
    visible=visible_members,
    order=("name", "pk"),
    fields=fields_of(
        _id(),
        Field("user_name", "text", "email", is_exact=True, fold=str.lower),
        Field("email", "text", "email", is_exact=True, fold=str.lower),
        text("name", "name"),
        Field("first_name", "text", "name", said="first"),
        Field("last_name", "text", "name", said="last"),
        text("phone", "phone", is_ours=True),
        refers("department", "organisation", "cmn_department", is_ours=True),
        refers("company", "provider", "core_company"),
        refers("manager", "manager", "sys_user", is_ours=True),
        _active(),
        always("sys_class_name", "sys_user"),
        *map(always, ("employee_number", "location", "mobile_phone", "title", "vip")),
    ),
)


def _groups(_: Actor) -> QuerySet[Any]:
    return SupportGroup.objects.filter(is_active=True)


GROUPS = Table(
    name="sys_user_group",
    model=SupportGroup,
    permission="incident:read",
    visible=_groups,
    order=("name", "pk"),
    fields=fields_of(
        _id(),
        text("name", "name"),
        text("u_code", "code", is_exact=True),
        text("email", "email"),
        refers("company", "provider", "core_company"),
        refers("vendor", "provider", "core_company"),
        _active(),
        *map(always, ("description", "manager", "parent", "type")),
    ),
)


def _members(actor: Actor) -> QuerySet[Any]:
    people = visible_members(actor).values("pk")
    return GroupMembership.objects.filter(membership__in=people)


GROUP_MEMBERS = Table(
    name="sys_user_grmember",
    model=GroupMembership,
    permission="person:read",
    visible=_members,
    fields=fields_of(
        _id(),
        refers("user", "membership", "sys_user"),
        refers("group", "support_group", "sys_user_group"),
    ),
)


def _companies(_: Actor) -> QuerySet[Any]:
    return Provider.objects.all()


COMPANIES = Table(
    name="core_company",
    model=Provider,
    permission="incident:read",
    visible=_companies,
    order=("name", "pk"),
    fields=fields_of(
        _id(),
        text("name", "name"),
        text("u_code", "code", is_exact=True),
        always("vendor", "true"),
        *map(always, ("city", "country", "notes", "phone", "website")),
    ),
)


def _departments(_: Actor) -> QuerySet[Any]:
    return Organisation.objects.all()


DEPARTMENTS = Table(
    name="cmn_department",
    model=Organisation,
    permission="person:read",
    visible=_departments,
    order=("name", "pk"),
    is_ours=True,
    fields=fields_of(
        _id(),
        text("name", "name"),
        text("id", "code", is_exact=True),
        refers("parent", "parent", "cmn_department"),
        *map(always, ("description", "dept_head")),
    ),
)


def _services(_: Actor) -> QuerySet[Any]:
    return Service.objects.all()


SERVICES = Table(
    name="cmdb_ci_service",
    model=Service,
    permission="service:read",
    visible=_services,
    order=("name", "pk"),
    fields=fields_of(
        _id(),
        text("name", "name"),
        text("number", "code", is_exact=True),
        refers("support_group", "support_group", "sys_user_group"),
        always("sys_class_name", "cmdb_ci_service"),
        *map(always, ("comments", "location", "operational_status")),
    ),
)
