"""Faulty forms are told by path; pages, new versions and masks do what they say."""

import re
from typing import Any

import pytest

from catalogue.engine.forms import (
    FormFaultyError,
    carry_over,
    check_answers,
    check_page,
    compare,
    pages_to_answer,
    read_form,
    schema_of,
)
from tests.catalogue.forms.strategies import TODAY

A = {"en": "A"}


def field(code: str, type_: str = "text", **rules: Any) -> dict[str, Any]:
    """A field with a label."""
    return {"code": code, "type": type_, "label": A} | rules


def page(*fields: dict[str, Any], code: str = "p", **rest: Any) -> dict[str, Any]:
    """A page with a title."""
    return {"code": code, "title": A, "fields": list(fields)} | rest


def form(*pages: dict[str, Any]) -> Any:
    """A form that is read."""
    return read_form({"pages": list(pages)})


OPTIONS = [{"value": "x", "label": A}, {"value": "y", "label": A}]
CHOICE = field("c", "choice", options=OPTIONS)
MANY = field("m", "many", options=OPTIONS)


@pytest.mark.parametrize(
    ("notation", "path"),
    [
        ([], "pages"),
        ({"pages": {}}, "pages"),
        ({"pages": [page()]}, "pages.0.fields"),
        ({"pages": [page(field("a", "colour"))]}, "pages.0.fields.0.type"),
        ({"pages": [page(field("a"), field("a"))]}, "pages.0.fields.1.code"),
        ({"pages": [page(field("a")), page(field("b"))]}, "pages.1.code"),
        ({"pages": [page({"code": "a", "type": "text"})]}, "pages.0.fields.0.label"),
        ({"pages": [page(field("a", label={"cy": "A"}))]}, "pages.0.fields.0.label.en"),
        ({"pages": [page(field("a", label={"en": "\ud800"}))]}, "pages.0.fields.0.label.en"),
        ({"pages": [page(field("a", "choice"))]}, "pages.0.fields.0.options"),
        (
            {"pages": [page(field("a", "choice", options=[*OPTIONS, OPTIONS[0]]))]},
            "pages.0.fields.0.options.2.value",
        ),
        ({"pages": [page(field("a", colour=1))]}, "pages.0.fields.0.colour"),
        ({"pages": [page(field("a", min_length=5, max_length=4))]}, "pages.0.fields.0.min_length"),
        ({"pages": [page(field("a", mask="A9", min_length=4))]}, "pages.0.fields.0.mask"),
        ({"pages": [page(field("a", "date", earliest="soon"))]}, "pages.0.fields.0.earliest"),
        (
            {"pages": [page(field("a", "date", earliest="2027-01-01", latest="2026-01-01"))]},
            "pages.0.fields.0.earliest",
        ),
        (
            {"pages": [page(field("a", "date", earliest="today+2", latest="today"))]},
            "pages.0.fields.0.earliest",
        ),
        ({"pages": [page(field("a", "number", min=float("nan")))]}, "pages.0.fields.0.min"),
        ({"pages": [page(MANY, field("a", when={"field": "m", "has": []}))]}, "pages.0.fields.1.when.has"),
        ({"pages": [page(MANY, field("a", when={"field": "m", "has": {}}))]}, "pages.0.fields.1.when.has"),
        ({"pages": [page(CHOICE, field("a", when={"field": "c", "is": "z"}))]}, "pages.0.fields.1.when.is"),
        ({"pages": [page(CHOICE, field("a", when={"field": "c", "is": []}))]}, "pages.0.fields.1.when.is"),
        (
            {"pages": [page(field("n", "number"), field("a", when={"field": "n", "is": float("nan")}))]},
            "pages.0.fields.1.when.is",
        ),
        (
            {"pages": [page(field("a", when={"field": "b", "answered": True}), field("b"))]},
            "pages.0.fields.0.when.field",
        ),
        ({"pages": [page(field("a", when={"all": []}))]}, "pages.0.fields.0.when"),
    ],
)
def test_each_fault_is_told_by_path(notation: Any, path: str) -> None:
    with pytest.raises(FormFaultyError) as faulty:
        read_form(notation)
    assert path in faulty.value.faults


def test_a_mask_escapes_only_what_every_reader_lets_it() -> None:
    masked = form(page(field("a", mask="A-9 #&~/.(X")))
    pattern = schema_of(masked, "en", today=TODAY)["properties"]["a"]["pattern"]
    # ECMAScript's unicode mode takes a backslash before its own syntax characters only.
    assert not re.search(r"\\[^\^$\\.*+?()\[\]{}|/]", pattern)
    for answer, is_right in (("b-7 #&~/.(z", True), ("b-7 #&~/_(z", False), ("b77 #&~/.(z", False)):
        assert (not check_answers(masked, {"a": answer}, today=TODAY).wrong) == is_right


def test_an_answer_that_falls_away_takes_those_with_it_that_it_called_for() -> None:
    asked = field("b", when={"field": "a", "answered": True})
    old = form(page(field("a", "choice", options=OPTIONS), asked))
    new = form(page(field("a", mask="9"), asked))
    kept, again = carry_over(old, new, {"a": "x", "b": "hello"}, today=TODAY)
    assert (kept, again) == ({}, ["p"])
    assert check_answers(new, kept, today=TODAY).wrong.keys() == {"a"}


def test_what_is_new_is_asked_and_what_still_fits_is_kept() -> None:
    old = form(page(field("a")), page(field("b"), code="q"))
    new = form(page(field("a")), page(field("b"), field("c"), code="q"), page(field("d"), code="r"))
    assert carry_over(old, new, {"a": "1", "b": "2"}, today=TODAY) == ({"a": "1", "b": "2"}, ["q", "r"])
    assert [(change.kind, change.label) for change in compare(old, new)] == [("added", A), ("added", A)]


def test_a_page_keeps_its_own_answers_and_drops_what_is_no_longer_asked() -> None:
    whole = form(page(CHOICE), page(field("a"), code="q", when={"field": "c", "is": "x"}))
    checked = check_page(whole, "p", {"c": "x", "a": "why"}, {"c": "y", "a": "other"}, today=TODAY)
    assert (checked.answers, checked.wrong) == ({"c": "y"}, {})
    assert pages_to_answer(whole, {"c": "x"}, ["p"]) == ["q"]
    assert pages_to_answer(whole, {"c": "y"}, ["p"]) == []


@pytest.mark.parametrize("answers", [None, [], "x", {"a": float("nan")}, {"a": True}, {"a": 10**400}])
def test_what_is_no_answer_is_refused_and_nothing_breaks(answers: Any) -> None:
    assert check_answers(form(page(field("a", "number"))), answers, today=TODAY).wrong
