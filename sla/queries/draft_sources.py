"""What a draft can begin with: a definition as it holds today, in the notation."""

from datetime import datetime

from django.utils.translation import gettext

from catalogue.public import catalogue
from people.public import directory
from sla.engine.notation import Document, print_definitions
from sla.services.history import seconds
from sla.services.notation import todays_document

ALL = "all"


def source_choices(at: datetime) -> list[tuple[str, str]]:
    """What a draft can begin with, as (word in an address, what people read)."""
    document = todays_document(seconds(at))
    return [
        *(
            (f"calendar:{code}", gettext("Calendar: %(name)s") % {"name": entry.name or code})
            for code, entry in sorted(document.calendars.items())
        ),
        *(
            (f"target:{entry.code}", gettext("Target: %(name)s") % {"name": entry.name})
            for entry in document.targets
        ),
        *(
            (f"matrix:{entry.name}", gettext("Priority matrix: %(name)s") % {"name": entry.name})
            for entry in document.matrices
        ),
        (ALL, gettext("All definitions")),
    ]


def source_text(start: str, at: datetime) -> str:
    """A definition as it holds now (UTC), in the notation; "" for a word that stands for none."""
    document = todays_document(seconds(at))
    kind, _, name = start.partition(":")
    if start == ALL:
        found = document
    elif kind == "calendar":
        found = Document(calendars={code: each for code, each in document.calendars.items() if code == name})
    elif kind == "target":
        found = Document(targets=tuple(each for each in document.targets if each.code == name))
    else:
        found = Document(
            matrices=tuple(each for each in document.matrices if kind == "matrix" and each.name == name)
        )
    return print_definitions(found) if found != Document() else ""


def service_choices() -> list[tuple[str, str]]:
    """Services by code, as people choose them."""
    return [(row.code, row.name) for row in catalogue().services.values()]


def provider_choices() -> list[tuple[str, str]]:
    """Providers by code, as people choose them."""
    return [(row.code, row.name) for row in directory().providers.values()]
