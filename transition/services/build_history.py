"""From a record as another system told it to the rows that it would have left here."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from catalogue.models import Service
from catalogue.public import priority_for
from incidents.models import Incident
from incidents.public import INCIDENT
from records.models import AuditEntry, Comment, Record, WorkNote
from records.public import History, fact
from transition.engine import HistoricEntry, HistoricRecord
from transition.services.directory import NAME_MAX, Directory, Member

KIND = "incident"
DOOR = "import"
TITLE_MAX = 200
DEFAULT_LEVEL = 3
# Their verbs that have another name here.
_VERBS = {"update": "classify", "work_note": "note"}
_HUMAN = "member"
# Whoever has no login here and does not work records: no response of theirs stops a clock.
_ACTOR_KINDS = {"agent": _HUMAN, "requester": "user", "system": "system"}
_CODED = ("service", "category", "organisation", "support_group")
_PLAIN = ("state", "priority", "impact", "urgency")


class HistoryBuilder:
    """Builds the rows of records, for one transaction."""

    def __init__(self, *, origin: str, directory: Directory) -> None:
        """``origin`` is the import's name, by which its targets know the record."""
        self._origin = origin
        self._directory = directory
        self._priorities: dict[tuple[UUID | None, int, int], int] = {}

    def build(self, told: HistoricRecord) -> History:
        """The rows of one record, unsaved: header and detail as they stand at the end, and all that led there."""
        life = _Life(told, origin=self._origin, directory=self._directory)
        for entry in told.entries:
            life.step(entry)
        record, detail = life.record(), life.detail()
        priority = self._priority(record.service_id, detail.impact, detail.urgency)
        detail.is_priority_overridden = record.priority is not None and record.priority != priority
        return History(
            record=record,
            entries=life.entries,
            comments=life.comments,
            work_notes=life.work_notes,
            parties=life.parties,
            details=[detail],
        )

    def _priority(self, service: UUID | None, impact: int, urgency: int) -> int:
        key = (service, impact, urgency)
        if key not in self._priorities:
            row = Service.objects.select_related("matrix").get(pk=service) if service else None
            self._priorities[key] = priority_for(service=row, impact=impact, urgency=urgency)
        return self._priorities[key]


