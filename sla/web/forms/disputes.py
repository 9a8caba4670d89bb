"""The forms of disputes: shape only. What may be contested, and how it may be ruled, is decided by the services."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from design.forms import DeskForm, FieldStyle, GovukDateField
from sla.web.forms.fields import TIME, LinesField

_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?:[:.]([0-5]\d))?")
_GROUP = "group:"
Choices = Sequence[tuple[str, str]]


class _TimeField(forms.CharField):
    """A time of day, to the second where that is given."""

    def to_python(self, value: Any) -> Any:
        text = (super().to_python(value) or "").strip()
        if not text:
            return None
        match = _TIME.fullmatch(text)
        if match is None:
            raise forms.ValidationError(gettext("Time must be like 09:00 or 17:30:15"))
        return time(int(match[1]), int(match[2]), int(match[3] or 0))


class _StretchForm(DeskForm):
    """From when to when, in the reader's zone, and whose time it was."""

    # Which field shows what a service says of a part, where the names differ.
    places: ClassVar[Mapping[str, str]] = {}

    def stretch(self, word: str) -> dict[str, Any]:
        """What was typed, as the services take it: instants in UTC, None for nothing, and the `word` party."""
        kind, group = self._party()
        return {
            "started_at": self._instant("started"),
            "ended_at": self._instant("ended"),
            f"{word}_kind": kind,
            f"{word}_group": group,
        }

    def refuse(self, fields: Mapping[str, str], message: str) -> None:
        """Show what a service said beside the fields that it is about."""
        shown = False
        for name, words in fields.items():
            place = self.places.get(name, name)
            self.add_error(place if place in self.fields else None, words)
            shown = True
        if not shown:
            self.add_error(None, message)

    def _instant(self, name: str) -> datetime | None:
        day: date | None = self.cleaned_data.get(f"{name}_date")
        moment: time | None = self.cleaned_data.get(f"{name}_time")
        if day is None:
            return None
        return datetime.combine(day, moment or time(), tzinfo=timezone.get_current_timezone()).astimezone(UTC)

    def _party(self) -> tuple[str, str]:
        chosen: str = self.cleaned_data.get("party") or ""
        if chosen.startswith(_GROUP):
            return "group", chosen.removeprefix(_GROUP)
        group: str = self.cleaned_data.get("group") or ""
        return chosen, group.removeprefix(_GROUP) if chosen == "group" else ""


class ContestForm(_StretchForm):
    """A stretch of custody, or without the fields of time a verdict, and why it is contested."""

    started_date = GovukDateField(label=_("From"))
    started_time = _TimeField(label=_("At (time of day)"))
    ended_date = GovukDateField(label=_("To"))
    ended_time = _TimeField(label=_("At (time of day)"))
    party = forms.ChoiceField(label=_("Whose time was it?"), widget=forms.RadioSelect)
    group = forms.ChoiceField(label=_("Which group, if another’s?"), required=False)
    grounds = forms.CharField(
        label=_("Why do you contest it?"), help_text=_("In a few words."), max_length=200
    )
    evidence = LinesField(
        label=_("Evidence"),
        help_text=_("Say what shows it: times, references of your own system, messages."),
        rows=6,
    )
    field_styles: Mapping[str, FieldStyle] = {"started_time": TIME, "ended_time": TIME}
    places: ClassVar[Mapping[str, str]] = {
        "started_at": "started_date",
        "ended_at": "ended_date",
        "claimed_kind": "party",
        "claimed_group": "group",
    }

    def __init__(self, *args: Any, parties: Choices, is_verdict: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain = [each for each in parties if not each[0].startswith(_GROUP)]
        groups = [each for each in parties if each[0].startswith(_GROUP)]
        self.fields["party"].choices = [*plain, ("group", _("Another group"))]  # type: ignore[attr-defined]
        self.fields["group"].choices = [("", _("Choose a group")), *groups]  # type: ignore[attr-defined]
        if is_verdict:
            for name in ("started_date", "started_time", "ended_date", "ended_time", "party", "group"):
                del self.fields[name]


class RulingForm(_StretchForm):
    """How a dispute is ruled. `version` is the one that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    started_date = GovukDateField(label=_("In part: from"), required=False)
    started_time = _TimeField(label=_("At (time of day)"), required=False)
    ended_date = GovukDateField(label=_("In part: to"), required=False)
    ended_time = _TimeField(label=_("At (time of day)"), required=False)
    party = forms.ChoiceField(label=_("Whose time it was, if upheld"), required=False)
    reasons = LinesField(label=_("Reasons"), help_text=_("The provider reads them."), rows=5)
    field_styles: Mapping[str, FieldStyle] = {"started_time": TIME, "ended_time": TIME}
    places: ClassVar[Mapping[str, str]] = {
        "started_at": "started_date",
        "ended_at": "ended_date",
        "ruled_kind": "party",
        "ruled_group": "party",
    }

    def __init__(self, *args: Any, parties: Choices, is_verdict: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        decisions = [("upheld", _("Uphold")), ("rejected", _("Reject"))]
        if is_verdict:
            for name in ("started_date", "started_time", "ended_date", "ended_time", "party"):
                del self.fields[name]
        else:
            decisions = [
                ("upheld", _("Uphold in full")),
                ("part", _("Uphold in part")),
                ("rejected", _("Reject")),
            ]
            self.fields["party"].choices = [("", _("As the provider says")), *parties]  # type: ignore[attr-defined]
        self.fields["decision"].choices = decisions  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any] | None:
        typed = super().clean() or self.cleaned_data
        is_named = typed.get("started_date") or typed.get("ended_date")
        if typed.get("decision") == "part" and not is_named and "started_date" not in self.errors:
            self.add_error("started_date", gettext("Say which part of the time you uphold."))
        return typed


def at_in_parts(name: str, at: datetime) -> dict[str, Any]:
    """An instant as the two fields of it show it first."""
    local = timezone.localtime(at)
    return {f"{name}_date": local.date(), f"{name}_time": f"{local:%H:%M:%S}"}
