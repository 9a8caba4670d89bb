"""Many incidents in one request."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from doors.api.bulk import Action, BulkIn, BulkOut, BulkView
from incidents.api.serializers import BodyIn, ClassifyIn, RaiseIn
from incidents.api.views.steps import STEPS
from incidents.queries import get_incident
from incidents.services.classify import classification_of, classify
from incidents.services.raise_incident import Report, raise_incident
from incidents.services.reply import comment, note
from people.public import Actor


def _raise(*, given: Mapping[str, Any], actor: Actor, at: datetime, **_: None) -> Any:
    return raise_incident(report=Report(**given), actor=actor, at=at)


def _classify(
    *, number: str, seen_version: int | None, given: Mapping[str, Any], actor: Actor, at: datetime
) -> Any:
    record = get_incident(actor, number)
    to = classification_of(given)
    return classify(record=record, to=to, actor=actor, at=at, seen_version=seen_version)


def _step(service: Callable[..., Any]) -> Callable[..., Any]:
    def do(
        *, number: str, seen_version: int | None, given: Mapping[str, Any], actor: Actor, at: datetime
    ) -> Any:
        record = get_incident(actor, number)
        return service(record=record, actor=actor, at=at, seen_version=seen_version, **given)

    return do


class IncidentsBulkView(BulkView):
    """Raising, classifying and taking steps on many incidents."""

    permission_for: ClassVar[dict[str, str]] = {"POST": "incident:read"}
    actions: ClassVar[Mapping[str, Action]] = {
        "raise": Action(RaiseIn, "incident:raise", _raise, is_new=True),
        "classify": Action(ClassifyIn, "incident:classify", _classify),
        "comment": Action(BodyIn, "incident:comment", _step(comment)),
        "work-note": Action(BodyIn, "incident:note", _step(note)),
        **{name: Action(reader, needed, _step(service)) for name, (service, reader, needed) in STEPS.items()},
    }

    @extend_schema(
        operation_id="incidents_bulk",
        summary="Do many things to incidents",
        description="Rows are done one after the other, each by itself: a refused row undoes no other.",
        request=BulkIn,
        responses=BulkOut,
    )
    def post(self, request: Request) -> Response:
        """Each row's result, in order."""
        return self.done(request)
