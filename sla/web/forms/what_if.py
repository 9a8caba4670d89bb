"""The forms of drafts: shape only. What may be, and what it comes to, is decided by the services."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from design.forms import DeskForm, FieldStyle, GovukDateField
from sla.services.drafts import DraftText

Choices = Sequence[tuple[str, str]]
_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
_PRIORITIES = [(str(priority), str(priority)) for priority in range(1, 6)]
_WIDE = FieldStyle(label_size="s", small=True, spellcheck=False)


class SourceForm(DeskForm):
    """What a new draft begins with."""

    start = forms.ChoiceField(
        label=_("Start from"),
        help_text=_("You get it as it holds today, to be changed."),
    )

    def __init__(self, *args: Any, sources: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["start"].choices = list(sources)  # type: ignore[attr-defined]  # a ChoiceField


class DraftForm(DeskForm):
    """A draft as it is typed. `version` is the one that the person saw."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        # Refused by the service, with whatever else is wrong.
        label=_("Name"),
        required=False,
        help_text=_("For example: Network Co around the clock."),
    )
    document = forms.CharField(
        label=_("Definitions"),
        widget=forms.Textarea(attrs={"rows": 24, "class": "app-notation", "wrap": "off"}),
        strip=False,
        help_text=_(
            "Calendars, targets and priority matrices. What you leave out, or leave as it is, stays as it is."
            " “from: 2026-04-01” in the first line asks what would have been from that day on only."
        ),
    )
    opened_from = GovukDateField(label=_("Records opened from (optional)"), required=False)
    opened_before = GovukDateField(label=_("Records opened before (optional)"), required=False)
    services = forms.MultipleChoiceField(
        label=_("Only these services (optional)"), required=False, widget=forms.CheckboxSelectMultiple
    )
    providers = forms.MultipleChoiceField(
        label=_("Only records that these providers have, had or were asked about (optional)"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    priorities = forms.MultipleChoiceField(
        label=_("Only these priorities (optional)"),
        required=False,
        choices=_PRIORITIES,
        widget=forms.CheckboxSelectMultiple,
    )
    field_styles: Mapping[str, FieldStyle] = {"document": _WIDE}
    #: What of the form says which records are asked.
    filters: ClassVar[Sequence[str]] = ("opened_from", "opened_before", "services", "providers", "priorities")

    def __init__(self, *args: Any, services: Choices, providers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["services"].choices = list(services)  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["providers"].choices = list(providers)  # type: ignore[attr-defined]  # as above

    @property
    def has_filters(self) -> bool:
        """Whether any of the filters holds something, or something wrong."""
        if any(name in self.errors for name in self.filters):
            return True
        return any(
            self[name].value() for name in self.filters if name not in ("opened_from", "opened_before")
        ) or any(
            self.initial.get(name) or (self.is_bound and self.cleaned_data.get(name))
            for name in ("opened_from", "opened_before")
        )

    def text(self) -> DraftText:
        """What was typed."""
        data = self.cleaned_data
        return DraftText(
            name=data["name"],
            document=data["document"].replace("\r\n", "\n"),
            opened_from=data["opened_from"],
            opened_before=data["opened_before"],
            services=tuple(data["services"]),
            providers=tuple(data["providers"]),
            priorities=tuple(int(priority) for priority in data["priorities"]),
        )


class AdoptForm(DeskForm):
    """From when a draft holds."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    when = forms.ChoiceField(
        label=_("From when does it hold?"),
        choices=[("now", _("From now")), ("later", _("From a day to come"))],
        widget=forms.RadioSelect,
        initial="now",
    )
    day = GovukDateField(label=_("Day"), required=False)
    time = forms.CharField(
        label=_("Time of day"), required=False, help_text=_("For example 00:00."), initial="00:00"
    )
    field_styles: Mapping[str, FieldStyle] = {"time": FieldStyle(label_size="s", small=True, width="5")}

    def clean(self) -> dict[str, Any]:
        """Adds `effective_from`: an instant in UTC, None for now."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["effective_from"] = None
        if data.get("when") != "later":
            return data
        day, typed = data.get("day"), str(data.get("time") or "").strip()
        match = _TIME.fullmatch(typed)
        if day is None and "day" not in self.errors:
            self.add_error("day", gettext("Enter the day from which it holds"))
        if match is None:
            self.add_error("time", gettext("Time must be like 09:00 or 17:30"))
        if day is not None and match is not None:
            moment = time(int(match[1]), int(match[2]))
            local = datetime.combine(day, moment, tzinfo=timezone.get_current_timezone())
            data["effective_from"] = local.astimezone(UTC)
        return data
