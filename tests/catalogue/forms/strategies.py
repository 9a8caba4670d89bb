"""Random forms, and answers to them: right ones, nearly right ones and wild ones."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from catalogue.engine.forms.dates import is_never

TODAY = date(2026, 11, 16)
VALUES = ["a", "b", "c", "d"]
_WORDS = {"en": "Words"}


@st.composite
def conditions(draw: st.DrawFn, known: dict[str, dict[str, Any]], depth: int = 0) -> dict[str, Any]:
    """A condition over the fields before it."""
    shape = draw(st.sampled_from(["test", "test", "test", "all", "any", "not"])) if depth < 3 else "test"
    if shape == "not":
        return {"not": draw(conditions(known, depth + 1))}
    if shape in ("all", "any"):
        return {shape: draw(st.lists(conditions(known, depth + 1), min_size=1, max_size=3))}
    code = draw(st.sampled_from(sorted(known)))
    kind = known[code]["type"]
    tests = [{"field": code, "answered": True}]
    if kind == "choice":
        tests += [{"field": code, "is": draw(st.sampled_from(VALUES))}]
        tests += [{"field": code, "in": draw(st.lists(st.sampled_from(VALUES), min_size=1, unique=True))}]
    elif kind == "many":
        tests += [{"field": code, "has": draw(st.sampled_from(VALUES))}]
    elif kind in ("number", "money"):
        number = draw(st.integers(-3, 12))
        tests += [
            {"field": code, "at_least": number},
            {"field": code, "at_most": number},
            {"field": code, "is": number},
        ]
    elif kind == "yes_no":
        tests += [{"field": code, "is": draw(st.booleans())}]
    elif kind != "file":
        tests += [{"field": code, "is": draw(st.sampled_from(["x", "2026-11-16"]))}]
    return draw(st.sampled_from(tests))


def _range(draw: st.DrawFn, low: str, high: str, least: int, most: int) -> dict[str, int]:
    one, other = sorted((draw(st.integers(least, most)), draw(st.integers(least, most))))
    both = {low: one, high: other}
    return {name: both[name] for name in draw(st.sets(st.sampled_from([low, high])))}


_RANGES = {
    "text": ("min_length", "max_length", 1, 12),
    "long_text": ("min_length", "max_length", 1, 12),
    "number": ("min", "max", -5, 10),
    "money": ("min", "max", 0, 10),
    "many": ("min_count", "max_count", 1, 4),
    "file": ("min_count", "max_count", 1, 3),
}
_DAYS = ["today", "today+14", "today-3", "2026-02-28", "2024-02-29", "2027-01-01"]


@st.composite
def rules(draw: st.DrawFn, kind: str) -> Any:
    """Rules that a type may have."""
    if kind == "text" and draw(st.booleans()):
        return {"mask": draw(st.text("A9X-./ (+*", min_size=1, max_size=6))}
    found: Any = _range(draw, *_RANGES[kind]) if kind in _RANGES else {}
    if kind == "number":
        found["whole"] = draw(st.booleans())
    if kind in ("choice", "many"):
        found["options"] = [{"value": value, "label": _WORDS} for value in VALUES]
    if kind == "date":
        names = draw(st.sets(st.sampled_from(["earliest", "latest"])))
        found |= {name: draw(st.sampled_from(_DAYS)) for name in names}
        if len(names) == 2 and is_never(found["earliest"], found["latest"]):
            found["earliest"], found["latest"] = found["latest"], found["earliest"]
    return found


KINDS = (
    "text",
    "long_text",
    "number",
    "money",
    "date",
    "choice",
    "many",
    "person",
    "organisation",
    "service",
    "file",
    "yes_no",
)


@st.composite
def forms(draw: st.DrawFn) -> dict[str, Any]:
    """The notation of a form that can be."""
    known: dict[str, Any] = {}
    coins: st.SearchStrategy[bool] = st.booleans()
    pages = []
    for page in range(draw(st.integers(1, 3))):
        when = draw(conditions(known)) if bool(known) and draw(coins) else None
        fields = []
        for _ in range(draw(st.integers(1, 4))):
            kind = draw(st.sampled_from(KINDS))
            code = f"q{len(known)}"
            field = {"code": code, "type": kind, "label": _WORDS, "required": draw(st.booleans())}
            if bool(known) and draw(coins):
                field["when"] = draw(conditions(known))
            field |= draw(rules(kind))
            known[code] = field
            fields.append(field)
        whole: dict[str, Any] = {"code": f"p{page}", "title": _WORDS, "fields": fields}
        if when is not None:
            whole["when"] = when
        pages.append(whole)
    return {"pages": pages}


FILE = "0190aaaa-0000-7000-8000-{:012x}"
_NASTY = [
    "",
    " ",
    "\u00a0",
    "\n",
    "x\n",
    "a\x00b",
    "\x1f",
    "é",
    "\U0001f600",
    "0",
    "true",
    "2026-02-30",
    "2023-02-29",
]
WILD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**17), 10**17),
    st.integers(-6, 12),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.sampled_from([1.0, 3.5, -2.0, 1e300]),
    st.sampled_from(_NASTY),
    st.text(max_size=15),
    st.lists(st.one_of(st.sampled_from(VALUES), st.integers(0, 2), st.text(max_size=2)), max_size=5),
    st.just({}),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=1),
)


_CODES = st.sampled_from(["x", "email", "under_score", "a b", "", "x\n", "x" * 61])
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=14)
_NUMBERS = st.one_of(st.integers(-6, 12), st.sampled_from([0.0, 2.0, 2.5]))
_DATES = st.dates(TODAY - timedelta(days=1200), TODAY + timedelta(days=400)).map(date.isoformat)
_RIGHT: dict[str, st.SearchStrategy[Any]] = {
    "text": _TEXT,
    "long_text": _TEXT,
    "number": _NUMBERS,
    "money": _NUMBERS,
    "date": _DATES,
    "choice": st.sampled_from(VALUES),
    "many": st.lists(st.sampled_from(VALUES), max_size=5),
    "person": st.sampled_from(["x", "x@y", "who@defra.example", "a b@c", "@", "x@y\n"]),
    "organisation": _CODES,
    "service": _CODES,
    "file": st.lists(st.integers(0, 4).map(FILE.format), max_size=4),
    "yes_no": st.booleans(),
}
_MASKED = {"A": st.sampled_from("azAZ"), "9": st.sampled_from("019"), "X": st.sampled_from("aZ5")}


def right(field: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Answers of the right shape, many of them within the rules."""
    if "mask" in field:
        return st.tuples(*(_MASKED.get(letter, st.just(letter)) for letter in field["mask"])).map("".join)
    return _RIGHT[field["type"]]


@st.composite
def answers(draw: st.DrawFn, form: dict[str, Any]) -> Any:
    """Answers to a form: mostly of the right shape."""
    if draw(st.integers(0, 40)) == 0:
        return draw(WILD)
    fields = [field for page in form["pages"] for field in page["fields"]]
    given: dict[str, Any] = {}
    for field in fields:
        choice = draw(st.integers(0, 9))
        if choice < 7:
            given[field["code"]] = draw(right(field))
        elif choice == 7:
            given[field["code"]] = draw(WILD)
    if draw(st.integers(0, 15)) == 0:
        given["other"] = 1
    return given
