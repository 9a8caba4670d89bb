"""The door of `records` for other apps."""

from records.engine.added_facts import add_facts
from records.engine.followers import follow_steps
from records.engine.kinds import Kind, kind_of, kinds, register_kind
from records.engine.moments import fact, plain
from records.engine.scanning import scanner_name
from records.models import Record
from records.policy import Viewpoint, may_read_working_side, require, viewer_of, visible_to
from records.queries.change_feed import Change, changes_since
from records.queries.contents import (
    Movements,
    attachments_of,
    audit_of,
    comments_of,
    facts_for,
    get_attachment,
    links_of,
    movements_of,
    persons_of,
    steps_of,
    watchers_of,
    work_notes_of,
)
from records.queries.filters import RecordFilter, by_state
from records.queries.headers import (
    brief_lines_with,
    followed_records,
    get_record,
    get_record_by_id,
    latest_followed,
    latest_records,
    lines_with,
    visible_records,
)
from records.queries.search import search, search_newest
from records.services.attachments import (
    GivenFile,
    attach_file,
    is_clean,
    read_file,
    scan_later,
    scan_now,
    stored,
    stored_attachment,
)
from records.services.close_resolved import close_all_resolved
from records.services.involve import link, stop_watching, watch
from records.services.journal import BODY_MAX, add_comment, add_work_note, checked_body
from records.services.numbering import take_numbers_of
from records.services.open_record import Opened, Opening, admit_provider, open_record, open_records
from records.services.step import Step, require_seen, take_step
from records.services.write_histories import History, write_histories

__all__ = [
    "BODY_MAX",
    "Change",
    "GivenFile",
    "History",
    "Kind",
    "Movements",
    "Opened",
    "Opening",
    "Record",
    "RecordFilter",
    "Step",
    "Viewpoint",
    "add_comment",
    "add_facts",
    "add_work_note",
    "admit_provider",
    "attach_file",
    "attachments_of",
    "audit_of",
    "brief_lines_with",
    "by_state",
    "changes_since",
    "checked_body",
    "close_all_resolved",
    "comments_of",
    "fact",
    "facts_for",
    "follow_steps",
    "followed_records",
    "get_attachment",
    "get_record",
    "get_record_by_id",
    "is_clean",
    "kind_of",
    "kinds",
    "latest_followed",
    "latest_records",
    "lines_with",
    "link",
    "links_of",
    "may_read_working_side",
    "movements_of",
    "open_record",
    "open_records",
    "persons_of",
    "plain",
    "read_file",
    "register_kind",
    "require",
    "require_seen",
    "scan_later",
    "scan_now",
    "scanner_name",
    "search",
    "search_newest",
    "steps_of",
    "stop_watching",
    "stored",
    "stored_attachment",
    "take_numbers_of",
    "take_step",
    "viewer_of",
    "visible_records",
    "visible_to",
    "watch",
    "watchers_of",
    "work_notes_of",
    "write_histories",
]
