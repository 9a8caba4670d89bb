"""What letters draw on, and what they are made of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext

from records.models import Comment
from requests_app.public import Ordered


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What letters may draw on. There is no work note in it, so none can be told to anyone.

    Instants are in UTC; `promised_at` is the requester's promise, `due_at` the clock's that is told of. `ordered` is
    all that was ordered with it, of a letter about an order.
    """

    number: str
    title: str
    service: str
    group: str
    priority: int | None
    by: str
    comment: Comment | None
    promised_at: datetime | None
    portal_url: str
    desk_url: str
    reopen_days: int
    percent: int = 0
    clock: str = ""
    metric: str = ""
    due_at: datetime | None = None
    dispute_url: str = ""
    dispute_state: str = ""
    provider: str = ""
    approval_url: str = ""
    reason: str = ""
    ordered: Sequence[Ordered] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter's words, to be laid out as text and as HTML."""

    subject: str
    lead: str
    url: str
    link: str
    more: list[str] = field(default_factory=list)
    comment: Comment | None = None
    facts: list[tuple[str, str]] = field(default_factory=list)


def public_facts(matter: Matter) -> list[tuple[str, str]]:
    """The record, as everybody who may see it may read it."""
    facts = [(gettext("Reference"), matter.number), (gettext("Subject"), matter.title)]
    if matter.service:
        facts.append((gettext("Service"), matter.service))
    return facts


def for_customer(matter: Matter, subject: str, lead: str, more: list[str], link: str = "") -> Letter:
    """A letter to whose record it is. `subject` holds %(title)s."""
    return Letter(
        subject=subject % {"title": matter.title},
        lead=lead,
        more=more,
        url=matter.portal_url,
        link=link or gettext("See what was said, or reply"),
        facts=public_facts(matter),
        comment=matter.comment,
    )
