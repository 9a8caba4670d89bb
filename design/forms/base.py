"""The base forms of both shells, and what the error summary says about a form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from django import forms

from design.forms.style import FieldStyle


class GovukFormMixin:
    """GOV.UK manners for any Django form: the server says what is wrong, the browser shows no bubbles."""

    use_required_attribute = False
    error_summary_title: ClassVar[str] = ""
    default_style: ClassVar[FieldStyle] = FieldStyle()
    field_styles: Mapping[str, FieldStyle] = {}


class GovukForm(GovukFormMixin, forms.Form):
    """A form of the portal: medium bold labels, one column. Set field_styles per field."""


class DeskForm(GovukForm):
    """A form of the desk: small bold labels, dense."""

    default_style: ClassVar[FieldStyle] = FieldStyle(label_size="s", small=True)


@dataclass(frozen=True)
class SummaryEntry:
    """One line of the error summary: the message and the id of the control that mends it."""

    message: str
    control_id: str


def summary_entries(form: forms.BaseForm) -> Iterator[SummaryEntry]:
    """The first error of each field in the order of the page; errors of the whole form come first.

    An error of the whole form leads to the first control, so that no line is a dead end.
    """
    visible = form.visible_fields()
    first_control = getattr(visible[0], "error_target_id", "") if visible else ""
    for message in form.non_field_errors():
        yield SummaryEntry(message=str(message), control_id=first_control)
    for bound in form:
        if not bound.errors:
            continue
        # A hidden field has no control to lead to; its message must still be read.
        target = "" if bound.is_hidden else getattr(bound, "error_target_id", bound.auto_id)
        message = getattr(bound, "error_message", "") or str(bound.errors[0])
        yield SummaryEntry(message=message, control_id=target)
