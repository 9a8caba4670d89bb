"""Reading a form from its notation, with every fault by path and what would be right.

    {"pages": [{"code", "title": {"en", "cy"}, "when"?: condition, "fields": [
        {"code", "type", "label": {...}, "hint"?: {...}, "required"?: true, "when"?: condition, ...rules}
    ]}]}

Rules: text `min_length`, `max_length`, `mask` (A a letter, 9 a digit, X either, else itself); long_text the lengths;
number `whole`, `min`, `max`; money `min`, `max` in pence; date `earliest`, `latest` ("2026-04-01", "today",
"today+14", "today-1"); choice and many `options`; many and file `min_count`, `max_count`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from catalogue.engine.forms.conditions import Faults, read_condition
from catalogue.engine.forms.dates import is_bound, is_never
from catalogue.engine.forms.definition import CHOOSING, LANGUAGES, TYPES, Field, Form, Option, Page, Words
from catalogue.engine.texts import is_text
from tenancy.engine.words import say

PAGES_MAX, FIELDS_MAX, OPTIONS_MAX = 30, 100, 200
TEXT_MAX, LONG_TEXT_MAX = 500, 20_000
NUMBER_MAX = 10**15
PENCE_MAX = 10**11
FILES_MAX = 10
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PAGE_CODE = re.compile(r"[a-z][a-z0-9-]{0,39}")
_VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
_COMMON = {"code", "type", "label", "hint", "required", "when"}
_RULES: dict[str, set[str]] = {
    "text": {"min_length", "max_length", "mask"},
    "long_text": {"min_length", "max_length"},
    "number": {"whole", "min", "max"},
    "money": {"min", "max"},
    "date": {"earliest", "latest"},
    "choice": {"options"},
    "many": {"options", "min_count", "max_count"},
    "person": set(),
    "organisation": set(),
    "service": set(),
    "file": {"min_count", "max_count"},
    "yes_no": set(),
}


class FormFaultyError(ValueError):
    """A form that cannot be: `faults` tells each, by path."""

    code = "form_faulty"

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{path}: {reason}" for path, reason in faults.items()))
        self.faults = dict(faults)


def read_form(data: Any) -> Form:
    """A form from its notation; nothing at all is a form that asks nothing. Raises FormFaultyError."""
    faults: Faults = {}
    form = _Reader(faults).form(data)
    if faults:
        raise FormFaultyError(faults)
    return form


class _Reader:
    """What was read so far: the types and options of the questions before."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.types: dict[str, str] = {}
        self.options: dict[str, set[str]] = {}
        self.pages: set[str] = set()

    def form(self, data: Any) -> Form:
        if data is None or data == {}:
            return Form(())
        if not isinstance(data, Mapping) or set(data) != {"pages"} or not isinstance(data["pages"], list):
            self.faults["pages"] = say('A form is {"pages": [...]}.')
            return Form(())
        if len(data["pages"]) > PAGES_MAX:
            self.faults["pages"] = say("A form has %(most)s pages at most.", most=PAGES_MAX)
            return Form(())
        pages = tuple(self._page(page, f"pages.{place}") for place, page in enumerate(data["pages"]))
        if len(self.types) > FIELDS_MAX:
            self.faults["pages"] = say("A form has %(most)s questions at most.", most=FIELDS_MAX)
        return Form(pages)

    def _page(self, data: Any, path: str) -> Page:
        if not isinstance(data, Mapping):
            self.faults[path] = say("A page is an object.")
            return Page("", {}, None, ())
        self._no_others(data, {"code", "title", "when", "fields"}, path)
        code = self._code(data.get("code"), _PAGE_CODE, self.pages, path)
        self.pages.add(code)
        title = self._words(data.get("title"), 200, f"{path}.title", is_needed=True)
        when = self._when(data, path)
        fields = data.get("fields")
        if not isinstance(fields, list) or not fields:
            self.faults[f"{path}.fields"] = say("A page asks something: give it a list of questions.")
            fields = []
        return Page(
            code,
            title,
            when,
            tuple(
                self._field(each, f"{path}.fields.{place}")
                for place, each in enumerate(fields[: FIELDS_MAX + 1])
            ),
        )

    def _field(self, data: Any, path: str) -> Field:
        if not isinstance(data, Mapping):
            self.faults[path] = say("A question is an object.")
            data = {}
        type_ = data.get("type")
        if not isinstance(type_, str) or type_ not in TYPES:
            self.faults[f"{path}.type"] = say("Use one of %(known)s.", known=", ".join(TYPES))
            type_ = "text"
        self._no_others(data, _COMMON | _RULES[type_], path)
        code = self._code(data.get("code"), _CODE, set(self.types), path)
        when = self._when(data, path)
        if not isinstance(data.get("required", True), bool):
            self.faults[f"{path}.required"] = say("Use true or false.")
        options = self._options(data.get("options"), f"{path}.options") if type_ in CHOOSING else ()
        rules = {name: data[name] for name in sorted(_RULES[type_] - {"options"}) if name in data}
        _check_rules(type_, rules, path, self.faults)
        if type_ == "many" and not rules.get("min_count", 1) <= len(options):
            self.faults[f"{path}.min_count"] = say("There are %(count)s options.", count=len(options))
        self.types[code] = type_
        self.options[code] = {option.value for option in options}
        return Field(
            code=code,
            type=type_,
            label=self._words(data.get("label"), 300, f"{path}.label", is_needed=True),
            hint=self._words(data.get("hint"), 1_000, f"{path}.hint"),
            is_required=bool(data.get("required", True)),
            when=when,
            rules=rules,
            options=options,
        )

    def _when(self, data: Mapping[str, Any], path: str) -> Any:
        if data.get("when") is None:
            return None
        return read_condition(data["when"], self.types, self.options, f"{path}.when", self.faults)

    def _options(self, data: Any, path: str) -> tuple[Option, ...]:
        if not isinstance(data, list) or not 1 <= len(data) <= OPTIONS_MAX:
            self.faults[path] = say("Give it 1 to %(most)s options.", most=OPTIONS_MAX)
            return ()
        options, seen = [], set()
        for place, each in enumerate(data):
            where = f"{path}.{place}"
            if not isinstance(each, Mapping):
                self.faults[where] = say("An option is an object.")
                continue
            self._no_others(each, {"value", "label", "hint"}, where)
            value = each.get("value")
            if not isinstance(value, str) or not _VALUE.fullmatch(value):
                self.faults[f"{where}.value"] = say("Use letters, digits, '.', '-' and '_', 60 at most.")
                continue
            if value in seen:
                self.faults[f"{where}.value"] = say(
                    "Another option has the value %(value)s.", value=repr(value)
                )
            seen.add(value)
            label = self._words(each.get("label"), 300, f"{where}.label", is_needed=True)
            options.append(Option(value, label, self._words(each.get("hint"), 500, f"{where}.hint")))
        return tuple(options)

    def _code(self, given: Any, pattern: re.Pattern[str], taken: set[str], path: str) -> str:
        if not isinstance(given, str) or not pattern.fullmatch(given):
            self.faults[f"{path}.code"] = say("Use small letters and digits, a letter first, 40 at most.")
            return path
        if given in taken:
            self.faults[f"{path}.code"] = say("The code %(code)s is used before.", code=repr(given))
            return path
        return given

    def _words(self, given: Any, longest: int, path: str, *, is_needed: bool = False) -> Words:
        if given is None and not is_needed:
            return {}
        if not isinstance(given, Mapping) or set(given) - set(LANGUAGES):
            self.faults[path] = say('Say it as {"en": "...", "cy": "..."}.')
            return {}
        for language, text in given.items():
            if not is_text(text):
                self.faults[f"{path}.{language}"] = say("This is text.")
            elif len(text) > longest:
                self.faults[f"{path}.{language}"] = say(
                    "Use %(longest)s characters at most.", longest=longest
                )
        english = given.get("en")
        if is_needed and not (isinstance(english, str) and english.strip()):
            self.faults.setdefault(f"{path}.en", say("Say it in English."))
        return {language: text for language, text in given.items() if isinstance(text, str) and text.strip()}

    def _no_others(self, data: Mapping[str, Any], known: set[str], path: str) -> None:
        for name in sorted(map(str, set(data) - known)):
            self.faults[f"{path}.{name}"] = say(
                "There is no such part here. Known: %(known)s.", known=", ".join(sorted(known))
            )


