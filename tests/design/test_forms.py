"""Forms: escaped, described, without browser validation, and every line of the summary leads somewhere."""

from datetime import date
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict

from design.forms import DatePartsWidget, DeskForm, FieldStyle, FilesField, GovukDateField, GovukForm
from design.forms.base import summary_entries
from tests.design.markup import ids

HOSTILE = "<img src=x onerror=alert(1)>"


class ReportForm(GovukForm):
    title = forms.CharField(
        label="What is the problem?", help_text="In a few words", max_length=80, min_length=3
    )
    description = forms.CharField(label="Details", widget=forms.Textarea, max_length=200)
    affected = forms.ChoiceField(
        label="Who is affected", widget=forms.RadioSelect, choices=[("me", "Me"), ("us", "Us")]
    )
    service = forms.ChoiceField(label="Service", choices=[("", "Choose"), ("mail", "Email")])
    contact = forms.MultipleChoiceField(
        label="Contact", widget=forms.CheckboxSelectMultiple, choices=[("mail", "Email"), ("phone", "Phone")]
    )
    since = GovukDateField(label="When did it start?")
    screenshot = forms.FileField(label="Screenshot")
    agreed = forms.BooleanField(label="I have read the notice")
    secret = forms.CharField(label="PIN code", widget=forms.PasswordInput)

    field_styles = {"description": FieldStyle(character_count=True)}  # noqa: RUF012 - read only


def rendered(form: forms.BaseForm) -> str:
    return str(form)


@pytest.mark.parametrize("prefix", [None, "line-1"])
def test_every_line_of_the_error_summary_leads_to_a_control_on_the_page(prefix: str | None) -> None:
    form = ReportForm({}, prefix=prefix)
    targets = {entry.control_id for entry in summary_entries(form)}
    assert len(targets) == len(form.fields)
    assert targets <= ids(rendered(form))


def test_the_summary_leads_to_the_first_radio_and_the_first_checkbox() -> None:
    form = ReportForm({})
    html = rendered(form)
    for name, kind in (("affected", "radio"), ("contact", "checkbox")):
        opening = html[html.index(f'id="id_{name}"') - 120 : html.index(f'id="id_{name}"') + 120]
        assert f'type="{kind}"' in opening


def test_an_error_of_the_whole_form_leads_to_the_first_control() -> None:
    form = ReportForm({})
    form.add_error(None, "The service is being retired")
    first = next(iter(summary_entries(form)))
    assert (first.message, first.control_id) == ("The service is being retired", "id_title")


def test_a_hidden_field_is_reported_without_a_dead_link() -> None:
    class VersionForm(GovukForm):
        version = forms.IntegerField(widget=forms.HiddenInput)

    (entry,) = summary_entries(VersionForm({}))
    assert entry.control_id == ""


def test_each_control_names_its_hint_and_its_error() -> None:
    html = str(ReportForm({})["title"].as_field_group())
    assert 'aria-describedby="id_title-hint id_title-error"' in html
    assert 'aria-invalid="true"' in html
    assert {"id_title-hint", "id_title-error"} <= ids(html)


def test_a_counted_text_names_its_counter_first() -> None:
    html = str(ReportForm({})["description"].as_field_group())
    assert 'aria-describedby="id_description-info id_description-error"' in html
    assert 'data-maxlength="200"' in html
    assert "You can enter up to 200 characters" in html


@pytest.mark.parametrize("attribute", [" required", " maxlength=", " minlength=", " placeholder="])
def test_the_browser_is_not_asked_to_validate(attribute: str) -> None:
    class HintForm(ReportForm):
        nickname = forms.CharField(widget=forms.TextInput(attrs={"placeholder": "Sam"}))

    assert attribute not in rendered(HintForm({})).replace("data-maxlength", "")


def test_labels_hints_options_and_errors_are_escaped() -> None:
    class HostileForm(GovukForm):
        field_styles = {"choice": FieldStyle(option_hints={"a": HOSTILE}, prefix=HOSTILE)}  # noqa: RUF012
        text = forms.CharField(label=HOSTILE, help_text="", error_messages={"required": HOSTILE})
        choice = forms.ChoiceField(
            label=HOSTILE, widget=forms.RadioSelect, choices=[("a", HOSTILE), (HOSTILE, "b")]
        )
        several = forms.MultipleChoiceField(
            label=HOSTILE, widget=forms.CheckboxSelectMultiple, choices=[("a", HOSTILE)]
        )
        listed = forms.ChoiceField(label=HOSTILE, choices=[("a", HOSTILE)])

    form = HostileForm({"text": "", "choice": HOSTILE + "x"})
    summary = render_to_string("govuk/error_summary.html", {"entries": list(summary_entries(form))})
    assert "<img" not in rendered(form) + summary
    assert "&lt;img" in rendered(form)
    assert "&lt;img" in summary


