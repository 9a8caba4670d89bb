"""One record on a page of its own."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from design.languages import once_per_language
from desk.engine.history import history_lines
from desk.engine.kinds import address_of
from desk.engine.pages import RecordPage, ThreadEntry
from desk.web.forms import CommentForm, WorkNoteForm
from desk.web.views.access import actor_of, desk_page
from desk.web.views.kinds import KINDS
from people.public import Actor
from records.public import get_record, kind_of

PANE_ENTRIES = 6
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
def record(request: HttpRequest, kind: str, number: str) -> HttpResponse:
    """Everything about one record, and every step that leads on from it."""
    actor, pages = actor_of(request), KINDS[kind]
    found = get_record(actor, number, kind)
    page = pages.read(actor, found, timezone.now())
    chosen = shown if (shown := request.GET.get("thread", "")) in THREADS else "all"
    context = record_context(request, actor, page) | {
        "is_full": True,
        "thread": [entry for entry in page.thread if entry.kind in THREADS[chosen]],
        "hidden_entries": 0,
        "thread_tabs": _thread_tabs(page.thread, chosen),
        "back": "",
        "audit_lines": history_lines(page.audit),
        "crumbs": [(pages.words.plural, f"/desk/{pages.listing.feed}/"), (found.number, "")],
    }
    return render(request, "desk/records/page.html", context)


def record_context(request: HttpRequest, actor: Actor, page: RecordPage) -> dict[str, Any]:
    """What the detail pane and the whole page share."""
    found = page.record
    kind, pages = found.kind, KINDS[found.kind]
    here, address = request.get_full_path(), address_of(kind, found.number)
    steps = steps_of_page(actor, page, address=address, here=here)
    start = {"version": found.version, "next": here}
    hidden = max(0, len(page.thread) - PANE_ENTRIES)
    first = pages.first_steps
    return {
        "page": page,
        "own": page.own,
        "record": found,
        "words": pages.words,
        "listing": pages.listing,
        "facts_template": f"desk/{pages.listing.feed}/facts.html",
        "main_template": f"desk/{pages.listing.feed}/main.html",
        "side_template": f"desk/{pages.listing.feed}/side.html",
        "list_path": f"/desk/{pages.listing.feed}/",
        "first_steps": [step for step in steps if step.name in first and step.is_allowed],
        "more_steps": [step for step in steps if step.name not in first and step.is_allowed],
        "refused_steps": [step for step in steps if not step.is_allowed],
        "thread": page.thread[hidden:],
        "hidden_entries": hidden,
        "comment_form": CommentForm(initial=start, auto_id="comment_%s")
        if "comment" in pages.steps and actor.may(f"{kind}:comment") and found.phase != "closed"
        else None,
        "note_form": WorkNoteForm(initial=start, auto_id="note_%s") if actor.may(f"{kind}:note") else None,
        "comment_url": f"{address}comment/",
        "note_url": f"{address}note/",
        "next": here,
        "record_url": address,
    }


def steps_of_page(actor: Actor, page: RecordPage, *, address: str, here: str) -> list[StepLink]:
    """The steps offered on a record, those of the life cycle first, then what can be added to it.

    `address` is the record's, `here` that of the page which shows the steps and to which they lead back.
    """
    found, back = page.record, urlencode({"next": here})
    kind, pages = found.kind, KINDS[found.kind]
    labels, first = _step_labels()[kind], pages.first_steps

    def link(name: str, *, reason: str = "") -> StepLink:
        return StepLink(
            name=name,
            label=labels[name],
            url=f"{address}{name}/",
            form_url=f"{address}{name}/?{back}",
            is_allowed=not reason,
            reason=reason,
            is_one_button=name in (*pages.one_button, "watch", "unwatch"),
            shortcut=pages.shortcuts.get(name, ""),
        )

    steps = []
    for step in page.offers:
        is_mine = found.assignee_id == actor.membership_id and found.state == "in_progress"
        # A step that has no page here is one that the platform takes by itself.
        if step.name in pages.steps and not (step.name == "take" and is_mine):
            steps.append(link(step.name, reason=step.reason))
    extras = [
        ("attach", f"{kind}:attach"),
        ("link", f"{kind}:link"),
        ("unwatch" if page.is_watching else "watch", f"{kind}:watch"),
    ]
    steps += [link(name) for name, permission in extras if actor.may(permission)]
    return sorted(steps, key=lambda step: first.index(step.name) if step.name in first else len(first))


@once_per_language
def _step_labels() -> dict[str, dict[str, str]]:
    beside = {
        "attach": gettext("Attach a file"),
        "link": gettext("Link to another record"),
        "watch": gettext("Watch"),
        "unwatch": gettext("Stop watching"),
    }
    return {
        kind: {name: gettext(step.label) for name, step in kind_of(kind).lifecycle.transitions.items()}
        | beside
        for kind in KINDS
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
