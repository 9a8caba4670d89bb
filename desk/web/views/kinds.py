"""What the pages of each kind of record are made of: the desk's own words and reads, its filters, and its steps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import django_filters
from django.db.models import QuerySet

from design.languages import content_language
from desk.engine.kinds import LISTINGS, KindWords, Listing, words_of_kinds
from desk.engine.pages import RecordPage
from desk.queries.incident import incident_page
from desk.queries.request import request_page
from desk.queries.task import task_page
from desk.web.views.incident_steps import INCIDENT_STEPS
from desk.web.views.request_steps import REQUEST_STEPS
from desk.web.views.steps import StepPage
from desk.web.views.task_steps import TASK_STEPS
from incidents.public import IncidentFilter
from incidents.public import assign as assign_incident
from incidents.public import offers as incident_offers
from incidents.public import take as take_incident
from lifecycle.public import Offer
from people.public import Actor
from records.public import Record, RecordFilter, search
from requests_app.public import RequestFilter, TaskFilter, task_offers, task_steps
from requests_app.public import offers as request_offers


class _WithWords(django_filters.FilterSet):
    """The API's filters, and q for words or the number."""

    kind = ""
    q = django_filters.CharFilter(method="by_words")

    def by_words(self, records: QuerySet[Record], _name: str, value: str) -> QuerySet[Record]:
        """By all the words, or the number."""
        actor = self.actor
        return records.filter(pk__in=search(actor, value, kind=self.kind).values("pk"))


class _IncidentFilter(_WithWords, IncidentFilter):
    kind = "incident"


class _RequestFilter(_WithWords, RequestFilter):
    kind = "request"


class _TaskFilter(_WithWords, TaskFilter):
    kind = "task"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindPages:
    """A kind of record on the desk.

    `first_steps` are shown as buttons, in this order, the others under "More"; `one_button` need no words.
    `bulk` are the services for many at once. `raise_permission` lets one make such a record here.
    """

    listing: Listing
    filters: type[RecordFilter]
    read: Callable[[Actor, Record, datetime], RecordPage]
    offers: Callable[[Actor, Record], tuple[Offer, ...]]
    steps: Mapping[str, StepPage]
    first_steps: tuple[str, ...]
    one_button: tuple[str, ...]
    shortcuts: Mapping[str, str]
    bulk: Mapping[str, Callable[..., Any]]
    arrivals: str
    raise_permission: str = ""

    @property
    def words(self) -> KindWords:
        """What its pages say."""
        return words_of_kinds()[self.listing.kind]


KINDS: Mapping[str, KindPages] = {
    "incident": KindPages(
        listing=LISTINGS["incident"],
        filters=_IncidentFilter,
        read=incident_page,
        offers=incident_offers,
        steps=INCIDENT_STEPS,
        first_steps=("take", "assign", "pend_requester", "resume", "resolve", "reopen", "close"),
        one_button=("take", "start", "close", "confirm"),
        shortcuts={"take": "i", "assign": "a", "resolve": "s", "classify": "p"},
        bulk={"take": take_incident, "assign": assign_incident},
        # What can bring a record into a list. The page counts through Django, so a needless ping does no harm.
        arrivals="incident.opened,incident.assigned,incident.reopened",
        raise_permission="incident:raise",
    ),
    "request": KindPages(
        listing=LISTINGS["request"],
        filters=_RequestFilter,
        read=lambda actor, record, now: request_page(actor, record, now, content_language()),
        offers=request_offers,
        steps=REQUEST_STEPS,
        first_steps=("close", "reopen", "cancel"),
        one_button=("close", "confirm"),
        shortcuts={"close": "s"},
        bulk={},
        arrivals="request.opened,request.begun,request.reopened",
    ),
    "task": KindPages(
        listing=LISTINGS["task"],
        filters=_TaskFilter,
        read=lambda actor, record, now: task_page(actor, record, now, content_language()),
        offers=task_offers,
        steps=TASK_STEPS,
        first_steps=("take", "complete", "fail", "retry", "assign"),
        one_button=("take", "start", "retry"),
        shortcuts={"take": "i", "assign": "a", "complete": "s"},
        bulk={"take": task_steps.take, "assign": task_steps.assign},
        arrivals="task.opened,task.released,task.assigned,task.failed",
    ),
}
