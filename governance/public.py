"""The door of `governance` for other apps."""

from governance.queries.readiness import Readiness, readiness_of, subject_of
from governance.services.checklists import change_checklist
from governance.services.evidence import attach_evidence, give_evidence, sign_off, waive

__all__ = [
    "Readiness",
    "attach_evidence",
    "change_checklist",
    "give_evidence",
    "readiness_of",
    "sign_off",
    "subject_of",
    "waive",
]
