"""What is counted, by what formula, and what is left out of it.

Every figure of a dashboard is a sum of facts of one measure, or a ratio of two such sums, so that each can be opened
down to the records it counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tenancy.engine.words import say, word

Unit = Literal["count", "seconds"]
Period = Literal["month", "day"]

METRICS = ("response", "update", "resolution", "fulfilment", "approval")
TARGET_KINDS = ("sla", "ola", "uc")
KIND_NAMES = {"sla": "SLA", "ola": "OLA", "uc": word("contract")}
_METRIC_NAMES = {
    "response": word("response"),
    "update": word("update"),
    "resolution": word("resolution"),
    "fulfilment": word("fulfilment"),
    "approval": word("approval"),
}
CUSTODY_PARTIES = ("group", "requester", "approver", "wire", "unassigned")


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is counted: what it is called, and its formula and what is left out, as sentences.

    `period` says which date a fact bears: the first of the month in which it was decided, or for what is still open the
    day that it waits for. Both in the tenant's time zone. `named` are the words that fill the places in the texts.
    """

    code: str
    called: str
    reckoned: tuple[str, ...]
    leaving_out: tuple[str, ...] = ()
    unit: Unit = "count"
    period: Period = "month"
    named: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What it is called, in the language of now."""
        return self._said((self.called,))

    @property
    def formula(self) -> str:
        """How it is counted, in the language of now."""
        return self._said(self.reckoned)

    @property
    def exclusions(self) -> str:
        """What is left out of it, in the language of now."""
        return self._said(self.leaving_out)

    def _said(self, sentences: tuple[str, ...]) -> str:
        named = {name: say(words) for name, words in self.named.items()}
        return " ".join(say(sentence, **named) for sentence in sentences)


_VERDICT_EXCLUSIONS = (
    word("Clocks superseded, cancelled, or still running and not yet due, and restricted records."),
)
_LIVE_EXCLUSIONS = (word("Resolved, closed and cancelled records, and restricted ones."),)
_RESOLVED = word("Each record counts in the month in which it was last resolved.")
_RESOLVED_EXCLUSIONS = (word("Records not resolved, cancelled ones, and restricted ones."),)
_TRUTH_EXCLUSIONS = (
    *_RESOLVED_EXCLUSIONS,
    word("Records without a resolution SLA or without hours of service."),
)
_RESTRICTED = (word("Restricted records."),)


def _verdicts() -> list[Measure]:
    found = []
    for kind in TARGET_KINDS:
        for metric in METRICS:
            named = {"kind": KIND_NAMES[kind], "metric": _METRIC_NAMES[metric]}
            found.append(
                Measure(
                    f"{kind}.{metric}.met",
                    word("%(kind)s %(metric)s met"),
                    (
                        word(
                            "Clocks of kind %(kind)s and metric %(metric)s that stopped in time, in the month in"
                            " which they stopped."
                        ),
                    ),
                    _VERDICT_EXCLUSIONS,
                    named=named,
                )
            )
            found.append(
                Measure(
                    f"{kind}.{metric}.breached",
                    word("%(kind)s %(metric)s breached"),
                    (
                        word(
                            "Clocks of kind %(kind)s and metric %(metric)s that fell due before they stopped, in the"
                            " month in which they fell due, also while they still run."
                        ),
                    ),
                    _VERDICT_EXCLUSIONS,
                    named=named,
                )
            )
    return found


_HOLDERS = {
    "group": word("support groups"),
    "requester": word("the requester"),
    "approver": word("approvers"),
    "wire": word("the wire to a supplier's system"),
    "unassigned": word("nobody"),
}


def _breach_time() -> list[Measure]:
    return [
        Measure(
            f"breach.{party}",
            word("Time of breaches held by %(holder)s"),
            (
                word(
                    "Of the time that breached resolution SLAs promised, what passed while %(holder)s held the record,"
                    " in the month in which they fell due."
                ),
                word("Time past due is on the record."),
            ),
            _VERDICT_EXCLUSIONS,
            unit="seconds",
            named={"holder": name},
        )
        for party, name in _HOLDERS.items()
    ]


def _custody() -> list[Measure]:
    return [
        Measure(
            f"custody.{party}",
            word("Time held by %(holder)s"),
            (
                word(
                    "Wall time from opening to the last resolution during which %(holder)s held the record."
                ),
                _RESOLVED,
            ),
            _RESOLVED_EXCLUSIONS,
            unit="seconds",
            named={"holder": name},
        )
        for party, name in _HOLDERS.items()
    ]


def _waits() -> list[Measure]:
    told = {
        "all": (word("Waits"), word("Stretches in which a record stood pending")),
        "unasked": (
            word("Waits without a question"),
            word("Waits for the requester in which nobody wrote to them"),
        ),
        "near_breach": (
            word("Waits begun close to breach"),
            word("Waits begun when three quarters or more of a promise to the user was used"),
        ),
        "own_end": (
            word("Waits ended by who began them"),
            word("Waits that the same person began and ended"),
        ),
    }
    return [
        Measure(
            f"waits.{code}",
            name,
            (word("%(what)s, by the group that began them and the month in which they began."),),
            _RESTRICTED,
            named={"what": what},
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
            word("Opened"),
            (word("Records by the month in which they were opened."),),
            _RESTRICTED,
        ),
        Measure(
            "demand.request",
            word("Requests made"),
            (word("Requests by the month in which they were made, of the business unit that they are for."),),
            _RESTRICTED,
        ),
        Measure(
            "demand.incident",
            word("Incidents raised"),
            (
                word(
                    "Incidents by the month in which they were raised, of the business unit that is affected."
                ),
            ),
            _RESTRICTED,
        ),
        Measure("records.resolved", word("Resolved"), (_RESOLVED,), _RESOLVED_EXCLUSIONS),
        Measure(
            "records.cancelled",
            word("Cancelled"),
            (word("Records by the month in which they were cancelled."),),
            _RESTRICTED,
        ),
        Measure(
            "live.open",
            word("Open now"),
            (word("Records that are open or pending, by the day on which they were opened."),),
            _LIVE_EXCLUSIONS,
            period="day",
        ),
        Measure(
            "live.breached",
            word("Open and breached"),
            (
                word(
                    "Running SLA clocks of live records whose due instant has passed, by the day on which it passed."
                ),
            ),
            _LIVE_EXCLUSIONS,
            period="day",
        ),
        Measure(
            "live.due",
            word("Coming due"),
            (word("Running SLA clocks of live records, by the day on which they fall due."),),
            (*_LIVE_EXCLUSIONS, word("Clocks that stand while the record is pending have no due instant.")),
            period="day",
        ),
        Measure(
            "truth.contract",
            word("Contractual time to resolve"),
            (word("Counted time of the resolution SLA, pauses left out."), _RESOLVED),
            _TRUTH_EXCLUSIONS,
            unit="seconds",
        ),
        Measure(
            "truth.user",
            word("Time the user waited"),
            (word("Open time of the service from opening to resolution, no pauses."), _RESOLVED),
            _TRUTH_EXCLUSIONS,
            unit="seconds",
        ),
        Measure(
            "truth.kept",
            word("Kept for both"),
            (word("Resolution SLA met, and the user waited no longer than it promises."), _RESOLVED),
            _TRUTH_EXCLUSIONS,
        ),
        Measure(
            "truth.watermelon",
            word("Green outside, red inside"),
            (
                word(
                    "Resolution SLA met, yet the user waited longer than it promises, because its"
                    " clock stood."
                ),
                _RESOLVED,
            ),
            _TRUTH_EXCLUSIONS,
        ),
        Measure(
            "truth.breached",
            word("Breached for both"),
            (word("Resolution SLA breached."), _RESOLVED),
            _TRUTH_EXCLUSIONS,
        ),
        Measure(
            "flow.hops",
            word("Hand-overs"),
            (word("How often records went from one support group to another."), _RESOLVED),
            _RESOLVED_EXCLUSIONS,
        ),
        Measure(
            "flow.ping_pong",
            word("Ping-pong"),
            (word("How often a group got a record back from the very group it had sent it to."), _RESOLVED),
            _RESOLVED_EXCLUSIONS,
        ),
        Measure(
            "flow.first_group_right",
            word("First group right"),
            (word("Records resolved by the first support group that held them."), _RESOLVED),
            _RESOLVED_EXCLUSIONS,
        ),
    )
}
