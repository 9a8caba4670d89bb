"""Reads of drafts: the list, one with its runs, and the records that would change."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from lifecycle.public import ForbiddenError, NotFoundError
from people.public import Actor
from records.models import Record
from records.public import visible_to
from sla.models import Draft, DraftChange, DraftRun
from sla.services.fingerprint import fingerprint
from tenancy.public import definitions_version

DEFINE = "sla:define"
READ = "sla:read"
ACTIVE = ("queued", "running")


def may_define(actor: Actor) -> None:
    """Raises ForbiddenError for those who may not define, and for suppliers: a promise is not written by one side."""
    if not actor.may(DEFINE) or actor.reach != "all":
        raise ForbiddenError(
            gettext("This needs the permission %(permission)s.") % {"permission": DEFINE}, permission=DEFINE
        )


def may_read(actor: Actor) -> None:
    """Raises ForbiddenError for those who may not see what definitions would come to."""
    if not actor.may(READ) or actor.reach != "all":
        raise ForbiddenError(
            gettext("This needs the permission %(permission)s.") % {"permission": READ}, permission=READ
        )


def drafts(actor: Actor) -> QuerySet[Draft]:
    """All drafts of the tenant, with who made them. Raises ForbiddenError."""
    may_read(actor)
    return Draft.objects.select_related("made_by__person")


def get_draft(actor: Actor, draft_id: UUID) -> Draft:
    """One draft, to be changed. Raises ForbiddenError without sla:define, NotFoundError."""
    may_define(actor)
    return read_draft(actor, draft_id)


def read_draft(actor: Actor, draft_id: UUID) -> Draft:
    """One draft, to be read. Raises ForbiddenError, NotFoundError."""
    found = drafts(actor).filter(pk=draft_id).first()
    if found is None:
        raise NotFoundError(gettext("There is no such draft."))
    return found


@dataclass(frozen=True, slots=True)
class Trial:
    """How far trying a draft has come: the run under way or last asked for, and the last that was finished.

    `stale` says why what the finished one came to no longer counts: "definitions", "edited", or "" while it does.
    """

    latest: DraftRun | None
    finished: DraftRun | None
    stale: str

    @property
    def is_active(self) -> bool:
        """Whether it is being tried now."""
        return self.latest is not None and self.latest.state in ACTIVE


def trial_of(draft: Draft) -> Trial:
    """How far trying a draft has come."""
    runs = DraftRun.objects.filter(draft=draft).order_by("-id")
    finished = runs.filter(state="finished").first()
    return Trial(latest=runs.first(), finished=finished, stale=stale_of(draft, finished))


def stale_of(draft: Draft, run: DraftRun | None) -> str:
    """Why a run's result no longer counts: "definitions" or "edited"; "" while it does, and without one."""
    if run is None:
        return ""
    if run.draft_version != draft.version:
        return "edited"
    if run.definitions_version != definitions_version() and run.fingerprint != fingerprint():
        return "definitions"
    return ""


class ChangeLine(NamedTuple):
    """One changed verdict in a list."""

    id: UUID
    number: str
    kind_of_record: str
    title: str
    code: str
    kind: str
    metric: str
    service: UUID | None
    provider: UUID | None
    direction: str
    before: str
    after: str
    due_before: datetime | None
    due_after: datetime | None


_COLUMNS = (
    "id",
    "record__number",
    "record__kind",
    "record__title",
    "code",
    "kind",
    "metric",
    "service",
    "provider",
    "direction",
    "before",
    "after",
    "due_before",
    "due_after",
)


def changes_of(
    actor: Actor,
    run: DraftRun,
    *,
    service: UUID | None = None,
    provider: UUID | None = None,
    direction: str = "",
) -> QuerySet[DraftChange]:
    """What a finished run found changed, of records that the actor may see. Raises ForbiddenError."""
    may_read(actor)
    found = DraftChange.objects.filter(run=run, attempt=run.attempt)
    for name, value in (("service", service), ("provider", provider), ("direction", direction or None)):
        if value is not None:
            found = found.filter(**{name: value})
    return found.filter(record__in=visible_to(actor, Record.objects.all()).values("pk"))


def changes_of_draft(
    actor: Actor,
    draft: Draft,
    *,
    service: UUID | None = None,
    provider: UUID | None = None,
    direction: str = "",
) -> QuerySet[DraftChange]:
    """What trying a draft found changed when it was last finished; nothing before. Raises ForbiddenError."""
    may_read(actor)
    run = DraftRun.objects.filter(draft=draft, state="finished").order_by("-id").first()
    if run is None:
        return DraftChange.objects.none()
    return changes_of(actor, run, service=service, provider=provider, direction=direction)


def change_lines(keys: Collection[UUID]) -> Iterable[ChangeLine]:
    """What a list shows of changes."""
    rows: Iterable[Any] = DraftChange.objects.filter(pk__in=keys).values_list(*_COLUMNS)
    return [ChangeLine(*row) for row in rows]
