"""Requesting something: the catalogue, one offering, and its questions."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from catalogue.public import price_in_words
from design.languages import content_language
from lifecycle.public import NotFoundError, RuleError
from people.public import Actor
from portal.engine.promises import offer_ready_in_words
from portal.queries.offers import OfferLine, offer_detail, offer_page
from portal.web.views.page import portal_page
from requests_app.public import get_request, request_again, start_line

QUERY_MAX = 200


def offer_rows(lines: list[OfferLine] | Any) -> list[dict[str, Any]]:
    """Offerings as lists show them."""
    return [
        {
            "name": line.name,
            "summary": line.summary,
            "price": price_in_words(line.price, line.period),
            "url": reverse("portal:offer", args=[line.code]),
        }
        for line in lines
    ]


@require_safe
@portal_page
def catalogue(request: HttpRequest, actor: Actor) -> HttpResponse:
    """`/request/?q=&category=&after=`: what the reader may have."""
    text = request.GET.get("q", "").strip()[:QUERY_MAX]
    category, after = request.GET.get("category", ""), request.GET.get("after", "")
    page = offer_page(actor, content_language(), text=text, category=category, after=after)
    address = reverse("portal:catalogue")

    def link(**changed: str) -> str:
        given = {"q": text, "category": category} | changed
        kept = {name: value for name, value in given.items() if value}
        return f"{address}?{urlencode(kept)}" if kept else address

    context = {
        "text": text,
        "category": category,
        "offers": offer_rows(page.lines),
        "total": page.total,
        "shelves": [
            {
                "name": shelf.name,
                "count": shelf.count,
                "url": link(category=shelf.code),
                "current": shelf.code == category,
            }
            for shelf in page.shelves
        ],
        "all_url": link(category=""),
        "next_url": link(after=page.next_after) if page.next_after else "",
        "previous_url": "" if page.previous_after is None else link(after=page.previous_after),
    }
    return render(request, "portal/request/catalogue.html", context)


@require_safe
@portal_page
def offer(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """`/request/<code>/`: what it is, what it costs, who approves it, how long it takes."""
    detail = offer_detail(actor, code, content_language(), timezone.now())
    context = {
        "offer": detail,
        "price": price_in_words(detail.price, detail.period),
        "ready": offer_ready_in_words(detail.promise, is_approved=detail.is_approved),
    }
    return render(request, "portal/request/offer.html", context)


@require_POST
@portal_page
def start(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Begin to request it: on to its questions, or into the basket when there are none."""
    try:
        line = start_line(offering=code, actor=actor, at=timezone.now())
    except RuleError as refused:
        messages.error(request, refused.message)
        return redirect("portal:basket")
    return go_on(request, line)


@require_POST
@portal_page
def again(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """`/records/<number>/again/`: request the same once more, with its answers to look over."""
    record = get_request(actor, number)
    try:
        line = request_again(record=record, actor=actor, at=timezone.now())
    except NotFoundError:
        messages.error(request, gettext("This is not offered to you any more"))
        return redirect("portal:record", number=number)
    except RuleError as refused:
        messages.error(request, refused.message)
        return redirect("portal:basket")
    return go_on(request, line)


def go_on(request: HttpRequest, line: Any) -> HttpResponse:
    """To the next page that the line's form still asks, or to the basket."""
    if line.place == "answering":
        return HttpResponseRedirect(reverse("portal:answer_next", args=[line.pk]))
    messages.success(request, gettext("It is in your basket"))
    return redirect("portal:basket")


def key_of(text: str) -> UUID | None:
    """A key from an address or a form; None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None
