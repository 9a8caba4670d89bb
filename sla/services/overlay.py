"""Other definitions laid over those in force: what a draft would make of the tenant's book."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext

from calendars.engine import CalendarVersions, parse_calendar, working_time
from calendars.models import Calendar
from catalogue.public import STANDARD_CELLS, catalogue
from lifecycle.public import RuleError
from sla.engine import TargetBook, TargetDefinition
from sla.engine.notation import CalendarEntry, Document, MatrixEntry, TargetEntry
from sla.services.book import Definitions
from sla.services.notation import (
    calendars_at,
    escalations_of,
    target_terms,
    targets_in_force,
    todays_matrices,
)

Cells = Sequence[int]


class NothingChangesError(RuleError):
    """Everything that the document says holds already."""

    code = "definitions_unchanged"


@dataclass(frozen=True, slots=True)
class Novelty:
    """What of a document differs from what is in force today; all the rest is left as it is, with its past."""

    calendars: Mapping[str, CalendarEntry]
    targets: Mapping[str, TargetEntry]
    retired: tuple[str, ...]
    matrices: tuple[MatrixEntry, ...]

    def __bool__(self) -> bool:
        return bool(self.calendars or self.targets or self.retired or self.matrices)


@dataclass(frozen=True, slots=True)
class Grid:
    """Which cells give the priority: each service's own, else the default ones."""

    default: Cells
    by_service: Mapping[str, Cells]

    def cells(self, service: str | None) -> Cells:
        """The cells for a service's key, None for no service."""
        return self.by_service.get(service, self.default) if service else self.default


@dataclass(frozen=True, slots=True)
class Overlay:
    """Definitions in force, and those laid over them, split so that what is the same is measured once.

    `grids` are the priority matrices in force and the others, None where they do not differ.
    """

    shared: TargetBook
    before: TargetBook
    after: TargetBook
    before_calendars: Mapping[str, CalendarVersions]
    after_calendars: Mapping[str, CalendarVersions]
    grids: tuple[Grid, Grid] | None


def novelty(document: Document, held: Definitions, *, at: int) -> Novelty:
    """What of the document differs from what is in force at an instant. Raises NothingChangesError if nothing does."""
    keys = _calendar_keys()
    stored = calendars_at(at)
    in_force = targets_in_force(held, at)
    found = Novelty(
        calendars={
            code: entry
            for code, entry in document.calendars.items()
            if code not in stored
            or parse_calendar(entry.definition) != parse_calendar(stored[code].definition)
        },
        targets={
            entry.code: entry
            for entry in document.targets
            if entry.code not in in_force or _is_other(in_force[entry.code], entry, keys)
        },
        retired=tuple(code for code in document.retired if code in in_force),
        matrices=_new_matrices(document),
    )
    if not found:
        raise NothingChangesError(
            gettext("All that is written here holds today already."),
            fields={
                "document": gettext("Change something, for instance a duration or the hours of a calendar.")
            },
        )
    return found


def _is_other(target: TargetDefinition, entry: TargetEntry, keys: Mapping[str, str]) -> bool:
    """Whether an entry says something else than a target in force, be it only of what happens on the way."""
    if _with_terms(target, entry, keys) != target:
        return True
    return entry.escalations is not None and entry.escalations != escalations_of(target)


def overlay(document: Document, held: Definitions, *, at: int) -> Overlay:
    """The document's definitions laid over those in force. Raises NothingChangesError.

    They are taken to have held from `document.since` on; without it a calendar for ever, and a target for as long as
    its code has been known, a new one for ever. What is the same as today stays as it is, with its dated versions.
    """
    new = novelty(document, held, at=at)
    keys = _calendar_keys()
    calendars = dict(held.calendars)
    for code, entry in new.calendars.items():
        hours = working_time(parse_calendar(entry.definition))
        key = keys[code]
        if document.since is None or key not in calendars:
            calendars[key] = CalendarVersions([(0, hours)])
        else:
            calendars[key] = calendars[key].replaced_from(document.since, hours)
    book = TargetBook(_definitions(new, held, keys, document.since))
    changed = frozenset(keys[code] for code in new.calendars)
    shared, before, after = _split(held.book, book, changed)
    return Overlay(
        shared=shared,
        before=before,
        after=after,
        before_calendars=held.calendars,
        after_calendars=calendars,
        grids=_grids(new.matrices) if new.matrices else None,
    )


