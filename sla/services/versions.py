"""What holds for every dated definition: from when a version may hold, and that nobody overwrites another's."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from lifecycle.public import ForbiddenError, RuleError, StaleVersionError
from people.models import ApiClient
from people.public import Actor, names_of
from records.models import Record
from tenancy.models import MachineEntry

# Further back a version would measure anew what people have long acted on; a what-if says what it would have been.
BACK_MOST = timedelta(days=31)
AHEAD_MOST = timedelta(days=3660)
DEFINE = "sla:define"
# Codes that stand for pages where definitions are addressed by code.
RESERVED = frozenset({"new"})


class DefinitionError(RuleError):
    """A definition cannot be as it was given; `fields` says what is wrong with which part."""

    code = "definition_invalid"


def require_definer(actor: Actor) -> None:
    """Raises ForbiddenError for those who may not define, and for suppliers: a promise is not written by one side."""
    if not actor.may(DEFINE) or actor.reach not in ("all", "system"):
        raise ForbiddenError(
            gettext("This needs the permission %(permission)s.") % {"permission": DEFINE}, permission=DEFINE
        )


def began_at() -> datetime | None:
    """When the tenant in scope began: its first row, or its first record, which may be older where one was imported."""
    opened = Record.objects.order_by("opened_at").values_list("opened_at", flat=True).first()
    written = MachineEntry.objects.order_by("xid", "id").values_list("at", flat=True).first()
    return min((at for at in (opened, written) if at is not None), default=None)


def checked_start(
    effective_from: datetime, *, at: datetime, taken: Iterable[datetime], is_used: bool
) -> datetime:
    """The instant from which a version holds, to the second. `taken` are those of the other versions.

    `is_used` says that records may be measured by it, so that it cannot begin long ago. Raises DefinitionError.
    """
    start = effective_from.astimezone(UTC).replace(microsecond=0)
    began = began_at() if start < at else None
    if began is not None and start < began.replace(microsecond=0):
        _refuse(
            gettext("There was nothing here before %(at)s. Choose that or a later time.")
            % {"at": instant_words(began)}
        )
    if is_used and start < at - BACK_MOST:
        earliest = (at - BACK_MOST).replace(microsecond=0) + timedelta(seconds=1)
        words = gettext("A version can hold from %(days)s days ago at most. Choose %(at)s or a later time.")
        _refuse(words % {"days": BACK_MOST.days, "at": instant_words(earliest)})
    if start > at + AHEAD_MOST:
        _refuse(gettext("This is more than ten years ahead. Choose an earlier time."))
    if start in {each.replace(microsecond=0) for each in taken}:
        _refuse(gettext("Another version holds from the same time. Choose another time."))
    return start


def check_seen(*, seen: int | None, versions: list[Any]) -> None:
    """Raises StaleVersionError when somebody added a version since the actor counted `seen`."""
    if seen is None or seen == len(versions):
        return
    newest = sorted(versions, key=lambda row: row.pk)[seen:] if 0 <= seen < len(versions) else versions
    made = makers([row.pk for row in newest])
    changes = [
        {"at": at.isoformat(), "by": by, "verb": "version", "facts": ["effective_from"]}
        for row in newest
        for by, at in [made.get(row.pk, ("", row.effective_from))]
    ]
    raise StaleVersionError(
        gettext("The definition changed after you read it. Nothing was saved."),
        seen=seen,
        current=len(versions),
        changes=changes,
    )


def makers(keys: Iterable[Any]) -> dict[Any, tuple[str, datetime]]:
    """Who made rows and when (UTC), by key, as the machine audit has it; "" for the platform itself."""
    entries = MachineEntry.objects.filter(row_id__in=list(keys), operation="I")
    # Stamped as "member:<key>|<request>" by the scope that wrote them.
    rows = [
        (key, actor.partition("|")[0].partition(":"), at)
        for key, actor, at in entries.values_list("row_id", "actor", "at")
    ]
    keys_of = {
        kind: {key for _, (found, _, key), _ in rows if found == kind} for kind in ("member", "client")
    }
    names = names_of(keys_of["member"])
    if keys_of["client"]:
        names |= dict(ApiClient.objects.filter(pk__in=keys_of["client"]).values_list("pk", "name"))
    by_text = {str(key): name for key, name in names.items()}
    return {key: (by_text.get(who, ""), at) for key, (_, _, who), at in rows}


def _refuse(words: str) -> None:
    raise DefinitionError(words, fields={"effective_from": words})


def next_minute(at: datetime) -> datetime:
    """The first whole minute at or after an instant: what a form can say."""
    return at + timedelta(seconds=-at.second % 60, microseconds=-at.microsecond)


def instant_words(at: datetime) -> str:
    """An instant as forms and bodies take it, to the minute after it, in the reader's zone."""
    return timezone.localtime(next_minute(at)).strftime("%Y-%m-%d %H:%M %Z")
