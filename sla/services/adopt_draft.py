"""Adopting a draft: what it says holds from an instant on, as new versions beside the old ones.

A clock keeps the version of target and calendar that it was matched under, so what runs now runs on unchanged; a
record comes under the new terms when it is opened, or when one of the attributes changes that targets name. The new
versions hold from a whole minute ahead at the earliest: every process then knows them before they count, and no step
that is under way is measured by terms that replay would not find.
"""

import re
from collections.abc import Collection
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from calendars.models import Calendar, CalendarVersion
from calendars.public import define_calendar
from catalogue.models import PriorityMatrix
from catalogue.public import MatrixUse, create_matrix, put_to_use
from lifecycle.public import DomainError, IllegalStepError
from people.public import Actor
from sla.engine import TargetDefinitionError
from sla.engine.notation import CalendarEntry, TargetEntry
from sla.models import Draft, DraftRun, TargetVersion
from sla.queries.drafts import ACTIVE, get_draft, trial_of
from sla.services.book import definitions
from sla.services.define import TargetTerms, define_target, terms_of, write_end
from sla.services.drafts import ENDINGS, DraftError
from sla.services.fingerprint import fingerprint
from sla.services.history import seconds
from sla.services.notation import read_document, target_terms
from sla.services.overlay import Novelty, novelty, with_uses
from tenancy.engine.words import word

AHEAD_LEAST = timedelta(minutes=1)
AHEAD_MOST = timedelta(days=3660)
_RENAMED = {"cumulative": "is_cumulative"}
_OWN = frozenset({"id", "tenant", "target", "effective_from", "is_retired"})
_SUFFIX = re.compile(r" \(from [0-9 :-]+\)\Z")
_NAME_MAX = 100


class StaleResultError(DomainError):
    """What the draft came to is of other definitions, or of another text; nothing was adopted."""

    code = "what_if_stale"