def _check_rules(type_: str, rules: Mapping[str, Any], path: str, faults: Faults) -> None:
    """What is wrong with the rules of a type."""
    for names, bounds in _RANGES.get(type_, ()):
        _check_range(rules, names, bounds, path, faults, may_be_float=type_ == "number")
    if "mask" in rules:
        _check_mask(rules["mask"], path, faults)
        if {"min_length", "max_length"} & set(rules):
            faults[f"{path}.mask"] = say("A mask says how long it is already: leave out the lengths.")
    if not isinstance(rules.get("whole", False), bool):
        faults[f"{path}.whole"] = say("Use true or false.")
    days = [name for name in ("earliest", "latest") if name in rules]
    for name in days:
        if not is_bound(rules[name]):
            faults[f"{path}.{name}"] = say('Use a day like "2026-04-01", "today" or "today+14".')
            return
    if len(days) == 2 and is_never(rules["earliest"], rules["latest"]):
        faults[f"{path}.earliest"] = say(
            "This is more than %(other)s, so that nothing would do.", other="latest"
        )


# Rules that are the two ends of a range, and what they may be.
_RANGES: dict[str, tuple[tuple[tuple[str, str], tuple[int, int]], ...]] = {
    "text": ((("min_length", "max_length"), (1, TEXT_MAX)),),
    "long_text": ((("min_length", "max_length"), (1, LONG_TEXT_MAX)),),
    "number": ((("min", "max"), (-NUMBER_MAX, NUMBER_MAX)),),
    "money": ((("min", "max"), (0, PENCE_MAX)),),
    "many": ((("min_count", "max_count"), (1, OPTIONS_MAX)),),
    "file": ((("min_count", "max_count"), (1, FILES_MAX)),),
}


