"""Who is shown what."""

from people.public import Actor


def may_issue(actor: Actor) -> bool:
    """Whether the actor is shown how to issue and schedule reports."""
    return actor.may("report:schedule") and actor.reach in ("all", "system")
