"""A form whose change is held against promises: what speaks against it is shown, and nothing typed is lost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext

from doors.web.views import add_errors
from lifecycle.public import RuleError, StaleVersionError
from sla.queries.composition import VerdictView, view_of
from sla.services.promises import PromiseCannotBeKeptError
from sla.web.forms.promises import ReasonForm


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A change to be held against promises. `act` makes it, with the reason given, or is refused.

    `crumbs` lead here, the last but one to where `back_url` does. `place` gives the form's field for what a service
    says of a part of the change. `version` and `now` tell of what is being changed as it stands: its version, and what
    it says in words, shown where somebody else was faster.
    """

    title: str
    button_text: str
    done: str
    back_url: str
    back_text: str
    crumbs: Sequence[tuple[str, str]]
    form: ReasonForm
    act: Callable[[str], object]
    place: Callable[[str], str] = str
    findings: Sequence[VerdictView] = ()
    version: Callable[[], int] | None = None
    now: Callable[[], Sequence[str]] = tuple
    template: str = "sla/held_form.html"
    context: Mapping[str, Any] = field(default_factory=dict)


def hold(request: HttpRequest, holding: Holding) -> HttpResponse:
    """Show the form, or make the change and go back; 422 where it is refused, 409 where somebody was faster."""
    form = holding.form
    if request.method != "POST":
        return _show(request, holding, status=200)
    if not form.is_valid():
        return _show(request, holding, status=422)
    try:
        holding.act(form.cleaned_data["accepted_because"])
    except PromiseCannotBeKeptError as error:
        findings = [view_of(verdict) for short in error.shortfalls for verdict in short.findings]
        form.add_error(
            "accepted_because",
            gettext("Say why it is promised although the parts cannot keep it, or change something."),
        )
        return _show(request, holding, status=422, findings=findings)
    except StaleVersionError:
        _see_newest(form, holding)
        return _show(request, holding, status=409, is_conflict=True, theirs=holding.now())
    except RuleError as error:
        fields = {holding.place(name): words for name, words in error.fields.items()}
        add_errors(form, RuleError(error.message, fields=fields))
        return _show(request, holding, status=422)
    messages.success(request, holding.done)
    return HttpResponseRedirect(holding.back_url)


def typed(request: HttpRequest) -> QueryDict | None:
    """What was sent with the form."""
    return request.POST if request.method == "POST" else None


def _see_newest(form: ReasonForm, holding: Holding) -> None:
    """Let the same form be sent again, now meant for what stands there."""
    if holding.version is not None:
        data = QueryDict(mutable=True)
        data.update(form.data)
        data["seen"] = str(holding.version())
        form.data = data


def _show(request: HttpRequest, holding: Holding, *, status: int, **more: Any) -> HttpResponse:
    context = {
        "form": holding.form,
        "title": holding.title,
        "button_text": holding.button_text,
        "findings": holding.findings,
        "back_url": holding.back_url,
        "back_text": holding.back_text,
        "crumbs": holding.crumbs,
    }
    return render(request, holding.template, context | dict(holding.context) | more, status=status)
