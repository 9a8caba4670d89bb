"""What the forms of the desk offer to choose from."""

from catalogue.models import Category
from catalogue.public import (
    active_categories,
    services_on_offer,
)
from people.public import Actor, active_groups, find_group, members_of_group, organisations, search_members

PEOPLE_OFFERED = 10


def group_choices() -> list[tuple[str, str]]:
    """Support groups by code, named with their provider."""
    return [(group.code, f"{group.name} ({group.provider.name})") for group in active_groups()]


def member_choices(group_code: str) -> list[tuple[str, str]]:
    """The members of a support group by e-mail; none for a group that there is not."""
    group = find_group(group_code) if group_code else None
    return (
        [(member.email, f"{member.name} ({member.email})") for member in members_of_group(group.pk)]
        if group
        else []
    )


def service_choices() -> list[tuple[str, str]]:
    """Services that records may be raised against, by code."""
    return [(service.code, service.name) for service in services_on_offer()]


def organisation_choices() -> list[tuple[str, str]]:
    """Organisations by code."""
    return [(row.code, row.name) for row in organisations()]


def category_choices() -> list[tuple[str, str]]:
    """Categories by code, each after its parents' names."""
    rows = active_categories()
    by_key = {row.pk: row for row in rows}

    def path(row: Category) -> str:
        parent = by_key.get(row.parent_id) if row.parent_id else None
        return f"{path(parent)} / {row.name}" if parent else row.name

    return sorted(((row.code, path(row)) for row in rows), key=lambda pair: pair[1])


def people_like(actor: Actor, text: str) -> list[tuple[str, str]]:
    """Up to ten people whose name or e-mail begins with the text, by e-mail; none for an empty text."""
    if not text.strip():
        return []
    found = search_members(actor, text).order_by("name", "id")[:PEOPLE_OFFERED]
    return [
        (row.email, f"{row.name} ({row.email}{', ' + row.organisation.name if row.organisation else ''})")
        for row in found
    ]
