"""The list's filters and order, both in the address. The filters have the names that the API gives them."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext

from desk.engine.kinds import Listing
from desk.engine.wording import state_labels
from desk.queries.lists import with_due, with_sort_priority
from desk.web.forms import Choices
from desk.web.views.access import actor_of
from doors.engine.keyset import Order
from incidents.public import IncidentFilter
from records.public import Record

LIMITS = (25, 50, 100)
# Every kind has the same.
FILTER_NAMES = tuple(IncidentFilter.base_filters)
KEPT = ("view", "q", *FILTER_NAMES, "sort", "limit")
SORTS = {"opened": "opened_at", "updated": "updated_at", "priority": "sort_priority", "due": "next_due_at"}
NEWEST, SOONEST = "-opened", "due"


class ListAddress:
    """What a list's address says, and the addresses of its neighbours."""

    def __init__(self, request: HttpRequest, listing: Listing) -> None:
        self._query = request.GET
        self.path = f"/desk/{listing.feed}/"
        self._kind = listing.kind
        own = "groups" if actor_of(request).group_ids else "all"
        self.view = view if (view := request.GET.get("view", "")) in listing.views else own
        self.selected = request.GET.get("sel", "").strip().upper()
        self.cursor = request.GET.get("cursor", "")
        text = request.GET.get("limit", "")
        self.limit = int(text) if text.isdigit() and int(text) in LIMITS else LIMITS[0]
        default = SOONEST if self.view == "breaching" else NEWEST
        self.sort = text if (text := request.GET.get("sort", "")).removeprefix("-") in SORTS else default
        self._kept = [(name, value) for name in KEPT if name in self._query for value in self.values(name)]

    @property
    def is_filtered(self) -> bool:
        """Whether the address narrows the view."""
        return any(self._query.get(name) for name in (*FILTER_NAMES, "q"))

    @property
    def is_any_phase(self) -> bool:
        """Whether the address asks for a state or phase itself, so that ended incidents may be listed."""
        return bool(self._query.get("state") or self._query.get("phase"))

    @property
    def order(self) -> Order:
        """The order of the keyset pages."""
        return Order(SORTS[self.sort.removeprefix("-")], is_descending=self.sort.startswith("-"))

    def sorted(self, records: QuerySet[Record]) -> QuerySet[Record]:
        """`records` with the value that the order compares."""
        if self.order.column == "sort_priority":
            return with_sort_priority(records)
        return with_due(records, self._kind) if self.order.column == "next_due_at" else records

    @property
    def query(self) -> str:
        """The words looked for."""
        return self.value("q")

    @property
    def assignee(self) -> str:
        """Whose records: an e-mail, `me`, `none`, or "" for anyone's."""
        return self.value("assignee")

    @property
    def bare(self) -> str:
        """The view without any filter."""
        return self.url(**dict.fromkeys((*FILTER_NAMES, "q"), ""))

    @property
    def hidden_for_query(self) -> list[tuple[str, str]]:
        """What a form that asks for words must carry along."""
        return self.kept("q")

    @property
    def hidden_for_filters(self) -> list[tuple[str, str]]:
        """What a form that asks for filters must carry along."""
        return self.kept(*FILTER_NAMES)

    def value(self, name: str) -> str:
        """What the address says for a name, "" when nothing."""
        return self._query.get(name, "")

    def values(self, name: str) -> list[str]:
        """Everything that the address says for a name: values of one filter are alternatives."""
        return [value for value in self._query.getlist(name) if value]

    def kept(self, *without: str) -> list[tuple[str, str]]:
        """Names and values of the address that stay when the list is asked for again."""
        return [(name, value) for name, value in self._kept if name not in without]

    def url(self, **changes: str) -> str:
        """This list with other values; "" drops one. It is the first page unless `cursor` is given."""
        pairs = [*self.kept(*changes), *((name, value) for name, value in changes.items() if value)]
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path

    def here(self, **changes: str) -> str:
        """The same page of the list, with other values."""
        return self.url(**{"cursor": self.cursor} | changes)

    @property
    def link(self) -> str:
        """This page of the list with a record chosen, but for that record's number."""
        here = self.here(sel="")
        return f"{here}{'&' if '?' in here else '?'}sel="


def columns_of(address: ListAddress) -> dict[str, dict[str, Any]]:
    """For each sortable column: where its heading leads, and its aria-sort."""
    columns = {}
    for name in SORTS:
        is_current = address.sort.removeprefix("-") == name
        is_down = address.sort.startswith("-")
        first = name if name in ("priority", "due") else f"-{name}"
        other = name if is_down else f"-{name}"
        columns[name] = {
            "url": address.url(sort=other if is_current else first),
            "aria": ("descending" if is_down else "ascending") if is_current else "",
        }
    return columns


def without_tokens(text: str) -> tuple[str, dict[str, str]]:
    """Split `state:new priority:1 printer` into the words and the filters that were typed among them."""
    words, filters = [], {}
    for part in text.split():
        name, colon, value = part.partition(":")
        if colon and value and name in FILTER_NAMES:
            filters[name] = value
        else:
            words.append(part)
    return " ".join(words), filters


def choices_of(
    listing: Listing, address: ListAddress, services: Choices, groups: Choices
) -> list[dict[str, Any]]:
    """The filters of a kind's list that are chosen from a list."""
    states = list(state_labels(listing.kind).items())
    priorities = [(str(level), f"P{level}") for level in range(1, 6)]
    rows = (
        ("state", gettext("State"), states),
        ("priority", gettext("Priority"), priorities),
        ("service", gettext("Service"), services),
        ("support_group", gettext("Support group"), groups),
    )
    return [
        {"name": name, "label": label, "options": options, "value": address.value(name)}
        for name, label, options in rows
        if name != "priority" or listing.is_ranked
    ]


def chosen_of(address: ListAddress, choices: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The filters in force, in words."""
    labels = {choice["name"]: choice["label"] for choice in choices}
    labels |= {"phase": gettext("Phase"), "assignee": gettext("Assignee"), "q": gettext("Words")}
    options = {choice["name"]: dict(choice["options"]) for choice in choices}
    return [
        {
            "label": labels.get(name, name.replace("_", " ").capitalize()),
            "value": gettext(" or ").join(str(options.get(name, {}).get(value, value)) for value in values),
        }
        for name in (*FILTER_NAMES, "q")
        if (values := address.values(name))
    ]
