"""One field of a form as a GOV.UK component."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext

from design.forms.fields import DatePartsWidget
from design.forms.style import FieldStyle

# First match wins, so a subclass stands before its base.
KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (DatePartsWidget, "date"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (forms.PasswordInput, "password"),
)
CONTROL_CLASSES = {
    "input": "govuk-input",
    "password": "govuk-input govuk-password-input__input govuk-js-password-input-input",
    "textarea": "govuk-textarea",
    "select": "govuk-select",
    "file": "govuk-file-upload",
    "checkbox": "govuk-checkboxes__input",
}
# Rules that the browser would enforce with a bubble of its own, and hints that vanish on typing.
DJANGO_ROWS = "10"
REFUSED_ATTRIBUTES = ("required", "maxlength", "minlength", "placeholder")


@dataclass(frozen=True)
class Option:
    """One radio button or checkbox, or the divider in front of it."""

    id: str
    value: str
    label: str
    hint: str
    checked: bool
    disabled: bool
    divider: bool


class GovukBoundField(BoundField):
    """A field with its value as a GOV.UK component; templates in templates/govuk/ read these properties."""

    @property
    def style(self) -> FieldStyle:
        """The form's wish for this field, else the form's default, else medium labels."""
        default: FieldStyle = getattr(self.form, "default_style", FieldStyle())
        styles: Mapping[str, FieldStyle] = getattr(self.form, "field_styles", {})
        return styles.get(self.name, default)

    @property
    def kind(self) -> str:
        """Which component draws the field."""
        widget = self.field.widget
        return next((kind for widget_type, kind in KINDS if isinstance(widget, widget_type)), "input")

    @property
    def component_template(self) -> str:
        return f"govuk/{self.kind}.html"

    @property
    def control_id(self) -> str:
        return str(self.field.widget.attrs.get("id") or self.auto_id)

    @property
    def hint_id(self) -> str:
        return f"{self.control_id}-hint"

    @property
    def error_id(self) -> str:
        return f"{self.control_id}-error"

    @property
    def error_target_id(self) -> str:
        """Where the error summary leads: the first control that can take focus."""
        if self.kind == "date":
            return f"{self.control_id}_{self.faulty_part or 'day'}"
        return self.control_id

    @property
    def error_message(self) -> str:
        """One error at a time, as GOV.UK asks, and never Django's "This field is required"."""
        if not self.errors:
            return ""
        message = str(self.errors[0])
        return (
            self._missing_message()
            if message == str(forms.Field.default_error_messages["required"])
            else message
        )

    @property
    def faulty_part(self) -> str:
        """The part of a date that an error names: day, month, year or none in particular."""
        codes = [error.code for error in self.errors.as_data()] if self.errors else []
        return next((code for code in codes if code in DatePartsWidget.PARTS), "")

    @property
    def aria_describedby(self) -> str | None:
        """Ids of hint and error in reading order; what the widget names itself comes first."""
        given = self.field.widget.attrs.get("aria-describedby")
        ids = [
            given,
            self.hint_id if self.help_text and not self.is_hidden else None,
            self.error_id if self.errors and not self.is_hidden else None,
        ]
        if self.counts_characters:
            ids.insert(0, f"{self.control_id}-info")
        return " ".join(part for part in ids if part) or None

    @property
    def counts_characters(self) -> bool:
        return self.style.character_count and bool(getattr(self.field, "max_length", None))

    @property
    def label_classes(self) -> str:
        """Classes of label or legend beyond the base class."""
        base = "govuk-fieldset__legend" if self.has_legend else "govuk-label"
        classes = [base]
        if self.style.label_size:
            classes.append(f"{base}--{self.style.label_size}")
        if self.style.hide_label:
            classes.append("govuk-visually-hidden")
        return " ".join(classes)

    @property
    def has_legend(self) -> bool:
        return self.kind in {"radios", "checkboxes", "date"}

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Django's attributes and ours: classes, described-by; without the browser's own validation."""
        built: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        drawn = widget or self.field.widget
        if drawn.is_hidden:
            return built
        described_by = self.aria_describedby
        if described_by:
            built["aria-describedby"] = described_by
        # False makes Django's widget template leave the attribute out, even one set by the field.
        built.update(dict.fromkeys(REFUSED_ATTRIBUTES, False))
        classes = self._control_classes(own=str(drawn.attrs.get("class", "")))
        if classes:
            built["class"] = classes
        if self.kind == "textarea":
            # Django's defaults of 40 columns and 10 rows are nobody's wish; a widget may ask for other rows.
            built["cols"] = False
            if str(drawn.attrs.get("rows", DJANGO_ROWS)) == DJANGO_ROWS:
                built["rows"] = "5"
        style = self.style
        if style.autocomplete:
            built["autocomplete"] = style.autocomplete
        if style.inputmode:
            built["inputmode"] = style.inputmode
        if style.spellcheck is not None:
            built["spellcheck"] = "true" if style.spellcheck else "false"
        if self.kind == "password":
            built.setdefault("spellcheck", "false")
            built.setdefault("autocapitalize", "none")
        return built

    def options(self) -> Iterator[Option]:
        """Radio buttons or checkboxes with GOV.UK's ids: the first has the id of the field itself."""
        position = 0
        for sub in self.subwidgets:
            data = sub.data
            value = str(data["value"])
            divider = self.style.divider_before is not None and value == self.style.divider_before
            # The library numbers a divider like an option.
            position += 2 if divider else 1
            yield Option(
                id=self.control_id if position == 1 else f"{self.control_id}-{position}",
                value=value,
                label=data["label"],
                hint=self.style.option_hints.get(value, ""),
                checked=bool(data["selected"]),
                disabled=bool(data["attrs"].get("disabled")),
                divider=divider,
            )

    def date_parts(self) -> Iterator[Mapping[str, object]]:
        """Day, month and year of a date with labels, ids and values as typed."""
        widget = self.field.widget
        if not isinstance(widget, DatePartsWidget):
            return
        values = widget.parts_of(self.value())
        for part, label in zip(DatePartsWidget.PARTS, widget.labels(), strict=True):
            yield {
                "id": f"{self.control_id}_{part}",
                "name": f"{self.html_name}_{part}",
                "label": label,
                "value": values[part],
                "width": 4 if part == "year" else 2,
                "wrong": bool(self.errors) and self.faulty_part in {"", part},
            }

    def _missing_message(self) -> str:
        label = str(self.label)
        if label.endswith("?"):
            return gettext("Answer the question: %(label)s") % {"label": label}
        # An acronym keeps its capitals: "Enter CI name", but "Enter password".
        named = label if label[1:2].isupper() else label[:1].lower() + label[1:]
        choosing = self.kind in {"radios", "checkboxes", "select", "file"}
        return (gettext("Select %(label)s") if choosing else gettext("Enter %(label)s")) % {"label": named}

    def _control_classes(self, *, own: str) -> str:
        base = CONTROL_CLASSES.get(self.kind, "")
        classes = [base]
        width = self.style.width
        if base and width:
            classes.append(f"govuk-input--width-{width}" if width.isdigit() else f"govuk-!-width-{width}")
        if base and self.errors:
            classes.append(f"{base.split()[0]}--error")
        if self.counts_characters:
            classes.append("govuk-js-character-count")
        return " ".join(part for part in (*classes, own) if part)
