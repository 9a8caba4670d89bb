"""A form whose change is held against what services promise."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from doors.web.views import add_errors
from lifecycle.public import RuleError
from sla.queries.composition import view_of
from sla.services.promises import PromiseCannotBeKeptError
from sla.web.forms.promises import ReasonForm


def held_form(
    request: HttpRequest,
    row: Any,
    form: ReasonForm,
    act: Callable[[str], None],
    words: Mapping[str, str],
    *,
    findings: Any = (),
    template: str = "sla/held_form.html",
    names: Callable[[], dict[str, str]] = dict,
) -> HttpResponse:
    """Show the form of a service, or do what it says: what speaks against it is shown, and no text is lost.

    `words`: title, button_text, and what is told once it is done. `names`: what the service calls fields, and the form.
    """
    back = reverse("sla:service", args=[row.code])
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                act(form.cleaned_data["accepted_because"])
            except PromiseCannotBeKeptError as error:
                findings = [view_of(verdict) for short in error.shortfalls for verdict in short.findings]
                form.add_error(
                    "accepted_because",
                    gettext("Say why it is promised although the parts cannot keep it, or change the parts."),
                )
            except RuleError as error:
                add_errors(form, error, names())
            else:
                messages.success(request, words["done"])
                return HttpResponseRedirect(back)
    context = {
        "form": form,
        "findings": findings,
        "service": row,
        "service_url": back,
        "crumbs": [
            (gettext("Services"), reverse("sla:services")),
            (row.name, back),
            (words["title"], ""),
        ],
    }
    return render(request, template, {**context, **words}, status=status)


def typed(request: HttpRequest) -> QueryDict | None:
    """What was typed, None on the way in."""
    return request.POST if request.method == "POST" else None
