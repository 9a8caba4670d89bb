"""Calendars, each a line of dated versions. A version is never edited: what was measured under it stays."""

from django.db import models

from tenancy.models import TenantForeignKey, TenantModel


class Calendar(TenantModel):
    """A named working time, e.g. office hours in England."""

    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)

    class Meta:
        constraints = (models.UniqueConstraint("tenant", "code", name="calendar_code"),)

    def __str__(self) -> str:
        return self.name


class CalendarVersion(TenantModel):
    """What a calendar says from an instant on; `definition` is the notation of `calendars.engine.parse_calendar`."""

    calendar = TenantForeignKey(Calendar, related_name="versions")
    effective_from = models.DateTimeField()
    definition = models.JSONField()

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "calendar", "effective_from", name="calendar_version_instant"),
        )
