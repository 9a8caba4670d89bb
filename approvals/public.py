"""The door of `approvals` for other apps."""

from approvals.engine.kinds import Approvable, Ending, register_approvable
from approvals.models import Approval, Delegation
from approvals.policy import oversees
from approvals.queries.level_words import LevelLine, level_lines
from approvals.queries.levels import (
    LevelView,
    QuestionView,
    SeatView,
    asked_approvals,
    decided_approvals,
    get_approval,
    levels_of,
    names_in_stead,
    open_approvals,
    places_for,
    seats_in,
    views_of,
    waiting_for,
)
from approvals.queries.people import delegations_of, in_force, people_asked
from approvals.services.asking import ask_approval
from approvals.services.deciding import approve, reject
from approvals.services.delegations import delegate, end_delegation
from approvals.services.questions import ask
from approvals.services.seating import assign_approver, hand_on, withdraw

__all__ = [
    "Approvable",
    "Approval",
    "Delegation",
    "Ending",
    "LevelLine",
    "LevelView",
    "QuestionView",
    "SeatView",
    "approve",
    "ask",
    "ask_approval",
    "asked_approvals",
    "assign_approver",
    "decided_approvals",
    "delegate",
    "delegations_of",
    "end_delegation",
    "get_approval",
    "hand_on",
    "in_force",
    "level_lines",
    "levels_of",
    "names_in_stead",
    "open_approvals",
    "oversees",
    "people_asked",
    "places_for",
    "register_approvable",
    "reject",
    "seats_in",
    "views_of",
    "waiting_for",
    "withdraw",
]
