"""A question as it stands in an address, and back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from people.public import Actor, get_tenant
from reporting.engine.columns import BREAKDOWNS, Board, By
from reporting.engine.dimensions import DIMENSIONS, Dimension
from reporting.engine.questions import Month, Question, QuestionError
from reporting.queries.parts import below, choices_of, code_of_key, key_of_code

# Chosen by hand; a target is named by the links of numbers only.
FILTERS: tuple[Dimension, ...] = ("service", "organisation", "support_group", "provider", "priority")
DEFAULT_MONTHS = 6


class Address:
    """What the query part of an address asks. Whatever makes no sense is left out and named in `errors`."""

    def __init__(self, given: Mapping[str, str], *, actor: Actor, now: datetime) -> None:
        self._actor = actor
        self.errors: dict[str, str] = {}
        zone = get_tenant(actor.tenant_id).time_zone
        self.typed = {name: given.get(name, "").strip() for name in ("from", "to", "by", *DIMENSIONS)}
        if actor.reach == "provider":
            # The only one whose figures there are for them, so that pages say whose they show.
            self.typed["provider"] = code_of_key("provider", str(actor.provider_id or ""))
        this_month = Month.of(now.astimezone(ZoneInfo(zone)).date())
        end = self._month("to", this_month)
        start = self._month("from", end.plus(1 - DEFAULT_MONTHS))
        filters: dict[Dimension, tuple[str, ...]] = {}
        for name in DIMENSIONS:
            if self.typed[name]:
                self._add_filter(filters, name)
        try:
            self.question = Question(start, end, filters)
        except QuestionError as error:
            self.errors[error.field] = f"{error.reason}."
            self.question = Question(end.plus(1 - DEFAULT_MONTHS), end, filters)

    def _month(self, name: str, default: Month) -> Month:
        if not self.typed[name]:
            return default
        try:
            return Month.parse(self.typed[name], field_name=name)
        except QuestionError as error:
            self.errors[name] = f"{error.reason}."
            return default

    def _add_filter(self, filters: dict[Dimension, tuple[str, ...]], name: Dimension) -> None:
        key = key_of_code(name, self.typed[name])
        if key is None:
            self.errors[name] = _("%(what)s “%(typed)s” is not known here.") % {
                "what": _(BREAKDOWNS[name]),
                "typed": self.typed[name],
            }
            self.typed[name] = ""
            return
        filters[name] = below(key) if name == "organisation" and key else (key,)

    def by(self, board: Board) -> By:
        """The breakdown asked for, if the board has it."""
        wanted = self.typed["by"]
        if wanted and wanted not in board.by:
            self.errors["by"] = _("“%(typed)s” is none of %(known)s.") % {
                "typed": wanted,
                "known": ", ".join(board.by),
            }
        return next((by for by in board.by if by == wanted), board.by[0])

    def query(self, **changes: str) -> str:
        """The query part with some of it changed; what is empty is left out."""
        asked = {
            "from": str(self.question.start),
            "to": str(self.question.end),
            **{name: self.typed[name] for name in DIMENSIONS},
            **changes,
        }
        return urlencode({name: value for name, value in asked.items() if value})

    def of_row(self, by: By, key: str) -> dict[str, str]:
        """What an address must say to ask for one row of a breakdown."""
        if by == "month":
            return {"from": key, "to": key}
        return {by: code_of_key(by, key)}

    def choices(self) -> list[dict[str, Any]]:
        """The filters as lists to choose from; a provider's people choose among their own groups."""
        own = self._actor.provider_id if self._actor.reach == "provider" else None
        names = [name for name in FILTERS if name != "provider" or own is None]
        return [
            {
                "name": name,
                "label": _(BREAKDOWNS[name]),
                "value": self.typed[name],
                "options": [(choice.code, choice.label) for choice in choices_of(name, provider_id=own)],
            }
            for name in names
        ]
