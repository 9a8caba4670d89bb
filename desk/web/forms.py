"""The forms of the desk: shape only. What may be done, and with what, is decided by the services."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalogue.public import AnswersForm, Field
from design.forms import DeskForm, FieldStyle, GovukDateField
from incidents.public import RESOLUTION_CODES

# What the names of questions begin with.
ANSWERS = "answers."
StrOrPromise = str | Promise
Choices = Sequence[tuple[str, str]]
TEXT_ROWS = 6
TITLE_MAX = 200
LEVELS = [(1, _("1, the highest")), (2, "2"), (3, "3"), (4, _("4, the lowest"))]
LINK_WORDS = {
    "relates_to": _("relates to"),
    "duplicate_of": _("is a duplicate of"),
    "child_of": _("is a child of"),
    "caused_by": _("is caused by"),
    "fixed_by": _("is fixed by"),
}


def text_area(rows: int = TEXT_ROWS) -> forms.Textarea:
    """A box for several lines."""
    return forms.Textarea(attrs={"rows": rows})


class LinesField(forms.CharField):
    """Several lines. Browsers send other line ends than are kept, which must not count as a change."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        """The text with one kind of line end."""
        text = super().to_python(value)
        return text.replace("\r\n", "\n").strip() if text else text

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the lines differ."""
        return bool((self.to_python(initial) or "") != (self.to_python(data) or ""))


def offer(form: forms.Form, field: str, none: StrOrPromise, choices: Choices) -> None:
    """Let a field offer choices known only now, after one that stands for none."""
    form.fields[field].choices = [("", none), *choices]  # type: ignore[attr-defined]  # a ChoiceField


