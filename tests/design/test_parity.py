"""Our form components give the same markup as GOV.UK Frontend's own examples."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django import forms
from django.template.loader import render_to_string

from design.forms import FieldStyle, FilesInput, GovukForm
from design.forms.base import SummaryEntry
from tests.design.markup import fixtures, tokens

Options = Mapping[str, Any]
# What our forms let a page ask for. An example that needs more is outside what we render.
COMMON = {"name", "id", "idPrefix", "label", "hint", "errorMessage", "classes", "value", "fieldset", "items"}
EXTRA = {
    "input": {"prefix", "suffix", "type", "inputmode", "autocomplete", "spellcheck", "disabled"},
    "textarea": {"rows", "autocomplete", "spellcheck"},
    "select": set(),
    "radios": set(),
    "checkboxes": {"values"},
    "file-upload": {"multiple", "disabled"},
    "password-input": set(),
}
FEWEST = {
    "input": 25,
    "textarea": 11,
    "select": 2,
    "radios": 10,
    "checkboxes": 10,
    "file-upload": 8,
    "password-input": 5,
}
WIDGETS: dict[str, type[forms.Widget]] = {
    "textarea": forms.Textarea,
    "password-input": forms.PasswordInput,
    "select": forms.Select,
    "radios": forms.RadioSelect,
    "checkboxes": forms.CheckboxSelectMultiple,
    "file-upload": forms.FileInput,
}


def _plain(part: object, allowed: set[str]) -> bool:
    return isinstance(part, Mapping) and set(part) <= allowed


def _label_rendered(label: Options) -> bool:
    sizes = {"", "govuk-label--s", "govuk-label--m", "govuk-label--l", "govuk-label--xl"}
    return _plain(label, {"text", "classes", "isPageHeading"}) and label.get("classes", "") in sizes


def _legend_rendered(fieldset: Options) -> bool:
    if not _plain(fieldset, {"legend"}):
        return False
    legend = fieldset["legend"]
    sizes = {"", *(f"govuk-fieldset__legend--{size}" for size in ("s", "m", "l", "xl"))}
    return _plain(legend, {"text", "classes", "isPageHeading"}) and legend.get("classes", "") in sizes


def _entries_rendered(entries: object) -> bool:
    return isinstance(entries, list) and all(
        isinstance(entry, Mapping)
        and (
            set(entry) <= {"divider"}
            or (
                {"value", "text"} <= set(entry) <= {"value", "text", "checked", "selected", "hint"}
                and entry["value"]
            )
        )
        and _plain(entry.get("hint", {}), {"text"})
        for entry in entries
    )


def _classes_rendered(component: str, classes: str) -> bool:
    if component in {"radios", "checkboxes"}:
        return set(classes.split()) <= {f"govuk-{component}--inline", f"govuk-{component}--small"}
    return classes.startswith(("govuk-input--width-", "govuk-!-width-")) and " " not in classes


def rendered_by_us(component: str, options: Options) -> bool:
    """Whether an example asks only for what our forms offer."""
    checks: dict[str, Callable[[Any], bool]] = {
        "label": _label_rendered,
        "fieldset": _legend_rendered,
        "hint": lambda hint: _plain(hint, {"text"}),
        "errorMessage": lambda error: _plain(error, {"text"}),
        "items": _entries_rendered,
        "classes": lambda classes: _classes_rendered(component, classes),
        "prefix": lambda affix: _plain(affix, {"text"}),
        "suffix": lambda affix: _plain(affix, {"text"}),
        # Zero as a number has no counterpart: our values are text.
        "value": lambda value: isinstance(value, str),
    }
    if component in {"radios", "checkboxes"} and "fieldset" not in options:
        return False
    if component == "select" and not options.get("items"):
        return False
    if (
        component in {"file-upload", "password-input"} and "value" in options
    ):  # never sent back to the browser
        return False
    # A form knows chosen values, not options that refuse to be chosen.
    if "value" in options and any(False in entry.values() for entry in options.get("items", [])):
        return False
    return set(options) <= COMMON | EXTRA[component] and all(
        check(options[name]) for name, check in checks.items() if name in options
    )


def _style(component: str, options: Options) -> FieldStyle:
    caption = options.get("fieldset", {}).get("legend") or options.get("label", {})
    classes = options.get("classes", "")
    size = caption.get("classes", "").rpartition("--")[2]
    width = classes.removeprefix("govuk-input--width-").removeprefix("govuk-!-width-")
    entries = options.get("items", [])
    dividers = [at for at, entry in enumerate(entries) if "divider" in entry]
    return FieldStyle(
        label_size=size,
        page_heading=bool(caption.get("isPageHeading")),
        width="" if component in {"radios", "checkboxes"} else width,
        inline="--inline" in classes,
        small="--small" in classes,
        prefix=options.get("prefix", {}).get("text", ""),
        suffix=options.get("suffix", {}).get("text", ""),
        option_hints={entry["value"]: entry["hint"]["text"] for entry in entries if "hint" in entry},
        divider_before=entries[dividers[0] + 1]["value"] if dividers else None,
        autocomplete=options.get("autocomplete", ""),
        inputmode=options.get("inputmode", ""),
        spellcheck=options.get("spellcheck"),
    )


def _field(component: str, options: Options) -> forms.Field:
    caption = options.get("fieldset", {}).get("legend") or options.get("label", {})
    attrs = {"id": options.get("id") or options.get("idPrefix") or options["name"]}
    shared: dict[str, Any] = {
        "label": caption["text"],
        "help_text": options.get("hint", {}).get("text", ""),
        "required": False,
        "disabled": options.get("disabled", False),
    }
    choices = [
        (entry["value"], entry["text"]) for entry in options.get("items", []) if "divider" not in entry
    ]
    if component == "textarea" and "rows" in options:
        attrs["rows"] = options["rows"]
    if component == "password-input":
        # Signing in is what the library assumes when an example does not say.
        attrs["autocomplete"] = "current-password"
    if component == "input":
        shared["widget"] = forms.TextInput(attrs=attrs)
        shared["widget"].input_type = options.get("type", "text")
    else:
        shared["widget"] = WIDGETS[component](attrs=attrs)
    if component == "file-upload":
        if options.get("multiple"):
            shared["widget"] = FilesInput(attrs=attrs)
        return forms.FileField(**shared)
    if component == "checkboxes":
        return forms.MultipleChoiceField(choices=choices, **shared)
    if component in {"radios", "select"}:
        return forms.ChoiceField(choices=choices, **shared)
    return forms.CharField(**shared)


def render(component: str, options: Options) -> str:
    """Our component for the options of an example."""
    chosen = [
        entry["value"] for entry in options.get("items", []) if entry.get("checked") or entry.get("selected")
    ]
    value: object = (
        options.get("values") or options.get("value") or (chosen if component == "checkboxes" else None)
    )
    if value is None and chosen:
        value = chosen[0]
    name = str(options["name"])

    class Example(GovukForm):
        field_styles = {"example": _style(component, options)}  # noqa: RUF012 - one example, one class

        def add_prefix(self, field_name: str) -> str:  # the library names controls freely
            del field_name
            return name

    Example.base_fields["example"] = _field(component, options)
    error = options.get("errorMessage", {}).get("text")
    data = {name: value} if value is not None else {}
    form = Example(data) if error else Example(initial={"example": value})
    if error:
        form.add_error("example", error)
    return str(form["example"].as_field_group())


def _examples() -> list[Any]:
    return [
        pytest.param(component, example["options"], example["html"], id=f"{component}: {example['name']}")
        for component in EXTRA
        for example in fixtures(component)
        if rendered_by_us(component, example["options"])
    ]


@pytest.mark.parametrize(("component", "options", "expected"), _examples())
def test_a_component_equals_the_librarys_own_example(component: str, options: Options, expected: str) -> None:
    assert tokens(render(component, options)) == tokens(expected)


@pytest.mark.parametrize("component", EXTRA)
def test_enough_examples_of_each_component_are_compared(component: str) -> None:
    compared = [example for example in fixtures(component) if rendered_by_us(component, example["options"])]
    assert len(compared) >= FEWEST[component]


@pytest.mark.parametrize(
    "example",
    [
        pytest.param(example, id=example["name"])
        for example in fixtures("error-summary")
        if set(example["options"]) == {"titleText", "errorList"}
        and all(set(entry) <= {"text", "href"} for entry in example["options"]["errorList"])
    ],
)
def test_the_error_summary_equals_the_librarys_own_example(example: dict[str, Any]) -> None:
    options = example["options"]
    entries = [
        SummaryEntry(message=entry["text"], control_id=entry.get("href", "").removeprefix("#"))
        for entry in options["errorList"]
    ]
    ours = render_to_string("govuk/error_summary.html", {"entries": entries, "title": options["titleText"]})
    assert tokens(ours) == tokens(example["html"])
