"""Verdicts of composition in words, for both doors and for the record of an acceptance."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from math import prod
from typing import Any

from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext

from design.moments import duration_words, long_moment
from sla.engine.composition import Verdict
from tenancy.engine.words import word

ARROW = " → "
_SILENT = {
    "resolution": word("resolution time"),
    "fulfilment": word("fulfilment time"),
    "availability": word("availability"),
}


def percent(share: Fraction) -> str:
    """A share of one in percent, with four decimals at most, cut off: never better than it is."""
    figure = Decimal(share.numerator * 100) / Decimal(share.denominator)
    return f"{figure.quantize(Decimal('0.0001'), ROUND_DOWN).normalize():f} %"


def begins(instant: int) -> str:
    """When something would have to begin: Friday 27 November 2026 at 9am, in the reader's zone."""
    at = datetime.fromtimestamp(instant, UTC)
    return f"{WEEKDAYS[timezone.localtime(at).weekday()]} {long_moment(at)}"


def sentence(verdict: Verdict) -> str:
    """One verdict in plain words: what is promised, what is possible, by how much it falls short, and where."""
    if verdict.kind in ("resolution", "fulfilment"):
        return _time(verdict)
    if verdict.kind == "availability":
        return _availability(verdict)
    if verdict.kind == "band":
        return _band(verdict)
    if verdict.kind == "hours":
        return _hours(verdict)
    return _SENTENCES[verdict.kind](_names(verdict))


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """A verdict as the API gives it and an acceptance keeps it. Seconds are whole, shares are percentages as text."""
    shortfall = verdict.shortfall
    is_share = verdict.kind in ("availability", "band")
    return {
        "kind": verdict.kind,
        "subject": verdict.subject,
        "name": verdict.name,
        "is_kept": verdict.is_kept,
        "lacks": verdict.lacks,
        "promised": _figure(verdict.promised, is_share=is_share),
        "possible": _figure(verdict.possible, is_share=is_share),
        "shortfall": _figure(shortfall, is_share=is_share),
        "chain": list(verdict.chain),
        "words": sentence(verdict),
    }


def _figure(value: int | Fraction | None, *, is_share: bool) -> int | str | None:
    if value is None:
        return None
    return percent(Fraction(value)).removesuffix(" %") if is_share else int(value)


def _time(verdict: Verdict) -> str:
    words = {
        "name": verdict.name,
        "promised": duration_words(int(verdict.promised or 0)),
        "possible": duration_words(int(verdict.possible or 0)),
        "chain": ARROW.join(verdict.chain),
    }
    if verdict.is_kept:
        return gettext("%(name)s: %(promised)s promised, at most %(possible)s needed: %(chain)s.") % words
    words["short"] = duration_words(int(verdict.shortfall or 0))
    told = gettext(
        "%(name)s: %(promised)s promised, up to %(possible)s needed, %(short)s too long: %(chain)s."
    )
    if verdict.worst_start is None:
        return told % words
    when = gettext("It takes longest when it begins on %(when)s.") % {"when": begins(verdict.worst_start)}
    return f"{told % words} {when}"


def _availability(verdict: Verdict) -> str:
    promised, possible = Fraction(verdict.promised or 0), Fraction(verdict.possible or 0)
    factors = [factor for factor in verdict.factors if factor.share < 1]
    shares = [factor.share for factor in factors]
    formula = " × ".join(f"{factor.label} {percent(factor.share)}" for factor in factors)
    # Where a part counts in two places the product of the factors is not the whole truth.
    is_product = len(shares) > 1 and prod(shares, start=Fraction(1)) == possible
    words = {
        "band": verdict.name,
        "promised": percent(promised),
        "possible": f"{formula} = {percent(possible)}" if is_product else percent(possible),
        "chain": ARROW.join(verdict.chain),
    }
    if verdict.is_kept:
        told = (
            gettext("Availability: the band %(band)s asks for %(promised)s, %(possible)s possible.")
            if verdict.name
            else gettext("Availability: %(promised)s promised, %(possible)s possible.")
        )
        return told % words
    words["short"] = percent(promised - possible)
    if verdict.name:
        return (
            gettext(
                "Availability: the band %(band)s asks for %(promised)s, %(possible)s possible, "
                "%(short)s too little: %(chain)s."
            )
            % words
        )
    return (
        gettext(
            "Availability: %(promised)s promised, %(possible)s possible, %(short)s too little: %(chain)s."
        )
        % words
    )


def _band(verdict: Verdict) -> str:
    words = {
        "service": verdict.chain[0],
        "band": verdict.name,
        "asked": percent(Fraction(verdict.promised or 0)),
        "promised": percent(Fraction(verdict.possible or 0)),
    }
    if verdict.is_kept:
        return (
            gettext("Band: %(band)s asks for %(asked)s, and %(promised)s is promised for %(service)s.")
            % words
        )
    return (
        gettext(
            "Band: %(band)s asks for %(asked)s, but only %(promised)s is promised for %(service)s. "
            "Promise more, or choose a lower band."
        )
        % words
    )


def _hours(verdict: Verdict) -> str:
    gap = verdict.gap
    if gap is None:
        return gettext("Hours of service: every promised hour has support.")
    return gettext(
        "Hours of service: %(gap)s of the year’s %(promised)s have no support from %(parts)s, "
        "first from %(start)s to %(end)s."
    ) % {
        "gap": duration_words(gap.seconds),
        "promised": duration_words(gap.promised),
        "parts": ", ".join(gap.parts),
        "start": begins(gap.start),
        "end": begins(gap.end),
    }


def _names(verdict: Verdict) -> dict[str, str]:
    return {
        "name": verdict.name,
        "service": verdict.chain[0] if verdict.chain else "",
        "lacks": gettext(_SILENT[verdict.lacks]) if verdict.lacks in _SILENT else verdict.lacks,
    }


def _missing_terms(names: Mapping[str, str]) -> str:
    if names["lacks"]:
        return gettext("The contract for %(name)s says nothing about %(lacks)s.") % names
    return gettext("The contract for %(name)s has no terms yet.") % names


_SENTENCES: Mapping[str, Callable[[Mapping[str, str]], str]] = {
    "missing_contract": lambda names: (
        gettext("%(name)s has no contract: nobody is bound to what %(service)s promises with it.") % names
    ),
    "contract_not_in_force": lambda names: gettext("The contract for %(name)s is not in force.") % names,
    "missing_terms": _missing_terms,
    "missing_components": lambda names: (
        gettext("%(service)s relies on %(name)s, and nothing says what that is made of.") % names
    ),
    "missing_plan": lambda names: (
        gettext("%(name)s: %(service)s has no fulfilment plan to check it by.") % names
    ),
    "never_ends": lambda names: (
        gettext("%(name)s: a part’s calendar is never open long enough to keep it.") % names
    ),
    "composition_too_large": lambda names: (
        gettext("The parts are too many to be judged one by one: %(lacks)s.") % names
    ),
}
