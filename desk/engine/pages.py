"""What the pages of the desk show: frozen values, filled by `desk.queries`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from design.clocks import ClockFace, CustodyShare
from desk.engine.story import CustodyStory
from desk.engine.wording import FactInWords
from lifecycle.public import Offer
from records.models import Attachment, Record
from sla.public import Contestable


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One line of a list."""

    number: str
    version: int
    title: str
    state: str
    priority: int | None
    service: str
    requester: str
    assignee: str
    opened_at: datetime
    clock: ClockFace | None

    @property
    def second(self) -> str:
        """The second line: who has the problem, and with what."""
        return " · ".join(part for part in (self.requester, self.service) if part)


@dataclass(frozen=True, slots=True)
class NextIncident:
    """The incident to work on next, and why this one."""

    row: IncidentRow
    reason: str


@dataclass(frozen=True, slots=True)
class Home:
    """What an agent finds on arriving."""

    next: NextIncident | None
    breaching: list[IncidentRow]
    new: list[IncidentRow]
    waiting: list[IncidentRow]
    counts: dict[str, int]


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


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """All that the page of one incident shows."""

    record: Record
    state: str
    priority: Priority
    category: str
    contact: str
    channel: str
    resolution: str
    resolution_code: str
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
