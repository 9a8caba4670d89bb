"""The preview: the pages of a draft or version as users see them, in either language, conditions and checks at work."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from catalogue.engine.forms import (
    Field,
    Form,
    check_page,
    in_language,
    pages_asked,
    read_form,
)
from catalogue.policy import DEFINE_OFFERINGS
from catalogue.queries.services import services_on_offer
from catalogue.services.answers import reason_in_words
from catalogue.web.forms.answers import AnswersForm
from catalogue.web.views.designs import shown_design
from catalogue.web.views.trying import what_it_makes
from design.languages import speaking
from doors.web.views import actor_of, page_for
from people.public import organisations, today_in_tenant

_LANGUAGES = ("en", "cy")


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE_OFFERINGS)
def offering_preview(request: HttpRequest, code: str) -> HttpResponse:
    """A page of the form of the draft or of a `?version=` (`&language=`); nothing that is typed is kept."""
    subject = shown_design(request, code)
    design = subject.design
    whole = read_form(design.get("form"))
    language = request.GET.get("language", "en")
    language = language if language in _LANGUAGES else "en"
    kept: Mapping[str, Any] = _kept(request)
    pages = pages_asked(whole, kept)
    here = request.POST.get("page", "")
    page = here if here in pages else pages[0] if pages else ""
    form = None
    status = 200
    with speaking("cy" if language == "cy" else "en-gb"):
        if request.method == "POST" and here in pages and "restart" not in request.POST:
            form, kept, wrong = _checked(request, whole, here, kept, language)
            if form.errors or wrong:
                status = 422
            else:
                pages = pages_asked(whole, kept)
                rest = pages[pages.index(here) + 1 :] if here in pages else pages
                page = rest[0] if rest else ""
                form = None
        if page and form is None:
            form = _form(whole, page, kept, language)
        shown = whole.page(page) if page else None
        drawn = render_to_string(
            "catalogue/offerings/preview_page.html",
            {
                "form": form,
                "title": in_language(shown.title, language) if shown else "",
                "asked": [each.code for each in form.questions.values()] if form else [],
                "page": page,
                "kept": json.dumps(kept),
                "words": {
                    part: design.get(part, {}).get(language, "")
                    for part in ("name", "summary", "description")
                },
                "is_first": not here or page == (pages[0] if pages else ""),
            },
            request=request,
        )
    context = {
        "offering": subject.offering,
        "version": subject.version,
        "name": subject.name,
        "drawn": drawn,
        # Told in the words of whoever designs it, not in those of the preview.
        "makes": None if page else what_it_makes(design, kept, timezone.now()),
        "language": language,
        "tabs": [
            {
                "label": label,
                "url": f"?{subject.query}language={name}",
                "current": name == language,
                "count": None,
            }
            for name, label in (("en", gettext("English")), ("cy", gettext("Welsh")))
        ],
        "crumbs": subject.crumbs(gettext("Preview")),
    }
    return render(request, "catalogue/offerings/preview.html", context, status=status)


def _checked(
    request: HttpRequest, whole: Form, page: str, kept: Mapping[str, Any], language: str
) -> tuple[AnswersForm, Mapping[str, Any], bool]:
    """What was typed on a page: the form with what is wrong, all answers, and whether something is wrong."""
    asked = set(request.POST.getlist("asked"))
    fields = [each for where, each in whole.fields() if where.code == page and each.code in asked]
    form = _form(whole, page, kept, language, data=request.POST, fields=fields)
    form.is_valid()
    today = today_in_tenant(actor_of(request), timezone.now())
    checked = check_page(whole, page, kept, form.answers(), today=today)
    by_code = {each.code: each for _where, each in whole.fields()}
    wrong = {
        code: reason
        for code, reason in checked.wrong.items()
        if by_code[code].type != "file"  # files are not taken here
    }
    new = [code for code in wrong if code not in form.fields]
    form.refuse(
        {
            code: reason_in_words(reason, in_language(by_code[code].label, language))
            for code, reason in wrong.items()
            if code in form.fields
        }
    )
    if new and not form.errors:
        # The answers call for more questions on the same page: show them, without a word of blame.
        return _form(whole, page, checked.answers, language), checked.answers, True
    return form, checked.answers, bool(wrong)


def _form(
    whole: Form,
    page: str,
    answers: Mapping[str, Any],
    language: str,
    *,
    data: Any = None,
    fields: list[Field] | None = None,
) -> AnswersForm:
    asked = [each for where, each in whole.asked(answers) if where.code == page] if fields is None else fields
    return AnswersForm(
        data,
        fields=asked,
        language=language,
        answers=answers,
        organisations=[(row.code, row.name) for row in organisations()],
        services=[(row.code, row.name) for row in services_on_offer()],
    )


def _kept(request: HttpRequest) -> dict[str, Any]:
    """The answers of the pages before, as the page itself carries them."""
    try:
        kept = json.loads(request.POST.get("kept", "{}")[:100_000])
    except (ValueError, RecursionError):
        return {}
    return kept if isinstance(kept, dict) and "restart" not in request.POST else {}
