"""Disputes over the API, explicitly."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from doors.api.strict import StrictSerializer
from people.public import Actor
from sla.queries.disputes import both_figures, may_rule
from sla.queries.ruling_changes import changes_by
from sla.services.rule import RulingPreview

STATES = ["raised", "withdrawn", "upheld", "rejected"]
PARTIES = ["group", "requester", "wire", "unassigned"]
_LONGEST = 10_000


class DisputeIn(StrictSerializer):
    """A stretch of time (`started_at`, `ended_at`, `claimed_kind`) or a verdict (`target`) that is contested."""

    number = serializers.CharField(max_length=40, help_text="of the record")
    grounds = serializers.CharField(max_length=200)
    evidence = serializers.CharField(max_length=_LONGEST)
    started_at = serializers.DateTimeField(required=False, help_text="from when, with an offset")
    ended_at = serializers.DateTimeField(required=False, help_text="until when, with an offset")
    claimed_kind = serializers.ChoiceField(
        choices=PARTIES, required=False, help_text="whose time it was; unassigned: nobody's fault"
    )
    claimed_group = serializers.CharField(
        max_length=60, required=False, help_text="code; of another provider"
    )
    target = serializers.CharField(max_length=80, required=False, help_text="code of the breached target")
    matched_at = serializers.DateTimeField(
        required=False, help_text="which of the target's clocks, where the record breached several"
    )
    follows = serializers.UUIDField(
        required=False, help_text="the dispute that was ruled about the same, where there is new evidence"
    )


class RulingIn(StrictSerializer):
    """How a dispute is ruled. Of an upheld stretch: which part of it, and whose time it was, unless as contested."""

    decision = serializers.ChoiceField(choices=["upheld", "rejected"])
    reasons = serializers.CharField(max_length=_LONGEST)
    started_at = serializers.DateTimeField(required=False)
    ended_at = serializers.DateTimeField(required=False)
    ruled_kind = serializers.ChoiceField(choices=PARTIES, required=False)
    ruled_group = serializers.CharField(max_length=60, required=False, help_text="code")


class StretchOut(serializers.Serializer[Any]):
    """From when to when, and whose time it is said to have been."""

    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField()
    party_kind = serializers.ChoiceField(choices=PARTIES)
    group = serializers.CharField(allow_null=True, help_text="code")


class ContestedClockOut(serializers.Serializer[Any]):
    """A clock of the record whose verdict is contested; `party` is an OLA's group, a contract's provider."""

    target = serializers.CharField(help_text="code")
    matched_at = serializers.DateTimeField()
    party = serializers.UUIDField(allow_null=True)


class RulingOut(serializers.Serializer[Any]):
    """Who ruled, when and why; the stretch that was upheld, null for a verdict and where it was rejected."""

    decision = serializers.ChoiceField(choices=["upheld", "rejected"])
    by = serializers.CharField()
    at = serializers.DateTimeField()
    reasons = serializers.CharField()
    stretch = StretchOut(allow_null=True)


class DisputeOut(serializers.Serializer[Any]):
    """What is contested, by whom and why, and how it was ruled."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    provider = serializers.CharField(help_text="code")
    state = serializers.ChoiceField(choices=STATES)
    version = serializers.IntegerField()
    raised_by = serializers.CharField()
    raised_at = serializers.DateTimeField()
    grounds = serializers.CharField()
    evidence = serializers.CharField()
    follows = serializers.UUIDField(allow_null=True, help_text="the dispute ruled before about the same")
    stretch = StretchOut(allow_null=True)
    clock = ContestedClockOut(allow_null=True)
    ruling = RulingOut(allow_null=True)


class HeldOut(serializers.Serializer[Any]):
    """Wall seconds that a party held the record until it was resolved, as measured and as ruled."""

    party = serializers.CharField()
    measured_seconds = serializers.IntegerField()
    ruled_seconds = serializers.IntegerField()


class BothVerdictsOut(serializers.Serializer[Any]):
    """Whether a target was met, as measured and as ruled."""

    target = serializers.CharField()
    party = serializers.CharField(help_text="name; empty for a promise to the user")
    measured_met = serializers.BooleanField()
    ruled_met = serializers.BooleanField(allow_null=True, help_text="null: open again")


