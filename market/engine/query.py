"""The market's query language, read into a tree. It knows no table: which fields there are is the reader's business.

`a=1^bLIKEx^ORcISEMPTY^NQd>3^ORDERBYDESCe` is "(a=1 and (b like x or c is empty)) or (d>3), by e descending".
Source: ServiceNow, "Operators available for filters and queries".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

# Longest first: `NOT LIKE` before `LIKE`, `ISNOTEMPTY` before `IS`, `>=` before `>`.
OPERATORS = tuple(
    sorted(
        (
            "=", "!=", "<", "<=", ">", ">=",
            "LIKE", "NOT LIKE", "NOTLIKE", "CONTAINS", "DOES NOT CONTAIN", "STARTSWITH", "ENDSWITH",
            "IN", "NOT IN", "NOTIN", "ISEMPTY", "ISNOTEMPTY", "EMPTYSTRING", "ANYTHING", "BETWEEN",
            "SAMEAS", "NSAMEAS", "ON", "NOTON", "DYNAMIC", "INSTANCEOF",
            "GT_FIELD", "LT_FIELD", "GT_OR_EQUALS_FIELD", "LT_OR_EQUALS_FIELD",
        ),
        key=len,
        reverse=True,
    )
)  # fmt: skip
_SAME = {
    "CONTAINS": "LIKE",
    "DOES NOT CONTAIN": "NOT LIKE",
    "NOTLIKE": "NOT LIKE",
    "NOTIN": "NOT IN",
    "INSTANCEOF": "=",
}
# A field's name never holds an operator's capitals, so the earliest operator ends it.
_CONDITION = re.compile(
    rf"(?P<field>[A-Za-z_][\w.]*?)\s?(?P<operator>{'|'.join(map(re.escape, OPERATORS))})(?P<value>.*)",
    re.DOTALL,
)
_RELATED = re.compile(
    r"RLQUERY(?P<table>\w+)\.(?P<field>[\w.]+?)\s*,\s*(?P<compare>>=|<=|!=|=|>|<)\s*(?P<count>\d+)(?P<through>,m2m)?$"
)
_JOIN = re.compile(
    r"JOIN(?P<own>\w+\.)?(?P<field>\w+)=(?P<table>\w+)\.(?P<other>\w+)(?:!(?P<rest>.*))?$", re.DOTALL
)
_SEPARATOR = re.compile(r"(?<!\^)\^(?!\^)")
MOST_CONDITIONS = 500


class QueryError(ValueError):
    """A query that is too long to be meant."""

    code = "bad_query"


@dataclass(frozen=True, slots=True)
class Condition:
    """One field compared with a value; both as they were written."""

    field: str
    operator: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Related:
    """How many rows of another table refer to this one by a field, and which of them count."""

    table: str
    field: str
    compare: str
    count: int
    where: "Query"


@dataclass(frozen=True, slots=True)
class Joined:
    """A field of this table has a value that a field of another has, in a row that fits."""

    field: str
    table: str
    other: str
    where: "Query"


Term = Condition | Related | Joined
# Every one of these must hold, of each at least one alternative.
Group = tuple[tuple[Term, ...], ...]


@dataclass(frozen=True, slots=True)
class Query:
    """Groups of which one must hold (none: everything), and the order: field, whether descending."""

    groups: tuple[Group, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()


@dataclass(slots=True)
class _Reader:
    """What was read so far."""

    groups: list[list[list[Term]]] = field(default_factory=lambda: [[]])
    order: list[tuple[str, bool]] = field(default_factory=list)

    def add(self, term: Term, *, is_alternative: bool) -> None:
        group = self.groups[-1]
        if is_alternative and group:
            group[-1].append(term)
        else:
            group.append([term])

    def query(self) -> Query:
        groups = tuple(tuple(tuple(each) for each in group) for group in self.groups if group)
        return Query(groups, tuple(self.order))


def read_query(text: str) -> Query:
    """What a `sysparm_query` asks for. A part that is no condition is left out, as the market's own product does.

    Raises QueryError for more than 500 parts.
    """
    parts = [part.replace("^^", "^") for part in _SEPARATOR.split(text.strip())]
    if len(parts) > MOST_CONDITIONS:
        raise QueryError(f"The query has more than {MOST_CONDITIONS} parts.")
    return _read(iter(parts))


def _read(parts: Iterator[str], *, end: str = "") -> Query:
    reader = _Reader()
    for part in parts:
        if end and part == end:
            break
        _take(reader, part, parts)
    return reader.query()


def _take(reader: _Reader, part: str, parts: Iterator[str]) -> None:
    for word, is_descending in (("ORDERBYDESC", True), ("ORDERBY", False)):
        if part.startswith(word):
            reader.order.append((part.removeprefix(word).strip(), is_descending))
            return
    if part in ("EQ", ""):
        return
    if part.startswith("NQ"):
        reader.groups.append([])
        part = part.removeprefix("NQ")
    is_alternative = part.startswith("OR") and not part.startswith("ORDERBY")
    part = part.removeprefix("OR") if is_alternative else part
    related = _RELATED.match(part)
    if related:
        where = _read(parts, end="ENDRLQUERY")
        found = Related(related["table"], related["field"], related["compare"], int(related["count"]), where)
        reader.add(found, is_alternative=is_alternative)
        return
    joined = _JOIN.match(part)
    if joined:
        where = _read(iter([joined["rest"]] if joined["rest"] else []))
        reader.add(
            Joined(joined["field"], joined["table"], joined["other"], where), is_alternative=is_alternative
        )
        return
    condition = read_condition(part)
    if condition:
        reader.add(condition, is_alternative=is_alternative)


def read_condition(text: str) -> Condition | None:
    """One condition, None for what is none."""
    found = _CONDITION.match(text)
    if found is None:
        return None
    operator = _SAME.get(found["operator"], found["operator"])
    return Condition(found["field"].removeprefix("."), operator, found["value"])
