"""What a mapping promises, written into the tenant so that it judges the imported history and nothing else."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from calendars.models import Calendar
from calendars.public import define_calendar
from sla.models import Target as StoredTarget
from sla.public import TargetTerms, define_target
from transition.engine import HistoryMapping, Target
from transition.models import Import
from transition.services.directory import Directory

# Before every history: a contract holds for all of the import that brought it.
LONG_BEFORE = datetime(1900, 1, 1, tzinfo=UTC)
_STEM_MAX = 30
_CALENDAR_CODE_MAX = 60
_TARGET_CODE_MAX = 80


def set_up_contract(*, history: Import, mapping: HistoryMapping) -> None:
    """Make the calendars and targets of the mapping, and what the targets name, in the tenant in scope.

    Each target covers only records whose origin is this import, and among targets that cover a record one that
    names its origin wins: so the tenant's live targets judge an imported record only where the mapping promises
    nothing of the kind, and the mapping's targets never judge anything else. Called again it changes nothing:
    what was made is noted in `history.targets`. Raises TargetDefinitionError, CalendarError.
    """
    missing = [target for target in mapping.targets if target.code not in history.targets.values()]
    if not missing:
        return
    with transaction.atomic():
        directory = Directory(mapping)
        calendars = {code: _calendar(history, mapping, code) for code in {each.calendar for each in missing}}
        for target in missing:
            code = _free_code(f"{_stem(history)}-{slugify(target.code)}", _TARGET_CODE_MAX, _target_exists)
            terms = _terms(history, target, calendars[target.calendar], directory)
            define_target(code=code, name=target.name, terms=terms, effective_from=LONG_BEFORE)
            history.targets[code] = target.code
        history.save(update_fields=["targets"])


def _calendar(history: Import, mapping: HistoryMapping, code: str) -> Calendar:
    free = _free_code(f"{_stem(history)}-{slugify(code)}", _CALENDAR_CODE_MAX, _calendar_exists)
    return define_calendar(
        code=free,
        name=f"{code} ({history.name})",
        definition=mapping.calendars[code].definition,
        effective_from=LONG_BEFORE,
    )


def _terms(history: Import, target: Target, calendar: Calendar, directory: Directory) -> TargetTerms:
    return TargetTerms(
        kind=target.kind,
        metric=target.metric,
        duration=target.duration_s,
        calendar=calendar,
        scope={name: _keys(name, values, directory) for name, values in target.applies_to.items()}
        | {"origin": [history.name]},
        start_on=target.start,
        stop_on=tuple(sorted(target.stop)),
        pause_on=_pauses(target.pause, directory),
        pause_until=target.pause_until,
        warn_at=target.warn_at,
        is_cumulative=target.cumulative,
        escalations=target.escalations or (),
    )


def _keys(attribute: str, values: Iterable[Any], directory: Directory) -> list[Any]:
    ordered = sorted(values, key=str)
    look_up: dict[str, Callable[[str], Any]] = {
        "service": directory.service,
        "support_group": directory.support_group,
        "provider": directory.provider,
        "category": directory.category,
        "organisation": directory.organisation,
    }
    find = look_up.get(attribute)
    return ordered if find is None else [find(str(value)) for value in ordered]


def _pauses(rules: Iterable[str], directory: Directory) -> tuple[str, ...]:
    """The rules with the keys of the groups and providers that they name."""
    find = {"group": directory.support_group, "provider": directory.provider}
    found = []
    for rule in sorted(rules):
        kind, _, name = rule.partition(":")
        found.append(f"{kind}:{find[kind](name)}" if kind in find else rule)
    return tuple(found)


def _stem(history: Import) -> str:
    return slugify(history.name)[:_STEM_MAX] or "import"


def _free_code(wanted: str, longest: int, exists: Callable[[str], bool]) -> str:
    stem = wanted[: longest - 5]
    code, count = stem, 1
    while exists(code):
        count += 1
        code = f"{stem}-{count}"
    return code


def _target_exists(code: str) -> bool:
    return StoredTarget.objects.filter(code=code).exists()


def _calendar_exists(code: str) -> bool:
    return Calendar.objects.filter(code=code).exists()