def test_what_was_typed_is_shown_again() -> None:
    html = rendered(
        ReportForm({"title": "No network", "affected": "us", "contact": ["phone"], "since_day": "40"})
    )
    assert 'value="No network"' in html
    assert html.count("checked") == 2
    assert 'value="40"' in html


def test_a_password_is_never_shown_again() -> None:
    assert "hunter2" not in rendered(ReportForm({"secret": "hunter2"}))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("title", "Answer the question: What is the problem?"),
        ("description", "Enter details"),
        ("affected", "Select who is affected"),
        ("service", "Select service"),
        ("screenshot", "Select screenshot"),
        ("secret", "Enter PIN code"),
    ],
)
def test_a_missing_answer_is_named(name: str, message: str) -> None:
    assert ReportForm({})[name].error_message == message  # type: ignore[attr-defined]


def test_the_page_heading_can_be_the_label_or_the_legend() -> None:
    class OneThingForm(GovukForm):
        field_styles = {  # noqa: RUF012
            "title": FieldStyle(label_size="l", page_heading=True),
            "who": FieldStyle(label_size="l", page_heading=True),
        }
        title = forms.CharField()
        who = forms.ChoiceField(widget=forms.RadioSelect, choices=[("a", "A")])

    html = rendered(OneThingForm())
    assert '<h1 class="govuk-label-wrapper">' in html
    assert '<h1 class="govuk-fieldset__heading">' in html
    assert "govuk-label--l" in html


def test_the_desk_is_denser_than_the_portal() -> None:
    class PriorityForm(DeskForm):
        impact = forms.ChoiceField(widget=forms.RadioSelect, choices=[("1", "High")])

    html = rendered(PriorityForm())
    assert "govuk-fieldset__legend--s" in html
    assert "govuk-radios--small" in html


class DateForm(GovukForm):
    since = GovukDateField(label="When")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (("27", "3", "2026"), date(2026, 3, 27)),
        (("07", "03", "2026"), date(2026, 3, 7)),
        (("29", "2", "2028"), date(2028, 2, 29)),
    ],
)
def test_a_date_is_read_from_its_parts(typed: tuple[str, str, str], expected: date) -> None:
    form = DateForm({f"since_{part}": text for part, text in zip(DatePartsWidget.PARTS, typed, strict=True)})
    assert form.is_valid()
    assert form.cleaned_data["since"] == expected


@pytest.mark.parametrize(
    ("typed", "message", "target"),
    [
        (("", "", ""), "Enter a date", "id_since_day"),
        (("27", "", "2026"), "Date must include a month", "id_since_month"),
        (("27", "3", ""), "Date must include a year", "id_since_year"),
        (("27", "3", "26"), "Date must be a real date, like 27 3 2026", "id_since_year"),
        (("31", "4", "2026"), "Date must be a real date, like 27 3 2026", "id_since_day"),
        (("x", "4", "2026"), "Date must be a real date, like 27 3 2026", "id_since_day"),
    ],
)
def test_a_wrong_date_says_what_to_mend(typed: tuple[str, str, str], message: str, target: str) -> None:
    form = DateForm({f"since_{part}": text for part, text in zip(DatePartsWidget.PARTS, typed, strict=True)})
    (entry,) = summary_entries(form)
    assert (entry.message, entry.control_id) == (message, target)
    assert target in ids(rendered(form))


def test_a_date_shows_its_initial_day() -> None:
    html = rendered(DateForm(initial={"since": date(2026, 11, 22)}))
    assert [f'value="{part}"' in html for part in ("22", "11", "2026")] == [True, True, True]


class AttachForm(GovukForm):
    papers = FilesField(label="Files", required=False)


def test_several_files_arrive_as_a_list() -> None:
    files: Any = MultiValueDict(
        {"papers": [SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.txt", b"b")]}
    )
    form = AttachForm({}, files)
    assert form.is_valid()
    assert [file.name for file in form.cleaned_data["papers"]] == ["a.txt", "b.txt"]
    assert " multiple" in rendered(form)


def test_no_file_is_an_empty_list_or_an_error_when_one_is_needed() -> None:
    form = AttachForm({}, MultiValueDict())
    assert form.is_valid()
    assert form.cleaned_data["papers"] == []
    form.fields["papers"].required = True
    form.full_clean()
    assert not form.is_valid()