class FiguresOut(serializers.Serializer[Any]):
    """What the record comes to, both ways; rulings of all the record's upheld disputes that the caller may see."""

    custody = HeldOut(many=True)
    verdicts = BothVerdictsOut(many=True)


class DisputeWithFiguresOut(DisputeOut):
    """A dispute with the record's figures."""

    figures = FiguresOut()


class ShareChangeOut(serializers.Serializer[Any]):
    """Wall seconds that a party held the record until it was resolved."""

    party = serializers.CharField()
    measured_seconds = serializers.IntegerField()
    before_seconds = serializers.IntegerField(help_text="as ruled so far")
    after_seconds = serializers.IntegerField(help_text="with this ruling")


class VerdictChangeOut(serializers.Serializer[Any]):
    """Whether a target was met; null: open again."""

    target = serializers.CharField()
    party = serializers.CharField(help_text="name; empty for a promise to the user")
    measured_met = serializers.BooleanField()
    before_met = serializers.BooleanField(allow_null=True, help_text="as ruled so far")
    after_met = serializers.BooleanField(allow_null=True, help_text="with this ruling")


class RulingPreviewOut(serializers.Serializer[Any]):
    """What a ruling would change; nothing is saved."""

    custody = ShareChangeOut(many=True)
    verdicts = VerdictChangeOut(many=True)


class DisputePage(serializers.Serializer[Any]):
    """A page of disputes."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = DisputeOut(many=True)


def dispute_out(dispute: Any) -> dict[str, Any]:
    """A dispute as the API writes it."""
    contested = claimed = None
    if dispute.started_at is not None:
        contested = _stretch(
            dispute.started_at, dispute.ended_at, dispute.claimed_kind, dispute.claimed_group
        )
    else:
        claimed = {
            "target": dispute.target_version.target.code,
            "matched_at": dispute.matched_at,
            "party": dispute.party,
        }
    return {
        "id": dispute.pk,
        "number": dispute.record.number,
        "provider": dispute.provider.code,
        "state": dispute.state,
        "version": dispute.version,
        "raised_by": dispute.raised_by_name,
        "raised_at": dispute.raised_at,
        "grounds": dispute.grounds,
        "evidence": dispute.evidence,
        "follows": dispute.follows_id,
        "stretch": contested,
        "clock": claimed,
        "ruling": _ruling(dispute),
    }


def preview_out(preview: RulingPreview) -> dict[str, Any]:
    """What a ruling would change as the API writes it."""
    changes = changes_by(preview.before, preview.after)
    return {
        "custody": [
            {
                "party": each.party,
                "measured_seconds": each.measured,
                "before_seconds": each.before,
                "after_seconds": each.after,
            }
            for each in changes.custody
        ],
        "verdicts": [
            {
                "target": each.code,
                "party": each.party,
                "measured_met": each.measured,
                "before_met": each.before,
                "after_met": each.after,
            }
            for each in changes.verdicts
        ],
    }


def with_figures(dispute: Any, actor: Actor, now: datetime) -> dict[str, Any]:
    """A dispute with what its record comes to at `now` (UTC), as measured and as ruled; who rules sees all verdicts."""
    figures = both_figures(dispute, now, is_whole=may_rule(actor))
    return dispute_out(dispute) | {
        "figures": {
            "custody": [
                {
                    "party": each.party,
                    "measured_seconds": each.measured,
                    "ruled_seconds": each.ruled,
                }
                for each in figures.custody
            ],
            "verdicts": [
                {
                    "target": each.code,
                    "party": each.party,
                    "measured_met": each.measured,
                    "ruled_met": each.ruled,
                }
                for each in figures.verdicts
            ],
        }
    }


def _ruling(dispute: Any) -> dict[str, Any] | None:
    if dispute.ruled_at is None:
        return None
    stretch = None
    if dispute.ruled_started_at is not None:
        stretch = _stretch(
            dispute.ruled_started_at, dispute.ruled_ended_at, dispute.ruled_kind, dispute.ruled_group
        )
    return {
        "decision": dispute.state,
        "by": dispute.ruled_by_name,
        "at": dispute.ruled_at,
        "reasons": dispute.reasons,
        "stretch": stretch,
    }


def _stretch(start: datetime, end: datetime, kind: str, group: Any) -> dict[str, Any]:
    return {"started_at": start, "ended_at": end, "party_kind": kind, "group": group.code if group else None}
