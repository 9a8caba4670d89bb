"""Tags and filters for both shells: `{% load design %}`. One component, one template in templates/design/."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms, template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from design import clocks, moments
from design.clocks import ClockFace, CustodyShare, custody_segments
from design.components import button, hidden, moment, named, options, read, tabs, tag, thread_entry
from design.forms.base import summary_entries

register = template.Library()

for component in (button, hidden, options, tabs, tag, thread_entry):
    register.simple_tag(component)


@register.inclusion_tag("govuk/error_summary.html")
def error_summary(form: forms.BaseForm, title: str = "") -> dict[str, object]:
    """The box that lists what to mend; nothing when the form has no errors."""
    return {
        "entries": list(summary_entries(form)),
        "title": title or getattr(form, "error_summary_title", ""),
    }


@register.inclusion_tag("design/back_link.html")
def back_link(url: str, text: str = "") -> dict[str, object]:
    """A link to the page before, inside its own navigation landmark."""
    return {"url": url, "text": text}


@register.inclusion_tag("design/breadcrumbs.html")
def breadcrumbs(steps: Iterable[object]) -> dict[str, object]:
    """The way from the top to here; steps have label and url, the current one no url."""
    return {"steps": [named(step, "label", "url") for step in steps]}


@register.inclusion_tag("design/summary_list.html")
def summary_list(rows: Iterable[object], card_title: str = "") -> dict[str, object]:
    """Facts as key and value, with links to change them; as a card when it has a title."""
    entries = [named(row, "key", "value", "actions") for row in rows]
    return {
        "rows": entries,
        "card_title": card_title,
        "any_actions": any(read(row, "actions") for row in entries),
    }


@register.inclusion_tag("design/panel.html")
def panel(title: str, body: str = "") -> dict[str, object]:
    """The green confirmation at the end of a journey."""
    return {"title": title, "body": body}


@register.inclusion_tag("design/pagination.html")
def pagination(
    *,
    previous_url: str | None = None,
    next_url: str | None = None,
    previous_text: str = "",
    next_text: str = "",
    label: str = "",
) -> dict[str, object]:
    """Links to the neighbouring pages of a keyset-paged list; nothing when there are none."""
    return {
        "previous_url": previous_url,
        "next_url": next_url,
        "previous_text": previous_text,
        "next_text": next_text,
        "label": label,
    }


@register.inclusion_tag("design/task_list.html")
def task_list(tasks: Iterable[object]) -> dict[str, object]:
    """Steps that can be done in any order, with their status."""
    return {"tasks": tasks}


@register.inclusion_tag("design/timeline.html")
def timeline(entries: Iterable[object]) -> dict[str, object]:
    """What happened, newest where the caller puts it; entries have title, at, by and body."""
    return {"entries": entries}


@register.inclusion_tag("design/progress.html")
def progress(steps: Iterable[object], label: str = "") -> dict[str, object]:
    """How far a record has come; steps have label and state: done, current or todo."""
    return {"steps": [named(step, "label", "state") for step in steps], "label": label}


@register.simple_tag
def clock_chip(clock: ClockFace, *, focusable: bool = True) -> SafeString:
    """A clock as shape and words. In long lists focusable=False keeps it out of the Tab order, with fewer words."""
    return clocks.chip(clock) if focusable else clocks.chips_in_list()(clock)


@register.inclusion_tag("design/custody_bar.html")
def custody_bar(rows: Sequence[CustodyShare], title: str) -> dict[str, object]:
    """Who held the record for how much of its open time: a drawn bar and the same as a table."""
    return {"segments": custody_segments(rows), "title": title}


@register.inclusion_tag("design/empty_state.html")
def empty_state(title: str, text: str = "", *, url: str | None = None, action: str = "") -> dict[str, object]:
    """Why a list is empty, and one thing to do about it."""
    return {"title": title, "text": text, "url": url, "action": action}


@register.simple_block_tag(end_name="enddetails")
def details(content: str, summary: str, *, open: bool = False) -> SafeString:  # noqa: A002 - the HTML attribute's name
    """A part that opens on request."""
    return render_to_string("design/details.html", {"content": content, "summary": summary, "open": open})


@register.simple_block_tag(end_name="endinset")
def inset(content: str) -> SafeString:
    """Text set apart from the rest."""
    return render_to_string("design/inset.html", {"content": content})


@register.simple_block_tag(end_name="endwarning")
def warning(content: str) -> SafeString:
    """Text about a consequence that matters."""
    return render_to_string("design/warning.html", {"content": content})


@register.simple_block_tag(end_name="endnotification")
def notification(content: str, title: str = "", *, kind: str = "") -> SafeString:
    """A banner above the page's content. Kinds: "" (important), success, error."""
    return render_to_string("design/notification.html", {"content": content, "title": title, "kind": kind})


@register.filter
def when(at: datetime | None) -> str:
    """22 November 2026 at 2:05pm, in the reader's zone; nothing for None."""
    return moment(at, moments.long_moment(at)) if at else ""


@register.filter
def when_short(at: datetime | None) -> str:
    """22 Nov 2026, 14:05, in the reader's zone; for tables."""
    return moment(at, moments.short_moment(at)) if at else ""


@register.filter
def ago(at: datetime | None) -> str:
    """3 minutes ago; the absolute instant is read aloud and shows on hover."""
    if not at:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}<span class="govuk-visually-hidden">, {}</span></time>',
        moments.machine_moment(at),
        moments.long_moment(at),
        moments.ago(at, now=timezone.now()),
        moments.long_moment(at),
    )


@register.filter
def day(value: date | None) -> str:
    """22 November 2026."""
    return moments.long_date(value) if value else ""


@register.filter
def duration(span: float | timedelta | None, unit: str = "") -> str:
    """3 hours 20 minutes; with "days" also 24-hour days."""
    return "" if span is None else moments.duration_words(span, days=unit == "days")


@register.filter
def duration_short(span: float | timedelta | None, unit: str = "") -> str:
    """3h 20m; with "days" also 24-hour days."""
    return "" if span is None else moments.duration_short(span, days=unit == "days")


@register.filter
def colour_of_phase(phase: str) -> str:
    """The tag colour of a record's phase, the same on every page."""
    return {"open": "blue", "pending": "yellow", "resolved": "green", "closed": "grey"}.get(phase, "grey")


@register.simple_tag(takes_context=True)
def title_prefix(context: Mapping[str, Any]) -> str:
    """Say Error in front of the title of a page while its form is refused."""
    form = context.get("form")
    refused = context.get("has_errors") or (
        isinstance(form, forms.BaseForm) and form.is_bound and form.errors
    )
    return gettext("Error: ") if refused else ""
