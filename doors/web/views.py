"""What pages of the desk's shell share: who is let in, what a service refused beside its field, lists page by page."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext

from doors.engine.keyset import CursorError, Order, Page, page_of
from lifecycle.public import DomainError, ForbiddenError
from people.public import Actor, role_names_with

P = ParamSpec("P")
PAGE_LENGTH = 50
_BATCH = 500
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def page_for(permission: str) -> Callable[[View[P]], View[P]]:
    """A page for holders of a permission: others are asked to log in, or told the role that they lack."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if getattr(request, "actor", None) is None:
                if not request.user.is_authenticated:
                    return redirect_to_login(request.get_full_path())
                return render(request, "errors/403.html", status=403)
            try:
                _require(actor_of(request), permission)
                return view(request, *args, **kwargs)
            except ForbiddenError as error:
                return render(request, "errors/403.html", _what_to_ask_for(request, error), status=403)

        return page

    return decorate


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in this request. Only behind `page_for`, which lets nobody in without an actor."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    return actor


def add_errors(form: forms.Form, error: DomainError, names: dict[str, str] | None = None) -> None:
    """Put what a service refused beside the fields it named (`names`: of the service → of the form), else on top."""
    elsewhere = [] if error.fields else [error.message]
    for name, message in error.fields.items():
        field = (names or {}).get(name, name)
        if field in form.fields:
            form.add_error(field, message)
        else:
            elsewhere.append(message)
    for message in elsewhere:
        form.add_error(None, message)


def page_at(
    request: HttpRequest, rows: QuerySet[Any], order: Order, *, limit: int = PAGE_LENGTH
) -> Page[Any]:
    """The page that the address asks for. A cursor that is not of this list starts at the top."""
    try:
        return page_of(rows, order=order, limit=limit, cursor=request.GET.get("cursor", ""))
    except CursorError:
        return page_of(rows, order=order, limit=limit)


def every_row(rows: QuerySet[Any], order: Order) -> Iterator[Any]:
    """All the rows of a list, read page by page as they are wanted; no more than a page is held."""
    cursor = ""
    while True:
        page = page_of(rows, order=order, limit=_BATCH, cursor=cursor)
        yield from page.rows
        cursor = page.next_cursor
        if not cursor:
            return


def cursor_links(request: HttpRequest, page: Page[Any]) -> dict[str, str]:
    """Addresses of the pages before and after, with the filters of this one."""

    def address(cursor: str) -> str:
        if not cursor:
            return ""
        query = request.GET.copy()
        query["cursor"] = cursor
        return f"?{query.urlencode()}"

    return {"next_url": address(page.next_cursor), "previous_url": address(page.previous_cursor)}


def _require(actor: Actor, permission: str) -> None:
    if not actor.may(permission):
        words = gettext("This page needs a permission that your roles do not carry.")
        raise ForbiddenError(words, permission=permission)


def _what_to_ask_for(request: HttpRequest, error: ForbiddenError) -> dict[str, object]:
    roles = role_names_with(error.permission) if error.permission else []
    givers = role_names_with("admin:use")
    return {
        "error": error,
        "role": gettext(" or ").join(map(gettext, roles)),
        "ask": gettext("your %(role)s") % {"role": gettext(givers[0]).lower()} if givers else "",
        "reference": getattr(request, "id", ""),
    }
