"""Forms of the portal: what was typed, and in what shape. Whether it is right is for the services to say."""

from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from design.forms import FieldStyle, FilesField, GovukForm
from people.public import Actor
from portal.queries.drafts import ServiceChoice
from portal.services.drafts import UNKNOWN_SERVICE
from records.public import BODY_MAX

# More radios than this are a list to choose from.
RADIOS_MAX = 20
CONTACT_EMAIL, CONTACT_PHONE = "email", "phone"


class WhatForm(GovukForm):
    """What is wrong."""

    title = forms.CharField(
        label=_("What is the problem?"),
        help_text=_("A short summary, for example “Outlook will not open”"),
        max_length=200,
        error_messages={
            "required": _("Enter a short summary of the problem"),
            "max_length": _("The summary must be 200 characters or fewer"),
        },
    )
    description = forms.CharField(
        label=_("Tell us more"),
        help_text=_("What were you doing, and what happened? Do not include passwords."),
        widget=forms.Textarea,
        max_length=10_000,
        error_messages={
            "required": _("Enter what you were doing and what happened"),
            "max_length": _("What you tell us must be 10,000 characters or fewer"),
        },
    )


class WhoForm(GovukForm):
    """Who is affected. Raising on behalf of somebody is offered to those who may."""

    who = forms.ChoiceField(
        label=_("Who has the problem?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Select who has the problem")},
    )
    email = forms.EmailField(
        label=_("Their email address"),
        help_text=_("Only if it is someone else. They will see the report too."),
        required=False,
        error_messages={"invalid": _("Enter an email address in the correct format, like name@example.com")},
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("me", _("Me")), ("other", _("Someone else, and you will answer questions about it"))]
        if actor.may("incident:raise-for"):
            choices.append(("behalf", _("Someone else, and they will answer questions about it")))
        cast("forms.ChoiceField", self.fields["who"]).choices = choices
        self.field_styles = {
            "email": FieldStyle(
                label_size="s", width="two-thirds", autocomplete="off", inputmode="email", spellcheck=False
            )
        }

    def clean(self) -> dict[str, Any]:
        """An address is needed for anyone else, and forgotten for oneself."""
        cleaned = super().clean() or {}
        if cleaned.get("who") == "me":
            cleaned["email"] = ""
            self.errors.pop("email", None)
        elif cleaned.get("who") and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", _("Enter their email address"))
        return cleaned


