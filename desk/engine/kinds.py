"""The kinds of record that the desk has pages for: what their lists hold, and the words of their pages."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from design.languages import once_per_language


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """How records of a kind are listed. `feed` is the plural in addresses: `/desk/incidents/`.

    `untouched` is the state of what nobody has begun yet, "" for a kind that is not taken by anyone. `group_phases`
    are the phases of what a group is to work on, `promises` the kinds of target that make it urgent. `is_ranked` says
    that they have priorities, `is_linked` that they are linked to others and watched, and `has_users_clock` that lists
    show the user's clock too.
    """

    kind: str
    feed: str
    views: tuple[str, ...]
    untouched: str
    group_phases: tuple[str, ...] = ("open", "pending")
    promises: tuple[str, ...] = ("sla",)
    is_ranked: bool = False
    is_linked: bool = True
    has_users_clock: bool = False

    @property
    def is_assigned(self) -> bool:
        """Whether somebody takes records of this kind."""
        return "mine" in self.views

    @property
    def whose(self) -> str:
        """The heading of the column that says who has a record."""
        return gettext("Assignee") if self.is_assigned else gettext("Support group")


LISTINGS: Mapping[str, Listing] = {
    listing.kind: listing
    for listing in (
        Listing(
            kind="incident",
            feed="incidents",
            views=("mine", "groups", "unassigned", "breaching", "all", "resolved"),
            untouched="new",
            is_ranked=True,
            has_users_clock=True,
        ),
        # Nobody takes a request: its tasks are what is worked on.
        Listing(
            kind="request", feed="requests", views=("groups", "breaching", "all", "resolved"), untouched=""
        ),
        # What waits for other tasks is no work for a group yet.
        Listing(
            kind="task",
            feed="tasks",
            views=("mine", "groups", "unassigned", "breaching", "failed", "waiting", "all"),
            untouched="ready",
            group_phases=("open",),
            # A user is promised the request; what its tasks take is agreed between groups and with suppliers.
            promises=("sla", "ola", "uc"),
            is_linked=False,
        ),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KindWords:
    """What the pages of a kind say."""

    plural: str
    views: Mapping[str, str]
    views_label: str
    pages_label: str
    none_match: str
    show_all: str
    none_chosen: str
    unknown: str
    open: str
    back: str
    tick_first: str


@once_per_language
def words_of_kinds() -> dict[str, KindWords]:
    """The words of each kind."""
    views = {
        "mine": gettext("Assigned to me"),
        "groups": gettext("My groups"),
        "unassigned": gettext("Nobody has taken"),
        "breaching": gettext("Due in 4 hours, or late"),
        "all": gettext("All open"),
    }
    return {
        "incident": KindWords(
            plural=gettext("Incidents"),
            views=views | {"resolved": gettext("Resolved")},
            views_label=gettext("Incident views"),
            pages_label=gettext("Pages of incidents"),
            none_match=gettext("No incidents match these filters"),
            show_all=gettext("Show all open incidents"),
            none_chosen=gettext("No incident chosen"),
            unknown=gettext("There is no such incident, or you may not see it"),
            open=gettext("Open the incident"),
            back=gettext("Back to the incident"),
            tick_first=gettext("Tick the incidents first. Nothing was changed."),
        ),
        "request": KindWords(
            plural=gettext("Requests"),
            views=views | {"resolved": gettext("Fulfilled")},
            views_label=gettext("Request views"),
            pages_label=gettext("Pages of requests"),
            none_match=gettext("No requests match these filters"),
            show_all=gettext("Show all open requests"),
            none_chosen=gettext("No request chosen"),
            unknown=gettext("There is no such request, or you may not see it"),
            open=gettext("Open the request"),
            back=gettext("Back to the request"),
            tick_first="",
        ),
        "task": KindWords(
            plural=gettext("Tasks"),
            views=views
            | {
                "groups": gettext("To do in my groups"),
                "failed": gettext("Failed"),
                "waiting": gettext("Waiting for other tasks"),
            },
            views_label=gettext("Task views"),
            pages_label=gettext("Pages of tasks"),
            none_match=gettext("No tasks match these filters"),
            show_all=gettext("Show all open tasks"),
            none_chosen=gettext("No task chosen"),
            unknown=gettext("There is no such task, or you may not see it"),
            open=gettext("Open the task"),
            back=gettext("Back to the task"),
            tick_first=gettext("Tick the tasks first. Nothing was changed."),
        ),
    }


def address_of(kind: str, number: str) -> str:
    """The page of a record on the desk."""
    return f"/desk/{LISTINGS[kind].feed}/{number}/"
