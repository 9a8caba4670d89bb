"""Forms of those who keep the catalogue: shape only."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.queries.definitions import SectionView
from design.forms import DeskForm, FieldStyle

Choices = Iterable[tuple[str, str]]
KINDS = (
    ("functional", _("Functional: users rely on it")),
    ("technical", _("Technical: other services rely on it")),
    ("operational", _("Operational: work that is done again and again")),
)


def acceptance() -> forms.CharField:
    """Why something is promised in spite of what the parts can keep."""
    return forms.CharField(
        label=_("Why it is promised all the same"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only needed when the parts cannot keep the promise. It is recorded with your name."),
    )


class ServiceForm(DeskForm):
    """What is said of a service."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, widget=forms.RadioSelect, initial="functional")
    description = forms.CharField(
        label=_("What it is"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=5000
    )
    audience = forms.CharField(
        label=_("For whom it is"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=5000
    )
    owner = forms.EmailField(
        label=_("Owner"), required=False, help_text=_("The email address of who answers for it")
    )
    owner_organisation = forms.ChoiceField(label=_("Whose it is"), required=False)
    support_group = forms.ChoiceField(label=_("Who resolves its incidents"), required=False)
    hours = forms.ChoiceField(label=_("Hours of service"), required=False)
    availability_band = forms.ChoiceField(label=_("Availability band"), required=False)
    matrix = forms.ChoiceField(
        label=_("Priority matrix"), required=False, help_text=_("Empty for the tenant's own")
    )
    default_impact = forms.TypedChoiceField(
        label=_("Impact of a failure, unless said"),
        choices=[(str(number), str(number)) for number in range(1, 5)],
        coerce=int,
        initial="3",
        help_text=_("1 is the greatest"),
    )
    accepted_because = acceptance()

    def __init__(self, *args: Any, choices: Mapping[str, Choices], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in choices.items():
            cast("forms.ChoiceField", self.fields[name]).choices = [("", "–"), *offered]


class NewServiceForm(ServiceForm):
    """A service that is proposed."""

    code = forms.CharField(
        label=_("Code"),
        max_length=60,
        help_text=_("Small letters, digits and hyphens. It stays for good."),
    )
    accepted_because = None  # type: ignore[assignment]  # it is asked for when the service goes live
    field_order = ("name", "code")


class StepForm(DeskForm):
    """Why a step is taken."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class PublishForm(StepForm):
    """Going live, maybe in spite of what the parts cannot keep."""

    accepted_because = acceptance()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["reason"]


class RetireForm(StepForm):
    """Why a service is retired, maybe in spite of those that rely on it."""

    accepted_because = forms.CharField(
        label=_("Why it is retired all the same"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Only for its owner, and only needed when live services rely on it. It is kept with your name."
        ),
    )


class DefinitionForm(DeskForm):
    """What a service is, section by section."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, sections: Sequence[SectionView], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styles = {}
        for section in sections:
            title = (
                section.title
                if section.is_mandatory
                else _("%(title)s (optional)") % {"title": section.title}
            )
            self.fields[section.code] = forms.CharField(
                label=title,
                help_text=section.hint,
                initial=section.text,
                required=False,
                widget=forms.Textarea(attrs={"rows": 4}),
            )
            styles[section.code] = FieldStyle(label_size="s")
        self.field_styles = styles


class PublishDefinitionForm(DeskForm):
    """What changed."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(label=_("What changed, in a sentence"), required=False, max_length=500)


class BandsForm(DeskForm):
    """The bands of availability, one to a line."""

    bands = forms.CharField(
        label=_("Bands"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "One to a line: code | name | percent of the hours of service, for example gold | Gold | 99.9"
        ),
    )
    accepted_because = acceptance()


class TemplateForm(DeskForm):
    """The sections of every definition, one to a line."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    sections = forms.CharField(
        label=_("Sections"),
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_(
            "One to a line: code | English title | Welsh title | English hint | Welsh hint."
            " A * before the code makes it mandatory."
        ),
    )