def _definitions(
    new: Novelty, held: Definitions, keys: Mapping[str, str], since: int | None
) -> list[TargetDefinition]:
    versions: dict[str, list[TargetDefinition]] = {}
    for chain in held.book.chains:
        for definition in chain.definitions:
            versions.setdefault(definition.code, []).append(definition)
    newest = max((each.created_order for group in versions.values() for each in group), default=0)
    for code in (*new.retired, *new.targets):
        group = versions.get(code, [])
        before = [_ended(each, since) for each in group if since is not None and each.effective_from < since]
        entry = new.targets.get(code)
        if entry is None:
            versions[code] = before
            continue
        if group:
            last = max(group, key=lambda each: each.effective_from)
            begins = min(each.effective_from for each in group)
            base = replace(last, effective_from=begins if since is None else max(begins, since))
        else:
            newest += 1
            base = TargetDefinition(
                id="",
                code=code,
                kind=entry.kind,
                metric=entry.metric,
                duration=entry.duration_s,
                calendar="",
                effective_from=_EVER if since is None else since,
                created_order=newest,
            )
        versions[code] = [
            *before,
            replace(_with_terms(base, entry, keys), id=f"draft:{code}", effective_to=None),
        ]
    return [each for group in versions.values() for each in group]


# Before every record, also those of imported histories.
_EVER = -(1 << 40)


def _ended(definition: TargetDefinition, at: int | None) -> TargetDefinition:
    if at is None or (definition.effective_to is not None and definition.effective_to <= at):
        return definition
    return replace(definition, effective_to=at)


def _with_terms(
    definition: TargetDefinition, entry: TargetEntry, keys: Mapping[str, str]
) -> TargetDefinition:
    """A definition with the terms of an entry."""
    return replace(definition, **target_terms(entry), calendar=keys[entry.calendar])


class _Keys(dict[str, str]):
    """Keys of calendars by code; a calendar that is only drafted has one all the same."""

    def __missing__(self, code: str) -> str:
        return f"draft:{code}"


def _calendar_keys() -> _Keys:
    rows: list[tuple[str, UUID]] = list(Calendar.objects.values_list("code", "id"))
    return _Keys({code: str(key) for code, key in rows})


def _split(
    old: TargetBook, new: TargetBook, changed_calendars: frozenset[str]
) -> tuple[TargetBook, TargetBook, TargetBook]:
    """Chains that both books have alike, those only the old one has so, and those only the new one."""
    olds = {(chain.kind, chain.metric): chain.definitions for chain in old.chains}
    news = {(chain.kind, chain.metric): chain.definitions for chain in new.chains}
    same = {
        key
        for key, definitions in olds.items()
        if set(definitions) == set(news.get(key, ()))
        and all(definition.calendar not in changed_calendars for definition in definitions)
    }
    return (
        TargetBook(each for key in same for each in olds[key]),
        TargetBook(each for key, group in olds.items() if key not in same for each in group),
        TargetBook(each for key, group in news.items() if key not in same for each in group),
    )


def _new_matrices(document: Document) -> tuple[MatrixEntry, ...]:
    stored = {matrix.name: matrix for matrix in todays_matrices()}
    return tuple(
        entry
        for entry in document.matrices
        if entry.name not in stored or _used(entry, stored[entry.name]) != stored[entry.name]
    )


def _used(entry: MatrixEntry, today: MatrixEntry | None) -> MatrixEntry:
    """An entry with the uses it has today where it does not say others."""
    is_default, services = (today.is_default, today.services) if today else (False, ())
    return replace(
        entry,
        is_default=is_default if entry.is_default is None else entry.is_default,
        services=services if entry.services is None else entry.services,
    )


def with_uses(matrices: Sequence[MatrixEntry]) -> list[MatrixEntry]:
    """Entries with the uses that the matrices of their names have today, where they do not say others."""
    stored = {matrix.name: matrix for matrix in todays_matrices()}
    return [_used(entry, stored.get(entry.name)) for entry in matrices]


def grid_with(matrices: Sequence[MatrixEntry]) -> Grid:
    """The priorities in force, with these matrices in place of those of their names."""
    known = catalogue()
    default: Cells = known.default_matrix.cells if known.default_matrix else STANDARD_CELLS
    stored = {matrix.name: matrix for matrix in todays_matrices()}
    used = with_uses(matrices)
    fallback = default
    for entry in used:
        was_default = entry.name in stored and stored[entry.name].is_default
        if entry.is_default:
            fallback = entry.cells
        elif was_default and not any(each.is_default for each in used):
            fallback = STANDARD_CELLS
    by_code: dict[str, Cells] = {}
    for service in known.services.values():
        if service.matrix_id is not None and service.matrix is not None:
            by_code[service.code] = service.matrix.cells
    for entry in used:
        services = set(entry.services or ())
        for code in set(stored[entry.name].services or ()) - services if entry.name in stored else ():
            by_code.pop(code, None)
    for entry in used:
        by_code |= dict.fromkeys(entry.services or (), entry.cells)
    keys = {service.code: str(key) for key, service in known.services.items()}
    return Grid(fallback, {keys[code]: tuple(cells) for code, cells in by_code.items()})


def _grids(matrices: Sequence[MatrixEntry]) -> tuple[Grid, Grid]:
    return grid_with(()), grid_with(matrices)
