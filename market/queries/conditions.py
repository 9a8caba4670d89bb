"""One condition of the market's query language as a condition of ours. What cannot hold, holds for no row."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, Q

from market.engine.query import Condition
from market.engine.times import read_instant, read_stretch
from market.queries.fields import NO_CHOICES, Field
from people.public import Actor

NOTHING = Q(pk__in=[])
EVERYTHING = Q()
_COMPARED = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}
_ME = re.compile(r"^javascript:\s*gs\.getUserID\(\)\s*;?$")
_SECOND = timedelta(seconds=1)
_TOO_LARGE = 2**31


@dataclass(frozen=True, slots=True)
class Reading:
    """Who asks, when (UTC), and in which zone days are reckoned."""

    actor: Actor
    now: datetime
    zone: ZoneInfo


def as_key(text: str) -> UUID | None:
    """A key from 32 hex digits, dashes or not; None for anything else."""
    try:
        return UUID(text.strip())
    except ValueError:
        return None


def condition_on(field: Field, condition: Condition, reading: Reading) -> Q:
    """The rows (of the model that `field` is a column of) for which the condition holds."""
    operator, value = condition.operator, condition.value
    if operator == "ANYTHING":
        return EVERYTHING
    if operator in _NEGATED:
        return ~condition_on(field, Condition(condition.field, _NEGATED[operator], value), reading)
    if field.kind in ("said", "link"):
        return EVERYTHING if _holds(field.said, operator, value) else NOTHING
    return _BY_KIND[field.kind](field, operator, value, reading)


_NEGATED = {
    "!=": "=",
    "NOT LIKE": "LIKE",
    "NOT IN": "IN",
    "ISNOTEMPTY": "ISEMPTY",
    "NOTON": "ON",
}


def _text(field: Field, operator: str, value: str, _: Reading) -> Q:
    path = field.path
    if operator == "ISEMPTY" or (operator in ("=", "EMPTYSTRING") and not value):
        return Q(**{path: ""}) | Q(**{f"{path}__isnull": True})
    if field.name.endswith("user_name") and operator == "=" and "@" not in value:
        # A user's name here is an e-mail address; tools that ask for `admin` mean the part before the sign.
        return Q(**{f"{path}__startswith": f"{field.fold(value)}@"})
    if field.said in ("first", "last"):
        return _part_of_name(field, operator, value)
    if operator == "=":
        return Q(**{path: field.fold(value)} if field.is_exact else {f"{path}__iexact": value})
    if operator == "IN":
        values = [each.strip() for each in value.split(",")]
        return Q(**{f"{path}__in": [field.fold(each) for each in values]})
    return _compared(path, operator, field.fold(value) if field.is_exact else value)


def _part_of_name(field: Field, operator: str, value: str) -> Q:
    if operator == "=":
        edge = (
            {f"{field.path}__istartswith": f"{value} "}
            if field.said == "first"
            else {f"{field.path}__iendswith": f" {value}"}
        )
        return Q(**edge) | Q(**{f"{field.path}__iexact": value})
    return _compared(field.path, operator, value)


def _compared(path: str, operator: str, value: str) -> Q:
    if operator in _COMPARED:
        return Q(**{f"{path}__{_COMPARED[operator]}": value})
    if operator == "BETWEEN":
        low, _, high = value.partition("@")
        return Q(**{f"{path}__gte": low, f"{path}__lte": high})
    lookup = {"LIKE": "icontains", "STARTSWITH": "istartswith", "ENDSWITH": "iendswith"}.get(operator)
    return Q(**{f"{path}__{lookup}": value}) if lookup else NOTHING


def _id(field: Field, operator: str, value: str, _: Reading) -> Q:
    if operator == "ISEMPTY":
        return Q(**{f"{field.path}__isnull": True})
    keys = [as_key(each) for each in (value.split(",") if operator == "IN" else [value])]
    found = [key for key in keys if key is not None]
    if operator in ("=", "IN"):
        return Q(**{f"{field.path}__in": found}) if found else NOTHING
    if operator in _COMPARED and found:
        return Q(**{f"{field.path}__{_COMPARED[operator]}": found[0]})
    return NOTHING


def _number_column(field: Field, operator: str, value: str, _: Reading) -> Q:
    if operator == "ISEMPTY":
        return Q(**{f"{field.path}__isnull": True})
    parts = value.split("@") if operator == "BETWEEN" else value.split(",") if operator == "IN" else [value]
    try:
        numbers = [Decimal(part) for part in parts]
    except InvalidOperation:
        return NOTHING
    if not all(_fits(field, number) for number in numbers):
        return NOTHING
    if operator in ("=", "IN"):
        return Q(**{f"{field.path}__in": numbers})
    if operator == "BETWEEN" and len(numbers) == 2:
        return Q(**{f"{field.path}__gte": numbers[0], f"{field.path}__lte": numbers[1]})
    return Q(**{f"{field.path}__{_COMPARED[operator]}": numbers[0]}) if operator in _COMPARED else NOTHING


def _fits(field: Field, number: Decimal) -> bool:
    if not number.is_finite() or abs(number) >= _TOO_LARGE:
        return False
    return field.kind == "decimal" or number == int(number)


def _instant(field: Field, operator: str, value: str, reading: Reading) -> Q:
    """Whole seconds, as values are written: what is at 10:00:00.4 is not after 10:00:00."""
    path = field.path
    if operator == "ISEMPTY" or not value:
        return Q(**{f"{path}__isnull": True})
    if operator in ("ON", "BETWEEN"):
        stretch = read_stretch(value, now=reading.now, zone=reading.zone)
        return Q(**{f"{path}__gte": stretch[0], f"{path}__lt": stretch[1] + _SECOND}) if stretch else NOTHING
    at = read_instant(value, now=reading.now, zone=reading.zone)
    if at is None or operator not in _INSTANTS:
        return NOTHING
    return Q(**{f"{path}__{lookup}": at + later for lookup, later in _INSTANTS[operator]})


_NONE = timedelta(0)
_INSTANTS = {
    "=": (("gte", _NONE), ("lt", _SECOND)),
    "<": (("lt", _NONE),),
    "<=": (("lt", _SECOND),),
    ">": (("gte", _SECOND),),
    ">=": (("gte", _NONE),),
}


def _choice(field: Field, operator: str, value: str, _: Reading) -> Q:
    """Compared value by value: ours are few, and several of ours may be one of theirs."""
    choices = field.choices or NO_CHOICES
    wanted = choices.read(value) or value if operator == "=" else value
    if operator == "IN":
        wanted = ",".join(choices.read(each) or each.strip() for each in value.split(","))
    ours = [
        mine
        for mine, theirs in choices.theirs.items()
        if _holds(theirs, operator, wanted)
        or (operator in _WORDS and _holds(choices.labels.get(theirs, theirs), operator, wanted))
    ]
    found = Q(**{f"{field.path}__in": [mine for mine in ours if mine != "None"]}) if ours else NOTHING
    if "None" in ours or operator == "ISEMPTY":
        found |= Q(**{f"{field.path}__isnull": True})
    return found


def _reference(field: Field, operator: str, value: str, reading: Reading) -> Q:
    path = field.path
    if operator == "ISEMPTY" or (operator == "=" and not value):
        return Q(**{f"{path}__isnull": True})
    if operator == "DYNAMIC" or _ME.match(value):
        me = reading.actor.membership_id
        return Q(**{path: me}) if me and field.table == "sys_user" else NOTHING
    key = as_key(value)
    if operator == "=" and key is not None:
        return Q(**{path: key})
    if operator == "IN":
        keys = [as_key(each) for each in value.split(",")]
        return Q(**{f"{path}__in": [each for each in keys if each is not None]})
    return _text(Field(field.name, "text", field.display), operator, value, reading)


def _holds(said: str, operator: str, value: str) -> bool:
    """Whether a value that is known compares as asked."""
    held = _SAID.get(operator)
    return held(said, value) if held else False


def _number(text: str) -> tuple[int, float, str]:
    try:
        return 0, float(text), ""
    except ValueError:
        return 1, 0.0, text


_WORDS = ("LIKE", "STARTSWITH", "ENDSWITH")
_SAID: dict[str, Callable[[str, str], bool]] = {
    "=": lambda said, value: said == value,
    "IN": lambda said, value: said in [each.strip() for each in value.split(",")],
    "LIKE": lambda said, value: value.lower() in said.lower(),
    "STARTSWITH": lambda said, value: said.lower().startswith(value.lower()),
    "ENDSWITH": lambda said, value: said.lower().endswith(value.lower()),
    "ISEMPTY": lambda said, _: not said,
    "EMPTYSTRING": lambda said, _: not said,
    "<": lambda said, value: bool(said) and _number(said) < _number(value),
    "<=": lambda said, value: bool(said) and _number(said) <= _number(value),
    ">": lambda said, value: bool(said) and _number(said) > _number(value),
    ">=": lambda said, value: bool(said) and _number(said) >= _number(value),
    "BETWEEN": lambda said, value: (
        bool(said) and _number(value.partition("@")[0]) <= _number(said) <= _number(value.partition("@")[2])
    ),
}
_BY_KIND: dict[str, Callable[[Field, str, str, Reading], Q]] = {
    "id": _id,
    "text": _text,
    "whole": _number_column,
    "decimal": _number_column,
    "instant": _instant,
    "choice": _choice,
    "reference": _reference,
}
_FIELDS = {
    "SAMEAS": "exact",
    "NSAMEAS": "exact",
    "GT_FIELD": "gt",
    "LT_FIELD": "lt",
    "GT_OR_EQUALS_FIELD": "gte",
    "LT_OR_EQUALS_FIELD": "lte",
}


def between_fields(field: Field, operator: str, other: Field) -> Q | None:
    """Two fields of the same row compared; None where the operator compares none, or they lie apart."""
    if operator not in _FIELDS or field.is_detail != other.is_detail or not field.is_like(other):
        return None
    same = Q(**{f"{field.path}__{_FIELDS[operator]}": F(other.path)})
    if operator.endswith("SAMEAS"):
        same |= Q(**{f"{field.path}__isnull": True, f"{other.path}__isnull": True})
    return ~same if operator == "NSAMEAS" else same


__all__ = ["EVERYTHING", "NOTHING", "Reading", "as_key", "between_fields", "condition_on"]
