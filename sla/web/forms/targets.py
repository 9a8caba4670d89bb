"""The form of a target."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from calendars.engine import usual_day
from design.forms import FieldStyle
from sla.engine import DurationError, duration_text, parse_duration
from sla.queries.definitions import CalendarLine, spec_of
from sla.queries.wording import (
    holder_words,
    kind_words,
    mark_words,
    metric_words,
    phase_words,
    token_words,
)
from sla.services.define import TargetTerms
from sla.services.edit_target import TargetDraft
from sla.services.scopes import PRIORITIES, choices_of, pause_codes
from sla.web.forms.escalations import (
    PERCENT,
    action_of,
    check_lines,
    line_count,
    line_fields,
    lines_initial,
    percent_of,
    place_of,
)
from sla.web.forms.fields import SHORT, VersionForm

Choices = Sequence[tuple[str, str]]
# Attributes that people choose from, in the order of the page; what else a target names stays as it is.
OFFERED = ("kind", "priority", "service", "category", "organisation", "support_group", "provider")
# Terms that the draft takes from the field of the same name; a further term is a line here and a field below.
TERMS = (
    "kind",
    "metric",
    "duration",
    "calendar",
    "start_on",
    "stop_on",
    "pause_on",
    "pause_until",
    "warn_at",
    "is_cumulative",
)
_TOGETHER = [("yes", _("All holds together")), ("no", _("Each hold alone"))]
# A term in words for the widget, where it is not shown as it is.
_SHOWN: Mapping[str, Callable[[Any], Any]] = {
    "duration": duration_text,
    "warn_at": lambda points: ", ".join(map(str, points)),
    "is_cumulative": lambda together: "yes" if together else "no",
    "calendar": lambda calendar: calendar.code,
}


class PercentsField(forms.CharField):
    """Percentages in one line: 50, 75, 90."""

    def clean(self, value: Any) -> Any:
        """The numbers, ascending."""
        text = super().clean(value).replace("%", " ").replace(",", " ")
        parts = text.split()
        if not all(part.isascii() and part.isdigit() and 0 < int(part[:4]) < 100 for part in parts):
            raise forms.ValidationError(gettext("Give numbers from 1 to 99, such as 50, 75, 90"))
        return tuple(sorted({int(part) for part in parts}))


class TogetherField(forms.ChoiceField):
    """Whether the holds of a party count together."""

    def clean(self, value: Any) -> Any:
        """True for all holds together."""
        return super().clean(value) == "yes"


def _ticks(label: Any, **kwargs: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, widget=forms.CheckboxSelectMultiple, **kwargs
    )


class TargetForm(VersionForm):
    """A version of a target."""

    kind = forms.ChoiceField(label=_("Kind"), widget=forms.RadioSelect)
    metric = forms.ChoiceField(label=_("What it measures"))
    duration = forms.CharField(
        label=_("Time"),
        max_length=60,
        help_text=_(
            "Open time of the calendar, such as 4h, 90 min, or 2 days 3 h with days of usual length."
        ),
    )
    calendar = forms.ChoiceField(label=_("Calendar"))
    scope_kind = _ticks(_("Only these kinds of record"))
    scope_priority = _ticks(_("Only these priorities"))
    scope_service = _ticks(_("Only these services"))
    scope_category = _ticks(_("Only these categories"))
    scope_organisation = _ticks(_("Only these organisations, with those below them"))
    scope_support_group = _ticks(_("Only these support groups"))
    scope_provider = _ticks(_("Only these providers"))
    start_on = forms.ChoiceField(label=_("The clock starts"))
    stop_on = _ticks(_("The clock stops"), help_text=_("Closing the record always stops it."))
    pause_on = _ticks(_("The clock pauses while it is"))
    pause_held = _ticks(_("The clock pauses while it is held by"))
    pause_until = forms.BooleanField(
        label=_("A pause for something promised for a day ends on that day"), required=False
    )
    warn_at = PercentsField(
        label=_("Warn at percent of the time"), required=False, help_text=_("For example 50, 75, 90.")
    )
    is_cumulative = TogetherField(
        label=_("Holds of the same group or provider"),
        choices=_TOGETHER,
        help_text=_(
            "For OLAs and contracts. Their clocks run only while the group or provider holds the record."
        ),
    )
    accepted_because = forms.CharField(
        label=_("Why it is promised all the same"),
        required=False,
        help_text=_(
            "Only where the parts of a service cannot keep what is promised. The reason is recorded."
        ),
    )
    field_styles: Mapping[str, FieldStyle] = {
        **VersionForm.field_styles,
        "duration": FieldStyle(label_size="s", small=True, width="20"),
        "warn_at": SHORT,
    }
    field_order = (
        "name",
        "code",
        *TERMS[:4],
        *(f"scope_{name}" for name in OFFERED),
        *TERMS[4:7],
        "pause_held",
        *TERMS[7:],
    )
    places: ClassVar[Mapping[str, str]] = VersionForm.places

    def __init__(
        self,
        *args: Any,
        calendars: Mapping[str, CalendarLine],
        kept_scope: Mapping[str, list[Any]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._calendars, self._kept = calendars, dict(kept_scope or {})
        self._lines = line_count(self.initial, self.data if self.is_bound else None)
        fields = line_fields(self._lines, self.initial)
        self.fields |= fields
        self.order_fields([*(self.field_order or ()), *fields, "accepted_because"])
        self.field_styles = {**self.field_styles, **{name: PERCENT for name in fields if "percent" in name}}
        states = [(token, words) for token, words in token_words().items() if token not in mark_words()]
        states.sort(key=lambda pair: pair[0] in phase_words())
        marks = list(mark_words().items())
        for field, choices in {
            "kind": list(kind_words().items()),
            "metric": list(metric_words().items()),
            "calendar": [
                ("", gettext("Choose a calendar")),
                *((code, line.name) for code, line in calendars.items()),
            ],
            "start_on": [*marks, *states],
            "stop_on": [*marks[1:], *states],
            "pause_on": states,
            "pause_held": list(holder_words().items()),
            **{f"scope_{name}": _values(name) for name in OFFERED},
        }.items():
            self._offer(field, choices)

    def _offer(self, field: str, choices: Choices) -> None:
        """Offer choices, and what stands there already even where it is not offered any more."""
        given = self.initial.get(field) or []
        known = {str(value) for value, _ in choices}
        held = [given] if isinstance(given, str) else list(given)
        rest = [(str(value), str(value)) for value in held if value and str(value) not in known]
        self.fields[field].choices = [*choices, *rest]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        """Adds the scope, and turns the time into open seconds of the calendar."""
        data = super().clean()
        scope: dict[str, list[Any]] = dict(self._kept)
        for name in OFFERED:
            values = data.get(f"scope_{name}") or []
            scope[name] = [int(value) for value in values] if name == "priority" else list(values)
        data["scope"] = {name: values for name, values in scope.items() if values}
        data["pause_on"] = [*data.get("pause_on", ()), *data.get("pause_held", ())]
        data["escalations"] = check_lines(self, self._lines)
        if "duration" in data:
            try:
                data["duration"] = parse_duration(data["duration"], day=self._usual_day(data))
            except DurationError as error:
                self.add_error("duration", str(error))
        return data

    def _usual_day(self, data: Mapping[str, Any]) -> int | None:
        """The open seconds of a working day of the chosen calendar, as it is when the version begins to hold."""
        line, start = self._calendars.get(data.get("calendar", "")), data.get("effective_from")
        return usual_day(spec_of(line.at(start))) if line and start else None

    def draft(self) -> TargetDraft:
        """What was typed, for the service. Only of a form that is valid."""
        data = self.cleaned_data
        terms = {name: data[name] for name in (*TERMS, "scope")}
        terms["escalations"] = list(data["escalations"].values())
        return TargetDraft(
            terms=terms,
            effective_from=data["effective_from"],
            accepted_because=data["accepted_because"],
        )

    def place_of(self, name: str) -> str:
        """`scope.service` is the field of the services, `escalations.0.percent` the first line's of the point."""
        if name.startswith("escalations."):
            return place_of(name, list(self.cleaned_data["escalations"]))
        return self.places.get(name, name.replace("scope.", "scope_"))

    def refuse(self, name: str, words: str) -> None:
        """Of what pauses the clock, holders have a field of their own."""
        held = self.cleaned_data.get("pause_held") or ()
        is_held = name == "pause_on" and any(rule in words for rule in held)
        super().refuse("pause_held" if is_held else name, words)

    def escalation_lines(self) -> list[tuple[int, BoundField, BoundField]]:
        """The lines of what happens by itself: number from 1, point, action."""
        return [
            (number + 1, self[percent_of(number)], self[action_of(number)]) for number in range(self._lines)
        ]


