"""Clocks and custody as the desk words them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, pgettext

from design.clocks import ClockFace, ClockState, CustodyShare
from design.languages import once_per_language
from design.moments import duration_short, duration_words
from sla.engine import UserClock
from sla.public import ClockView, PartyTotal

# A clock with a quarter of its time left, or less, is at risk: the last standard warning point.
RISK_SHARE = 0.75
PARTY_COLOURS = 6
LIVE_STATES = ("running", "paused")


@dataclass(frozen=True)
class ElapsedFace(ClockFace):
    """A clock without a promise: it says how long it has taken so far."""

    @property
    def text(self) -> str:
        """The time taken."""
        took = duration_short(self.elapsed or 0)
        if self.state == "stopped":
            return gettext("Took %(amount)s") % {"amount": took}
        return gettext("%(amount)s so far") % {"amount": took}

    @property
    def brief(self) -> str:
        """The same: it has no fewer words."""
        return self.text


def clock_face(view: ClockView, *, state_label: str) -> ClockFace:
    """A clock as its chip; `state_label` is the record's state, for the reason of a pause."""
    return _face(view, reason=_reason_of(view, state_label))


def face_in_list(view: ClockView, users: UserClock | None) -> ClockFace:
    """A clock as its chip among many, where no reason is shown, with the user's beside it."""
    return _face(view, reason="", user_elapsed=users.elapsed if users else None)


def clock_label(view: ClockView) -> str:
    """Resolution SLA, Response OLA."""
    metric = _metrics().get(view.metric, view.metric.capitalize())
    return _label_pattern() % {"metric": metric, "kind": view.kind.upper()}


def urgent_clock(views: Iterable[ClockView]) -> ClockView | None:
    """The clock that a list shows: the live promise to the user with least time left, else one that ended."""
    rows = [view for view in views if view.state not in ("superseded", "cancelled")]
    live = [view for view in rows if view.state in LIVE_STATES]
    promises = [view for view in live if view.kind == "sla"] or live
    if promises:
        return min(promises, key=lambda view: view.remaining)
    ended = [view for view in rows if view.metric in ("resolution", "fulfilment")] or rows
    return ended[0] if ended else None


def user_face(*, elapsed: int, is_running: bool) -> ElapsedFace:
    """The user's clock: open service hours since opening, whoever was to blame."""
    return ElapsedFace(
        label=gettext("User's clock"),
        state="ok" if is_running else "stopped",
        remaining=None,
        elapsed=elapsed,
        reason=gettext("Service hours from opening to resolution. This clock never pauses."),
    )


def custody_shares(totals: Sequence[PartyTotal]) -> list[CustodyShare]:
    """Each party's part of the record's wall time, in the order in which they first held it."""
    shares, colour = [], 0
    for total in totals:
        css_class = total.party_kind
        if total.party_kind == "group":
            colour = colour % PARTY_COLOURS + 1
            css_class = f"party-{colour}"
        share = total.share if any(each.seconds for each in totals) else 1.0 / len(totals)
        shares.append(CustodyShare(total.party, total.seconds, share, css_class))
    return shares


@once_per_language
def _label_pattern() -> str:
    return gettext("%(metric)s %(kind)s")


@once_per_language
def _metrics() -> dict[str, str]:
    return {
        "response": pgettext("service level", "Response"),
        "update": pgettext("service level", "Update"),
        "resolution": pgettext("service level", "Resolution"),
        "fulfilment": pgettext("service level", "Fulfilment"),
        "approval": pgettext("service level", "Approval"),
    }


def _face(view: ClockView, *, reason: str, user_elapsed: int | None = None) -> ClockFace:
    return ClockFace(
        label=clock_label(view),
        state=_state_of(view),
        remaining=view.remaining,
        reason=reason,
        due_at=view.due_at,
        elapsed=view.elapsed,
        user_elapsed=user_elapsed,
    )


def _state_of(view: ClockView) -> ClockState:
    if view.state == "paused":
        return "paused"
    if view.state != "running":
        return "stopped"
    if view.is_breached or view.remaining <= 0:
        return "breached"
    return "at_risk" if view.elapsed >= view.duration * RISK_SHARE else "ok"


def _reason_of(view: ClockView, state_label: str) -> str:
    words = {
        "used": duration_words(view.elapsed),
        "whole": duration_words(view.duration),
        "state": state_label.lower(),
        "code": view.code,
    }
    if view.state == "superseded":
        return (
            gettext("Replaced after %(used)s of %(whole)s, when the incident changed (target %(code)s).")
            % words
        )
    if view.state == "cancelled":
        return gettext("No target applies any more (target %(code)s).") % words
    if view.state == "paused":
        return gettext("Paused: %(state)s. %(used)s of %(whole)s used (target %(code)s).") % words
    if view.state == "stopped":
        return gettext("Ended after %(used)s of %(whole)s (target %(code)s).") % words
    if _state_of(view) == "breached":
        return gettext("%(used)s used, %(whole)s promised (target %(code)s).") % words
    return gettext("%(used)s of %(whole)s used (target %(code)s).") % words
