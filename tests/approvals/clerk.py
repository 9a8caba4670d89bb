"""A clerk who keeps a book of what happened and, whenever asked, reads all of it again from the first page.

What approvals come to is told here a second time, without anything of the platform: slowly, by name, event by event.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Event = tuple[str, ...]


@dataclass
class Say:
    """What one person may say at a level."""

    owner: str
    handed: str = ""
    said: str = ""
    by: str = ""
    gone: bool = False


@dataclass
class Table:
    """A level: its rule, how many must agree, and who sits at it."""

    rule: str
    needed: int
    says: list[Say]
    state: str = "waiting"


class Reading:
    """What the book comes to, page after page."""

    def __init__(self, levels: Sequence[tuple[str, int, Sequence[str]]], book: Sequence[Event]) -> None:
        self.tables = [
            Table(rule, {"any": 1, "all": len(people), "quorum": quorum}[rule], [Say(who) for who in people])
            for rule, quorum, people in levels
        ]
        self.request = "awaiting_approval"
        self.away: set[str] = set()
        self.stead: dict[str, str] = {}
        self.tables[0].state = "asked"
        for name, *rest in book:
            getattr(self, f"_{name}")(*rest)

    @property
    def asked(self) -> Table | None:
        """The level that is asked now."""
        return next((table for table in self.tables if table.state == "asked"), None)

    def theirs(self, who: str) -> list[Say]:
        """What somebody may say now, their own first."""
        if self.asked is None or who in self.away:
            return []
        own = [say for say in self.asked.says if say.owner == who and not say.handed]
        others = [
            say
            for say in self.asked.says
            if say.handed == who or (not say.handed and say.owner != who and self._stands_in(who, say.owner))
        ]
        free = [say for say in own + others if not say.said and not say.gone]
        if self.asked.rule != "quorum":
            return free
        has_spoken = any(say.by == who for say in self.asked.says)
        return [] if has_spoken else free[:1]

    def _stands_in(self, who: str, owner: str) -> bool:
        return self.stead.get(owner) == who and owner not in self.away

    def _leave(self, who: str) -> None:
        self.away.add(who)

    def _delegate(self, who: str, to: str) -> None:
        self.stead[who] = to

    def _undelegate(self, who: str) -> None:
        self.stead.pop(who, None)

    def _mend(self, _: str) -> None:
        for say in self.asked.says if self.asked else ():
            if not say.said and say.handed in self.away:
                say.handed = ""
            if not say.said and say.owner in self.away:
                say.gone = True

    def _hand_on(self, who: str, to: str) -> None:
        for say in self.asked.says if self.asked else ():
            if say.owner == who and not say.said and not say.gone:
                say.handed = "" if to == who else to

    def _cancel(self, _: str) -> None:
        self.request = "cancelled"
        for table in self.tables:
            if table.state in ("asked", "waiting"):
                table.state = "withdrawn"

    def _decide(self, who: str, said: str) -> None:
        asked = self.asked
        assert asked is not None
        for say in self.theirs(who):
            say.said, say.by = said, who
        yes = len([say for say in asked.says if say.said == "approved"])
        no = len([say for say in asked.says if say.said == "rejected"])
        if no > 0 and (asked.rule != "quorum" or len(asked.says) - no < asked.needed):
            asked.state = self.request = "rejected"
            for table in self.tables:
                if table.state == "waiting":
                    table.state = "withdrawn"
        elif yes >= asked.needed:
            asked.state = "approved"
            self._ask_next()

    def _ask_next(self) -> None:
        following = next((table for table in self.tables if table.state == "waiting"), None)
        if following is None:
            self.request = "fulfilling"
            return
        # Who left before it was asked is not asked.
        following.state = "asked"
        following.says = [say for say in following.says if say.owner not in self.away]
        if following.rule == "all":
            following.needed = max(1, len(following.says))


@dataclass
class Clerk:
    """`levels` are (rule, quorum, people) in order."""

    levels: Sequence[tuple[str, int, Sequence[str]]]
    book: list[Event] = field(default_factory=list)

    def told(self, people: Iterable[str]) -> tuple[list[str], str, dict[str, bool]]:
        """The state of each level, of the request, and who of these people could decide something now."""
        now = Reading(self.levels, self.book)
        return (
            [table.state for table in now.tables],
            now.request,
            {who: bool(now.theirs(who)) for who in people},
        )

    def would_accept(self, event: Event) -> bool:
        """Whether the event is one that the rules let happen now."""
        now = Reading(self.levels, self.book)
        name, who, *rest = event
        if who in now.away and name in ("decide", "hand_on", "delegate"):
            return False
        if name == "decide":
            return bool(now.theirs(who))
        if name == "hand_on":
            says = now.asked.says if now.asked else ()
            own = [say for say in says if say.owner == who and not say.said and not say.gone]
            return bool(own) and rest[0] not in now.away
        if name == "delegate":
            return rest[0] != who and rest[0] not in now.away and who not in now.stead
        return name != "cancel" or now.request == "awaiting_approval"
