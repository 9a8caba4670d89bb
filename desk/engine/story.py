"""What custody tells of a record, in words: who had it when, the waits, and whose minutes a breach was."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.utils.translation import gettext, ngettext

from design.clocks import percent_words
from design.moments import duration_short
from desk.engine.wording import state_labels
from sla.public import BreachView, CustodyReport, DisputeView, HeldView, WaitView

GROUP = "group"


@dataclass(frozen=True, slots=True)
class DisputeLine:
    """A dispute about a stretch of the record's time, or about a promise: its state in a word, and whose time it is."""

    id: UUID
    state: str
    word: str
    started_at: datetime | None
    ended_at: datetime | None
    party: str
    target: str


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A party held the record from when to when; `ended_at` is None while it still does."""

    party: str
    provider: str
    started_at: datetime
    ended_at: datetime | None
    seconds: int
    percent: str
    disputes: tuple[DisputeLine, ...] = ()


@dataclass(frozen=True, slots=True)
class WaitLine:
    """A wait: what for and how long, who began and ended it, and what is odd about it."""

    title: str
    sentence: str
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShareLine:
    """A party's part of a breach."""

    party: str
    provider: str
    seconds: int
    overrun: int
    percent: str


@dataclass(frozen=True, slots=True)
class BreachStory:
    """Whose minutes a breach was: `title` names the promise."""

    title: str
    shares: tuple[ShareLine, ...]
    counted: int
    overrun: int


@dataclass(frozen=True, slots=True)
class CustodyStory:
    """All of it, as the page shows it."""

    passed_on: str
    held: tuple[HeldLine, ...]
    waits: tuple[WaitLine, ...]
    breaches: tuple[BreachStory, ...]
    disputes: tuple[DisputeLine, ...]


def custody_story(kind: str, report: CustodyReport, known: Sequence[DisputeView] = ()) -> CustodyStory:
    """What custody tells of a record of a kind, worded, with the disputes about it that the reader may see."""
    lines = tuple(_dispute(each) for each in known)
    return CustodyStory(
        passed_on=" ".join(_passed_on(report)),
        held=tuple(_held(row, lines) for row in report.held),
        disputes=lines,
        waits=tuple(_wait(kind, wait) for wait in report.waits),
        breaches=tuple(_breach(breach) for breach in report.breaches),
    )


def _dispute(each: DisputeView) -> DisputeLine:
    words = {"raised": gettext("Disputed"), "upheld": gettext("Upheld"), "rejected": gettext("Rejected")}
    return DisputeLine(
        each.id,
        each.state,
        words.get(each.state, each.state),
        each.started_at,
        each.ended_at,
        each.party,
        each.target,
    )


def _held(row: HeldView, lines: Iterable[DisputeLine]) -> HeldLine:
    end = row.ended_at or datetime.max.replace(tzinfo=UTC)
    about = tuple(
        line
        for line in lines
        if line.started_at and line.ended_at and line.started_at < end and row.started_at < line.ended_at
    )
    return HeldLine(
        row.party,
        row.provider,
        row.started_at,
        row.ended_at,
        row.seconds,
        percent_words(row.share),
        about,
    )


def _passed_on(report: CustodyReport) -> Iterable[str]:
    if not report.hops:
        yield gettext("Not passed on.")
    else:
        yield ngettext("Passed on %(count)d time.", "Passed on %(count)d times.", report.hops) % {
            "count": report.hops
        }
    if report.ping_pong:
        yield ngettext(
            "It came straight back %(count)d time.",
            "It came straight back %(count)d times.",
            report.ping_pong,
        ) % {"count": report.ping_pong}
    if report.first_group_right is not None and report.hops:
        group = {"group": report.resolving_group}
        if report.first_group_right:
            yield gettext("%(group)s, the first to have it, resolved it.") % group
        else:
            yield gettext("%(group)s resolved it.") % group


def _wait(kind: str, wait: WaitView) -> WaitLine:
    words = {
        "who": wait.paused_by or gettext("Nobody known"),
        "group": wait.paused_by_group,
        "ended_by": wait.ended_by or gettext("nobody known"),
    }
    if wait.ended_at is None:
        sentence = gettext("%(who)s paused it (%(group)s). It still waits.") % words
    elif wait.ended_by_pauser:
        sentence = gettext("%(who)s paused it (%(group)s) and ended the wait too.") % words
    else:
        sentence = gettext("%(who)s paused it (%(group)s). %(ended_by)s ended the wait.") % words
    marks = []
    if wait.is_unasked:
        marks.append(gettext("No question sent"))
    elif wait.question_sent:
        marks.append(gettext("Question sent"))
    if wait.near_breach:
        marks.append(gettext("Begun with %(percent)d%% of the promise used") % {"percent": wait.used_percent})
    title = f"{state_labels(kind).get(wait.state, wait.state)}: {duration_short(wait.seconds, days=True)}"
    return WaitLine(title, sentence, tuple(marks))


def _breach(breach: BreachView) -> BreachStory:
    return BreachStory(
        title=gettext("Whose minutes the breach of %(code)s was") % {"code": breach.code},
        shares=tuple(
            ShareLine(share.party, share.provider, share.seconds, share.overrun, percent_words(share.share))
            for share in breach.shares
        ),
        counted=breach.counted,
        overrun=breach.overrun,
    )
