"""From what a person says about a problem to impact and urgency, 1 (highest) to 4."""

# Who cannot work as usual.
IMPACT_OF = {"me": 4, "team": 3, "site": 2, "everybody": 1}
# How much work is possible meanwhile.
URGENCY_OF = {"cannot": 1, "partly": 3, "can": 4}


def levels_of(*, reach: str, ability: str) -> tuple[int, int]:
    """Impact and urgency of a problem that has this reach and leaves this ability. Raises KeyError for other words."""
    return IMPACT_OF[reach], URGENCY_OF[ability]
