"""A whole document of definitions, read with every mistake found in one go."""

from datetime import UTC, date, datetime, time

import yaml

from calendars.engine import NeverOpenError, parse_calendar, working_time
from sla.engine.notation.calendars import parse_calendars
from sla.engine.notation.entries import Document
from sla.engine.notation.faults import Fault, NotationError
from sla.engine.notation.matrices import parse_matrices
from sla.engine.notation.nodes import InvalidValueError, Section, Value, parse_document
from sla.engine.notation.targets import Vocabulary, parse_targets
from tenancy.engine.words import say

LONGEST = 400_000
LONGEST_DURATION_S = 10 * 366 * 86_400
_CODE_MAX = 60
# From where a duration is tried against its calendar: any Monday does.
_A_MONDAY = 1_767_571_200


def parse_definitions(*, source: str, words: Vocabulary, file: str = "definitions") -> Document:
    """The definitions in the YAML (or JSON) text `source`; `file` names it in messages.

    Raises NotationError with every mistake, its line and its remedy.
    """
    root = _root(source, file)
    try:
        section = Section(root)
    except InvalidValueError:
        raise NotationError(root.faults) from None
    since = section.take("from", _instant, None)
    calendars = section.take("calendars", parse_calendars, {})
    known = frozenset(calendars) | words.calendars
    targets, retired = section.take("targets", lambda v: parse_targets(v, known, words), ((), ()))
    document = Document(
        calendars=calendars,
        targets=targets,
        retired=retired,
        matrices=section.take("matrices", lambda v: parse_matrices(v, words), ()),
        since=since,
    )
    section.finish()
    _check(root, document, words)
    if root.faults:
        raise NotationError(root.faults)
    return document


def _root(source: str, file: str) -> Value:
    if len(source) > LONGEST:
        problem, expected = (
            say("the text has %(source)s characters", source=len(source)),
            say("write at most %(longest)s, or several drafts", longest=LONGEST),
        )
        raise NotationError([Fault(file, 1, 1, "", problem, expected)])
    root = parse_document(source=source, file=file)
    for token in yaml.scan(source, Loader=yaml.SafeLoader):
        if isinstance(token, yaml.AliasToken):
            # A few lines of them stand for millions.
            mark = token.start_mark
            fault = Fault(
                file,
                mark.line + 1,
                mark.column + 1,
                "",
                say("references are not known here"),
                say("write it out"),
            )
            raise NotationError([fault])
    return root


def _instant(value: Value) -> int:
    text = value.text()
    try:
        if len(text) == len("2026-12-25"):
            return int(datetime.combine(date.fromisoformat(text), time(), UTC).timestamp())
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise value.invalid(
            say("%(text)s is no instant", text=repr(text)), say("write 2026-12-25 or 2026-12-25T09:00Z")
        )
    return int(at.timestamp())


def _check(root: Value, document: Document, words: Vocabulary) -> None:
    if not (document.calendars or document.targets or document.retired or document.matrices):
        root.report(say("nothing is defined"), say("write calendars, targets or matrices"))
    places = dict(root.entries())
    if words.needs_slugs and "calendars" in places:
        for code in document.calendars:
            if (
                len(code) > _CODE_MAX
                or not code.replace("-", "").replace("_", "").isalnum()
                or not code.isascii()
            ):
                places["calendars"].key_position(code).report(
                    say("%(code)s is no code", code=repr(code)),
                    say("use up to %(count)s letters, digits, - and _ without spaces", count=_CODE_MAX),
                )
    by_code = {target.code: target for target in document.targets}
    for child in places["targets"].sequence() if document.targets else ():
        entries = dict(child.entries())
        code = entries["code"].raw() if "code" in entries else ""
        target = by_code.get(code)
        if target is None or "duration" not in entries:
            continue
        if target.duration_s > LONGEST_DURATION_S:
            entries["duration"].report(say("more than ten years"), say("write a shorter time"))
            continue
        calendar = document.calendars.get(target.calendar)
        if calendar is not None:
            try:
                working_time(parse_calendar(calendar.definition)).due(_A_MONDAY, target.duration_s)
            except NeverOpenError:
                entries["duration"].report(
                    say("the calendar %(calendar)s is never open that long", calendar=repr(target.calendar)),
                    say("write a shorter time"),
                )
