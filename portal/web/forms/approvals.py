"""Forms of those who decide."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from design.forms import FieldStyle, GovukDateField, GovukForm
from records.public import BODY_MAX

_EMAIL = FieldStyle(label_size="s", autocomplete="off", inputmode="email", spellcheck=False)
_NEEDED = _("Enter their email address")
_INVALID = _("Enter an email address in the correct format, like name@example.com")


class DecisionForm(GovukForm):
    """Yes or no, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    decision = forms.ChoiceField(
        label=_("What do you decide?"),
        widget=forms.RadioSelect,
        choices=(("approved", _("Approve")), ("rejected", _("Reject"))),
        error_messages={"required": _("Select whether you approve or reject it")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed if you reject it. The person who asked reads it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=2000,
        error_messages={"max_length": _("The reason must be 2,000 characters or fewer")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field_styles = {"reason": FieldStyle(label_size="s")}


class AskForm(GovukForm):
    """A question before deciding."""

    body = forms.CharField(
        label=_("What do you need to know?"),
        help_text=_("The person who asked for it gets your question, and you hear when they answer."),
        widget=forms.Textarea,
        max_length=BODY_MAX,
        error_messages={
            "required": _("Enter your question"),
            "max_length": _("What you ask must be 20,000 characters or fewer"),
        },
    )


class HandOnForm(GovukForm):
    """Somebody else decides this one."""

    email = forms.EmailField(
        label=_("Their email address"),
        help_text=_("They decide this one instead of you. It is said that they did so for you."),
        error_messages={"required": _NEEDED, "invalid": _INVALID},
    )
    default_style: ClassVar[FieldStyle] = _EMAIL


class DelegationForm(GovukForm):
    """Somebody decides for a time."""

    delegate = forms.EmailField(
        label=_("Who decides for you?"),
        help_text=_("Their email address"),
        error_messages={"required": _NEEDED, "invalid": _INVALID},
    )
    first_day = GovukDateField(label=_("From"), help_text=_("For example, 27 3 2027"))
    last_day = GovukDateField(label=_("To, this day included"), help_text=_("For example, 27 3 2027"))
    default_style: ClassVar[FieldStyle] = _EMAIL
