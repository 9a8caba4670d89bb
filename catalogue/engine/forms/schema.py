"""A form as JSON Schema 2020-12: it accepts exactly the answers that `check_answers` does.

But for what only the tenant's data can tell: whether a person, an organisation, a service or a file is there.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from catalogue.engine.forms.checking import ANSWERS_MAX
from catalogue.engine.forms.conditions import Condition
from catalogue.engine.forms.dates import DAY, bound, not_after, not_before
from catalogue.engine.forms.definition import Field, Form, in_language
from catalogue.engine.forms.values import (
    CODE,
    CODE_MAX,
    CONTROLS,
    EMAIL,
    EMAIL_MAX,
    FILE,
    NULL,
    SOMETHING,
    limits_of,
    mask_pattern,
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NO_CONTROLS = {"not": {"pattern": CONTROLS}}


def schema_of(form: Form, language: str, *, today: date) -> dict[str, Any]:
    """The schema of a form's answers, with its words in a language. Bounds from today are those of the day `today`."""
    properties: dict[str, Any] = {}
    required, rules = [], []
    for page, each in form.fields():
        properties[each.code] = _described(each, language, _schema(each, today))
        conditions = [_condition(when) for when in (page.when, each.when) if when is not None]
        if conditions:
            rules.append(_only_if(conditions, each))
        elif each.is_required:
            required.append(each.code)
    schema: dict[str, Any] = {
        "$schema": DIALECT,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "maxProperties": ANSWERS_MAX,
    }
    if required:
        schema["required"] = required
    if rules:
        schema["allOf"] = rules
    return schema


def _only_if(conditions: list[dict[str, Any]], asked: Field) -> dict[str, Any]:
    """A question under conditions: with them it may be required, without them it is not there."""
    rule: dict[str, Any] = {
        "if": conditions[0] if len(conditions) == 1 else {"allOf": conditions},
        "else": {"properties": {asked.code: False}},
    }
    if asked.is_required:
        rule["then"] = {"required": [asked.code]}
    return rule


def _described(asked: Field, language: str, schema: dict[str, Any]) -> dict[str, Any]:
    words = {"title": in_language(asked.label, language)}
    if hint := in_language(asked.hint, language):
        words["description"] = hint
    return words | schema


def _schema(asked: Field, today: date) -> dict[str, Any]:
    return _SCHEMAS[asked.type](asked, today)


def _text(asked: Field, _today: date) -> dict[str, Any]:
    barred = {"not": {"pattern": NULL}} if asked.type == "long_text" else _NO_CONTROLS
    schema: dict[str, Any] = {"type": "string", "allOf": [barred, {"pattern": SOMETHING}]}
    if "mask" in asked.rules:
        return schema | {"pattern": mask_pattern(asked.rules["mask"])}
    least, most = limits_of(asked)
    return schema | {"minLength": least, "maxLength": most}


def _number(asked: Field, _today: date) -> dict[str, Any]:
    least, most = limits_of(asked)
    is_whole = asked.type == "money" or asked.rules.get("whole")
    return {"type": "integer" if is_whole else "number", "minimum": least, "maximum": most}


def _money(asked: Field, today: date) -> dict[str, Any]:
    return _number(asked, today) | {"$comment": "pence"}


def _date(asked: Field, today: date) -> dict[str, Any]:
    patterns = [
        make(bound(asked.rules[name], today))
        for name, make in (("earliest", not_before), ("latest", not_after))
        if name in asked.rules
    ]
    schema: dict[str, Any] = {"type": "string", "format": "date", "maxLength": 10, "pattern": DAY}
    return schema | ({"allOf": [{"pattern": pattern} for pattern in patterns]} if patterns else {})


def _choice(asked: Field, _today: date) -> dict[str, Any]:
    return {"type": "string", "enum": [option.value for option in asked.options]}


def _many(asked: Field, today: date) -> dict[str, Any]:
    return _list(asked, _choice(asked, today))


def _list(asked: Field, items: Mapping[str, Any]) -> dict[str, Any]:
    least, most = limits_of(asked)
    return {"type": "array", "items": items, "uniqueItems": True, "minItems": least, "maxItems": most}


def _person(_asked: Field, _today: date) -> dict[str, Any]:
    return {"type": "string", "maxLength": EMAIL_MAX, "pattern": EMAIL} | _NO_CONTROLS


def _code(_asked: Field, _today: date) -> dict[str, Any]:
    return {"type": "string", "maxLength": CODE_MAX, "pattern": CODE} | _NO_CONTROLS


def _file(asked: Field, _today: date) -> dict[str, Any]:
    return _list(asked, {"type": "string", "maxLength": 36, "pattern": FILE})


def _yes_no(_asked: Field, _today: date) -> dict[str, Any]:
    return {"type": "boolean"}


_SCHEMAS = {
    "text": _text,
    "long_text": _text,
    "number": _number,
    "money": _money,
    "date": _date,
    "choice": _choice,
    "many": _many,
    "person": _person,
    "organisation": _code,
    "service": _code,
    "file": _file,
    "yes_no": _yes_no,
}


def _condition(condition: Condition) -> dict[str, Any]:
    """A condition over the object of all answers."""
    if "all" in condition:
        return {"allOf": [_condition(each) for each in condition["all"]]}
    if "any" in condition:
        return {"anyOf": [_condition(each) for each in condition["any"]]}
    if "not" in condition:
        return {"not": _condition(condition["not"])}
    name = condition["field"]
    return {"required": [name], "properties": {name: _test(condition)}}


def _test(condition: Condition) -> dict[str, Any]:
    if "is" in condition:
        return {"const": condition["is"]}
    if "in" in condition:
        return {"enum": condition["in"]}
    if "has" in condition:
        return {"type": "array", "contains": {"const": condition["has"]}}
    if "answered" in condition:
        return {}
    if "at_least" in condition:
        return {"type": "number", "minimum": condition["at_least"]}
    return {"type": "number", "maximum": condition["at_most"]}
