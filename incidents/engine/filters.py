"""The filters of an incident list."""

from incidents.lifecycle import INCIDENT
from records.public import RecordFilter, by_state


class IncidentFilter(RecordFilter):
    """Filters over incidents that the caller may see."""

    state = by_state(INCIDENT)
