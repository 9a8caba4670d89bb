"""What is counted, by what formula, and what is left out of it.

Every figure of a dashboard is a sum of facts of one measure, or a ratio of two such sums, so that each can be opened
down to the records it counts.
"""

from dataclasses import dataclass
from typing import Literal

Unit = Literal["count", "seconds"]
Period = Literal["month", "day"]

METRICS = ("response", "update", "resolution", "fulfilment", "approval")
TARGET_KINDS = ("sla", "ola", "uc")
KIND_NAMES = {"sla": "SLA", "ola": "OLA", "uc": "contract"}
CUSTODY_PARTIES = ("group", "requester", "approver", "wire", "unassigned")


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is counted.

    `period` says which date a fact bears: the first of the month in which it was decided, or for what is still open the
    day that it waits for. Both in the tenant's time zone.
    """

    code: str
    name: str
    formula: str
    exclusions: str = ""
    unit: Unit = "count"
    period: Period = "month"


_VERDICT_EXCLUSIONS = (
    "Clocks superseded, cancelled, or still running and not yet due, and restricted records."
)
_LIVE_EXCLUSIONS = "Resolved, closed and cancelled records, and restricted ones."
_RESOLVED = "Each record counts in the month in which it was last resolved"
_RESOLVED_EXCLUSIONS = "Records not resolved, cancelled ones, and restricted ones."


def _verdicts() -> list[Measure]:
    found = []
    for kind in TARGET_KINDS:
        for metric in METRICS:
            name = f"{KIND_NAMES[kind]} {metric}"
            clocks = f"of kind {KIND_NAMES[kind]} and metric {metric}"
            found.append(
                Measure(
                    f"{kind}.{metric}.met",
                    f"{name} met",
                    f"Clocks {clocks} that stopped in time, in the month in which they stopped.",
                    _VERDICT_EXCLUSIONS,
                )
            )
            found.append(
                Measure(
                    f"{kind}.{metric}.breached",
                    f"{name} breached",
                    f"Clocks {clocks} that fell due before they stopped, in the month in which they fell due,"
                    " also while they still run.",
                    _VERDICT_EXCLUSIONS,
                )
            )
    return found


_HOLDERS = {
    "group": "support groups",
    "requester": "the requester",
    "approver": "approvers",
    "wire": "the wire to a supplier's system",
    "unassigned": "nobody",
}


def _breach_time() -> list[Measure]:
    return [
        Measure(
            f"breach.{party}",
            f"Time of breaches held by {name}",
            f"Of the time that breached resolution SLAs promised, what passed while {name} held the record, in the"
            " month in which they fell due. Time past due is on the record.",
            _VERDICT_EXCLUSIONS,
            unit="seconds",
        )
        for party, name in _HOLDERS.items()
    ]


def _custody() -> list[Measure]:
    return [
        Measure(
            f"custody.{party}",
            f"Time held by {name}",
            f"Wall time from opening to the last resolution during which {name} held the record. {_RESOLVED}.",
            _RESOLVED_EXCLUSIONS,
            unit="seconds",
        )
        for party, name in _HOLDERS.items()
    ]


def _waits() -> list[Measure]:
    told = {
        "all": ("Waits", "Stretches in which a record stood pending"),
        "unasked": ("Waits without a question", "Waits for the requester in which nobody wrote to them"),
        "near_breach": (
            "Waits begun close to breach",
            "Waits begun when three quarters or more of a promise to the user was used",
        ),
        "own_end": ("Waits ended by who began them", "Waits that the same person began and ended"),
    }
    return [
        Measure(
            f"waits.{code}",
            name,
            f"{what}, by the group that began them and the month in which they began.",
            "Restricted records.",
        )
        for code, (name, what) in told.items()
    ]


MEASURES: dict[str, Measure] = {
    measure.code: measure
    for measure in (
        *_verdicts(),
        *_custody(),
        *_breach_time(),
        *_waits(),
        Measure(
            "records.opened",
            "Opened",
            "Records by the month in which they were opened.",
            "Restricted records.",
        ),
        Measure("records.resolved", "Resolved", f"{_RESOLVED}.", _RESOLVED_EXCLUSIONS),
        Measure(
            "records.cancelled",
            "Cancelled",
            "Records by the month in which they were cancelled.",
            "Restricted records.",
        ),
        Measure(
            "live.open",
            "Open now",
            "Records that are open or pending, by the day on which they were opened.",
            _LIVE_EXCLUSIONS,
            period="day",
        ),
        Measure(
            "live.breached",
            "Open and breached",
            "Running SLA clocks of live records whose due instant has passed, by the day on which it passed.",
            _LIVE_EXCLUSIONS,
            period="day",
        ),
        Measure(
            "live.due",
            "Coming due",
            "Running SLA clocks of live records, by the day on which they fall due.",
            f"{_LIVE_EXCLUSIONS} Clocks that stand while the record is pending have no due instant.",
            period="day",
        ),
        Measure(
            "truth.contract",
            "Contractual time to resolve",
            f"Counted time of the resolution SLA, pauses left out. {_RESOLVED}.",
            f"{_RESOLVED_EXCLUSIONS} Records without a resolution SLA or without hours of service.",
            unit="seconds",
        ),
        Measure(
            "truth.user",
            "Time the user waited",
            f"Open time of the service from opening to resolution, no pauses. {_RESOLVED}.",
            f"{_RESOLVED_EXCLUSIONS} Records without a resolution SLA or without hours of service.",
            unit="seconds",
        ),
        Measure(
            "truth.kept",
            "Kept for both",
            f"Resolution SLA met, and the user waited no longer than it promises. {_RESOLVED}.",
            f"{_RESOLVED_EXCLUSIONS} Records without a resolution SLA or without hours of service.",
        ),
        Measure(
            "truth.watermelon",
            "Green outside, red inside",
            f"Resolution SLA met, yet the user waited longer than it promises, because its clock stood. {_RESOLVED}.",
            f"{_RESOLVED_EXCLUSIONS} Records without a resolution SLA or without hours of service.",
        ),
        Measure(
            "truth.breached",
            "Breached for both",
            f"Resolution SLA breached. {_RESOLVED}.",
            f"{_RESOLVED_EXCLUSIONS} Records without a resolution SLA or without hours of service.",
        ),
        Measure(
            "flow.hops",
            "Hand-overs",
            f"How often records went from one support group to another. {_RESOLVED}.",
            _RESOLVED_EXCLUSIONS,
        ),
        Measure(
            "flow.ping_pong",
            "Ping-pong",
            f"How often a group got a record back from the very group it had sent it to. {_RESOLVED}.",
            _RESOLVED_EXCLUSIONS,
        ),
        Measure(
            "flow.first_group_right",
            "First group right",
            f"Records resolved by the first support group that held them. {_RESOLVED}.",
            _RESOLVED_EXCLUSIONS,
        ),
    )
}
