"""The form of a fulfilment plan: its tasks row by row, numbered, so that one can be said to come after others."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from design.forms import FieldStyle, GovukDateField
from sla.queries.register import PlanLine
from sla.web.forms.fields import SHORT
from sla.web.forms.parts import HOUR, hours_text
from sla.web.forms.promises import ReasonForm

FIELDS = ("code", "name", "hours", "calendar", "component", "after", "remove")
MOST_TASKS = 200
_NUMBER = FieldStyle(label_size="s", small=True, width="5")
# What the service calls a part of a task, and the form's field.
_PLACES = {"seconds": "hours"}


class TaskFields(NamedTuple):
    """What the form shows of one task."""

    number: int
    is_known: bool
    code: Any
    name: Any
    hours: Any
    calendar: Any
    component: Any
    after: Any
    remove: Any


class TypedTask(NamedTuple):
    """A task as it was typed; the calendar and the component by code."""

    row: int
    code: str
    name: str
    seconds: int | None
    calendar: str
    component: str
    after: tuple[str, ...]


class PlanForm(ReasonForm):
    """A plan from a day on. Rows in which nothing stands are no tasks."""

    effective_from = GovukDateField(
        label=_("In force from"),
        required=False,
        help_text=_("From the beginning of that day. Leave empty for now."),
    )

    def __init__(
        self,
        *args: Any,
        rows: int,
        calendars: Sequence[tuple[str, str]],
        components: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        styles: dict[str, FieldStyle] = {}
        for row in range(1, rows + 1):
            for name, field in _task_fields(calendars, components).items():
                self.fields[f"{name}_{row}"] = field
            styles |= {f"hours_{row}": _NUMBER, f"after_{row}": SHORT}
        self.field_styles: Mapping[str, FieldStyle] = styles
        self.order_fields([*list(self.fields)[3:], "effective_from", "accepted_because"])
        self._tasks: list[TypedTask] = []

    def tasks(self) -> Iterator[TaskFields]:
        """The fields of each row."""
        for row in range(1, self.rows + 1):
            fields = [self[f"{name}_{row}"] for name in FIELDS]
            yield TaskFields(row, bool(fields[0].value()), *fields)

    def clean(self) -> dict[str, Any]:
        """Reads the rows, and what they say of each other."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        kept = [row for row in range(1, self.rows + 1) if self._is_task(data, row)]
        codes: dict[int, str] = {}
        for row in kept:
            known = data.get(f"code_{row}") or ""
            codes[row] = known if known and known not in codes.values() else ""
        for row in kept:
            codes[row] = codes[row] or _new_code(data.get(f"name_{row}") or "", row, set(codes.values()))
        for row in kept:
            if not data.get(f"name_{row}") and f"name_{row}" not in self.errors:
                self.add_error(f"name_{row}", gettext("Say what task %(number)d is") % {"number": row})
            hours = data.get(f"hours_{row}")
            self._tasks.append(
                TypedTask(
                    row,
                    codes[row],
                    data.get(f"name_{row}") or "",
                    None if hours is None else int(hours * HOUR),
                    data.get(f"calendar_{row}") or "",
                    data.get(f"component_{row}") or "",
                    self._after(row, data.get(f"after_{row}") or "", codes),
                )
            )
        return data

    def typed_tasks(self) -> Sequence[TypedTask]:
        """What was typed. Only of a form that is valid."""
        return self._tasks

    def instant(self, now: datetime) -> datetime:
        """From when on: the beginning of the day in the reader's zone, or `now`."""
        day = self.cleaned_data["effective_from"]
        return timezone.make_aware(datetime.combine(day, time.min)) if day else now

    def place_of(self, name: str) -> str:
        """The field that shows what the service says of a part of the plan, for example of tasks[1].seconds."""
        first, _, last = name.partition("].")
        if not last:
            return "name_1" if name == "tasks" else name
        row = self._tasks[int(first.removeprefix("tasks["))].row
        return f"{_PLACES.get(last, last)}_{row}"

    def _is_task(self, data: Mapping[str, Any], row: int) -> bool:
        if data.get(f"remove_{row}"):
            return False
        typed = ("name", "hours", "calendar", "component", "after")
        return any(
            data.get(f"{name}_{row}") not in (None, "") or f"{name}_{row}" in self.errors for name in typed
        )

    def _after(self, row: int, text: str, codes: Mapping[int, str]) -> tuple[str, ...]:
        found: list[str] = []
        for word in text.replace(",", " ").split():
            code = codes.get(int(word)) if word.isascii() and word.isdigit() and len(word) < 4 else None
            if code is None:
                self.add_error(f"after_{row}", gettext("There is no task %(number)s") % {"number": word[:20]})
                break
            if code not in found:
                found.append(code)
        return tuple(found)


def plan_initial(tasks: Sequence[PlanLine]) -> dict[str, Any]:
    """What the form shows of a plan."""
    found: dict[str, Any] = {}
    for task in tasks:
        found |= {
            f"code_{task.number}": task.code,
            f"name_{task.number}": task.name,
            f"hours_{task.number}": hours_text(task.seconds),
            f"calendar_{task.number}": task.calendar,
            f"component_{task.number}": task.component,
            f"after_{task.number}": ", ".join(str(number) for number in task.after),
        }
    return found


def _task_fields(
    calendars: Sequence[tuple[str, str]], components: Sequence[tuple[str, str]]
) -> dict[str, forms.Field]:
    return {
        "code": forms.CharField(required=False, max_length=60, widget=forms.HiddenInput),
        "name": forms.CharField(label=_("Task"), required=False, max_length=200),
        "hours": forms.DecimalField(
            label=_("Time in hours"),
            required=False,
            min_value=Decimal("0.01"),
            max_digits=8,
            decimal_places=2,
        ),
        "calendar": forms.ChoiceField(
            label=_("Hours of"), required=False, choices=[("", _("No calendar")), *calendars]
        ),
        "component": forms.ChoiceField(
            label=_("Or as a contract says, for"),
            required=False,
            choices=[("", _("No component")), *components],
        ),
        "after": forms.CharField(label=_("After tasks"), required=False, max_length=200),
        "remove": forms.BooleanField(label=_("Take this task out"), required=False),
    }


def _new_code(name: str, row: int, taken: set[str]) -> str:
    """A code for a task that has none yet."""
    wanted = slugify(name)[:50].strip("-_") or f"task-{row}"
    found, number = wanted, 2
    while found in taken:
        found, number = f"{wanted}-{number}", number + 1
    return found
