"""What requests about definitions say besides their body."""

from datetime import UTC, datetime

from django.utils.dateparse import parse_date, parse_datetime
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from sla.services.versions import DefinitionError

PREVIEW = OpenApiParameter(
    "preview", bool, description="true: say what saving would do, and save nothing (answers 200)"
)
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description='ETag of the definition as read, e.g. "v3".'
)
_YEARS = range(1970, 2301)


def wants_preview(request: Request) -> bool:
    """Whether `?preview=true` was asked for. Raises ValidationError for other words."""
    text = request.query_params.get("preview", "false")
    if text not in ("true", "false"):
        raise ValidationError({"preview": "Use true or false."})
    return text == "true"


def asked_from(request: Request, now: datetime) -> datetime:
    """`?from=` as an instant (UTC): a time with an offset, or a date. Raises ValidationError."""
    text = request.query_params.get("from", "")
    if not text:
        return now
    try:
        at = parse_datetime(text)
        day = None if at else parse_date(text)
    except ValueError:
        at = day = None
    if day is not None:
        at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    if at is None or at.tzinfo is None or at.year not in _YEARS:
        raise ValidationError({"from": "Use a date, or a time with an offset, from 1970 to 2300."})
    return at.astimezone(UTC)


def asked_days(request: Request, usual: int) -> int:
    """`?days=`, 1 to 366. Raises ValidationError."""
    text = request.query_params.get("days", str(usual))
    if not text.isascii() or not text.isdigit() or len(text) > 3 or not 1 <= int(text) <= 366:
        raise ValidationError({"days": "Use a number from 1 to 366."})
    return int(text)


def as_written(error: DefinitionError, names: dict[str, str]) -> DefinitionError:
    """The same refusal with fields as the body names them."""
    return DefinitionError(
        error.message, fields={names.get(name, name): why for name, why in error.fields.items()}
    )
