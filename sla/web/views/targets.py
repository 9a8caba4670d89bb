"""Targets: the list, one with its versions, writing and retiring them."""

from itertools import pairwise
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from doors.engine.keyset import Order
from doors.web.views import actor_of, cursor_links, page_at, page_for
from people.public import Actor
from sla.queries.definitions import (
    TargetLine,
    all_calendars,
    escalations_of,
    examples_of,
    get_target,
    makers_of,
    stored_target,
    target_lines,
    targets_like,
)
from sla.queries.wording import (
    Fact,
    differences,
    kind_words,
    metric_words,
    scope_in_words,
    short_kind_words,
    terms_in_words,
)
from sla.services.define import terms_of
from sla.services.edit_target import add_target_version, create_target, preview_target, version_to_be
from sla.services.preview import Preview
from sla.services.scopes import scope_codes
from sla.web.forms.fields import start_of
from sla.web.forms.targets import (
    OFFERED,
    NewTargetForm,
    RetireForm,
    TargetForm,
    new_target_initial,
    target_initial,
)
from sla.web.views.editing import Editing, edit
from sla.web.views.versions import version_lines

BY_CODE = Order("code", is_descending=False)


@require_safe
@page_for("sla:read")
def target_list(request: HttpRequest) -> HttpResponseBase:
    """Targets that the person may see, by kind and by what they measure."""
    actor, now = actor_of(request), timezone.now()
    kind, metric = request.GET.get("kind", ""), request.GET.get("metric", "")
    page = page_at(request, targets_like(actor, kind=kind, metric=metric, at=now), BY_CODE)
    lines = target_lines(actor)
    rows = []
    for row in page.rows:
        line = lines[row.pk]
        version = line.at(now)
        rows.append(
            {
                "line": line,
                "version": version,
                "kind": short_kind_words().get(version.kind, version.kind),
                "metric": metric_words().get(version.metric, version.metric),
                "covers": scope_in_words(version.scope),
                "is_to_come": version.effective_from > now,
            }
        )
    context = {
        "rows": rows,
        "kind": kind,
        "metric": metric,
        "kinds": list(kind_words().items()),
        "metrics": list(metric_words().items()),
        "may_define": actor.may("sla:define"),
        "crumbs": [(gettext("Definitions"), reverse("sla:index")), (gettext("Targets"), "")],
    }
    return render(request, "sla/targets.html", context | cursor_links(request, page))


@require_safe
@page_for("sla:read")
def target_page(request: HttpRequest, code: str) -> HttpResponseBase:
    """One target: what it promises, what that means, and its versions."""
    actor, now = actor_of(request), timezone.now()
    line = get_target(actor, code)
    version = line.at(now)
    facts = [_facts(actor, each) for each in line.versions]
    context = {
        "line": line,
        "version": version,
        "is_to_come": version.effective_from > now,
        "is_ended": line.latest.is_retired,
        "facts": [(fact.label, fact.value) for fact in _facts(actor, version)],
        "examples": examples_of(version, start=now, calendars=all_calendars(actor)),
        "versions": version_lines(
            line,
            facts=facts,
            changes=[[], *(differences(old, new) for old, new in pairwise(facts))],
            made=makers_of(actor, line),
            now=now,
        ),
        "may_define": actor.may("sla:define"),
        "crumbs": [*_crumbs(), (line.name, "")],
    }
    return render(request, "sla/target.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for("sla:define")
def target_new(request: HttpRequest) -> HttpResponseBase:
    """Write down a target."""
    actor, now = actor_of(request), timezone.now()

    def save(form: Any) -> str:
        data = form.cleaned_data
        made = create_target(
            code=data["code"], name=data["name"], draft=form.draft(), actor=actor, at=timezone.now()
        )
        return reverse("sla:target", args=[made.code])

    editing = Editing(
        title=gettext("New target"),
        crumbs=[*_crumbs(), (gettext("New target"), "")],
        template="sla/target_form.html",
        back_url=reverse("sla:targets"),
        make_form=lambda typed: NewTargetForm(
            typed, initial=new_target_initial() | start_of(now), **_choices(actor)
        ),
        preview=lambda form: preview_target(
            target=None, draft=form.draft(), actor=actor, at=now, code=form.cleaned_data["code"]
        ),
        words=lambda form, preview: _draft_in_words(actor, None, form, preview),
        save=save,
        saved=gettext("The target was saved."),
    )
    return edit(request, editing)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for("sla:define")
def target_edit(request: HttpRequest, code: str) -> HttpResponseBase:
    """Add a version to a target."""
    actor, now = actor_of(request), timezone.now()
    line = get_target(actor, code)
    scope = scope_codes(line.latest.scope)
    initial = target_initial(terms_of(line.latest), scope) | start_of(now) | {"seen": line.count}
    kept = {name: values for name, values in scope.items() if name not in OFFERED}
    editing = _editing(
        actor,
        line,
        title=gettext("Change %(name)s") % {"name": line.name},
        template="sla/target_form.html",
        saved=gettext("The target has a new version."),
        make_form=lambda typed: TargetForm(typed, initial=initial, kept_scope=kept, **_choices(actor)),
    )
    return edit(request, editing)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for("sla:define")
def target_retire(request: HttpRequest, code: str) -> HttpResponseBase:
    """Let a target apply to nothing from a time on."""
    actor, now = actor_of(request), timezone.now()
    line = get_target(actor, code)
    editing = _editing(
        actor,
        line,
        title=gettext("Retire %(name)s") % {"name": line.name},
        template="sla/retire.html",
        saved=gettext("The target is retired from the time you gave."),
        make_form=lambda typed: RetireForm(typed, initial=start_of(now) | {"seen": line.count}),
    )
    return edit(request, editing)


def _editing(actor: Actor, line: TargetLine, **rest: Any) -> Editing:
    address = reverse("sla:target", args=[line.code])

    def save(form: Any) -> str:
        add_target_version(
            target=stored_target(line),
            draft=form.draft(),
            actor=actor,
            at=timezone.now(),
            seen_version=form.cleaned_data["seen"],
        )
        return address

    return Editing(
        crumbs=[*_crumbs(), (line.name, address), (gettext("Change"), "")],
        back_url=address,
        preview=lambda form: preview_target(
            target=stored_target(line), draft=form.draft(), actor=actor, at=timezone.now()
        ),
        words=lambda form, preview: _draft_in_words(actor, line, form, preview),
        save=save,
        count=line.count,
        context={"line": line},
        **rest,
    )


def _facts(actor: Actor, version: Any) -> list[Fact]:
    return terms_in_words(version, escalations_of(actor, version))


def _crumbs() -> list[tuple[str, str]]:
    return [(gettext("Definitions"), reverse("sla:index")), (gettext("Targets"), reverse("sla:targets"))]


def _choices(actor: Actor) -> dict[str, Any]:
    return {"calendars": {line.code: line for line in all_calendars(actor).values()}}


def _draft_in_words(actor: Actor, line: TargetLine | None, form: Any, preview: Preview) -> dict[str, Any]:
    version = version_to_be(target=stored_target(line) if line else None, draft=form.draft())
    facts = terms_in_words(version.row, version.escalations)
    start = max(preview.effective_from, timezone.now())
    return {
        "facts": facts,
        "differences": differences(_facts(actor, line.latest), facts) if line else [],
        "is_new": line is None,
        "examples": examples_of(version.row, start=start, calendars=all_calendars(actor)),
    }
