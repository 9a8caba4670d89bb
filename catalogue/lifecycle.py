"""The life of a service, from an idea to its retirement: data only. Pages, API, documentation and tests read it."""

from lifecycle.public import Lifecycle, State, Transition
from tenancy.engine.words import word

DEFINE = "service:define"
PIPELINE, LIVE, RETIRED = "pipeline", "live", "retired"
PHASES = (PIPELINE, LIVE, RETIRED)
# The stages in which records may be raised about a service, and its offerings requested.
USABLE = ("live", "retiring")
BEFORE_LIVE = ("proposed", "designing", "accepting")

SERVICE = Lifecycle(
    "service",
    (
        State("proposed", PIPELINE, word("Proposed")),
        State("designing", PIPELINE, word("Designing")),
        State("accepting", PIPELINE, word("Accepting")),
        State("live", LIVE, word("Live")),
        State("retiring", LIVE, word("Retiring")),
        State("retired", RETIRED, word("Retired")),
    ),
    (
        Transition("design", ("proposed",), "designing", word("Begin its design"), DEFINE),
        Transition("accept", ("designing",), "accepting", word("Hand it over for acceptance"), DEFINE),
        Transition(
            "rework", ("accepting",), "designing", word("Send it back to design"), DEFINE, (), ("reason",)
        ),
        Transition("publish", ("accepting",), "live", word("Publish"), DEFINE),
        Transition("retire", ("live",), "retiring", word("Begin its retirement"), DEFINE, (), ("reason",)),
        Transition("keep", ("retiring",), "live", word("Keep it after all"), DEFINE, (), ("reason",)),
        Transition("end", ("retiring",), "retired", word("End it"), DEFINE, (), ("reason",)),
        Transition("turn_down", BEFORE_LIVE, "retired", word("Turn it down"), DEFINE, (), ("reason",)),
    ),
)
