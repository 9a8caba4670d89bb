"""Taking a step on a record: a form to read, a post to act, the typed text never lost."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from desk.engine.history import history_lines
from desk.engine.kinds import address_of
from desk.engine.wording import state_labels, step_title
from desk.queries.hand_over import hand_over_hint
from desk.queries.record import changes_since
from desk.web.forms import StepForm
from desk.web.views.access import actor_of, desk_page
from desk.web.views.kinds import KINDS
from desk.web.views.steps import Given, StepPage
from lifecycle.public import IllegalStepError, NotFoundError, RuleError, StaleVersionError
from people.public import Actor
from records.public import Record, get_record, kind_of, require


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def act(request: HttpRequest, kind: str, number: str, action: str) -> HttpResponse:
    """Show a step's form, or take the step and go back to where the person was."""
    actor = actor_of(request)
    record = get_record(actor, number, kind)
    page = KINDS[kind].steps.get(action)
    if page is None:
        raise NotFoundError(gettext("There is no such step."))
    if page.permission:
        require(actor, page.permission)
    form = _form(request, action, page, actor, record)
    if request.method != "POST":
        _check_offered(action, actor, record)
        return _show(request, action, record, form, status=200)
    if "show_members" in request.POST:
        return _show(
            request, action, record, _form(request, action, page, actor, record, is_fresh=True), status=200
        )
    if not form.is_valid():
        return _show(request, action, record, form, status=422)
    given = Given(record, form.cleaned_data, frozenset(form.changed_data), actor, timezone.now())
    try:
        page.run(given)
    except (StaleVersionError, IllegalStepError) as error:
        return _show_conflict(request, action, page, given, error)
    except RuleError as error:
        add_rule_errors(form, error)
        return _show(request, action, record, form, status=422)
    messages.success(request, f"{record.number}: {step_title(f'{kind}:{action}')}")
    return HttpResponseRedirect(where_next(request, record))


def add_rule_errors(form: forms.Form, error: RuleError) -> None:
    """Put what a service refused beside the fields it named; what has no field goes to the whole form."""
    elsewhere = [] if error.fields else [error.message]
    for name, message in error.fields.items():
        if name in form.fields:
            form.add_error(name, message)
        else:
            elsewhere.append(message)
    for message in elsewhere:
        form.add_error(None, message)


def where_next(request: HttpRequest, record: Record) -> str:
    """The page of this site that the form names, else the record's own."""
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return address_of(record.kind, record.number)


def _form(
    request: HttpRequest,
    action: str,
    page: StepPage,
    actor: Actor,
    record: Record,
    *,
    data: Any = None,
    is_fresh: bool = False,
) -> StepForm:
    typed = request.POST if request.method == "POST" else request.GET
    arguments = page.arguments(actor, record, typed.dict())
    start = {"version": record.version, "next": request.GET.get("next", "")}
    arguments["initial"] = arguments.get("initial", {}) | start
    if is_fresh:
        return page.form(**arguments | {"initial": arguments["initial"] | typed.dict()})
    if request.method == "POST":
        return page.form(data or request.POST, request.FILES, **arguments)
    return page.form(**arguments)


def _check_offered(action: str, actor: Actor, record: Record) -> None:
    """Raises what the step would raise, where it is plain before anything was typed."""
    lifecycle = kind_of(record.kind).lifecycle
    if action not in lifecycle.transitions:
        return
    offer = next((step for step in KINDS[record.kind].offers(actor, record) if step.name == action), None)
    if offer is None:
        lifecycle.check(record, actor, action, {})
        raise NotFoundError(gettext("There is no such step."))
    if not offer.allowed:
        raise RuleError(offer.reason)


def _show(
    request: HttpRequest, action: str, record: Record, form: StepForm, *, status: int, **more: Any
) -> HttpResponse:
    pages, actor = KINDS[record.kind], actor_of(request)
    page, address = pages.steps[action], address_of(record.kind, record.number)
    context = {
        "form": form,
        "action": action,
        "step": page,
        "record": record,
        "state": state_labels(record.kind)[record.state],
        "words": pages.words,
        "hand_over": hand_over_hint(actor, record, str(form["support_group"].value()), timezone.now())
        if action == "assign"
        else "",
        "action_url": f"{address}{action}/",
        "record_url": address,
        "crumbs": [
            (pages.words.plural, f"/desk/{pages.listing.feed}/"),
            (record.number, address),
            (str(page.title), ""),
        ],
    }
    return render(request, "desk/records/step.html", context | more, status=status)


def _show_conflict(
    request: HttpRequest,
    action: str,
    page: StepPage,
    given: Given,
    error: StaleVersionError | IllegalStepError,
) -> HttpResponse:
    """What the others did since the person looked, and the same form again, on the version as it is now."""
    actor = given.actor
    record = get_record(actor, given.record.number, given.record.kind)
    changes = changes_since(actor, record, given.data["version"])
    typed = request.POST.copy()
    typed["version"] = str(record.version)
    form = _form(request, action, page, actor, record, data=typed)
    offered = {step.name for step in KINDS[record.kind].offers(actor, record) if step.allowed}
    return _show(
        request,
        action,
        record,
        form,
        status=409,
        is_conflict=True,
        is_still_possible=action in offered or action not in kind_of(record.kind).lifecycle.transitions,
        error=error,
        changes=history_lines(changes),
        rows=_differences(form),
    )


def _differences(form: StepForm) -> list[dict[str, str]]:
    """What was typed beside what is saved now, where a field shows something saved."""
    saved_names = [
        name for name in form.initial if name not in ("version", "next") and name in form.changed_data
    ]
    return [
        {
            "label": str(form[name].label),
            "yours": _shown(form, name, form[name].value()),
            "theirs": _shown(form, name, form.initial[name]),
        }
        for name in saved_names
    ]


def _shown(form: StepForm, name: str, value: Any) -> str:
    choices = getattr(form.fields[name], "choices", ())
    return str({str(key): label for key, label in choices}.get(str(value), value or ""))