def _check_range(
    rules: Mapping[str, Any],
    names: tuple[str, str],
    bounds: tuple[int, int],
    path: str,
    faults: Faults,
    *,
    may_be_float: bool = False,
) -> None:
    kinds = int | float if may_be_float else int
    found = []
    for name in names:
        if name not in rules:
            continue
        value = rules[name]
        if not isinstance(value, kinds) or isinstance(value, bool) or not bounds[0] <= value <= bounds[1]:
            faults[f"{path}.{name}"] = say(
                "Use a number from %(least)s to %(most)s.", least=bounds[0], most=bounds[1]
            )
        else:
            found.append(value)
    if len(found) == 2 and found[0] > found[1]:
        faults[f"{path}.{names[0]}"] = say(
            "This is more than %(other)s, so that nothing would do.", other=names[1]
        )


def _check_mask(mask: Any, path: str, faults: Faults) -> None:
    if not isinstance(mask, str) or not 1 <= len(mask) <= 60 or not mask.isascii() or not mask.isprintable():
        faults[f"{path}.mask"] = say("Use 1 to 60 plain characters: A a letter, 9 a digit, X either.")


def missing_welsh(data: Any) -> dict[str, str]:
    """Which words of a form's notation that can be read are not said in Welsh yet, by path."""
    return dict(_unsaid(data, ""))


def _unsaid(data: Any, path: str) -> Iterator[tuple[str, str]]:
    """Whatever has words in English only, anywhere below."""
    if isinstance(data, list):
        for place, each in enumerate(data):
            yield from _unsaid(each, f"{path}{place}.")
    elif isinstance(data, Mapping) and isinstance(data.get("en"), str):
        if data["en"].strip() and not str(data.get("cy") or "").strip():
            yield f"{path}cy", say("Say this in Welsh.")
    elif isinstance(data, Mapping):
        for name, each in data.items():
            yield from _unsaid(each, f"{path}{name}.")
