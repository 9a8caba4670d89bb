"""Case tables: one row tells a record's whole life, each step in a column of its own."""

from calendars.engine import NeverOpenError, WorkingTime, parse_calendar, working_time
from transition.engine.cells import UNCHANGED, TimeReader
from transition.engine.faults import RejectedValueError, RowFault
from transition.engine.fold import Tools, backwards, folded, read_settings, rejected
from transition.engine.history import Folded, HistoricRecord
from transition.engine.mapping import FINAL_STATES, Choice, Hold
from transition.engine.spool import RecordRows
from transition.engine.steps import RESTING_STATES, Step, entries_of

FIRST_RESPONSE = "First response"
"""The text of the comment that stands for a response of which only the time is known."""
ENDS = ("resolved", "closed")
ALWAYS = working_time(parse_calendar({"zone": "UTC", "always": True}))
Life = dict[str, int]


class CaseFolder:
    """Folds the rows of a case table."""

    def __init__(self, tools: Tools) -> None:
        """Make the readers once for the whole file."""
        mapping = tools.mapping
        times = mapping.times
        self._tools = tools
        self._mapping = mapping
        told = {
            name: tools.time(getattr(times, name))
            for name in ("opened", "assigned", "responded", "resolved", "closed", "updated")
        }
        self._told = {name: reader for name, reader in told.items() if reader is not None}
        self._fields = tools.values(mapping.fields)
        self._opening = tools.values(mapping.opening)
        self._moments = [(tools.time(moment.at), tools.values(moment.settings)) for moment in mapping.moments]
        self._holds = [(hold, tools.time(hold.start), tools.time(hold.end)) for hold in mapping.holds]
        self._texts = tools.texts()
        self._actor = tools.value(mapping.actors.source) if mapping.actors.source else None
        self._opened_by = tools.value(mapping.actors.opened_by) if mapping.actors.opened_by else None
        self._calendars: dict[str, WorkingTime] = {
            code: working_time(parse_calendar(calendar.definition))
            for code, calendar in mapping.calendars.items()
        }

    def fold(self, rows: RecordRows) -> Folded:
        """The record of the first good row; a further row of the same key is kept aside."""
        faults: dict[int, RowFault] = {}
        record: HistoricRecord | None = None
        for line, cells in rows.rows:
            if record is not None:
                reason = f"a second row for {rows.key!r}; the first is used"
                faults[line] = RowFault(line, None, rows.key, reason, "record_repeated", cells)
                continue
            try:
                record = self._record(rows.key, cells)
            except RejectedValueError as error:
                faults[line] = error.fault(line=line, cells=cells)
        if record is None:
            return rejected(rows, faults, "no row of the record is usable", "record_unusable")
        return folded(rows, record, faults)

    def _record(self, key: str, cells: tuple[str, ...]) -> HistoricRecord:
        texts = self._texts(cells)
        requester = texts.get("requester", "")
        facts = read_settings(self._fields, cells)
        life = self._life(cells)
        steps = self._steps(cells, facts, life)
        steps = self._with_holds(steps, cells, life)
        self._name_actors(steps, cells, requester, str(facts.get("assignee") or ""))
        counters, verdicts = self._tools.claims(cells)
        return HistoricRecord(
            external_reference=key,
            title=texts.get("title", "") or key,
            description=texts.get("description", ""),
            requester=requester,
            opened_at=life["opened"],
            entries=entries_of(steps, actors=self._mapping.actors, requester=requester),
            counters_claimed=counters,
            verdicts_claimed=verdicts,
        )

    def _life(self, cells: tuple[str, ...]) -> Life:
        """The instants that the row tells, checked to be in order."""
        life: Life = {}
        for name, reader in self._told.items():
            at = reader.read(cells)
            if at is not None:
                life[name] = at
        if "opened" not in life:
            opened = self._mapping.times.opened.columns
            reason = "the row does not say when the record was opened"
            raise RejectedValueError(column=", ".join(opened), value="", reason=reason, code="time_missing")
        for name in ("assigned", "responded", "resolved", "updated"):
            self._after(life, name, "opened", cells)
        self._after(life, "closed", "resolved" if "resolved" in life else "opened", cells)
        return life

    def _after(self, life: Life, name: str, earlier: str, cells: tuple[str, ...]) -> None:
        if name not in life or life[name] >= life[earlier]:
            return
        if name != "updated" and self._mapping.rows.backwards == "reject":
            reader = self._told[name]
            raise backwards(reader.column, reader.text(cells), f"{name} lies before {earlier}")
        life[name] = life[earlier]

    def _steps(self, cells: tuple[str, ...], facts: dict[str, Choice | None], life: Life) -> list[Step]:
        at_opening = {name: value for name, value in facts.items() if name not in {"state", "work_note"}}
        steps: list[Step] = []
        if "assigned" in life:
            assigned: dict[str, Choice | None] = {"state": "assigned"}
            if "assignee" in at_opening:
                assigned["assignee"] = at_opening.pop("assignee")
            steps.append(Step(life["assigned"], "", assigned))
        if "responded" in life:
            steps.append(Step(life["responded"], "", {"comment": FIRST_RESPONSE}))
        for reader, readers in self._moments:
            at = reader.read(cells) if reader else None
            if reader is None or at is None:
                continue
            if at < life["opened"] and self._mapping.rows.backwards == "reject":
                raise backwards(reader.column, reader.text(cells), "the moment lies before the opening")
            steps.append(Step(max(at, life["opened"]), "", read_settings(readers, cells)))
        steps.sort(key=lambda step: step.at)
        steps += self._ending(steps, facts.get("state"), life)
        steps.sort(key=lambda step: step.at)
        at_opening["state"] = "new"
        at_opening |= read_settings(self._opening, cells)
        opening: dict[str, Choice | None] = {}
        opening |= {name: value for name, value in at_opening.items() if value is not None}
        steps.insert(0, Step(life["opened"], "", opening))
        if facts.get("work_note") is not None:
            steps.append(Step(steps[-1].at, "", {"work_note": facts["work_note"]}))
        return steps

    def _ending(self, steps: list[Step], state: Choice | None, life: Life) -> list[Step]:
        """How the record ends: by its time columns, else by its state at the time of its last update."""
        final = str(state) if state in FINAL_STATES else "closed"
        ending = [
            Step(life[name], "", {"state": final if name == "closed" else name})
            for name in ENDS
            if name in life
        ]
        last = max([life["opened"], *(step.at for step in [*steps, *ending])])
        if state is None or "closed" in life or (ending and state not in FINAL_STATES):
            return ending
        if state in RESTING_STATES and not ending and "updated" not in life:
            reason = f"the record is {state}, but no column says since when"
            raise RejectedValueError(column=None, value=str(state), reason=reason, code="time_missing")
        told = [step.facts["state"] for step in steps if "state" in step.facts]
        if state != (told[-1] if told else "new"):
            ending.append(Step(max(life.get("updated", last), last), "", {"state": state}))
        return ending

    def _with_holds(self, steps: list[Step], cells: tuple[str, ...], life: Life) -> list[Step]:
        """Lay the pauses over the steps: within one, the state is its; a record that rests is not paused."""
        pauses = [
            (begin, end, hold.state)
            for hold, start, until in self._holds
            for begin, end in [self._extent(hold, start, until, cells, life)]
            if begin < end
        ]
        if not pauses:
            return steps
        instants = {instant for begin, end, _ in pauses for instant in (begin, end)}
        laid = sorted([*steps, *(Step(instant) for instant in sorted(instants))], key=lambda step: step.at)
        state: Choice | None = "new"
        for step in laid:
            state = step.facts.get("state", state)
            paused = next((held for begin, end, held in pauses if begin <= step.at < end), None)
            step.facts["state"] = state if paused is None or state in RESTING_STATES else paused
            if paused is None and step.at in instants and state == "new":
                step.facts["state"] = "in_progress"
        return laid

    def _extent(
        self, hold: Hold, start: TimeReader | None, end: TimeReader | None, cells: tuple[str, ...], life: Life
    ) -> tuple[int, int]:
        begin = start.read(cells) if start else None
        until = end.read(cells) if end else None
        if hold.length_column is None:
            if begin is None:
                return 0, 0
            stop = (
                until
                if until is not None
                else min((life[name] for name in ENDS if name in life), default=None)
            )
            return max(begin, life["opened"]), stop if stop is not None else begin
        cell = cells[self._tools.index[hold.length_column]]
        if cell in self._mapping.file.missing:
            return 0, 0
        seconds = self._length(hold, cell)
        if until is not None:
            return max(until - seconds, life["opened"]), until
        # A pause of which only the length is known is laid where it harms no response: after the first one.
        known = begin if begin is not None else life.get("responded", life.get("assigned", life["opened"]))
        calendar = self._calendars[hold.measured_in] if hold.measured_in else ALWAYS
        try:
            stop = calendar.due(known, seconds)
            end_of_life = min((life[name] for name in ENDS if name in life), default=stop)
            if begin is not None or stop <= end_of_life:
                return known, stop
            spare = calendar.open_seconds(life["opened"], end_of_life) - seconds
            if spare < 0 and self._mapping.rows.backwards == "reject":
                raise self._no_length(hold, cell, "is longer than the record's life")
            return calendar.due(life["opened"], max(spare, 0)), end_of_life
        except NeverOpenError as error:
            raise self._no_length(hold, cell, f"never fits the calendar {hold.measured_in}") from error

    def _length(self, hold: Hold, cell: str) -> int:
        try:
            seconds = round(float(cell.replace(",", ".")) * hold.length_unit_s)
        except (ValueError, OverflowError):
            seconds = -1
        if seconds < 0:
            raise self._no_length(hold, cell, "is no length of a pause")
        return seconds

    @staticmethod
    def _no_length(hold: Hold, cell: str, problem: str) -> RejectedValueError:
        reason = f"the pause of {cell!r} {problem}"
        return RejectedValueError(
            column=hold.length_column, value=cell, reason=reason, code="length_unusable"
        )

    def _name_actors(self, steps: list[Step], cells: tuple[str, ...], requester: str, assignee: str) -> None:
        value = self._actor.read(cells) if self._actor else UNCHANGED
        actor = assignee if value is UNCHANGED or value is None else str(value)
        value = self._opened_by.read(cells) if self._opened_by else UNCHANGED
        opener = (requester or actor) if value is UNCHANGED or value is None else str(value)
        for step in steps:
            step.actor = opener if step is steps[0] else actor
