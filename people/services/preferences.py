"""What a person prefers to see."""

from collections.abc import Mapping
from uuid import UUID

from people.models import Person

CHOICES = {
    "theme": ("auto", "light", "dark"),
    "density": ("comfortable", "compact"),
    "language": ("en-gb", "cy"),
}


def set_preferences(*, person_id: UUID, values: Mapping[str, str]) -> None:
    """Keep those of `values` that name a preference and one of its choices; leave all else as it was."""
    change: dict[str, object] = {
        name: values[name] for name, choices in CHOICES.items() if values.get(name) in choices
    }
    if values.get("shortcuts") in ("on", "off"):
        change["shortcuts_enabled"] = values["shortcuts"] == "on"
    if change:
        Person.objects.filter(pk=person_id).update(**change)
