"""Calendars over the API."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from calendars.public import bank_holidays
from doors.api.paging import paged
from doors.api.strict import checked
from doors.api.views import ApiView, etag
from doors.engine.keyset import Order
from people.public import Actor
from sla.api.serializers.calendars import (
    CalendarIn,
    CalendarOut,
    CalendarPage,
    CalendarVersionIn,
    calendar_row,
)
from sla.api.serializers.preview import PreviewOut, preview_of
from sla.api.views.asking import IF_MATCH, PREVIEW, asked_days, asked_from, wants_preview
from sla.queries.definitions import (
    CalendarLine,
    all_calendars,
    calendars_to_page,
    get_calendar,
    makers_of,
    open_intervals,
    stored_calendar,
    users_of,
)
from sla.services.edit_calendar import (
    DAYS_SHOWN,
    CalendarDraft,
    add_calendar_version,
    create_calendar,
    preview_calendar,
)
from sla.services.versions import DefinitionError

READ, WRITE = "sla:read", "sla:define"


class CalendarsView(ApiView):
    """Calendars."""

    permission_for: ClassVar[dict[str, str]] = {"GET": READ, "POST": WRITE}

    @extend_schema(
        operation_id="calendars_list",
        summary="List calendars",
        parameters=[OpenApiParameter("limit", int), OpenApiParameter("cursor", str)],
        responses=CalendarPage,
    )
    def get(self, request: Request) -> Response:
        """A page of calendars, by name."""
        lines, now = all_calendars(self.actor), timezone.now()
        page, envelope = paged(
            request, calendars_to_page(self.actor), order=Order("name", is_descending=False)
        )
        return Response(envelope | {"results": [calendar_row(lines[row.pk], now) for row in page.rows]})

    @extend_schema(
        operation_id="calendars_create",
        summary="Write down a calendar",
        parameters=[PREVIEW],
        request=CalendarIn,
        responses={200: PreviewOut, 201: CalendarOut},
    )
    def post(self, request: Request) -> Response:
        """A calendar with its first version; or what it would be, with `?preview=true`."""
        given, now = checked(CalendarIn, request.data), timezone.now()
        draft = _draft(given)
        if wants_preview(request):
            seen = preview_calendar(calendar=None, draft=draft, actor=self.actor, at=now, code=given["code"])
            return Response(preview_of(seen))
        made = create_calendar(code=given["code"], name=given["name"], draft=draft, actor=self.actor, at=now)
        return _answer(self.actor, made.code, status=201)


class CalendarView(ApiView):
    """One calendar."""

    permission_for: ClassVar[dict[str, str]] = {"GET": READ}

    @extend_schema(
        operation_id="calendars_read",
        summary="Read a calendar",
        parameters=[
            OpenApiParameter("from", str, description="a date, or a time with an offset; default now"),
            OpenApiParameter(
                "days", int, description=f"1 to 366 days of open intervals, default {DAYS_SHOWN}"
            ),
        ],
        responses=CalendarOut,
    )
    def get(self, request: Request, code: str) -> Response:
        """The calendar, its next open intervals, what uses it, and its versions."""
        line, now = get_calendar(self.actor, code), timezone.now()
        start = asked_from(request, now)
        body = _whole(self.actor, line, start=start, days=asked_days(request, DAYS_SHOWN))
        return Response(body, headers=etag(line.count))


class CalendarVersionsView(ApiView):
    """The versions of one calendar."""

    permission_for: ClassVar[dict[str, str]] = {"POST": WRITE}

    @extend_schema(
        operation_id="calendars_add_version",
        summary="Add a version to a calendar",
        parameters=[PREVIEW, IF_MATCH],
        request=CalendarVersionIn,
        responses={200: PreviewOut, 201: CalendarOut},
    )
    def post(self, request: Request, code: str) -> Response:
        """A further version; what was measured under the others stays. `?preview=true` says what it would change."""
        line, now = get_calendar(self.actor, code), timezone.now()
        draft = _draft(checked(CalendarVersionIn, request.data))
        calendar = stored_calendar(line)
        if wants_preview(request):
            return Response(
                preview_of(preview_calendar(calendar=calendar, draft=draft, actor=self.actor, at=now))
            )
        add_calendar_version(
            calendar=calendar, draft=draft, actor=self.actor, at=now, seen_version=self.seen_version()
        )
        return _answer(self.actor, code, status=201)


def _draft(given: dict[str, Any]) -> CalendarDraft:
    definition = dict(given["definition"])
    wanted = given.get("bank_holidays")
    if wanted:
        if wanted["last_year"] < wanted["first_year"]:
            words = "The last year lies before the first."
            raise DefinitionError(words, fields={"bank_holidays.last_year": words})
        days = bank_holidays(wanted["region"], range(wanted["first_year"], wanted["last_year"] + 1))
        own = definition.get("holidays", [])
        # What is no list is refused by the notation, which says so.
        definition["holidays"] = [*own, *days] if isinstance(own, list) else own
    return CalendarDraft(definition=definition, effective_from=given["effective_from"])


def _answer(actor: Actor, code: str, *, status: int) -> Response:
    line = get_calendar(actor, code, is_fresh=True)
    body = _whole(actor, line, start=timezone.now(), days=DAYS_SHOWN)
    headers = etag(line.count) | {"Location": f"/api/v1/calendars/{code}/"}
    return Response(body, status=status, headers=headers)


def _whole(actor: Actor, line: CalendarLine, *, start: Any, days: int) -> dict[str, Any]:
    targets, services = users_of(line, actor, start)
    made = makers_of(actor, line)
    return calendar_row(line, timezone.now()) | {
        "definition": line.at(start).definition,
        "intervals": [
            {"start": opens, "end": closes} for opens, closes in open_intervals(line, start=start, days=days)
        ],
        "targets": [each.code for each in targets],
        "services": [each.code for each in services],
        "versions": [
            {
                "effective_from": row.effective_from,
                "definition": row.definition,
                "made_by": made.get(row.pk, ("", None))[0],
                "made_at": made.get(row.pk, ("", None))[1],
            }
            for row in line.versions
        ],
    }
