"""Reading another system's history by a mapping file, pure: no database and no framework."""

from transition.engine.agreement import Agreement, Outcome
from transition.engine.contract import Contract, contract_fingerprint, contract_of, last_verdict
from transition.engine.faults import HistoryFileError, MappingError, MappingFault, RowFault
from transition.engine.fold import refused
from transition.engine.history import Folded, HistoricEntry, HistoricRecord
from transition.engine.mapping import Calendar, HistoryMapping, Target
from transition.engine.parse_mapping import load_mapping, parse_mapping, provider_of
from transition.engine.reading import ReadHistory, read_history
from transition.engine.rejects import RejectsWriter, write_rejects
from transition.engine.spool import RecordRows

__all__ = [
    "Agreement",
    "Calendar",
    "Contract",
    "Folded",
    "HistoricEntry",
    "HistoricRecord",
    "HistoryFileError",
    "HistoryMapping",
    "MappingError",
    "MappingFault",
    "Outcome",
    "ReadHistory",
    "RecordRows",
    "RejectsWriter",
    "RowFault",
    "Target",
    "contract_fingerprint",
    "contract_of",
    "last_verdict",
    "load_mapping",
    "parse_mapping",
    "provider_of",
    "read_history",
    "refused",
    "write_rejects",
]
