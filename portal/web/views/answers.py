"""The questions of something that is being requested: one page of its form at a time."""

from typing import Any, BinaryIO, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from catalogue.public import (
    AnswersForm,
    asked_on,
    changes_between,
    form_of,
    in_language,
    offering_version,
    pages_of,
    services_on_offer,
)
from design.languages import content_language
from lifecycle.public import NotFoundError, RuleError
from people.public import Actor, organisations
from portal.web.views.page import portal_page
from portal.web.views.request import go_on
from requests_app.public import LineView, add_file, answer_page, line_of_basket, remove_file


@require_safe
@portal_page
def next_page(request: HttpRequest, actor: Actor, line_id: UUID) -> HttpResponse:
    """`/basket/<line>/`: on to the first page that is not answered yet, else to the first one, to change it."""
    line = line_of_basket(actor, line_id)
    if line.card is None or line.is_outdated:
        return _changed(request, line)
    left = line.pages_left or pages_of(line.version, line.answers)
    if not left:
        return redirect("portal:basket")
    return redirect("portal:answer", line_id=line_id, page=left[0])


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def answer(request: HttpRequest, actor: Actor, line_id: UUID, page: str) -> HttpResponse:
    """`/basket/<line>/<page>/`: ask, keep, go on."""
    line = line_of_basket(actor, line_id)
    if line.card is None or line.is_outdated:
        return _changed(request, line, typed=request.POST if request.method == "POST" else None)
    if page not in pages_of(line.version, line.answers):
        return redirect("portal:answer_next", line_id=line_id)
    if request.method == "POST":
        return _keep(request, actor, line, page)
    return _show(request, line, page, _form(line, page, line.answers))


def _keep(request: HttpRequest, actor: Actor, line: LineView, page: str) -> HttpResponse:
    """Keep what was typed; files are kept as soon as they arrive, so that a mistake elsewhere loses none."""
    now = timezone.now()
    removed = request.POST.get("remove", "")
    if removed:
        remove_file(line_id=line.id, file_id=removed, actor=actor)
        line = line_of_basket(actor, line.id)
    form = _form(line, page, line.answers, data=request.POST)
    files, refused = _add_files(request, actor, line, form)
    form.is_valid()
    typed = {code: value for code, value in line.answers.items() if code not in form.questions}
    typed |= form.answers() | files
    if removed or "upload" in request.POST:
        # Files sent with their own button: what is missing elsewhere on the page is not a mistake yet.
        line = line_of_basket(actor, line.id)
        return _show(request, line, page, _form(line, page, typed), answers=typed)
    asked = asked_on(line.version, page, typed)
    news = [field for field in asked if field.code not in form.questions]
    if news and not form.errors:
        # The answers call for more on this page: ask it, with what was typed kept.
        return _show(request, line, page, _form(line, page, typed), answers=typed, has_more=True)
    form.refuse(refused)
    if not form.errors:
        given = {code: value for code, value in typed.items() if code in form.questions}
        try:
            kept = answer_page(line_id=line.id, page=page, answers=given, actor=actor, at=now)
        except RuleError as error:
            missing = [code for code in form.questions if code not in given and code in error.fields]
            form.refuse({code: why for code, why in error.fields.items() if code not in missing}, missing)
        else:
            return go_on(request, kept)
    return _show(request, line_of_basket(actor, line.id), page, form, status=422, answers=typed)


def _add_files(
    request: HttpRequest, actor: Actor, line: LineView, form: AnswersForm
) -> tuple[dict[str, list[str]], dict[str, str]]:
    """The answers to questions for files: those kept already, and those that came now."""
    found: dict[str, list[str]] = {}
    refused: dict[str, str] = {}
    for code, field in form.questions.items():
        if field.type != "file":
            continue
        kept = [key for key in request.POST.getlist(f"{code}-kept") if key in line.files]
        for file in request.FILES.getlist(code):
            try:
                added = add_file(
                    line_id=line.id,
                    name=file.name or "",
                    content=cast("BinaryIO", file),
                    actor=actor,
                    at=timezone.now(),
                )
            except RuleError as error:
                refused[code] = error.fields.get("files", error.message)
            else:
                kept.append(str(added.pk))
        if kept:
            found[code] = kept
    return found, refused


def _form(line: LineView, page: str, answers: Any, *, data: Any = None) -> AnswersForm:
    asked = asked_on(line.version, page, answers)
    if data is not None:
        # As it was shown: a question that only the new answers call for is not missing yet.
        shown = set(data.getlist("asked"))
        fields = [field for each in form_of(line.version).pages if each.code == page for field in each.fields]
        asked = [field for field in fields if field.code in shown]
    return AnswersForm(
        data,
        fields=asked,
        language=content_language(),
        answers=answers,
        organisations=[(row.code, row.name) for row in organisations()],
        services=[(row.code, row.name) for row in services_on_offer()],
    )


def _show(
    request: HttpRequest,
    line: LineView,
    page: str,
    form: AnswersForm,
    *,
    status: int = 200,
    answers: Any = None,
    has_more: bool = False,
) -> HttpResponse:
    answers = line.answers if answers is None else answers
    pages = pages_of(line.version, answers)
    before = pages[pages.index(page) - 1] if page in pages and pages.index(page) else ""
    whole = form_of(line.version).page(page)
    if whole is None:
        raise NotFoundError(gettext("There is no such page."))
    words = line.version.design["name"]
    context = {
        "line": line,
        "name": in_language(words, content_language()),
        "title": in_language(whole.title, content_language()),
        "form": form,
        "has_files": any(field.type == "file" for field in form.questions.values()),
        "kept": [
            {"code": code, "id": key, "name": line.files[key].name, "size": line.files[key].size}
            for code, field in form.questions.items()
            if field.type == "file"
            for key in answers.get(code, [])
            if key in line.files
        ],
        "asked": list(form.questions),
        "has_more": has_more,
        "place": pages.index(page) + 1 if page in pages else 1,
        "count": len(pages),
        "back_url": reverse("portal:answer", args=[line.id, before])
        if before
        else reverse("portal:offer", args=[line.code]),
    }
    return render(request, "portal/request/answer.html", context, status=status)


def _changed(request: HttpRequest, line: LineView, *, typed: Any = None) -> HttpResponse:
    """The offering changed, or went, since the form was begun: what changed, and nothing that was typed is lost."""
    words = line.version.design["name"]
    context: dict[str, Any] = {"line": line, "name": in_language(words, content_language()), "changes": []}
    if line.card is not None:
        now = offering_version(line.code, line.card.number)
        context["changes"] = changes_between(line.version, now, content_language())
    if typed is not None:
        context["typed"] = [
            value
            for name in typed
            if name not in ("csrfmiddlewaretoken", "asked")
            for value in typed.getlist(name)
            if value.strip()
        ]
    return render(request, "portal/request/changed.html", context, status=200 if typed is None else 409)
