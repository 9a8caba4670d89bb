"""Writing targets: a first version, further ones, an end, and what each would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from calendars.engine import NeverOpenError, WorkingTime
from calendars.public import calendars_in_force
from people.public import Actor
from sla.engine import EscalationTerms, TargetDefinitionError
from sla.models import Target, TargetVersion
from sla.services.book import as_definition
from sla.services.check_terms import check_terms
from sla.services.define import TERM_COLUMNS, TargetTerms, define_target, terms_of, write_end
from sla.services.edit_calendar import next_intervals, untouched_words
from sla.services.history import seconds
from sla.services.preview import Preview, changes_of, free_from, fresh_definitions, with_target_version
from sla.services.promises import PromiseCannotBeKeptError, hold_promises
from sla.services.read_terms import read_terms
from sla.services.reproject import reproject_since
from sla.services.versions import RESERVED, DefinitionError, check_seen, checked_start, require_definer

_COMMON = ("kind", "metric", "duration", "calendar")


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetDraft:
    """A version of a target to be. `terms` names those of TargetTerms that are given, the calendar and scope by codes.

    What is not named stays as it was, or is as TargetTerms has it. None for terms retires the target.
    `accepted_because` says why more is promised than the parts of a service can keep, where that is so.
    """

    terms: Mapping[str, Any] | None
    effective_from: datetime
    accepted_because: str = ""


def create_target(*, code: str, name: str, draft: TargetDraft, actor: Actor, at: datetime) -> Target:
    """A target with its first version; open records that it covers from then on are measured anew.

    Raises DefinitionError, PromiseCannotBeKeptError, ForbiddenError.
    """
    require_definer(actor)
    terms = _terms(draft, None)
    try:
        with transaction.atomic():
            _require_free(code)
            start = checked_start(draft.effective_from, at=at, taken=(), is_used=True)
            _require_untouched(Target(code=code), terms, start, at)
            before = fresh_definitions()
            target = define_target(code=code, name=name, terms=terms, effective_from=start)
            _hold(terms, draft, actor, max(at, start))
            reproject_since(since=start, at=at, before=before, after=fresh_definitions())
            return target
    except IntegrityError as error:
        raise _taken(code) from error


def add_target_version(
    *, target: Target, draft: TargetDraft, actor: Actor, at: datetime, seen_version: int | None = None
) -> Target:
    """A further version of a target, or its end; open records that it touches are measured anew.

    `seen_version` is how many versions the actor saw. Raises StaleVersionError, DefinitionError,
    PromiseCannotBeKeptError, ForbiddenError.
    """
    require_definer(actor)
    with transaction.atomic():
        # One who defines at a time: the second waits here, and then finds what the first wrote.
        Target.objects.select_for_update().get(pk=target.pk)
        versions = _versions(target)
        check_seen(seen=seen_version, versions=versions)
        terms = _terms(draft, _latest(versions))
        start = _start(versions, draft, at)
        _require_untouched(target, terms, start, at)
        before = fresh_definitions()
        if terms is None:
            write_end(last=_latest(versions), effective_from=start)
        else:
            define_target(code=target.code, name=target.name, terms=terms, effective_from=start)
            _hold(terms, draft, actor, max(at, start))
        reproject_since(since=start, at=at, before=before, after=fresh_definitions())
    return target


def _hold(terms: TargetTerms, draft: TargetDraft, actor: Actor, at: datetime) -> None:
    """Hold what is promised for services against what their parts can keep. Raises PromiseCannotBeKeptError."""
    if terms.kind != "sla":
        return
    services = [UUID(str(key)) for key in terms.scope.get("service", ())]
    try:
        hold_promises(services=services, actor=actor, at=at, accepted_because=draft.accepted_because)
    except PromiseCannotBeKeptError as error:
        # Beside the reason that would let it pass; over the API the findings come with it.
        error.fields = {"accepted_because": error.message}
        raise


def preview_target(
    *, target: Target | None, draft: TargetDraft, actor: Actor, at: datetime, code: str = ""
) -> Preview:
    """What saving would do to `target`, or, when None, with a new one of the `code`. Writes nothing."""
    require_definer(actor)
    versions = [] if target is None else _versions(target)
    if target is None:
        _require_free(code)
        target = Target(code=code)
    latest = _latest(versions)
    terms = _terms(draft, latest)
    start = _start(versions, draft, at)
    now, then = fresh_definitions(), _definitions_with(target, terms, start)
    calendar = terms.calendar if terms else latest.calendar
    hours = calendars_in_force()[str(calendar.pk)](seconds(start))
    return Preview(
        effective_from=start,
        intervals=next_intervals(hours, max(start, at)),
        changes=changes_of(now=now, then=then, since=start, actor=actor, at=at),
        free_from=free_from(now=now, then=then, since=start, at=at),
    )


class VersionToBe(NamedTuple):
    """A version that is not stored, and what happens by itself at the points of its clocks."""

    row: TargetVersion
    escalations: Sequence[EscalationTerms]


def version_to_be(*, target: Target | None, draft: TargetDraft) -> VersionToBe:
    """The version that a draft would be, to be told of in words. Raises DefinitionError."""
    latest = _latest([] if target is None else _versions(target))
    terms = _terms(draft, latest)
    row = _row(terms or terms_of(latest))
    row.effective_from, row.is_retired = draft.effective_from, terms is None
    return VersionToBe(row, terms.escalations if terms else ())


def _terms(draft: TargetDraft, latest: TargetVersion | None) -> Any:
    """The whole terms of a draft, checked; None for an end. Raises DefinitionError naming every wrong term at once."""
    if draft.terms is None:
        if latest is None or latest.is_retired:
            words = gettext("This target is retired already.")
            raise DefinitionError(words, fields={"effective_from": words})
        return None
    given, wrong = read_terms(draft.terms)
    missing = [name for name in _COMMON if latest is None and not given.get(name)]
    wrong |= {name: gettext("This is needed.") for name in missing if name not in wrong}
    if wrong:
        raise DefinitionError(gettext("The target cannot be as it is."), fields=wrong)
    terms = TargetTerms(**given) if latest is None else replace(terms_of(latest), **given)
    _require_sound(terms, draft.effective_from)
    return terms


def _require_sound(terms: TargetTerms, effective_from: datetime) -> None:
    """Raises DefinitionError for what the engine refuses, and for what the tenant cannot hold or does not know."""
    try:
        definition = as_definition(_row(terms), code="draft")
    except TargetDefinitionError as error:
        words = f"{error.reason[:1].upper()}{error.reason[1:]}."
        raise DefinitionError(words, fields={error.field: words}) from error
    if any(percent >= 100 for percent in terms.warn_at):
        words = gettext("Warning points lie below 100: that is the breach itself.")
        raise DefinitionError(words, fields={"warn_at": words})
    wrong = check_terms(
        definition=definition,
        escalations=terms.escalations,
        effective_from=effective_from,
        is_history=True,
    )
    if wrong:
        raise DefinitionError(gettext("The target cannot be as it is."), fields=wrong)


def _row(terms: TargetTerms) -> TargetVersion:
    return TargetVersion(
        effective_from=datetime.fromisoformat("1970-01-01T00:00:00+00:00"),
        **{name: getattr(terms, name) for name in TERM_COLUMNS},
    )


def _definitions_with(target: Target, terms: TargetTerms | None, start: datetime) -> Any:
    version = None if terms is None else as_definition(_row(terms), code=target.code)
    if terms is not None:
        _require_room(terms, start)
    return with_target_version(target, version, at=start)


def _require_room(terms: TargetTerms, start: datetime) -> None:
    hours: WorkingTime = calendars_in_force()[str(terms.calendar.pk)](seconds(start))
    try:
        hours.due(seconds(start), terms.duration)
    except NeverOpenError as error:
        words = gettext("The calendar %(calendar)s does not open for so long.") % {
            "calendar": terms.calendar.name
        }
        raise DefinitionError(words, fields={"duration": words}) from error


def _require_untouched(target: Target, terms: TargetTerms | None, start: datetime, at: datetime) -> None:
    then = _definitions_with(target, terms, start)
    free = free_from(now=fresh_definitions(), then=then, since=start, at=at)
    if free is not None:
        raise DefinitionError(untouched_words(free), fields={"effective_from": untouched_words(free)})


def _versions(target: Target) -> list[TargetVersion]:
    return list(
        TargetVersion.objects.filter(target=target).select_related("calendar").order_by("effective_from")
    )


def _latest(versions: list[TargetVersion]) -> Any:
    """The version that holds last: what a further one starts from."""
    return versions[-1] if versions else None


def _start(versions: list[TargetVersion], draft: TargetDraft, at: datetime) -> datetime:
    taken = [row.effective_from for row in versions]
    return checked_start(draft.effective_from, at=at, taken=taken, is_used=True)


def _require_free(code: str) -> None:
    if code in RESERVED or Target.objects.filter(code=code).exists():
        raise _taken(code)


def _taken(code: str) -> DefinitionError:
    words = gettext("There is a target with the code %(code)s already. Choose another code.") % {"code": code}
    return DefinitionError(words, fields={"code": words})
