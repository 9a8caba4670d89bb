"""Editing a form's notation: pages and questions put in, moved, taken out. Whether the form can be says `read_form`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from catalogue.engine.parts import Part, find_part, moved, with_part, without_part

Notation = Mapping[str, Any]


def pages_in(form: Notation | None) -> list[Part]:
    """The pages of a form's notation, in order."""
    return list((form or {}).get("pages", ()))


def questions_in(form: Notation | None) -> Iterator[tuple[Part, Part]]:
    """Every page with each of its questions, in order."""
    for page in pages_in(form):
        for question in page["fields"]:
            yield page, question


def find_page(form: Notation | None, code: str) -> Part | None:
    """The page with this code."""
    return find_part(pages_in(form), code)


def find_question(form: Notation | None, code: str) -> tuple[Part, Part] | None:
    """The question with this code, after the page that asks it."""
    return next(((page, asked) for page, asked in questions_in(form) if asked["code"] == code), None)


def with_page(form: Notation | None, page: Part) -> Notation | None:
    """The form with this page in the place of the one with its code, else as the last."""
    return _form(with_part(pages_in(form), page))


def with_question(form: Notation | None, page: str, question: Part) -> Notation | None:
    """The form with this question on a page: where the one with its code stands, else as the page's last."""
    return _form(
        [
            each | {"fields": with_part(each["fields"], question)} if each["code"] == page else each
            for each in map(dict, pages_in(form))
        ]
    )


def move_page(form: Notation | None, code: str, step: int) -> Notation | None:
    """The form with a page `step` places further on."""
    return _form(moved(pages_in(form), code, step))


def move_question(form: Notation | None, code: str, step: int) -> Notation | None:
    """The form with a question one place on (`step` 1) or back (-1); past an end of its page, on the next page."""
    pages = [dict(page) for page in pages_in(form)]
    for place, page in enumerate(pages):
        codes = [each["code"] for each in page["fields"]]
        if code not in codes:
            continue
        if 0 <= codes.index(code) + step < len(codes):
            page["fields"] = moved(page["fields"], code, step)
        elif 0 <= place + step < len(pages):
            other = pages[place + step]
            asked = page["fields"][codes.index(code)]
            page["fields"] = without_part(page["fields"], code)
            other["fields"] = [asked, *other["fields"]] if step > 0 else [*other["fields"], asked]
        break
    return _form(pages)


def without_page(form: Notation | None, code: str) -> Notation | None:
    """The form without a page and all that it asks; None when no page is left."""
    return _form(without_part(pages_in(form), code))


def without_question(form: Notation | None, code: str) -> Notation | None:
    """The form without a question."""
    return _form(
        [page | {"fields": without_part(page["fields"], code)} for page in map(dict, pages_in(form))]
    )


def _form(pages: Sequence[Part]) -> Notation | None:
    return {"pages": list(pages)} if pages else None
