"""Custody over the API."""

from typing import Any

from rest_framework import serializers

from sla.api.serializers.clocks import UsersTimeOut, users_of
from sla.queries.analysis import BreachView, CustodyReport, HeldView, PartyTotal, WaitView

PARTIES = ["group", "requester", "approver", "wire", "unassigned"]


class SegmentOut(serializers.Serializer[Any]):
    """A party held the record from when to when: wall seconds so far, and its share of the whole."""

    party_kind = serializers.ChoiceField(choices=PARTIES)
    party = serializers.CharField()
    provider = serializers.CharField(help_text="of the record then, empty for none")
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    seconds = serializers.IntegerField()
    share = serializers.FloatField()


class TotalOut(serializers.Serializer[Any]):
    """All that a party held. `provider` is empty where the time is on nobody's score."""

    party_kind = serializers.ChoiceField(choices=PARTIES)
    party = serializers.CharField()
    provider = serializers.CharField()
    seconds = serializers.IntegerField()
    share = serializers.FloatField()


class WaitOut(serializers.Serializer[Any]):
    """A wait: who began and ended it, whether the requester was asked anything, how near the breach it began."""

    state = serializers.CharField()
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    seconds = serializers.IntegerField()
    paused_by = serializers.CharField()
    paused_by_group = serializers.CharField()
    ended_by = serializers.CharField()
    ended_by_pauser = serializers.BooleanField(allow_null=True)
    question_sent = serializers.BooleanField()
    is_unasked = serializers.BooleanField(help_text="waited for the requester without a question")
    used_percent = serializers.IntegerField(
        allow_null=True, help_text="of the fullest promise, as the wait began"
    )
    near_breach = serializers.BooleanField(help_text="at 75 % or more of it")


class ShareOut(serializers.Serializer[Any]):
    """A party's part of what a breached clock counted, in its open seconds; `overrun_seconds` past due alone."""

    party_kind = serializers.ChoiceField(choices=PARTIES)
    party = serializers.CharField()
    provider = serializers.CharField()
    seconds = serializers.IntegerField()
    overrun_seconds = serializers.IntegerField()
    share = serializers.FloatField()


class BreachOut(serializers.Serializer[Any]):
    """A breached promise to the user and whose minutes it was; shares add up exactly."""

    code = serializers.CharField()
    metric = serializers.CharField()
    breached_at = serializers.DateTimeField()
    counted_seconds = serializers.IntegerField()
    overrun_seconds = serializers.IntegerField()
    shares = ShareOut(many=True)


class CustodyOut(serializers.Serializer[Any]):
    """Who held the record: segments add up to wall time exactly; and all that follows from it."""

    number = serializers.CharField()
    as_of = serializers.DateTimeField()
    segments = SegmentOut(many=True)
    totals = TotalOut(many=True)
    wall_seconds = serializers.IntegerField()
    hops = serializers.IntegerField()
    ping_pong = serializers.IntegerField(help_text="how often it came straight back (A, B, A)")
    resolving_group = serializers.CharField()
    first_group_right = serializers.BooleanField(allow_null=True, help_text="null until it is resolved")
    seconds_without_group = serializers.IntegerField()
    seconds_without_person = serializers.IntegerField()
    waits = WaitOut(many=True)
    breaches = BreachOut(many=True)
    user_clock = UsersTimeOut(allow_null=True)


def custody_of(report: CustodyReport) -> dict[str, Any]:
    """A custody report as CustodyOut describes it, but for number and instant."""
    return {
        "segments": [_segment(row) for row in report.held],
        "totals": [_held(row) for row in report.totals],
        "wall_seconds": report.whole,
        "hops": report.hops,
        "ping_pong": report.ping_pong,
        "resolving_group": report.resolving_group,
        "first_group_right": report.first_group_right,
        "seconds_without_group": report.without_group,
        "seconds_without_person": report.without_person,
        "waits": [_wait(wait) for wait in report.waits],
        "breaches": [_breach(breach) for breach in report.breaches],
        "user_clock": users_of(report.user_clock),
    }


def _breach(breach: BreachView) -> dict[str, Any]:
    return {
        "code": breach.code,
        "metric": breach.metric,
        "breached_at": breach.breached_at,
        "counted_seconds": breach.counted,
        "overrun_seconds": breach.overrun,
        "shares": [
            {
                "party_kind": share.party_kind,
                "party": share.party,
                "provider": share.provider,
                "seconds": share.seconds,
                "overrun_seconds": share.overrun,
                "share": round(share.share, 4),
            }
            for share in breach.shares
        ],
    }


def _held(row: HeldView | PartyTotal) -> dict[str, Any]:
    return {
        "party_kind": row.party_kind,
        "party": row.party,
        "provider": row.provider,
        "seconds": row.seconds,
        "share": round(row.share, 4),
    }


def _segment(row: HeldView) -> dict[str, Any]:
    return _held(row) | {"started_at": row.started_at, "ended_at": row.ended_at}


def _wait(wait: WaitView) -> dict[str, Any]:
    return {
        "state": wait.state,
        "started_at": wait.started_at,
        "ended_at": wait.ended_at,
        "seconds": wait.seconds,
        "paused_by": wait.paused_by,
        "paused_by_group": wait.paused_by_group,
        "ended_by": wait.ended_by,
        "ended_by_pauser": wait.ended_by_pauser,
        "question_sent": wait.question_sent,
        "is_unasked": wait.is_unasked,
        "used_percent": wait.used_percent,
        "near_breach": wait.near_breach,
    }
