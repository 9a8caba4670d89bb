"""The filters of a list of records of one kind: the same names in the desk's query bar and in the API."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from catalogue.public import find_service
from lifecycle.public import Lifecycle
from people.public import find_group, find_member
from records.models import Record
from tenancy.engine.words import word

_form_classes: dict[type, Any] = {}


class RecordFilter(django_filters.FilterSet):
    """Filters over records that the caller may see; each kind adds its states.

    Values within a field are alternatives, fields add up. No filter joins, so none needs `distinct`, which would sort
    every live record before the first page.
    """

    phase = django_filters.MultipleChoiceFilter(
        choices=[(name, name) for name in ("open", "pending", "resolved", "closed")], distinct=False
    )
    priority = django_filters.MultipleChoiceFilter(
        choices=[(str(level), f"P{level}") for level in range(1, 6)], distinct=False
    )
    service = django_filters.CharFilter(method="by_service", label=word("code of a service"))
    support_group = django_filters.CharFilter(method="by_group", label=word("code of a support group"))
    assignee = django_filters.CharFilter(method="by_assignee", label="e-mail address, `me` or `none`")
    requester = django_filters.CharFilter(method="by_requester", label="e-mail address")
    external_reference = django_filters.CharFilter()
    opened_after = django_filters.IsoDateTimeFilter(field_name="opened_at", lookup_expr="gte")
    opened_before = django_filters.IsoDateTimeFilter(field_name="opened_at", lookup_expr="lt")

    class Meta:
        model = Record
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def get_form_class(self) -> Any:
        """The form that reads the values. Built once: its fields are the same for every request."""
        kind = type(self)
        if kind not in _form_classes:
            _form_classes[kind] = super().get_form_class()
        return _form_classes[kind]

    def by_service(self, rows: QuerySet[Record], name: str, value: str) -> QuerySet[Record]:
        """Records of a service, by code."""
        service = find_service(value)
        return rows.filter(service=service.pk) if service else rows.none()

    def by_group(self, rows: QuerySet[Record], name: str, value: str) -> QuerySet[Record]:
        """Records held by a support group, by code."""
        group = find_group(value)
        return rows.filter(support_group=group.pk) if group else rows.none()

    def by_assignee(self, rows: QuerySet[Record], name: str, value: str) -> QuerySet[Record]:
        """Records of an assignee; `none` for those without, `me` for the caller's own."""
        if value == "none":
            return rows.filter(assignee__isnull=True)
        if value == "me":
            return rows.filter(assignee=self.actor.membership_id) if self.actor.membership_id else rows.none()
        member = find_member(value)
        return rows.filter(assignee=member.pk) if member else rows.none()

    def by_requester(self, rows: QuerySet[Record], name: str, value: str) -> QuerySet[Record]:
        """Records that a person asked for."""
        member = find_member(value)
        return rows.filter(requester=member.pk) if member else rows.none()


def by_state(lifecycle: Lifecycle) -> django_filters.MultipleChoiceFilter:
    """The filter by state of a kind of record."""
    choices = [(state.name, state.label) for state in lifecycle.states.values()]
    return django_filters.MultipleChoiceFilter(choices=choices, distinct=False)