class ServiceForm(GovukForm):
    """Which service, and how much it matters."""

    service = forms.ChoiceField(
        label=_("Which service does not work?"), error_messages={"required": _("Select a service")}
    )
    reach = forms.ChoiceField(
        label=_("Who cannot work as usual?"),
        widget=forms.RadioSelect,
        choices=(
            ("me", _("Only one person")),
            ("team", _("A team")),
            ("site", _("A whole site or building")),
            ("everybody", _("Everybody in the organisation")),
        ),
        error_messages={"required": _("Select who cannot work as usual")},
    )
    ability = forms.ChoiceField(
        label=_("How much can they work?"),
        widget=forms.RadioSelect,
        choices=(
            ("cannot", _("They cannot work")),
            ("partly", _("They can do some of their work")),
            ("can", _("They can work, but it is a nuisance")),
        ),
        error_messages={"required": _("Select how much they can work")},
    )

    def __init__(self, *args: Any, services: Sequence[ServiceChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(service.code, service.name) for service in services]
        unknown = (UNKNOWN_SERVICE, _("I do not know"))
        field = cast("forms.ChoiceField", self.fields["service"])
        if len(known) > RADIOS_MAX:
            field.choices = [("", _("Select a service")), unknown, *known]
        else:
            field.widget = forms.RadioSelect()
            field.choices = [*known, unknown]
        hints = {service.code: service.description for service in services if service.description}
        self.field_styles = {
            "service": FieldStyle(option_hints=hints, divider_before=UNKNOWN_SERVICE if known else None)
        }


class DetailsForm(GovukForm):
    """Files, and how to reach the person. `is_partial` asks for nothing: only the files were sent."""

    attachments = FilesField(
        label=_("Add screenshots or other files (optional)"),
        help_text=_("Each file can be up to 10 MB. Do not add anything that shows a password."),
        required=False,
    )
    contact_by = forms.ChoiceField(
        label=_("How should we contact you?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Select how we should contact you")},
    )
    phone = forms.CharField(
        label=_("Phone number"),
        help_text=_("Only if you want us to call you"),
        required=False,
        max_length=40,
        error_messages={"max_length": _("The phone number must be 40 characters or fewer")},
    )

    def __init__(self, *args: Any, actor: Actor, is_partial: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_partial = is_partial
        contact_by = cast("forms.ChoiceField", self.fields["contact_by"])
        contact_by.required = not is_partial
        by_email = _("By email, to %(email)s") % {"email": actor.email}
        contact_by.choices = [(CONTACT_EMAIL, by_email), (CONTACT_PHONE, _("By phone"))]
        self.field_styles = {
            "phone": FieldStyle(label_size="s", width="20", autocomplete="tel", inputmode="tel")
        }

    def clean(self) -> dict[str, Any]:
        """A number is needed for a call."""
        cleaned = super().clean() or {}
        if self.is_partial:
            return cleaned
        if (
            cleaned.get("contact_by") == CONTACT_PHONE
            and not cleaned.get("phone")
            and "phone" not in self.errors
        ):
            self.add_error("phone", _("Enter a phone number"))
        return cleaned


class VersionedForm(GovukForm):
    """A form about a record as it was when the page was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class ConfirmForm(VersionedForm):
    """It is fixed: nothing to fill in."""


class ReplyForm(VersionedForm):
    """A reply in the thread."""

    body = forms.CharField(
        label=_("Your reply"),
        widget=forms.Textarea,
        max_length=BODY_MAX,
        error_messages={
            "required": _("Enter your reply"),
            "max_length": _("Your reply must be 20,000 characters or fewer"),
        },
    )


class ReopenForm(VersionedForm):
    """What is still wrong."""

    body = forms.CharField(
        label=_("What is still wrong?"),
        help_text=_("Tell us what you see now, so that we can start from there."),
        widget=forms.Textarea,
        max_length=BODY_MAX,
        error_messages={
            "required": _("Enter what is still wrong"),
            "max_length": _("What you tell us must be 20,000 characters or fewer"),
        },
    )


class CancelForm(VersionedForm):
    """Why the report is not wanted any more."""

    reason = forms.CharField(
        label=_("Why are you cancelling?"),
        help_text=_("For example, “It works again”"),
        max_length=200,
        error_messages={
            "required": _("Enter why you are cancelling"),
            "max_length": _("The reason must be 200 characters or fewer"),
        },
    )


class FilesForm(GovukForm):
    """More files for a record."""

    attachments = FilesField(
        label=_("Add files"),
        help_text=_("Each file can be up to 10 MB."),
        error_messages={"required": _("Select a file")},
    )
    default_style: ClassVar[FieldStyle] = FieldStyle(label_size="s")


class WatcherForm(GovukForm):
    """A colleague to keep informed."""

    email = forms.EmailField(
        label=_("Their email address"),
        help_text=_("They will see this and everything said on it."),
        error_messages={
            "required": _("Enter their email address"),
            "invalid": _("Enter an email address in the correct format, like name@example.com"),
        },
    )
    default_style: ClassVar[FieldStyle] = FieldStyle(
        label_size="s", autocomplete="off", inputmode="email", spellcheck=False
    )


class PreferencesForm(GovukForm):
    """How the pages look and speak."""

    language = forms.ChoiceField(
        label=_("Language"), widget=forms.RadioSelect, choices=(("en-gb", "English"), ("cy", "Cymraeg"))
    )
    theme = forms.ChoiceField(
        label=_("Appearance"),
        widget=forms.RadioSelect,
        choices=(("auto", _("The same as your device")), ("light", _("Light")), ("dark", _("Dark"))),
    )
    density = forms.ChoiceField(
        label=_("Lists on the desk"),
        help_text=_("Only matters if you work on reports"),
        widget=forms.RadioSelect,
        choices=(("comfortable", _("Comfortable")), ("compact", _("Compact"))),
    )
    shortcuts = forms.ChoiceField(
        label=_("Keyboard shortcuts on the desk"),
        help_text=_("Single keys, such as j and k. Switch them off if you use speech input."),
        widget=forms.RadioSelect,
        choices=(("on", _("On")), ("off", _("Off"))),
    )
