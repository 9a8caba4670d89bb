"""Lists of reports as markup, and what was promised in words."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from design.components import moment, tag
from design.languages import once_per_language
from design.moments import long_moment
from design.patterns import Pattern
from portal.queries.lines import Promise, RecordLine

_line = Pattern("portal/line.html")


def report_lines(lines: Iterable[RecordLine]) -> SafeString:
    """Every report as a line of a list; empty when there are none."""
    return format_html_join("", "{}", zip(map(_in_markup, lines), strict=True))


def promise_in_words(promise: Promise | None, kind: str) -> SafeString | str:
    """By when we aim, or aimed, to have it fixed or ready; nothing where no promise is open."""
    phrase = _phrases().get(f"{kind}:{promise.kind}", "") if promise else ""
    return format_html(phrase, at=_when(promise.due_at)) if promise and phrase else ""


def _when(at: datetime | None) -> SafeString | str:
    return moment(at, long_moment(at)) if at else ""


@once_per_language
def _phrases() -> dict[str, str]:
    # A place to fill of its own kind, because the words around it are escaped and the time is markup.
    at = {"at": "{at}"}
    return {
        "incident:promised": gettext("We aim to fix it by %(at)s.") % at,
        "incident:late": gettext("We aimed to fix it by %(at)s. We are sorry that it takes longer.") % at,
        "incident:paused": gettext("The time in which we aim to fix it does not run while we wait."),
        "request:promised": gettext("We aim to have it ready by %(at)s.") % at,
        "request:late": gettext("We aimed to have it ready by %(at)s. We are sorry that it takes longer.")
        % at,
        "request:paused": gettext("The time in which we aim to have it ready does not run while we wait."),
        "incident:made": gettext("reported %(at)s") % at,
        "request:made": gettext("requested %(at)s") % at,
        "waiting": gettext("Waiting for you"),
    }


def _in_markup(line: RecordLine) -> SafeString:
    phrases = _phrases()
    return _line(
        number=line.number,
        title=line.title,
        tag=tag(phrases["waiting"], "yellow")
        if line.needs_reader
        else tag(str(line.standing.label), line.standing.colour),
        reported=format_html(phrases[f"{line.kind}:made"], at=_when(line.opened_at)),
        next_step=line.standing.next_step,
        promise=promise_in_words(line.promise, line.kind),
    )
