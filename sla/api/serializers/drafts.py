"""Drafts of definitions and what they come to, over the API, explicitly."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from rest_framework import serializers

from doors.api.strict import StrictSerializer
from sla.engine.verdicts import DIMENSIONS, DIRECTIONS, WORDS, Tallies
from sla.queries.drafts import ChangeLine, Trial, trial_of
from sla.queries.what_if import TallyLine, changes_in_words, sentences, tally_line, tally_lines
from sla.services.drafts import DraftText, text_of

STATES = ["draft", "adopted", "discarded"]
_RUN_STATES = ["queued", "running", "finished", "cancelled", "failed"]
_LONGEST = 400_000


def _codes(help_text: str) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, max_length=200, help_text=help_text
    )


class DraftIn(StrictSerializer):
    """Definitions in the notation, and which records to try them on; without a choice all."""

    name = serializers.CharField(max_length=200)
    document = serializers.CharField(
        max_length=_LONGEST,
        trim_whitespace=False,
        help_text="calendars, targets and matrices in the notation of definitions, as YAML or JSON",
    )
    opened_from = serializers.DateField(required=False, allow_null=True)
    opened_before = serializers.DateField(required=False, allow_null=True)
    services = _codes("codes")
    providers = _codes("codes; records that they have, had or were asked about")
    priorities = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=5), required=False, max_length=5
    )


class AdoptIn(StrictSerializer):
    """From when the draft holds; without an instant from the next whole minute that is at least one ahead."""

    effective_from = serializers.DateTimeField(
        required=False, allow_null=True, help_text="from when, with an offset"
    )


class DraftRowOut(serializers.Serializer[Any]):
    """A draft in a list."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=STATES)
    version = serializers.IntegerField(help_text="counts edits; the ETag")
    made_by = serializers.CharField(help_text="name of a member; empty for an API client")
    made_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField()
    adopted_at = serializers.DateTimeField(allow_null=True)
    effective_from = serializers.DateTimeField(allow_null=True, help_text="from when what was adopted holds")


class TrialOut(serializers.Serializer[Any]):
    """How far trying the draft on history has come."""

    state = serializers.ChoiceField(choices=_RUN_STATES)
    reason = serializers.CharField(help_text="why it failed")
    asked_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    done = serializers.IntegerField(help_text="records gone through")
    total = serializers.IntegerField(help_text="records there are; 0 before it has begun")


class TallyOut(serializers.Serializer[Any]):
    """How many promises were met, breached and open, and how many would be."""

    place = serializers.CharField(help_text="code, level, month or promise; empty for none and for the total")
    name = serializers.CharField()
    met_before = serializers.IntegerField()
    breached_before = serializers.IntegerField()
    open_before = serializers.IntegerField()
    met_after = serializers.IntegerField()
    breached_after = serializers.IntegerField()
    open_after = serializers.IntegerField()
    breaches_gone = serializers.IntegerField()
    breaches_new = serializers.IntegerField()


class ByOut(serializers.Serializer[Any]):
    """The same by dimension; each adds up to the total."""

    service = TallyOut(many=True)
    provider = TallyOut(many=True)
    priority = TallyOut(many=True)
    month = TallyOut(many=True)
    measure = TallyOut(many=True)


class ResultOut(serializers.Serializer[Any]):
    """What the draft comes to, of the last trial that was finished."""

    as_of = serializers.DateTimeField()
    stale = serializers.ChoiceField(
        choices=["", "edited", "definitions"], help_text="why it no longer counts; empty while it does"
    )
    sentences = serializers.ListField(child=serializers.CharField())
    records = serializers.IntegerField()
    records_changed = serializers.IntegerField()
    total = TallyOut()
    by = ByOut()


class DraftOut(DraftRowOut):
    """A draft, whole: what it says, what of today's definitions it changes, and what it comes to."""

    document = serializers.CharField()
    opened_from = serializers.DateField(allow_null=True)
    opened_before = serializers.DateField(allow_null=True)
    services = serializers.ListField(child=serializers.CharField())
    providers = serializers.ListField(child=serializers.CharField())
    priorities = serializers.ListField(child=serializers.IntegerField())
    changes = serializers.ListField(
        child=serializers.CharField(), help_text="in words; none once it is adopted or thrown away"
    )
    trial = TrialOut(allow_null=True)
    result = ResultOut(allow_null=True)


