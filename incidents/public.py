"""The door of `incidents` for other apps."""

from incidents.engine.filters import IncidentFilter
from incidents.lifecycle import INCIDENT, RESOLUTION_CODES
from incidents.policy import offers
from incidents.queries import (
    detail_of,
    get_incident,
    latest_incidents,
    live_incidents,
    search_incidents,
    visible_incidents,
)
from incidents.services.classify import Classification, classification_of, classify
from incidents.services.raise_incident import Report, raise_incident
from incidents.services.reply import comment, note
from incidents.services.steps import (
    assign,
    cancel,
    close,
    confirm,
    pend,
    reopen,
    resolve,
    resume,
    start,
    take,
)

__all__ = [
    "INCIDENT",
    "RESOLUTION_CODES",
    "Classification",
    "IncidentFilter",
    "Report",
    "assign",
    "cancel",
    "classification_of",
    "classify",
    "close",
    "comment",
    "confirm",
    "detail_of",
    "get_incident",
    "latest_incidents",
    "live_incidents",
    "note",
    "offers",
    "pend",
    "raise_incident",
    "reopen",
    "resolve",
    "resume",
    "search_incidents",
    "start",
    "take",
    "visible_incidents",
]
