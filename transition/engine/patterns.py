"""Words of a mapping that may contain ``*``, compared without regard to capitals."""

import re
from collections.abc import Iterable
from functools import lru_cache


def fits(pattern: str, text: str) -> bool:
    """Whether the case-folded ``text`` is ``pattern``, in which ``*`` stands for any characters."""
    return pattern == text or ("*" in pattern and _compiled(pattern).fullmatch(text) is not None)


def fits_any(patterns: Iterable[str], text: str) -> bool:
    """Whether ``text``, folded here, fits one of the patterns."""
    folded = text.casefold()
    return any(fits(pattern, folded) for pattern in patterns)


@lru_cache(maxsize=2048)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")), re.DOTALL)
