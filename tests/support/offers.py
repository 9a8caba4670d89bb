"""Offerings to request in tests."""

from datetime import datetime
from typing import Any

from catalogue.models import Offering, Service
from catalogue.public import AudienceCodes, change_draft, create_offering, file_offering, publish_offering
from people.public import Actor


def words(english: str, welsh: str = "") -> dict[str, str]:
    """The same in both languages; made-up Welsh unless given."""
    return {"en": english, "cy": welsh or f"{english} (Cymraeg)"}


def offer(
    code: str,
    *,
    service: Service,
    actor: Actor,
    at: datetime,
    audience: AudienceCodes | None = None,
    **parts: Any,
) -> Offering:
    """A published offering; `parts` of its design replace what every offering must say."""
    name = code.replace("-", " ").capitalize()
    offering = create_offering(code=code, service=service, name=name, actor=actor)
    design = {
        "name": words(name),
        "summary": words(f"{name}, for work"),
        "description": words(f"All about {name.lower()}."),
    }
    offering = change_draft(offering=offering, changes=design | parts, actor=actor)
    if audience is not None:
        offering = file_offering(
            offering=offering, service=service, category=None, audience=audience, actor=actor
        )
    publish_offering(offering=offering, actor=actor, at=at)
    return Offering.objects.get(pk=offering.pk)
