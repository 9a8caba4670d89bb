"""Django forms drawn as GOV.UK components; FORM_RENDERER is design.forms.GovukRenderer."""

from design.forms.base import DeskForm, GovukForm, GovukFormMixin
from design.forms.bound import GovukBoundField
from design.forms.fields import DatePartsWidget, FilesField, FilesInput, GovukDateField
from design.forms.renderer import GovukRenderer
from design.forms.style import FieldStyle

__all__ = [
    "DatePartsWidget",
    "DeskForm",
    "FieldStyle",
    "FilesField",
    "FilesInput",
    "GovukBoundField",
    "GovukDateField",
    "GovukForm",
    "GovukFormMixin",
    "GovukRenderer",
]
