"""The design of an offering: all that one published version of it says, as JSON and as values.

    {"name": {"en", "cy"}, "summary": {...}, "description": {...}, "keywords"?: {...},
     "price"?: "12.50", "period"?: "once" | "month" | "year", "max_quantity"?: 1, "for_others"?: true,
     "form"?: form notation, "approval"?: approval notation, "plan"?: fulfilment notation}

Sums are pounds, a decimal string; no price is free. Welsh may be missing while it is designed, not once published.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from catalogue.engine.texts import is_text
from tenancy.engine.words import say

PERIODS = ("once", "month", "year")
QUANTITY_MAX = 999
PRICE_MAX = Decimal("9999999.99")
_LANGUAGES = ("en", "cy")
# Words that a design has: the longest each may be, and whether a version needs them.
WORDS = {"name": (100, True), "summary": (200, True), "description": (10_000, True), "keywords": (500, False)}
_PARTS = ("form", "approval", "plan")
_KNOWN = {*WORDS, *_PARTS, "price", "period", "max_quantity", "for_others"}


class DesignFaultyError(ValueError):
    """A design that cannot be: `faults` tells each, by path."""

    code = "design_faulty"

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{path}: {reason}" for path, reason in faults.items()))
        self.faults = dict(faults)


@dataclass(frozen=True, slots=True)
class Design:
    """What a version says beside its form and plans. Words by language; `unit_price` in pounds, None for free."""

    name: Mapping[str, str]
    summary: Mapping[str, str]
    description: Mapping[str, str]
    keywords: Mapping[str, str]
    unit_price: Decimal | None
    period: str
    max_quantity: int
    for_others: bool


def read_design(data: Any) -> Design:
    """A design from its notation, forms and plans apart. Raises DesignFaultyError with all that is wrong."""
    faults: dict[str, str] = {}
    if not isinstance(data, Mapping):
        raise DesignFaultyError({"": say("A design is an object.")})
    for name in sorted(map(str, set(data) - _KNOWN)):
        faults[name] = say("There is no such part. Known: %(known)s.", known=", ".join(sorted(_KNOWN)))
    words = {name: _words(data.get(name), name, longest, faults) for name, (longest, _) in WORDS.items()}
    if not words["name"].get("en", "").strip():
        faults.setdefault("name.en", say("Give it a name in English."))
    design = Design(
        **words,
        unit_price=_price(data.get("price"), faults),
        period=_period(data.get("period"), faults),
        max_quantity=_quantity(data.get("max_quantity", 1), faults),
        for_others=_flag(data.get("for_others", False), faults),
    )
    if faults:
        raise DesignFaultyError(faults)
    return design


def missing_words(design: Design) -> dict[str, str]:
    """What must still be said, in either language, before the design is published."""
    return {
        f"{name}.{language}": _UNSAID[language]()
        for name, (_, needed) in WORDS.items()
        if needed
        for language in _LANGUAGES
        if not getattr(design, name).get(language, "").strip()
    }


_UNSAID = {"en": lambda: say("Say this in English."), "cy": lambda: say("Say this in Welsh.")}


def _words(given: Any, name: str, longest: int, faults: dict[str, str]) -> dict[str, str]:
    if given is None:
        return {}
    if not isinstance(given, Mapping) or set(given) - set(_LANGUAGES):
        faults[name] = say('Say it as {"en": "...", "cy": "..."}.')
        return {}
    found = {}
    for language, text in given.items():
        if not is_text(text):
            faults[f"{name}.{language}"] = say("This is text.")
        elif len(text) > longest:
            faults[f"{name}.{language}"] = say(
                "Use %(longest)s characters at most; these are %(count)s.", longest=longest, count=len(text)
            )
        else:
            found[language] = text
    return found


def _price(given: Any, faults: dict[str, str]) -> Decimal | None:
    if given in (None, ""):
        return None
    try:
        price = Decimal(given) if isinstance(given, str) else None
    except InvalidOperation:
        price = None
    if price is None or not price.is_finite() or not 0 <= price <= PRICE_MAX or price != round(price, 2):
        faults["price"] = say('Use pounds and pence, as text: "12.50".')
        return None
    return price or None


def _period(given: Any, faults: dict[str, str]) -> str:
    if given is None:
        return "once"
    if given not in PERIODS:
        faults["period"] = say("Use one of %(known)s.", known=", ".join(PERIODS))
        return "once"
    return str(given)


def _quantity(given: Any, faults: dict[str, str]) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= QUANTITY_MAX:
        faults["max_quantity"] = say("Use a whole number from 1 to %(most)s.", most=QUANTITY_MAX)
        return 1
    return given


def _flag(given: Any, faults: dict[str, str]) -> bool:
    if not isinstance(given, bool):
        faults["for_others"] = say("Use true or false.")
        return False
    return given
