"""The steps of an incident's life as sub-resources: `POST /api/v1/incidents/INC0000042/resolve/`."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from doors.api.strict import StrictSerializer, checked
from doors.api.views import ApiView
from incidents.api.serializers import (
    AssignIn,
    CommentIn,
    IncidentOut,
    NothingIn,
    PendIn,
    ReasonIn,
    ResolveIn,
    ResumeIn,
)
from incidents.api.views.whole import answer
from incidents.queries import get_incident
from incidents.services import steps

# Path → (service, input, permission). The life cycle decides what leads on from where.
STEPS: dict[str, tuple[Callable[..., Any], type[StrictSerializer], str]] = {
    "assign": (steps.assign, AssignIn, "incident:assign"),
    "take": (steps.take, NothingIn, "incident:work"),
    "start": (steps.start, NothingIn, "incident:work"),
    "pend": (steps.pend, PendIn, "incident:pend"),
    "resume": (steps.resume, ResumeIn, "incident:work"),
    "resolve": (steps.resolve, ResolveIn, "incident:resolve"),
    "reopen": (steps.reopen, CommentIn, "incident:reopen"),
    "confirm": (steps.confirm, NothingIn, "incident:confirm"),
    "close": (steps.close, NothingIn, "incident:close"),
    "cancel": (steps.cancel, ReasonIn, "incident:cancel"),
}


def _step_view(name: str) -> type[ApiView]:
    service, reader, permission = STEPS[name]

    @extend_schema(
        operation_id=f"incidents_{name}",
        summary=f"{name.capitalize()} an incident",
        description=(reader.__doc__ or "") if reader is not NothingIn else (service.__doc__ or ""),
        request=None if reader is NothingIn else reader,
        responses=IncidentOut,
    )
    def post(self: ApiView, request: Request, number: str) -> Response:
        given = checked(reader, request.data)
        record = service(
            record=get_incident(self.actor, number),
            actor=self.actor,
            at=timezone.now(),
            seen_version=self.seen_version(),
            **given,
        )
        return answer(self.actor, record)

    members = {"__doc__": service.__doc__, "permission_for": {"POST": permission}, "post": post}
    return type(f"{name.capitalize()}View", (ApiView,), members)


STEP_VIEWS = {name: _step_view(name) for name in STEPS}