class StepForm(DeskForm):
    """A step on a record. `version` is the one the person saw, `next` where they want to be afterwards."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class CommentForm(StepForm):
    """A reply that the requester sees."""

    body = LinesField(label=_("Your reply"), widget=text_area())


class WorkNoteForm(StepForm):
    """A note among those who work the record."""

    body = LinesField(label=_("Work note"), widget=text_area())


class AssignForm(StepForm):
    """To whom the incident goes."""

    support_group = forms.ChoiceField(label=_("Support group"))
    assignee = forms.CharField(label=_("Person (optional)"), required=False, widget=forms.Select)
    work_note = LinesField(
        label=_("Work note (optional)"),
        required=False,
        widget=text_area(),
        help_text=_("The requester will not see this."),
    )

    def __init__(self, *args: Any, groups: Choices, members: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "support_group", _("Choose a group"), groups)
        # A text, not a choice: whoever is not in the group is refused by the service, by name.
        self.fields["assignee"].widget.choices = [("", _("Nobody yet")), *members]


class PendForm(StepForm):
    """Until when is waited at most, if that was promised."""

    field_order = ("comment", "reason", "until")
    until = GovukDateField(
        label=_("Promised by (optional)"),
        required=False,
        help_text=_("After this day, clocks whose target says so count on by themselves."),
    )


class QuestionForm(PendForm):
    """What the requester is asked."""

    comment = LinesField(
        label=_("Your question"),
        widget=text_area(),
        help_text=_("The requester gets it by email. Clocks that allow it pause until they answer."),
    )


class ReasonForm(StepForm):
    """Why."""

    reason = LinesField(label=_("Reason"), widget=text_area(3), max_length=1000)


class WaitForm(PendForm):
    """Why somebody else is waited for."""

    reason = LinesField(label=_("Reason"), widget=text_area(3), max_length=1000)


class ResumeForm(StepForm):
    """What ended the waiting."""

    work_note = LinesField(label=_("Work note (optional)"), required=False, widget=text_area())


class ResolveForm(StepForm):
    """How the service was put right."""

    resolution_code = forms.ChoiceField(
        label=_("How it was resolved"),
        choices=[("", _("Choose one")), *((code, _(word)) for code, word in RESOLUTION_CODES.items())],
    )
    resolution = LinesField(
        label=_("What was done"),
        widget=text_area(),
        help_text=_("The requester will see this and get it by email."),
    )


class ReopenForm(StepForm):
    """Why it is not fixed."""

    comment = LinesField(
        label=_("Why it is not fixed"), widget=text_area(), help_text=_("The requester will see this.")
    )


class PutRightForm(StepForm):
    """Why it is not what was asked for."""

    comment = LinesField(
        label=_("What is not as asked for"),
        widget=text_area(),
        help_text=_("The requester will see this. Whoever holds the request gets a task to put it right."),
    )


class ReplaceForm(StepForm):
    """The task that takes the place of this one."""

    field_order = ("title", "support_group", "reason")
    title = forms.CharField(label=_("What the new task is to do"), max_length=TITLE_MAX)
    support_group = forms.ChoiceField(label=_("Support group"))
    reason = LinesField(label=_("Why this task does not do"), widget=text_area(3), max_length=1000)

    def __init__(self, *args: Any, groups: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "support_group", _("Choose a group"), groups)


class CompleteForm(StepForm):
    """The questions of a task's own form, all on one page, and a note. Whether answers are right the service says.

    Each question is the field `answers.<code>`, as the service names it where an answer is wrong.
    """

    work_note = LinesField(
        label=_("Work note (optional)"),
        required=False,
        widget=text_area(),
        help_text=_("The requester will not see this."),
    )

    def __init__(
        self,
        *args: Any,
        questions: Sequence[Field],
        language: str,
        organisations: Choices,
        services: Choices,
        files: Choices,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._asked = AnswersForm(
            fields=questions, language=language, answers={}, organisations=organisations, services=services
        )
        self.field_styles = {}
        for question in questions:
            name, field = f"{ANSWERS}{question.code}", self._asked.fields[question.code]
            if question.type == "file":
                field = _choice_of_files(field, files)
            if question.when is not None and not field.help_text:
                field.help_text = _("Leave this empty unless your other answers call for it.")
            self.fields[name] = field
            style = self._asked.field_styles[question.code]
            self.field_styles[name] = replace(style, label_size="s", small=True)
        self.order_fields(["version", "next", *(f"{ANSWERS}{each.code}" for each in questions), "work_note"])

    def clean(self) -> dict[str, Any]:
        """The answers under their codes, for the service."""
        given = super().clean() or self.cleaned_data
        typed = {
            name.removeprefix(ANSWERS): value for name, value in given.items() if name.startswith(ANSWERS)
        }
        self._asked.cleaned_data = typed
        files = [code for code, question in self._asked.questions.items() if question.type == "file"]
        chosen = {code: typed[code] for code in files if typed.get(code)}
        return given | {"answers": self._asked.answers() | chosen}


def _choice_of_files(field: forms.Field, files: Choices) -> forms.Field:
    """A question for files, answered with those that are on the task."""
    return forms.MultipleChoiceField(
        label=field.label,
        help_text=field.help_text or _("Attach files to the task first, then tick them here."),
        choices=files,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class ClassifyForm(StepForm):
    """What the incident is about and how much it matters."""

    title = forms.CharField(label=_("Title"), max_length=TITLE_MAX)
    description = LinesField(label=_("Description"), required=False, widget=text_area())
    service = forms.ChoiceField(label=_("Service"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    impact = forms.TypedChoiceField(
        label=_("Impact"), choices=LEVELS, coerce=int, help_text=_("How many people or how much work.")
    )
    urgency = forms.TypedChoiceField(
        label=_("Urgency"), choices=LEVELS, coerce=int, help_text=_("How soon it hurts.")
    )
    priority = forms.TypedChoiceField(
        label=_("Priority"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("Follows impact and urgency")), *((level, str(level)) for level in range(1, 6))],
    )
    reason = forms.CharField(
        label=_("Reason for a priority of your own"),
        required=False,
        help_text=_("Needed when you set the priority."),
    )

    def __init__(
        self, *args: Any, services: Choices, categories: Choices, may_override: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "service", _("Not known"), services)
        offer(self, "category", _("None"), categories)
        if not may_override:
            del self.fields["priority"], self.fields["reason"]


class AttachForm(StepForm):
    """A file for the record."""

    file = forms.FileField(
        label=_("File"), help_text=_("Up to 10 MB. It can be opened once it was checked for viruses.")
    )
    is_internal = forms.BooleanField(label=_("Do not show it to the requester"), required=False)


class LinkForm(StepForm):
    """Another record that has to do with this one."""

    type = forms.ChoiceField(label=_("This record"), choices=list(LINK_WORDS.items()))
    target = forms.CharField(label=_("Number of the other record"), help_text=_("For example INC0000042."))
    field_styles: Mapping[str, FieldStyle] = {"target": FieldStyle(label_size="s", width="10")}


class RaiseForm(DeskForm):
    """A report taken down for somebody."""

    requester = forms.CharField(
        label=_("Who has the problem"),
        required=False,
        help_text=_("Email address, or how the name begins. Leave empty for yourself."),
    )
    chosen = forms.ChoiceField(label=_("Who of these"), required=False, widget=forms.RadioSelect)
    title = forms.CharField(label=_("What is wrong"), max_length=TITLE_MAX)
    description = LinesField(label=_("Details"), required=False, widget=text_area())
    service = forms.ChoiceField(label=_("Service"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    impact = forms.TypedChoiceField(
        label=_("Impact"),
        choices=[("", _("As the service says")), *LEVELS],
        coerce=int,
        required=False,
        empty_value=None,
    )
    urgency = forms.TypedChoiceField(label=_("Urgency"), choices=LEVELS, coerce=int, initial=3)
    support_group = forms.ChoiceField(
        label=_("Support group"), required=False, help_text=_("Leave open for the service desk.")
    )
    contact = forms.CharField(label=_("How to reach them"), required=False, max_length=TITLE_MAX)

    def __init__(
        self,
        *args: Any,
        services: Choices,
        categories: Choices,
        groups: Choices,
        people: Choices,
        may_raise_for: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "service", _("Not known"), services)
        offer(self, "category", _("None"), categories)
        offer(self, "support_group", _("Choose a group"), groups)
        if people and may_raise_for:
            self.fields["chosen"].choices = people  # type: ignore[attr-defined]  # a ChoiceField
        else:
            del self.fields["chosen"]
        if not may_raise_for:
            del self.fields["requester"]


class AssignApproverForm(DeskForm):
    """Who else is asked to decide, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    email = forms.EmailField(label=_("Their email address"))
    reason = forms.CharField(
        label=_("Why somebody else is asked"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
