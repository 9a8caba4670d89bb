"""Forms: what is asked, whether answers are right, the same as a schema, and answers in words."""

from catalogue.engine.forms.checking import Checked, check_answers, check_page, pages_asked, pages_to_answer
from catalogue.engine.forms.conditions import Condition, fields_of, holds, read_condition
from catalogue.engine.forms.definition import TYPES, Field, Form, Option, Page, in_language
from catalogue.engine.forms.reading import FormFaultyError, missing_welsh, read_form
from catalogue.engine.forms.schema import schema_of
from catalogue.engine.forms.showing import Answered, Change, answered, carry_over, compare
from catalogue.engine.forms.values import Lookups, Wrong, limits_of

__all__ = [
    "TYPES",
    "Answered",
    "Change",
    "Checked",
    "Condition",
    "Field",
    "Form",
    "FormFaultyError",
    "Lookups",
    "Option",
    "Page",
    "Wrong",
    "answered",
    "carry_over",
    "check_answers",
    "check_page",
    "compare",
    "fields_of",
    "holds",
    "in_language",
    "limits_of",
    "missing_welsh",
    "pages_asked",
    "pages_to_answer",
    "read_condition",
    "read_form",
    "schema_of",
]
