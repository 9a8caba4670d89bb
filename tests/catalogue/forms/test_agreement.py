"""One definition, two readers: the server's own check and the schema that clients get accept the same answers."""

from collections.abc import Callable
from typing import Any

import jsonschema_rs
from hypothesis import event, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from catalogue.engine.forms import Form, check_answers, holds, read_form, schema_of
from tests.catalogue.forms.strategies import TODAY, answers, conditions, forms


def is_right(form: Form, given_answers: Any) -> bool:
    """What the server says."""
    return not check_answers(form, given_answers, today=TODAY).wrong


@settings(max_examples=300)
@given(st.data())
def test_schema_and_server_agree(data: st.DataObject) -> None:
    notation = data.draw(forms())
    form = read_form(notation)
    schema = schema_of(form, "en", today=TODAY)
    Draft202012Validator.check_schema(schema)
    one, other = Draft202012Validator(schema), jsonschema_rs.validator_for(schema)
    for _ in range(4):
        given_answers = data.draw(answers(notation))
        said = is_right(form, given_answers)
        event(f"right: {said}")
        assert one.is_valid(given_answers) == said
        assert other.is_valid(given_answers) == said


@settings(max_examples=200)
@given(st.data())
def test_what_is_kept_is_right_again(data: st.DataObject) -> None:
    notation = data.draw(forms())
    form = read_form(notation)
    checked = check_answers(form, data.draw(answers(notation)), today=TODAY)
    if not checked.wrong:
        assert check_answers(form, checked.answers, today=TODAY) == checked


def slow(condition: Any, given_answers: dict[str, Any]) -> bool:
    """The oracle: each kind of condition by its definition, one after the other."""
    ((kind, inner),) = [(name, condition[name]) for name in condition if name != "field"]
    if kind == "not":
        return not slow(inner, given_answers)
    if kind in ("all", "any"):
        results = [slow(each, given_answers) for each in inner]
        return False not in results if kind == "all" else True in results
    if condition["field"] not in given_answers:
        return False
    answer = given_answers[condition["field"]]
    tests: dict[str, Callable[[], bool]] = {
        "answered": lambda: True,
        "is": lambda: type(answer) is type(inner) and answer == inner,
        "in": lambda: any(type(answer) is type(each) and answer == each for each in inner),
        "has": lambda: inner in answer,
        "at_least": lambda: answer >= inner,
        "at_most": lambda: answer <= inner,
    }
    return tests[kind]()


@given(st.data())
def test_conditions_hold_as_they_say(data: st.DataObject) -> None:
    known = {
        "choice": {"type": "choice"},
        "many": {"type": "many"},
        "number": {"type": "number"},
        "yes": {"type": "yes_no"},
        "text": {"type": "text"},
    }
    values: dict[str, st.SearchStrategy[Any]] = {
        "choice": st.sampled_from("abcd"),
        "many": st.lists(st.sampled_from("abcd"), max_size=3),
        "number": st.integers(-4, 13),
        "yes": st.booleans(),
        "text": st.sampled_from(["x", "y"]),
    }
    condition = data.draw(conditions(known))
    given_answers = data.draw(st.fixed_dictionaries({}, optional=values))
    assert holds(condition, given_answers) == slow(condition, given_answers)
