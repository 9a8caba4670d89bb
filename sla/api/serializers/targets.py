"""Targets over the API, explicitly."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from rest_framework import serializers

from doors.api.strict import StrictSerializer
from sla.engine import METRICS, EscalationTerms
from sla.engine.escalations import ACTIONS, MOST
from sla.services.scopes import pause_codes, scope_codes

_KINDS = ["sla", "ola", "uc"]
_METRICS = list(METRICS)
_ACTIONS = list(ACTIONS)
_RULE_MAX = 80


def _codes(**kwargs: Any) -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(max_length=200), required=False, **kwargs)


class ScopeIn(StrictSerializer):
    """Which records a target covers: those that have one of the values of every attribute named, by code."""

    service = _codes()
    category = _codes()
    organisation = _codes(help_text="covers those below it too")
    support_group = _codes()
    provider = _codes()
    priority = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=5), required=False)
    kind = _codes(help_text="e.g. incident")
    origin = _codes(help_text="the import that brought the record")


class EscalationIn(StrictSerializer):
    """What happens by itself at a point of the clock, once for each clock. It changes no verdict."""

    percent = serializers.IntegerField(
        min_value=1, max_value=100, help_text="one of warn_at, or 100 for the breach"
    )
    action = serializers.ChoiceField(choices=_ACTIONS)
    role = serializers.CharField(
        max_length=50, default="", allow_blank=True, help_text="code; for notify_role alone"
    )
    support_group = serializers.CharField(
        max_length=50, default="", allow_blank=True, help_text="code; for reassign alone"
    )


class EscalationOut(serializers.Serializer[Any]):
    """What happens by itself at a point of the clock."""

    percent = serializers.IntegerField()
    action = serializers.ChoiceField(choices=_ACTIONS)
    role = serializers.CharField(help_text="code; empty but for notify_role")
    support_group = serializers.CharField(help_text="code; empty but for reassign")


class TermsIn(StrictSerializer):
    """What a target promises. A term that is not named stays as it is, or is as usual."""

    kind = serializers.ChoiceField(choices=_KINDS, required=False)
    metric = serializers.ChoiceField(choices=_METRICS, required=False)
    duration_seconds = serializers.IntegerField(
        min_value=1, max_value=2_000_000_000, required=False, help_text="open time of the calendar"
    )
    calendar = serializers.CharField(max_length=60, required=False, help_text="code")
    scope = ScopeIn(required=False)
    start_on = serializers.CharField(
        max_length=24,
        required=False,
        help_text="opened, responded:comment, responded:assigned, a state or a phase",
    )
    stop_on = serializers.ListField(child=serializers.CharField(max_length=24), required=False)
    pause_on = serializers.ListField(
        child=serializers.CharField(max_length=_RULE_MAX),
        required=False,
        help_text="states and phases; holder:requester, holder:approver, holder:wire, holder:unassigned;"
        " group: or provider: and a code",
    )
    pause_until = serializers.BooleanField(
        required=False, help_text="a pause for something promised for a day ends on that day"
    )
    warn_at = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=99), required=False, help_text="in percent"
    )
    is_cumulative = serializers.BooleanField(
        required=False, help_text="OLA and contract: all holds together, or each alone"
    )
    escalations = serializers.ListField(
        child=EscalationIn(),
        required=False,
        max_length=MOST,
        help_text="all of them: what is not named is none any more",
    )


class TargetVersionIn(TermsIn):
    """A further version of a target; with `is_retired` the target applies to nothing from then on."""

    effective_from = serializers.DateTimeField(help_text="from when it holds, with an offset")
    accepted_because = serializers.CharField(
        default="", allow_blank=True, help_text="why more is promised than the parts of a service can keep"
    )
    is_retired = serializers.BooleanField(required=False)


class TargetIn(TermsIn):
    """A target with its first version. Kind, metric, duration and calendar are needed."""

    code = serializers.SlugField(max_length=80)
    name = serializers.CharField(max_length=200)
    effective_from = serializers.DateTimeField(help_text="from when it holds, with an offset")
    accepted_because = serializers.CharField(
        default="", allow_blank=True, help_text="why more is promised than the parts of a service can keep"
    )


class TermsOut(serializers.Serializer[Any]):
    """What a target promises from an instant on, until the next version."""

    effective_from = serializers.DateTimeField()
    is_retired = serializers.BooleanField()
    kind = serializers.ChoiceField(choices=_KINDS)
    metric = serializers.CharField()
    duration_seconds = serializers.IntegerField()
    calendar = serializers.CharField(help_text="code")
    scope = serializers.DictField(help_text="allowed values by attribute, rows by code")
    start_on = serializers.CharField()
    stop_on = serializers.ListField(child=serializers.CharField())
    pause_on = serializers.ListField(child=serializers.CharField(), help_text="groups and providers by code")
    pause_until = serializers.BooleanField()
    warn_at = serializers.ListField(child=serializers.IntegerField())
    is_cumulative = serializers.BooleanField()
    escalations = EscalationOut(many=True, help_text="none for suppliers")


class TargetVersionOut(TermsOut):
    """A version of a target, and who made it."""

    made_by = serializers.CharField(help_text="name of a member; empty for the platform, and for suppliers")
    made_at = serializers.DateTimeField(allow_null=True)


class TargetRow(TermsOut):
    """A target as it is now; before its first version holds, as it will be."""

    code = serializers.CharField()
    name = serializers.CharField()
    version = serializers.IntegerField(help_text="how many versions there are; the ETag")


class TargetOut(TargetRow):
    """A target, whole."""

    versions = TargetVersionOut(many=True)


class TargetPage(serializers.Serializer[Any]):
    """A page of targets."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = TargetRow(many=True)


def terms_out(row: Any, escalations: Iterable[EscalationTerms]) -> dict[str, Any]:
    """A version as TermsOut describes it."""
    return {
        "effective_from": row.effective_from,
        "is_retired": row.is_retired,
        "kind": row.kind,
        "metric": row.metric,
        "duration_seconds": row.duration,
        "calendar": row.calendar.code,
        "scope": scope_codes(row.scope),
        "start_on": row.start_on,
        "stop_on": list(row.stop_on),
        "pause_on": pause_codes(row.pause_on),
        "pause_until": row.pause_until,
        "warn_at": list(row.warn_at),
        "is_cumulative": row.is_cumulative,
        "escalations": [asdict(each) for each in escalations],
    }


_NO_TERMS = ("code", "name", "effective_from", "is_retired", "accepted_because")


def terms_in(given: dict[str, Any]) -> dict[str, Any]:
    """The terms of a body as the service takes them."""
    terms = {name: value for name, value in given.items() if name not in _NO_TERMS}
    if "duration_seconds" in terms:
        terms["duration"] = terms.pop("duration_seconds")
    return terms
