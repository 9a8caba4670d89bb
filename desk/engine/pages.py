"""What the pages of the desk show: frozen values, filled by `desk.queries`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalogue.public import Shown
from design.clocks import ClockFace, CustodyShare
from desk.engine.kinds import address_of
from desk.engine.story import CustodyStory
from desk.engine.wording import FactInWords
from lifecycle.public import Offer
from records.models import Attachment, Record
from sla.public import Contestable


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One line of a list. `second` is its second line: who has the problem or asked, and with what."""

    kind: str
    number: str
    version: int
    title: str
    state: str
    priority: int | None
    second: str
    assignee: str
    opened_at: datetime
    clock: ClockFace | None

    @property
    def url(self) -> str:
        """The record's page."""
        return address_of(self.kind, self.number)


@dataclass(frozen=True, slots=True)
class NextRecord:
    """The record to work on next, and why this one."""

    row: RecordRow
    reason: str


@dataclass(frozen=True, slots=True)
class Home:
    """What an agent finds on arriving; `counts` by kind and view."""

    next: NextRecord | None
    breaching: list[RecordRow]
    new: list[RecordRow]
    waiting: list[RecordRow]
    counts: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class ThreadEntry:
    """Something said or done, as the thread shows it. kind: comment, work_note or system."""

    kind: str
    author: str
    at: datetime
    body: str
    door: str = ""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One step with all its facts in words."""

    title: str
    by: str
    door: str
    at: datetime
    version: int
    facts: tuple[FactInWords, ...]


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A linked record, named from this end."""

    phrase: str
    number: str
    title: str
    state: str
    phase: str
    url: str


@dataclass(frozen=True, slots=True)
class Priority:
    """A priority with what it follows from."""

    level: int | None
    impact: int
    urgency: int
    by_matrix: int
    is_overridden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """All that the page of one record shows; `own` is what only its kind has. `alarm` is the colour of a bad end."""

    record: Record
    state: str
    alarm: str
    clocks: list[ClockFace]
    ended_clocks: list[ClockFace]
    custody: list[CustodyShare]
    story: CustodyStory
    contestable: Contestable
    outlook: list[str]
    offers: tuple[Offer, ...]
    thread: list[ThreadEntry]
    audit: list[AuditLine]
    links: list[LinkLine]
    watchers: list[str]
    is_watching: bool
    attachments: list[Attachment]
    others_of_requester: list[Any]
    own: Any


@dataclass(frozen=True, slots=True)
class IncidentPart:
    """What an incident has beside what every record has."""

    priority: Priority
    category: str
    contact: str
    channel: str
    resolution: str
    resolution_code: str


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task as a line of its request. `url` is "" where the reader may not see it; `after` titles it waits for."""

    code: str
    number: str
    title: str
    state: str
    colour: str
    group: str
    assignee: str
    url: str
    told: str = ""
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for: the offering as it was then, how many, for how much, and the answers in words."""

    offering: str
    version: int
    order: str
    line: int
    quantity: int
    price: str
    promised_at: datetime | None
    answers: Sequence[Shown]
    others: Sequence[LinkLine] = ()


@dataclass(frozen=True, slots=True)
class RequestPart:
    """What a request has beside what every record has."""

    asked: Asked
    tasks: Sequence[TaskLine]
    levels: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class RunLine:
    """One attempt of what a task does by itself, with its log."""

    attempt: int
    tries: int
    title: str
    colour: str
    started_at: datetime
    ended_at: datetime | None
    next_at: datetime | None
    log: Sequence[tuple[datetime | None, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPart:
    """What a task has beside what every record has."""

    code: str
    told: str
    takes: str
    due_at: datetime | None
    request: Record | None
    asked: Asked | None
    waits_for: Sequence[TaskLine]
    waited_for_by: Sequence[TaskLine]
    questions: Sequence[str]
    answers: Sequence[Shown]
    action: str
    runs: Sequence[RunLine]
