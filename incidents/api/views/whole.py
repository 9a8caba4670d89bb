"""An incident as the API shows it whole."""

from typing import Any

from django.utils import timezone
from rest_framework.response import Response

from doors.api.views import etag
from incidents.api.serializers import detail_row
from incidents.policy import offers
from incidents.queries import detail_of
from people.public import Actor
from sla.api.serializers.records import whole_of


def answer(
    actor: Actor, record: Any, *, detail: Any = None, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """A response with the incident and its version as ETag. `detail` saves a read when it is at hand."""
    body = whole_of(actor, record, offers(actor, record), timezone.now())
    body |= detail_row(detail or detail_of(record))
    return Response(body, status=status, headers=etag(record.version) | (headers or {}))
