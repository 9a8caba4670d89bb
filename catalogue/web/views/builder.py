"""The form builder: the pages of a draft's form, and their questions."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from catalogue.engine.forms.definition import TYPES
from catalogue.engine.forms.editing import (
    find_page,
    find_question,
    pages_in,
    questions_in,
    with_page,
    with_question,
)
from catalogue.engine.forms.offered import condition_words
from catalogue.engine.parts import free_code
from catalogue.policy import DEFINE_OFFERINGS
from catalogue.queries.offerings import get_offering
from catalogue.web.forms.builder import PageForm, QuestionForm, TypeForm, type_words
from catalogue.web.views.drafting import Edit, crumbs_of, edit, name_of
from catalogue.web.views.showing import show_form
from doors.web.views import page_for
from lifecycle.public import NotFoundError, RuleError

_EDITED = ["GET", "HEAD", "POST"]


@require_safe
@page_for(DEFINE_OFFERINGS)
def offering_form(request: HttpRequest, code: str) -> HttpResponse:
    """All that a draft asks, page by page."""
    row = get_offering(code)
    asked = [question for _page, question in questions_in(_form(row))]
    pages = [
        {
            "code": page["code"],
            "title": page["title"].get("en", page["code"]),
            "title_cy": page["title"].get("cy", ""),
            "when": condition_words(page.get("when"), asked),
            "questions": [
                {
                    "code": each["code"],
                    "label": each["label"].get("en", each["code"]),
                    "label_cy": each["label"].get("cy", ""),
                    "type": type_words(each["type"]),
                    "is_required": each.get("required", True),
                    "when": condition_words(each.get("when"), asked),
                    "is_first": each["code"] == asked[0]["code"],
                    "is_last": each["code"] == asked[-1]["code"],
                    "options": [option["label"].get("en", "") for option in each.get("options", ())],
                }
                for each in page["fields"]
            ],
        }
        for page in pages_in(_form(row))
    ]
    context = {
        "offering": row,
        "name": name_of(row),
        "pages": pages,
        "crumbs": crumbs_of(row, (gettext("The form"), "")),
    }
    return render(request, "catalogue/offerings/builder.html", context)


@require_http_methods(_EDITED)
@page_for(DEFINE_OFFERINGS)
def new_page(request: HttpRequest, code: str) -> HttpResponse:
    """A page with its first question: first what that asks for (`?type=`), then all of it."""
    row = get_offering(code)
    crumbs = _crumbs(row, (gettext("Add a page"), ""))
    type_ = request.GET.get("type", "")
    if type_ not in TYPES:
        return _choose_type(request, crumbs, gettext("Add a page: what does its first question ask for?"))
    before = _before(row)

    def changes(form: Any) -> Mapping[str, Any]:
        title = form.words("title")
        page_code = free_code(title.get("en", ""), [each["code"] for each in pages_in(_form(row))], "-")
        question = form.part([each["code"] for each in before])
        page = {"code": page_code, "title": title, "fields": [question]}
        return {"form": with_page(_form(row), page)}

    place = f"form.pages.{len(pages_in(_form(row)))}"
    return edit(
        request,
        row,
        Edit(
            title=gettext("Add a page with its first question"),
            button=gettext("Add the page"),
            crumbs=crumbs,
            form=lambda typed: QuestionForm(
                typed,
                initial={"seen": row.draft_version},
                type_=type_,
                question=None,
                before=before,
                starts_page=True,
            ),
            changes=changes,
            path=place,
            names=_in_page("fields.0") | {"title": "title_en"},
            saved=gettext("The page was added."),
            done=_address(row),
            context={"note": gettext("It asks for: %(type)s") % {"type": type_words(type_)}},
        ),
    )


@require_http_methods(_EDITED)
@page_for(DEFINE_OFFERINGS)
def form_page(request: HttpRequest, code: str, page: str) -> HttpResponse:
    """The title of a page, and when it is shown."""
    row = get_offering(code)
    there = find_page(_form(row), page)
    if there is None:
        raise NotFoundError(gettext("The form has no such page."))
    place = [each["code"] for each in pages_in(_form(row))].index(page)
    before = [each for other in pages_in(_form(row))[:place] for each in other["fields"]]

    def changes(form: Any) -> Mapping[str, Any]:
        changed = {name: part for name, part in (there | form.changes()).items() if part is not None}
        return {"form": with_page(_form(row), changed)}

    return edit(
        request,
        row,
        Edit(
            title=gettext("Page “%(name)s”") % {"name": there["title"].get("en", page)},
            button=gettext("Save"),
            crumbs=_crumbs(row, (there["title"].get("en", page), "")),
            form=lambda typed: PageForm(
                typed, initial={"seen": row.draft_version}, page=there, before=before
            ),
            changes=changes,
            path=f"form.pages.{place}",
            saved=gettext("The page was saved."),
            done=_address(row),
        ),
    )


@require_http_methods(_EDITED)
@page_for(DEFINE_OFFERINGS)
def new_question(request: HttpRequest, code: str, page: str) -> HttpResponse:
    """Another question for a page: first what it asks for (`?type=`), then all of it."""
    row = get_offering(code)
    there = find_page(_form(row), page)
    if there is None:
        raise NotFoundError(gettext("The form has no such page."))
    title = there["title"].get("en", page)
    crumbs = _crumbs(row, (gettext("Add a question"), ""))
    type_ = request.GET.get("type", "")
    if type_ not in TYPES:
        words = gettext("Add a question to “%(name)s”: what does it ask for?") % {"name": title}
        return _choose_type(request, crumbs, words)
    place = [each["code"] for each in pages_in(_form(row))].index(page)
    return _question(
        request,
        row,
        title=gettext("Add a question to “%(name)s”") % {"name": title},
        button=gettext("Add the question"),
        crumbs=crumbs,
        page=page,
        type_=type_,
        question=None,
        before=[each for other in pages_in(_form(row))[: place + 1] for each in other["fields"]],
        place=f"form.pages.{place}.fields.{len(there['fields'])}",
    )


@require_http_methods(_EDITED)
@page_for(DEFINE_OFFERINGS)
def form_question(request: HttpRequest, code: str, question: str) -> HttpResponse:
    """One question."""
    row = get_offering(code)
    found = find_question(_form(row), question)
    if found is None:
        raise NotFoundError(gettext("The form has no such question."))
    page, there = found
    place = [each["code"] for each in pages_in(_form(row))].index(page["code"])
    within = [each["code"] for each in page["fields"]].index(question)
    label = there["label"].get("en", question)
    return _question(
        request,
        row,
        title=gettext("Question “%(name)s”") % {"name": label},
        button=gettext("Save"),
        crumbs=_crumbs(row, (label, "")),
        page=page["code"],
        type_=there["type"],
        question=there,
        before=_before(row, question),
        place=f"form.pages.{place}.fields.{within}",
    )


def _question(
    request: HttpRequest,
    row: Any,
    *,
    title: str,
    button: str,
    crumbs: Sequence[tuple[str, str]],
    page: str,
    type_: str,
    question: Mapping[str, Any] | None,
    before: Sequence[Any],
    place: str,
) -> HttpResponse:
    def changes(form: Any) -> Mapping[str, Any]:
        taken = [each["code"] for _page, each in questions_in(_form(row))]
        part = form.part(taken)
        if question is None and part["code"] in taken:
            raise RuleError(
                gettext("The question cannot be added like this."),
                fields={f"{place}.code": gettext("Another question has this code.")},
            )
        return {"form": with_question(_form(row), page, part)}

    return edit(
        request,
        row,
        Edit(
            title=title,
            button=button,
            crumbs=crumbs,
            form=lambda typed: QuestionForm(
                typed, initial={"seen": row.draft_version}, type_=type_, question=question, before=before
            ),
            changes=changes,
            path=place,
            names=_in_page(""),
            saved=gettext("The question was saved."),
            done=_address(row),
            context={"note": gettext("It asks for: %(type)s") % {"type": type_words(type_)}},
        ),
    )


def _choose_type(request: HttpRequest, crumbs: Sequence[tuple[str, str]], title: str) -> HttpResponse:
    form = TypeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        return HttpResponseRedirect(f"?type={form.cleaned_data['type']}")
    return show_form(request, form, title, gettext("Continue"), crumbs)


def _in_page(above: str) -> dict[str, str]:
    """Which field a part of a question is, below this path."""
    parts = {name: name for name in ("code", "required", "options", "mask", "when", "whole")}
    parts |= {
        f"{words}.{language}": f"{words}_{language}"
        for words in ("label", "hint")
        for language in ("en", "cy")
    }
    parts |= {name: name for name in ("min", "max", "min_length", "max_length", "min_count", "max_count")}
    parts |= {"label": "label_en", "earliest": "earliest", "latest": "latest"}
    compared = {f"when.{test}": "when_number" for test in ("at_least", "at_most")}
    return {f"{above}.{path}".strip("."): name for path, name in (parts | compared).items()}


def _form(row: Any) -> Any:
    return row.design.get("form")


def _before(row: Any, question: str = "") -> list[Any]:
    """The questions before one; all of them without one."""
    found = []
    for _page, each in questions_in(_form(row)):
        if each["code"] == question:
            break
        found.append(each)
    return found


def _address(row: Any) -> str:
    return reverse("catalogue:offering_form", args=[row.code])


def _crumbs(row: Any, *more: tuple[str, str]) -> list[tuple[str, str]]:
    return crumbs_of(row, (gettext("The form"), _address(row)), *more)