class DraftPage(serializers.Serializer[Any]):
    """A page of drafts."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = DraftRowOut(many=True)


class DraftChangeOut(serializers.Serializer[Any]):
    """A promise on a record that would be judged otherwise, or while open come due otherwise."""

    number = serializers.CharField()
    target = serializers.CharField(help_text="code")
    kind = serializers.ChoiceField(choices=["sla", "ola", "uc"])
    metric = serializers.CharField()
    service = serializers.CharField(help_text="code; empty for none")
    provider = serializers.CharField(help_text="code; empty for none")
    direction = serializers.ChoiceField(choices=list(DIRECTIONS))
    before = serializers.ChoiceField(choices=list(WORDS))
    after = serializers.ChoiceField(choices=list(WORDS))
    due_before = serializers.DateTimeField(allow_null=True)
    due_after = serializers.DateTimeField(allow_null=True)


class DraftChangePage(serializers.Serializer[Any]):
    """A page of changes."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = DraftChangeOut(many=True)


def text_in(given: dict[str, Any], before: DraftText | None = None) -> DraftText:
    """A body as the service takes it; what it does not name stays as it was."""
    whole: dict[str, Any] = {} if before is None else {name: getattr(before, name) for name in _TEXT}
    for name, value in given.items():
        whole[name] = tuple(value) if isinstance(value, list) else value
    return DraftText(**whole)


_TEXT = ("name", "document", "opened_from", "opened_before", "services", "providers", "priorities")


def row_out(draft: Any) -> dict[str, Any]:
    """A draft as DraftRowOut describes it."""
    return {
        "id": draft.pk,
        "name": draft.name,
        "state": draft.state,
        "version": draft.version,
        "made_by": draft.made_by.name if draft.made_by else "",
        "made_at": draft.made_at,
        "edited_at": draft.edited_at,
        "adopted_at": draft.adopted_at,
        "effective_from": draft.effective_from,
    }


def draft_out(draft: Any, now: datetime) -> dict[str, Any]:
    """A draft as DraftOut describes it."""
    text, trial = text_of(draft), trial_of(draft)
    said = {name: getattr(text, name) for name in _TEXT}
    changes = changes_in_words(text, now) if draft.state == "draft" else []
    return row_out(draft) | said | {"changes": changes, "trial": _trial(trial), "result": _result(trial)}


def change_out(row: ChangeLine, services: dict[str, str], providers: dict[str, str]) -> dict[str, Any]:
    """A change as DraftChangeOut describes it; services and providers are codes by key."""
    return {
        "number": row.number,
        "target": row.code,
        "kind": row.kind,
        "metric": row.metric,
        "service": services.get(str(row.service), ""),
        "provider": providers.get(str(row.provider), ""),
        "direction": row.direction,
        "before": row.before,
        "after": row.after,
        "due_before": row.due_before,
        "due_after": row.due_after,
    }


def _trial(trial: Trial) -> dict[str, Any] | None:
    run = trial.latest
    if run is None:
        return None
    return {
        name: getattr(run, name) for name in ("state", "reason", "asked_at", "finished_at", "done", "total")
    }


def _result(trial: Trial) -> dict[str, Any] | None:
    if trial.finished is None or trial.finished.tallies is None:
        return None
    tallies = Tallies.of(trial.finished.tallies)
    return {
        "as_of": trial.finished.asked_at,
        "stale": trial.stale,
        "sentences": sentences(tallies),
        "records": tallies.records,
        "records_changed": tallies.records_changed,
        "total": _tally(tally_line(tallies.total)),
        "by": {
            dimension: [_tally(line) for line in tally_lines(dimension, tallies)] for dimension in DIMENSIONS
        },
    }


def _tally(line: TallyLine) -> dict[str, Any]:
    return {name: value for name, value in asdict(line).items() if name != "key"}
