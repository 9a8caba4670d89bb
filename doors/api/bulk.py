"""Many rows in one request: each is done or refused by itself, and the answer says which."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db import transaction
from django.utils import timezone
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from doors.api.errors import problem_handler
from doors.api.strict import StrictSerializer, checked
from doors.api.views import ApiView
from lifecycle.public import ForbiddenError
from people.public import Actor

MOST_ROWS = 500
# Of every row, beside what its action takes.
_ABOUT = ("action", "number", "version")


@dataclass(frozen=True, slots=True)
class Action:
    """What a row may ask for: how it is read, the permission it needs, and what does it.

    `is_new`: it makes a record, and so its row names none.
    `do(number=…, seen_version=…, given=…, actor=…, at=…)` returns the record as it is then.
    """

    reader: type[StrictSerializer]
    permission: str
    do: Callable[..., Any]
    is_new: bool = False


class BulkIn(StrictSerializer):
    """Up to 500 rows. A row names its `action`, its record's `number` (not to raise one), and what the action takes.

    `version` is the version that the row rests on; another one is refused as a conflict.
    """

    rows = serializers.ListField(child=serializers.DictField(), min_length=1, max_length=MOST_ROWS)


class BulkRowOut(serializers.Serializer[Any]):
    """What became of a row: the record's number and version, or the problem document of the refusal."""

    row = serializers.IntegerField(help_text="its place, from 0")
    code = serializers.IntegerField(help_text="HTTP status that the row alone would have got")
    number = serializers.CharField(required=False)
    version = serializers.IntegerField(required=False)
    problem = serializers.DictField(required=False)


class BulkOut(serializers.Serializer[Any]):
    """Every row's result, in order."""

    done = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = BulkRowOut(many=True)


class BulkView(ApiView):
    """A view over `actions` by name. What is wrong with one row keeps no other from being done."""

    actions: ClassVar[Mapping[str, Action]] = {}

    def done(self, request: Request) -> Response:
        """The answer to all rows. Raises ValidationError when the body is not of this shape."""
        rows = checked(BulkIn, request.data)["rows"]
        results = [{"row": place, **self._row(row, timezone.now())} for place, row in enumerate(rows)]
        refused = sum("problem" in result for result in results)
        return Response({"done": len(results) - refused, "refused": refused, "results": results})

    def _row(self, row: Mapping[str, Any], at: datetime) -> dict[str, Any]:
        try:
            with transaction.atomic():
                action = self._action(row)
                record = self._do(action, row, self.actor, at)
        except Exception as error:
            answer = problem_handler(error, {})
            if answer is None:
                raise
            return {"code": answer.status_code, "problem": answer.data}
        return {"code": 201 if action.is_new else 200, "number": record.number, "version": record.version}

    def _action(self, row: Mapping[str, Any]) -> Action:
        name = row.get("action")
        action = self.actions.get(name) if isinstance(name, str) else None
        if action is None:
            raise ValidationError({"action": f"Use one of {', '.join(sorted(self.actions))}."})
        if action.is_new and ("number" in row or "version" in row):
            raise ValidationError({"number": "A new record has neither number nor version yet."})
        if not action.is_new and not isinstance(row.get("number"), str):
            raise ValidationError({"number": "Say as text which record it is about."})
        return action

    def _do(self, action: Action, row: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
        version = row.get("version")
        if version is not None and (not isinstance(version, int) or isinstance(version, bool)):
            raise ValidationError({"version": "This is a whole number."})
        if not actor.may(action.permission):
            raise ForbiddenError(
                f"This needs the permission {action.permission}.", permission=action.permission
            )
        given = checked(action.reader, {key: value for key, value in row.items() if key not in _ABOUT})
        return action.do(number=row.get("number"), seen_version=version, given=given, actor=actor, at=at)