class NewTargetForm(TargetForm):
    """A target with its first version."""

    name = forms.CharField(
        label=_("Name"), max_length=200, help_text=_("For example Incident resolution, priority 1.")
    )
    code = forms.SlugField(
        label=_("Code"), max_length=80, help_text=_("For addresses and systems, for example resolution-p1.")
    )


class RetireForm(VersionForm):
    """From when a target applies to nothing."""

    def draft(self) -> TargetDraft:
        """The end, for the service. Only of a form that is valid."""
        return TargetDraft(terms=None, effective_from=self.cleaned_data["effective_from"])


def target_initial(said: TargetTerms, scope: Mapping[str, list[Any]]) -> dict[str, Any]:
    """What the form shows of a version's terms; `scope` is by codes."""
    terms = {name: _SHOWN.get(name, _as_it_is)(getattr(said, name)) for name in TERMS}
    rules = pause_codes(said.pause_on)
    terms["pause_on"] = [rule for rule in rules if ":" not in rule]
    terms["pause_held"] = [rule for rule in rules if ":" in rule]
    terms |= lines_initial(said.escalations)
    return terms | {f"scope_{name}": [str(value) for value in scope.get(name, [])] for name in OFFERED}


def new_target_initial() -> dict[str, Any]:
    """What a form of nothing yet shows."""
    return {
        "kind": "sla",
        "metric": "resolution",
        "start_on": "opened",
        "stop_on": ["resolved"],
        "warn_at": "50, 75, 90",
        "is_cumulative": "yes",
    }


def _values(name: str) -> Choices:
    if name == "priority":
        return [(str(level), str(level)) for level in PRIORITIES]
    return choices_of(name)


def _as_it_is(value: Any) -> Any:
    return value
