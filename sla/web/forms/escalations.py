"""The lines of a form that say what happens by itself at a point of a clock."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from design.forms import FieldStyle
from sla.engine import EscalationTerms
from sla.engine.escalations import MOST, NAMED
from sla.queries.wording import escalation_choices

# Lines that are empty; there are always as many to spare.
SPARE = 3
_STEM = "escalation_"
PERCENT = FieldStyle(label_size="s", small=True, width="3", suffix="%", inputmode="numeric")


def line_count(shown: Mapping[str, Any] | None, typed: Any) -> int:
    """How many lines a form has: those that say something, and some to spare."""
    given = typed if typed is not None else shown or {}
    used = [
        int(number)
        for name in given
        if name.startswith(_STEM) and str(given.get(name) or "").strip()
        for number in [name.removeprefix(_STEM).partition("_")[0]]
        if number.isascii() and number.isdigit() and len(number) < 4
    ]
    return min(max(used, default=-1) + 1 + SPARE, MOST + SPARE)


def line_fields(count: int, initial: Mapping[str, Any]) -> dict[str, forms.Field]:
    """The fields of so many lines; each offers what its line says already, even where it is not offered any more."""
    offered = escalation_choices()
    found: dict[str, forms.Field] = {}
    for number in range(count):
        held = str(initial.get(action_of(number)) or "")
        rest = [(held, held)] if held and held not in dict(offered) else []
        found[percent_of(number)] = forms.IntegerField(
            label=_("At percent of the time"),
            required=False,
            min_value=1,
            max_value=100,
            widget=forms.TextInput,
            error_messages={
                "invalid": _("Give a whole number from 1 to 100"),
                "min_value": _("Give a whole number from 1 to 100"),
                "max_value": _("Give a whole number from 1 to 100"),
            },
        )
        found[action_of(number)] = forms.ChoiceField(
            label=_("What happens"), required=False, choices=[("", _("Nothing")), *offered, *rest]
        )
    return found


def percent_of(number: int) -> str:
    """The name of a line's field for the point."""
    return f"{_STEM}{number}_percent"


def action_of(number: int) -> str:
    """The name of a line's field for what happens."""
    return f"{_STEM}{number}_action"


def check_lines(form: forms.Form, count: int) -> dict[int, dict[str, Any]]:
    """What the lines say, as services take it, by line; a line that says half is refused at its other half."""
    found: dict[int, dict[str, Any]] = {}
    for number in range(count):
        percent, action = (form.cleaned_data.get(name(number)) for name in (percent_of, action_of))
        if percent_of(number) in form.errors or action_of(number) in form.errors:
            continue
        if action and percent is None:
            form.add_error(
                percent_of(number), gettext("Give the percent at which it happens, 100 for the breach")
            )
        elif percent is not None and not action:
            form.add_error(action_of(number), gettext("Choose what happens then, or leave the percent empty"))
        elif action:
            found[number] = {"percent": percent, **_read(action)}
    return found


def place_of(name: str, lines: Sequence[int]) -> str:
    """The field that shows a part such as `escalations.0.role`; `lines` are those that said something, in order."""
    place, _, part = name.removeprefix("escalations.").partition(".")
    number = int(place) if place.isascii() and place.isdigit() else len(lines)
    if number >= len(lines):
        return ""
    return percent_of(lines[number]) if part == "percent" else action_of(lines[number])


def lines_initial(escalations: Iterable[EscalationTerms]) -> dict[str, Any]:
    """What the lines show of a version."""
    found: dict[str, Any] = {}
    for number, each in enumerate(sorted(escalations)):
        named = getattr(each, NAMED[each.action]) if each.action in NAMED else ""
        found[percent_of(number)] = each.percent
        found[action_of(number)] = f"{each.action}:{named}" if named else each.action
    return found


def _read(action: str) -> dict[str, str]:
    """`reassign:network` as the fields of the service."""
    what, _, named = action.partition(":")
    return {"action": what} | ({NAMED[what]: named} if named else {})
