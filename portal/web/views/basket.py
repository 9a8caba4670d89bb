"""The basket: look, change, check, order."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from catalogue.public import Shown, in_language, price_in_words, shown_answers
from design.languages import content_language
from lifecycle.public import NotFoundError, RuleError, StaleVersionError
from people.public import Actor
from portal.engine.lines import report_lines
from portal.engine.promises import ready_in_words
from portal.queries.lines import lines_of
from portal.web.views.page import portal_page
from portal.web.views.request import go_on, key_of
from requests_app.public import (
    BasketView,
    LineView,
    basket_of,
    get_order,
    needs_approval,
    promised_lines,
    put_back,
    records_of_order,
    remove_line,
    renew_line,
    save_for_later,
    set_quantity,
    set_recipient,
    submit_basket,
)


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def basket(request: HttpRequest, actor: Actor) -> HttpResponse:
    """`/basket/`: what is about to be ordered, what is half answered, what is saved for later."""
    if request.method == "POST":
        return _change(request, actor)
    return _show(request, actor)


def _change(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One change of one line, named by the button that was pressed: `save:<key>`."""
    action, _, key = request.POST.get("do", "").partition(":")
    line_id, now = key_of(key), timezone.now()
    if line_id is None or action not in {*_CHANGES, "update", "renew"}:
        raise NotFoundError(gettext("There is no such line in your basket."))
    try:
        if action == "update":
            _update(request, actor, line_id)
        elif action == "renew":
            return go_on(request, renew_line(line_id=line_id, actor=actor, at=now))
        else:
            _CHANGES[action](line_id=line_id, actor=actor, at=now)
    except RuleError as refused:
        return _show(request, actor, status=422, faulty=line_id, refused=refused)
    return redirect("portal:basket")


def _update(request: HttpRequest, actor: Actor, line_id: Any) -> None:
    now = timezone.now()
    if "quantity" in request.POST:
        typed = request.POST["quantity"].strip()
        if not typed.isdecimal() or len(typed) > 4:
            raise RuleError(
                gettext("Not a number."), fields={"quantity": gettext("Enter how many, as a whole number")}
            )
        set_quantity(line_id=line_id, quantity=int(typed), actor=actor, at=now)
    if "requested_for" in request.POST:
        set_recipient(line_id=line_id, email=request.POST["requested_for"], actor=actor, at=now)


_CHANGES: dict[str, Callable[..., Any]] = {
    "save": save_for_later,
    "back": put_back,
    "remove": remove_line,
}


def _show(
    request: HttpRequest,
    actor: Actor,
    *,
    status: int = 200,
    faulty: Any = None,
    refused: RuleError | None = None,
) -> HttpResponse:
    view = basket_of(actor)
    rows = _rows(view, actor)
    for row in rows:
        if row["line"].id == faulty and refused is not None:
            row["errors"] = refused.fields or {"": refused.message}
            row["quantity"] = request.POST.get("quantity", row["quantity"])
            row["requested_for"] = request.POST.get("requested_for", row["requested_for"])
    context = {
        "rows": rows,
        "unfinished": [_row(line, actor) for line in view.at("answering")],
        "saved": [_row(line, actor) for line in view.at("saved")],
        "total": _total(view),
        "can_order": view.can_be_ordered,
        "has_errors": refused is not None,
    }
    return render(request, "portal/basket/basket.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def check(request: HttpRequest, actor: Actor) -> HttpResponse:
    """`/basket/check/`: the whole order with its answers; POST orders it, once."""
    if request.method == "POST":
        seen = request.POST.get("version", "")
        try:
            order = submit_basket(
                seen_version=int(seen) if seen.isdecimal() and len(seen) < 10 else -1,
                actor=actor,
                at=timezone.now(),
            )
        except StaleVersionError:
            return _show_check(request, actor, status=409, is_stale=True)
        except RuleError as refused:
            return _show_check(request, actor, status=422, problems=_problems(refused))
        return redirect("portal:basket_done", number=order.number)
    if not basket_of(actor).at("basket"):
        return redirect("portal:basket")
    return _show_check(request, actor)


def _show_check(
    request: HttpRequest,
    actor: Actor,
    *,
    status: int = 200,
    problems: Sequence[str] = (),
    is_stale: bool = False,
) -> HttpResponse:
    view = basket_of(actor)
    rows = [row | {"answers": _answers(row["line"])} for row in _rows(view, actor)]
    context = {
        "version": view.version,
        "rows": rows,
        "total": _total(view),
        "problems": problems,
        "is_stale": is_stale,
    }
    return render(request, "portal/basket/check.html", context, status=status)


@require_safe
@portal_page
def done(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """`/basket/done/<number>/`: the order's reference, its requests, and what happens next."""
    order = get_order(actor, number)
    lines = lines_of(records_of_order(order), actor, timezone.now())
    return render(
        request,
        "portal/basket/done.html",
        {"order": order, "lines": report_lines(lines), "count": len(lines)},
    )


def _rows(view: BasketView, actor: Actor) -> list[dict[str, Any]]:
    """The lines that are about to be ordered, each with when it is ready."""
    promised = promised_lines(view, timezone.now())
    return [
        _row(line, actor)
        | {"ready": ready_in_words(promised.get(line.id), is_approved=needs_approval(line.version))}
        for line in view.at("basket")
    ]


def _row(line: LineView, actor: Actor) -> dict[str, Any]:
    words = line.version.design["name"]
    card = line.card
    return {
        "line": line,
        "name": in_language(words, content_language()),
        "url": reverse("portal:offer", args=[line.code]),
        "edit_url": reverse("portal:answer_next", args=[line.id]),
        "quantity": line.quantity,
        "requested_for": line.recipient_email,
        "may_be_for_others": card is not None and (card.for_others or actor.may("request:make-for")),
        "max_quantity": card.max_quantity if card else 1,
        "price": price_in_words(card.unit_price, card.period, line.quantity) if card else "",
        "is_gone": card is None,
        "has_form": bool(line.version.design.get("form", {}).get("pages")),
        "errors": {},
    }


def _answers(line: LineView) -> list[Shown]:
    names = {key: file.name for key, file in line.files.items()}
    return shown_answers(line.version, line.answers, content_language(), files=names)


def _total(view: BasketView) -> list[str]:
    """What all of it costs, by how often it is paid."""
    sums = view.totals
    found = [price_in_words(sums[period], period) for period in ("once", "month", "year") if period in sums]
    return found or [price_in_words(None)]


def _problems(refused: RuleError) -> list[str]:
    return list(dict.fromkeys(refused.fields.values())) or [refused.message]
