"""A preview over the API, explicitly."""

from datetime import UTC, datetime
from typing import Any

from rest_framework import serializers

from sla.api.serializers.calendars import IntervalOut
from sla.services.preview import Preview, StandingView


class PromiseStandingOut(serializers.Serializer[Any]):
    """How a promise stands: none, running, paused, met or breached."""

    target = serializers.CharField(help_text="code; empty for none")
    due_at = serializers.DateTimeField(allow_null=True)
    verdict = serializers.ChoiceField(choices=["none", "running", "paused", "met", "breached"])
    left_seconds = serializers.IntegerField(allow_null=True, help_text="open time left, while paused")


class PromiseChangeOut(serializers.Serializer[Any]):
    """A promise on an open record that would come due, or be judged, otherwise."""

    number = serializers.CharField()
    kind = serializers.ChoiceField(choices=["sla", "ola", "uc"])
    metric = serializers.CharField()
    now = PromiseStandingOut()
    then = PromiseStandingOut()


class PreviewOut(serializers.Serializer[Any]):
    """What saving would do. Nothing was saved."""

    effective_from = serializers.DateTimeField()
    intervals = IntervalOut(many=True, help_text="of the calendar that counts, for two weeks from then on")
    records = serializers.IntegerField(
        help_text="open records that would change, of those that the caller may see"
    )
    promises = serializers.IntegerField(help_text="promises on them that would change")
    changes = PromiseChangeOut(many=True, help_text="the first 50")
    free_from = serializers.DateTimeField(
        allow_null=True,
        help_text="not null: it would touch finished records and is refused; from then on it is not",
    )


def preview_of(preview: Preview) -> dict[str, Any]:
    """A preview as PreviewOut describes it."""
    return {
        "effective_from": preview.effective_from,
        "intervals": [
            {
                "start": datetime.fromtimestamp(each.start, UTC),
                "end": None if each.end is None else datetime.fromtimestamp(each.end, UTC),
            }
            for each in preview.intervals
        ],
        "records": preview.changes.records,
        "promises": preview.changes.promises,
        "changes": [
            {
                "number": each.number,
                "kind": each.kind,
                "metric": each.metric,
                "now": _standing(each.now),
                "then": _standing(each.then),
            }
            for each in preview.changes.first
        ],
        "free_from": preview.free_from,
    }


def _standing(each: StandingView) -> dict[str, Any]:
    return {
        "target": each.code,
        "due_at": each.due_at,
        "verdict": each.verdict,
        "left_seconds": each.left,
    }