def adopt_draft(
    *,
    draft_id: UUID,
    effective_from: datetime | None,
    actor: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> Draft:
    """Let the draft hold from an instant (UTC) on, from the next whole minute without one; only new versions are made.

    All or nothing. Raises ForbiddenError, NotFoundError, IllegalStepError, DraftError, StaleResultError when the
    draft was not tried as it stands against the definitions that are in force.
    """
    draft = get_draft(actor, draft_id)
    start = _checked_start(effective_from, at)
    with transaction.atomic():
        # Two who adopt at once take turns, and the later one is told so.
        locked = Draft.objects.select_for_update().get(pk=draft.pk)
        _require_ready(locked, seen_version)
        run = trial_of(locked).finished
        if run is None:
            raise StaleResultError(gettext("The draft has not been tried on history. Try it first."))
        _require_fresh(locked)
        new = novelty(read_document(locked.document), definitions(), at=seconds(at))
        _check_later_versions(new, start)
        written = _write(new, start)
        uses = _write_matrices(new, start, is_now=effective_from is None)
        # With these rows written nobody else's definition can be committed before this is: what is read now holds.
        mine = {*written, *(use.matrix.pk for use in uses if use.matrix != use.replaces)}
        if fingerprint(without=mine) != run.fingerprint:
            raise StaleResultError(_DEFINITIONS_CHANGED)
        put_to_use(uses=uses)
        Draft.objects.filter(pk=draft.pk).update(state="adopted", adopted_at=at, effective_from=start)
    return get_draft(actor, draft_id)


_DEFINITIONS_CHANGED = word(
    "Definitions changed after the draft was tried. Try it again, and read what it comes to now."
)


def _checked_start(effective_from: datetime | None, at: datetime) -> datetime:
    earliest = (at + AHEAD_LEAST).replace(second=0, microsecond=0) + timedelta(minutes=1)
    if effective_from is None:
        return earliest
    start = effective_from.astimezone(UTC).replace(microsecond=0)
    wrong = ""
    if start < at:
        wrong = gettext("What was measured stays measured. Choose a time to come, or now.")
    elif start > at + AHEAD_MOST:
        wrong = gettext("This is more than ten years ahead. Choose an earlier time.")
    if wrong:
        raise DraftError(wrong, fields={"effective_from": wrong})
    return max(start, earliest)


def _require_ready(draft: Draft, seen_version: int | None) -> None:
    if draft.state != "draft":
        raise IllegalStepError(
            gettext("The draft was %(state)s already.")
            % {"state": gettext(ENDINGS.get(draft.state, draft.state))},
            state=draft.state,
            action="adopt",
            allowed=(),
        )
    if DraftRun.objects.filter(draft=draft, state__in=ACTIVE).exists():
        raise StaleResultError(
            gettext("The draft is being tried just now. Wait for the result, or cancel it.")
        )
    if seen_version is not None and seen_version != draft.version:
        raise StaleResultError(gettext("Somebody edited the draft after you read it. Read it again."))


def _require_fresh(draft: Draft) -> None:
    stale = trial_of(draft).stale
    if stale == "edited":
        raise StaleResultError(gettext("The draft was edited after it was tried. Try it again."))
    if stale:
        raise StaleResultError(_DEFINITIONS_CHANGED)


def _check_later_versions(new: Novelty, start: datetime) -> None:
    """Versions are never removed: one that is planned for later would undo what is adopted."""
    later = TargetVersion.objects.filter(
        target__code__in=(*new.targets, *new.retired), effective_from__gte=start
    ).select_related("target")
    planned = [(row.target.code, row.effective_from) for row in later]
    hours = CalendarVersion.objects.filter(
        calendar__code__in=list(new.calendars), effective_from__gte=start
    ).select_related("calendar")
    planned += [(row.calendar.code, row.effective_from) for row in hours]
    if planned:
        code, instant = min(planned, key=lambda each: each[1])
        wrong = gettext("%(code)s has a version from %(utc)s UTC already. Choose a later time.") % {
            "code": code,
            "utc": f"{instant.astimezone(UTC):%Y-%m-%d %H:%M}",
        }
        raise DraftError(wrong, fields={"effective_from": wrong})


def _write(new: Novelty, start: datetime) -> list[UUID]:
    """Make the versions; returns their keys."""
    return [
        *(_write_calendar(entry, start) for entry in new.calendars.values()),
        *(_write_target(entry, start) for entry in new.targets.values()),
        *(_retire(code, start) for code in new.retired),
    ]


def _write_matrices(new: Novelty, start: datetime, *, is_now: bool) -> list[MatrixUse]:
    """Make the matrices that have other cells than before, unused so far; returns how each is to be used."""
    if new.matrices and not is_now:
        wrong = gettext(
            "A priority matrix holds as soon as it is adopted. Adopt the draft now, or leave the matrix out."
        )
        raise DraftError(wrong, fields={"effective_from": wrong})
    stored = {matrix.name: matrix for matrix in PriorityMatrix.objects.all()}
    uses = []
    for entry in with_uses(new.matrices):
        before = stored.get(entry.name)
        matrix = before
        if matrix is None or tuple(matrix.cells) != entry.cells:
            matrix = create_matrix(name=_free_name(entry.name, stored, start), cells=entry.cells)
        uses.append(
            MatrixUse(
                matrix=matrix,
                replaces=before,
                is_default=bool(entry.is_default),
                services=entry.services or (),
            )
        )
    return uses


def _free_name(name: str, stored: Collection[str], start: datetime) -> str:
    if name not in stored:
        return name
    suffix = f" (from {start:%Y-%m-%d %H:%M})"
    return _SUFFIX.sub("", name)[: _NAME_MAX - len(suffix)] + suffix


def _write_calendar(entry: CalendarEntry, start: datetime) -> UUID:
    calendar = define_calendar(
        code=entry.code, name=entry.name or entry.code, definition=entry.definition, effective_from=start
    )
    return CalendarVersion.objects.get(calendar=calendar, effective_from=start).pk


def _write_target(entry: TargetEntry, start: datetime) -> UUID:
    before = _last_version(entry.code)
    told = {_RENAMED.get(name, name): value for name, value in target_terms(entry).items()}
    told["scope"] = {name: sorted(values, key=str) for name, values in told["scope"].items()}
    for name in ("stop_on", "pause_on"):
        told[name] = tuple(sorted(told[name]))
    told["calendar"] = Calendar.objects.get(code=entry.calendar)
    if before is not None:
        # What the notation does not know stays as it was.
        before_terms = terms_of(before)
        kept = {field.name: getattr(before_terms, field.name) for field in fields(TargetTerms)}
        told = {
            name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()
        } | told
    if entry.escalations is not None:
        told["escalations"] = entry.escalations
    terms = TargetTerms(**told)
    try:
        target = define_target(code=entry.code, name=entry.name, terms=terms, effective_from=start)
    except TargetDefinitionError as error:
        raise DraftError(str(error), fields={"document": f"targets {entry.code}: {error}"}) from error
    version = TargetVersion.objects.get(target=target, effective_from=start)
    if before is not None:
        _carry_over(before, version)
    return version.pk


def _carry_over(before: TargetVersion, version: TargetVersion) -> None:
    """Give a version that is being made what its predecessor says beyond the terms."""
    known = {field.name for field in fields(TargetTerms)} | _OWN
    rest = [field.name for field in TargetVersion._meta.local_fields if field.name not in known]
    for name in rest:
        setattr(version, name, getattr(before, name))
    if rest:
        version.save(update_fields=rest)


def _retire(code: str, start: datetime) -> UUID:
    version = _last_version(code)
    if version is None:
        raise DraftError(
            gettext("There is no such target."),
            fields={"document": gettext("no target has the code %(code)s") % {"code": repr(code)}},
        )
    return write_end(last=version, effective_from=start).pk


def _last_version(code: str) -> TargetVersion | None:
    return TargetVersion.objects.filter(target__code=code).order_by("-effective_from").first()
