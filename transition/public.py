"""The door of `transition` for other apps."""

from transition.queries import Verdict, agreement_of, find_import, verdicts_of
from transition.services.import_history import (
    ImportConflictError,
    ImportNameError,
    ImportOutcome,
    import_history,
)

__all__ = [
    "ImportConflictError",
    "ImportNameError",
    "ImportOutcome",
    "Verdict",
    "agreement_of",
    "find_import",
    "import_history",
    "verdicts_of",
]
