"""Components that stand on a page often, as functions that fill patterns; templates reach them as tags."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.template.defaultfilters import linebreaks_filter
from django.utils.html import format_html_join
from django.utils.safestring import SafeData, SafeString

from design.moments import long_moment, machine_moment
from design.patterns import Pattern

SELECTED = flatatt({"selected": True})
CURRENT_PAGE = flatatt({"aria-current": "page"})
_button = Pattern("design/button.html")
_button_link = Pattern("design/button_link.html")
_count = Pattern("design/count.html")
_hidden = Pattern("design/hidden.html")
_moment = Pattern("design/moment.html")
_option = Pattern("design/option.html")
_start_icon = Pattern("design/start_icon.html")
_tab = Pattern("design/tab.html")
_tabs = Pattern("design/tabs.html")
_tag = Pattern("design/tag.html")
_thread_comment = Pattern("design/thread_comment.html")
_thread_system = Pattern("design/thread_system.html")
_thread_work_note = Pattern("design/thread_work_note.html")


def button(
    text: str,
    *,
    href: str | None = None,
    variant: str = "",
    name: str | None = None,
    value: str | None = None,
    disabled: bool = False,
    shortcut: str | None = None,
) -> SafeString:
    """A button, or a link drawn as one when href is given. Variants: secondary, warning, start, link."""
    is_quiet = variant == "link"
    classes = (
        "app-quiet-button"
        if is_quiet
        else f"govuk-button govuk-button--{variant}"
        if variant
        else "govuk-button"
    )
    keys = {"data-shortcut": shortcut or None}
    if href:
        role = {} if is_quiet else {"role": "button", "draggable": "false", "data-module": "govuk-button"}
        return _button_link(
            href=href,
            classes=f"govuk-link {classes}" if is_quiet else classes,
            attributes=flatatt(role | keys),
            text=text,
            icon=_start_icon() if variant == "start" else "",
        )
    own = {
        "name": name or None,
        "value": value,
        "disabled": disabled,
        "aria-disabled": "true" if disabled else None,
    }
    return _button(classes=classes, attributes=flatatt(own | keys), text=text)


def options(choices: Iterable[tuple[str, object]], chosen: str = "") -> SafeString:
    """The options of a select from pairs of value and label, with the chosen one selected."""
    lines = (
        _option(value=value, label=label, selected=SELECTED if str(value) == chosen else "")
        for value, label in choices
    )
    return format_html_join("", "{}", zip(lines, strict=True))


def tag(text: str, colour: str = "") -> SafeString:
    """A coloured word. Colours: grey green turquoise blue purple pink red orange yellow."""
    return _tag(text=text, colour=f" govuk-tag--{colour}" if colour else "")


def tabs(links: Iterable[object], label: str) -> SafeString:
    """Views of one list as links; each has label, url, current and maybe count."""
    return _tabs(label=label, links=format_html_join("", "{}", zip(map(_tab_of, links), strict=True)))


def hidden(field: BoundField) -> SafeString:
    """The control of a field that nobody sees."""
    widget = field.field.widget
    if type(widget) is not forms.HiddenInput or widget.attrs:
        return field.as_widget()
    value = widget.format_value(field.value())
    return _hidden(name=field.html_name, value="" if value is None else value, id=field.auto_id)


def thread_entry(entry: object) -> SafeString:
    """A comment, a work note or a system line of a record's thread."""
    body, author, door = read(entry, "body") or "", read(entry, "author") or "", read(entry, "door")
    at = read(entry, "at")
    words = {
        "body": body if isinstance(body, SafeData) else linebreaks_filter(body, autoescape=True),
        "at": moment(at, long_moment(at)) if at else "",
    }
    if read(entry, "kind") == "system":
        return _thread_system(author=f"{author} · " if author else "", **words)
    said = _thread_work_note if read(entry, "kind") == "work_note" else _thread_comment
    return said(author=author, door=f" · {door}" if door else "", **words)


def moment(at: datetime, words: str) -> SafeString:
    """An instant in words, with the machine's form beside it."""
    return _moment(instant=machine_moment(at), words=words)


def named(row: object, *names: str) -> object:
    """A row that templates can read by name."""
    # Pairs are handy in views; templates read names.
    return (
        dict(zip(names, row, strict=False)) if isinstance(row, tuple) and not hasattr(row, "_fields") else row
    )


def read(row: object, name: str) -> Any:
    """A value of a row of either kind, None when it has none."""
    return row.get(name) if isinstance(row, Mapping) else getattr(row, name, None)


def _tab_of(link: object) -> SafeString:
    view = named(link, "label", "url", "current", "count")
    count = read(view, "count")
    return _tab(
        label=read(view, "label"),
        url=read(view, "url"),
        current=CURRENT_PAGE if read(view, "current") else "",
        count="" if count in (None, "") else _count(count=count),
    )
