"""The one notation of definitions: calendars, targets and priority matrices as a text, read and printed."""

from sla.engine.notation.document import parse_definitions
from sla.engine.notation.entries import CalendarEntry, Document, MatrixEntry, TargetEntry
from sla.engine.notation.faults import Fault, NotationError
from sla.engine.notation.printing import print_definitions
from sla.engine.notation.targets import Vocabulary

__all__ = [
    "CalendarEntry",
    "Document",
    "Fault",
    "MatrixEntry",
    "NotationError",
    "TargetEntry",
    "Vocabulary",
    "parse_definitions",
    "print_definitions",
]
