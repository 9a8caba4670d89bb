"""What pages call the states of disputes, and the parties that time is said to be with."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from sla.queries.disputes import parties_but


def state_words() -> dict[str, str]:
    """A word for each state."""
    return {
        "raised": _("Open"),
        "upheld": _("Upheld"),
        "rejected": _("Rejected"),
        "withdrawn": _("Withdrawn"),
    }


def party_words(kind: str, group: Any) -> str:
    """A party by name; a group has one of its own."""
    return f"{group.name}" if group else _kinds().get(kind, "")


def party_choices(provider: UUID | None) -> list[tuple[str, str]]:
    """Whose a provider's time may be instead: the parties without a group, then the groups of others."""
    groups = [(f"group:{code}", f"{name}, {owner}") for code, name, owner in parties_but(provider)]
    return [*_kinds().items(), *groups]


def _kinds() -> dict[str, str]:
    return {
        "requester": _("The requester"),
        "unassigned": _("Nobody: it was no party’s fault"),
        "wire": _("The wire between the systems"),
    }
