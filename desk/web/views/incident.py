"""One incident on a page of its own."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from design.languages import once_per_language
from desk.engine.history import history_lines
from desk.engine.pages import IncidentPage, ThreadEntry
from desk.queries.incident import incident_page
from desk.web.forms import CommentForm, WorkNoteForm
from desk.web.views.access import actor_of, desk_page
from incidents.public import INCIDENT, get_incident
from people.public import Actor
from records.public import Record

PANE_ENTRIES = 6
# Steps that need no words are one button; the others lead to their form.
ONE_BUTTON = ("take", "start", "close", "confirm")
FIRST_STEPS = ("take", "assign", "pend_requester", "resume", "resolve", "reopen", "close")
SHORTCUTS = {"take": "i", "assign": "a", "resolve": "s", "classify": "p"}
THREADS = {
    "all": ("comment", "work_note", "system"),
    "replies": ("comment",),
    "notes": ("work_note",),
    "steps": ("system",),
}


@dataclass(frozen=True, slots=True)
class StepLink:
    """A step as a button, a link, or a refusal with its reason."""

    name: str
    label: str
    url: str
    form_url: str
    is_allowed: bool
    reason: str
    is_one_button: bool
    shortcut: str


@require_GET
@desk_page
def incident(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about one incident, and every step that leads on from it."""
    actor = actor_of(request)
    record = get_incident(actor, number)
    page = incident_page(actor, record, timezone.now())
    chosen = shown if (shown := request.GET.get("thread", "")) in THREADS else "all"
    context = incident_context(request, actor, page) | {
        "is_full": True,
        "thread": [entry for entry in page.thread if entry.kind in THREADS[chosen]],
        "hidden_entries": 0,
        "thread_tabs": _thread_tabs(page.thread, chosen),
        "back": "",
        "audit_lines": history_lines(page.audit),
        "crumbs": [(gettext("Incidents"), reverse("desk:incident_list")), (record.number, "")],
    }
    return render(request, "desk/incidents/incident.html", context)


def incident_context(request: HttpRequest, actor: Actor, page: IncidentPage) -> dict[str, Any]:
    """What the detail pane and the whole page share."""
    record = page.record
    here, address = request.get_full_path(), incident_url(record)
    steps = steps_of_page(actor, page, address=address, here=here)
    start = {"version": record.version, "next": here}
    hidden = max(0, len(page.thread) - PANE_ENTRIES)
    return {
        "page": page,
        "record": record,
        "first_steps": [step for step in steps if step.name in FIRST_STEPS and step.is_allowed],
        "more_steps": [step for step in steps if step.name not in FIRST_STEPS and step.is_allowed],
        "refused_steps": [step for step in steps if not step.is_allowed],
        "thread": page.thread[hidden:],
        "hidden_entries": hidden,
        "comment_form": CommentForm(initial=start, auto_id="comment_%s")
        if actor.may("incident:comment") and record.phase != "closed"
        else None,
        "note_form": WorkNoteForm(initial=start, auto_id="note_%s") if actor.may("incident:note") else None,
        "comment_url": f"{address}comment/",
        "note_url": f"{address}note/",
        "next": here,
        "incident_url": address,
    }


def incident_url(record: Record) -> str:
    """The incident's page; each step is taken below it."""
    return reverse("desk:incident", args=[record.number])


def steps_of_page(actor: Actor, page: IncidentPage, *, address: str, here: str) -> list[StepLink]:
    """The steps offered on an incident, those of the life cycle first, then what can be added to it.

    `address` is the incident's, `here` that of the page which shows the steps and to which they lead back.
    """
    record, labels, back = page.record, _step_labels(), urlencode({"next": here})

    def link(name: str, *, reason: str = "") -> StepLink:
        return StepLink(
            name=name,
            label=labels[name],
            url=f"{address}{name}/",
            form_url=f"{address}{name}/?{back}",
            is_allowed=not reason,
            reason=reason,
            is_one_button=name in (*ONE_BUTTON, "watch", "unwatch"),
            shortcut=SHORTCUTS.get(name, ""),
        )

    steps = []
    for step in page.offers:
        if (
            step.name == "take"
            and record.assignee_id == actor.membership_id
            and record.state == "in_progress"
        ):
            continue
        steps.append(link(step.name, reason=step.reason))
    extras = [
        ("attach", "incident:attach"),
        ("link", "incident:link"),
        ("unwatch" if page.is_watching else "watch", "incident:watch"),
    ]
    steps += [link(name) for name, permission in extras if actor.may(permission)]
    return sorted(
        steps, key=lambda step: FIRST_STEPS.index(step.name) if step.name in FIRST_STEPS else len(FIRST_STEPS)
    )


@once_per_language
def _step_labels() -> dict[str, str]:
    return {name: gettext(step.label) for name, step in INCIDENT.transitions.items()} | {
        "attach": gettext("Attach a file"),
        "link": gettext("Link to another record"),
        "watch": gettext("Watch"),
        "unwatch": gettext("Stop watching"),
    }


def _thread_tabs(thread: list[ThreadEntry], chosen: str) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": f"?thread={name}#thread",
            "current": name == chosen,
            "count": sum(1 for entry in thread if entry.kind in THREADS[name]),
        }
        for name, label in _thread_labels().items()
    ]


@once_per_language
def _thread_labels() -> dict[str, str]:
    return {
        "all": gettext("All"),
        "replies": gettext("Replies"),
        "notes": gettext("Work notes"),
        "steps": gettext("Steps"),
    }
