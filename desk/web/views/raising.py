"""Taking down a report for somebody."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from desk.queries.choices import category_choices, group_choices, people_like, service_choices
from desk.web.forms import RaiseForm
from desk.web.views.access import actor_of, desk_page
from desk.web.views.actions import add_rule_errors
from incidents.public import Report, raise_incident
from lifecycle.public import RuleError
from people.public import Actor
from records.public import require


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def raise_on_behalf(request: HttpRequest) -> HttpResponse:
    """Raise an incident for oneself or, with the permission, for somebody found by name or e-mail."""
    actor = actor_of(request)
    require(actor, "incident:raise")
    if request.method != "POST":
        person = request.GET.get("requester", "")
        return _show(request, _form(actor, person, initial={"requester": person, "urgency": 3}), status=200)
    typed = request.POST.get("requester", "").strip()
    people = people_like(actor, typed)
    form = _form(actor, typed, request.POST)
    if "find" in request.POST:
        # Only looking for the person: nothing is wrong yet, and all that was typed stays.
        form = _form(actor, typed, initial=request.POST.dict())
        return _show(request, form, status=200, is_nobody=bool(typed) and not people)
    if not form.is_valid():
        return _show(request, form, status=422)
    requester = _requester(form, people)
    if requester is None:
        form.add_error("requester", gettext("Choose who you mean, or give the whole e-mail address."))
        return _show(request, form, status=422)
    fields = ("title", "description", "service", "category", "support_group", "contact", "impact", "urgency")
    report = Report(requester=requester, **{name: form.cleaned_data[name] for name in fields})
    try:
        record = raise_incident(report=report, actor=actor, at=timezone.now())
    except RuleError as error:
        add_rule_errors(form, error)
        return _show(request, form, status=422)
    messages.success(request, gettext("%(number)s was raised.") % {"number": record.number})
    return HttpResponseRedirect(reverse("desk:incident", args=[record.number]))


def _form(actor: Actor, typed: str, *data: Any, **rest: Any) -> RaiseForm:
    return RaiseForm(
        *data,
        services=service_choices(),
        categories=category_choices(),
        groups=group_choices(),
        people=people_like(actor, typed),
        may_raise_for=actor.may("incident:raise-for"),
        **rest,
    )


def _requester(form: RaiseForm, people: list[tuple[str, str]]) -> str | None:
    """The e-mail of who is meant: chosen, typed in full, or the only one found. None when it is not clear."""
    typed = str(form.cleaned_data.get("requester", "")).strip()
    chosen = str(form.cleaned_data.get("chosen", ""))
    if chosen or not typed:
        return chosen
    emails = [email for email, _ in people]
    if "@" in typed:
        return typed
    return emails[0] if len(emails) == 1 else None


def _show(request: HttpRequest, form: RaiseForm, *, status: int, is_nobody: bool = False) -> HttpResponse:
    crumbs = [(gettext("Incidents"), reverse("desk:incident_list")), (gettext("New incident"), "")]
    return render(
        request,
        "desk/incidents/raise.html",
        {"form": form, "is_nobody": is_nobody, "crumbs": crumbs},
        status=status,
    )