class _Life:
    """One record while its entries are played."""

    def __init__(self, told: HistoricRecord, *, origin: str, directory: Directory) -> None:
        self._told = told
        self._origin = origin
        self._directory = directory
        self._requester = directory.member(told.requester) if told.requester else None
        self._record = Record(kind=KIND)
        self._now: dict[str, Any] = {}
        self._resolved_at: datetime | None = None
        self._closed_at: datetime | None = None
        self.entries: list[AuditEntry] = []
        self.comments: list[Comment] = []
        self.work_notes: list[WorkNote] = []
        self.parties: dict[UUID, datetime] = {}

    def step(self, entry: HistoricEntry) -> None:
        """Play one entry. One that turns out to change nothing leaves no trace."""
        at = datetime.fromtimestamp(entry.at, UTC)
        values = self._opening() if not self.entries else {}
        values |= self._values(entry)
        facts: dict[str, Any] = {}
        for name, value in values.items():
            old = self._now.get(name)
            if value != old:
                facts[name] = fact(old, value)
                self._now[name] = value
        actor = self._directory.member(entry.actor) if entry.actor else None
        name = (actor.name if actor else _text(entry.actor) or self._origin)[:NAME_MAX]
        facts |= self._words(entry, actor, name, at)
        if not facts:
            return
        if "provider" in facts and self._now["provider"] is not None:
            self.parties.setdefault(self._now["provider"], at)
        if "state" in facts:
            self._keep_times(self._now["state"], at)
        self.entries.append(
            AuditEntry(
                record_id=self._record.pk,
                version=len(self.entries) + 1,
                at=at,
                verb=self._verb(entry),
                door=DOOR,
                actor_kind=_HUMAN if actor else _ACTOR_KINDS[entry.actor_kind],
                actor_id=actor.key if actor else None,
                actor_name=name,
                provider_id=actor.provider if actor else None,
                facts=facts,
            )
        )

    def record(self) -> Record:
        """The header as it stands."""
        record, now, requester = self._record, self._now, self._requester
        record.title = now["title"]
        record.description = _text(self._told.description)
        record.state = now["state"]
        record.phase = INCIDENT.phase(record.state)
        record.priority = now.get("priority")
        record.service_id = now.get("service")
        record.requester_id = record.affected_user_id = requester.key if requester else None
        record.organisation_id = now.get("organisation")
        record.support_group_id = now.get("support_group")
        record.provider_id = now.get("provider")
        record.assignee_id = now.get("assignee")
        record.external_reference = self._told.external_reference
        record.opened_at = self.entries[0].at
        record.updated_at = self.entries[-1].at
        record.resolved_at = self._resolved_at
        record.closed_at = self._closed_at
        record.version = len(self.entries)
        return record

    def detail(self) -> Incident:
        """What an incident has beside the header. Levels that nobody told are the middle ones."""
        return Incident(
            record_id=self._record.pk,
            impact=self._now.get("impact") or DEFAULT_LEVEL,
            urgency=self._now.get("urgency") or DEFAULT_LEVEL,
            category_id=self._now.get("category"),
            channel=DOOR,
            contact="" if self._requester else _text(self._told.requester)[:NAME_MAX],
        )

    def _opening(self) -> dict[str, Any]:
        told, requester = self._told, self._requester
        values: dict[str, Any] = {
            "title": _text(told.title).strip()[:TITLE_MAX] or told.external_reference,
            "origin": self._origin,
            "external_reference": told.external_reference,
        }
        if requester is not None:
            values |= {"requester": requester.key, "affected_user": requester.key}
            values["organisation"] = requester.organisation
        elif told.requester:
            values["requester_name"] = _text(told.requester)[:NAME_MAX]
        return values

    def _values(self, entry: HistoricEntry) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, value in entry.facts.items():
            if name in _PLAIN:
                values[name] = value
            elif name in _CODED:
                find = getattr(self._directory, name)
                values[name] = find(_text(str(value))) if value is not None else None
            elif name == "assignee":
                values |= self._assignee(value)
        if "support_group" in values:
            group = values["support_group"]
            values["provider"] = self._directory.provider_of_group(group) if group else None
        return values

    def _assignee(self, name: object) -> dict[str, Any]:
        """A member by key, anybody else by name: an assignment stops a response whoever it was to."""
        text = _text(str(name))[:NAME_MAX] if name is not None else None
        member = self._directory.member(text) if text else None
        return {
            "assignee": member.key if member else None,
            "assignee_name": None if member else text,
        }

    def _words(self, entry: HistoricEntry, actor: Member | None, name: str, at: datetime) -> dict[str, str]:
        facts: dict[str, str] = {}
        common = {
            "record_id": self._record.pk,
            "author_id": actor.key if actor else None,
            "author_name": name,
            "door": DOOR,
            "written_at": at,
        }
        if comment := _words(entry.facts.get("comment")):
            self.comments.append(Comment(body=comment, **common))
            facts["comment"] = str(self.comments[-1].pk)
        if work_note := _words(entry.facts.get("work_note")):
            self.work_notes.append(WorkNote(body=work_note, **common))
            facts["work_note"] = str(self.work_notes[-1].pk)
        return facts

    def _keep_times(self, state: str, at: datetime) -> None:
        phase = INCIDENT.phase(state)
        if phase == "resolved":
            self._resolved_at, self._closed_at = at, None
        elif phase == "closed":
            self._closed_at = at
        else:
            self._resolved_at = self._closed_at = None

    def _verb(self, entry: HistoricEntry) -> str:
        if entry.verb == "pend":
            return f"{KIND}:pend_{self._now['state'].removeprefix('pending_')}"
        return f"{KIND}:{_VERBS.get(entry.verb, entry.verb)}"


def _text(told: str) -> str:
    """What PostgreSQL can keep of a text: everything but the character NUL."""
    return told.replace("\x00", "")


def _words(told: object) -> str:
    return _text(str(told)).strip() if told is not None else ""
