"""Contesting what is held against a provider."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from lifecycle.public import ForbiddenError
from outbox.public import publish
from people.public import Actor, find_group
from records.models import Record
from records.public import get_record, require
from sla.models import Dispute, Hold
from sla.models.disputes import PARTIES
from sla.policy import CONTEST, CONTESTED_WITHIN, is_held_against, may_contest, visible_clocks
from sla.queries.clocks import clocks_of
from sla.queries.disputes import ANSWERED_FOR, get_dispute
from sla.services.contested import DisputeRefusedError, refuse_again
from sla.services.settle import payload_of

_GROUNDS_MAX, _EVIDENCE_MAX = 200, 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """What a provider says: a stretch [started_at, ended_at) was another party's, or a target's verdict is wrong.

    `claimed_group` and `target` are codes; `matched_at` tells the target's clocks on the record apart. Instants in UTC.
    `follows` is the dispute on whose ruling there is new evidence, where that was ruled before.
    """

    number: str
    grounds: str
    evidence: str
    started_at: datetime | None = None
    ended_at: datetime | None = None
    claimed_kind: str = ""
    claimed_group: str = ""
    target: str = ""
    matched_at: datetime | None = None
    follows: UUID | None = None


def contest(*, said: Contest, actor: Actor, at: datetime) -> Dispute:
    """A dispute of the actor's provider, raised.

    Of one provider one dispute is open about the same time or verdict. What was ruled it may contest once more, with
    new evidence. Raises ForbiddenError, NotFoundError, DisputeRefusedError, ContestedAlreadyError, RuledAlreadyError.
    """
    require(actor, CONTEST)
    if actor.provider_id is None:
        raise ForbiddenError(gettext("Only who works for a provider may contest."), permission=CONTEST)
    record = get_record(actor, said.number)
    if not may_contest(actor, closed_at=record.closed_at, at=at):
        raise DisputeRefusedError(
            gettext("It was closed more than %(days)s days ago, so nothing of it can be contested any more.")
            % {"days": CONTESTED_WITHIN.days},
        )
    wrong = _wrong_words(said)
    with transaction.atomic():
        # One at a time: neither custody nor another dispute changes between the look and the write.
        Record.objects.select_for_update(no_key=True).get(pk=record.pk)
        columns = (
            _verdict(said, actor, record, at, wrong)
            if said.target
            else _stretch(said, actor, record, at, wrong)
        )
        if wrong:
            raise DisputeRefusedError(gettext("This cannot be contested like this."), fields=wrong)
        refuse_again(
            record=record,
            provider=actor.provider_id,
            columns=columns,
            follows=said.follows,
            evidence=said.evidence,
        )
        dispute = Dispute.objects.create(
            record=record,
            provider_id=actor.provider_id,
            follows_id=said.follows,
            raised_by_id=actor.membership_id,
            raised_by_client=actor.client_id,
            raised_by_name=actor.name,
            raised_at=at,
            grounds=said.grounds.strip(),
            evidence=said.evidence.strip(),
            **columns,
        )
        publish(
            kind="dispute.raised",
            record_id=dispute.record_id,
            at=at,
            payload=payload_of(dispute, actor, "raised"),
        )
    return get_dispute(actor, dispute.pk)


def _wrong_words(said: Contest) -> dict[str, str]:
    wrong = {}
    if not said.grounds.strip():
        wrong["grounds"] = gettext("Say in a few words why you contest this.")
    elif len(said.grounds.strip()) > _GROUNDS_MAX:
        wrong["grounds"] = gettext("Use %(count)s characters at most.") % {"count": _GROUNDS_MAX}
    if not said.evidence.strip():
        wrong["evidence"] = gettext("Give the evidence.")
    elif len(said.evidence) > _EVIDENCE_MAX:
        wrong["evidence"] = gettext("Use %(count)s characters at most.") % {"count": _EVIDENCE_MAX}
    return wrong


def _stretch(
    said: Contest, actor: Actor, record: Record, at: datetime, wrong: dict[str, str]
) -> dict[str, Any]:
    start, end = _whole(said.started_at), _whole(said.ended_at)
    if start is None:
        wrong["started_at"] = gettext("Say from when.")
    if end is None:
        wrong["ended_at"] = gettext("Say until when.")
    if start is not None and end is not None:
        if end <= start:
            wrong["ended_at"] = gettext("The end comes after the beginning.")
        elif end > at:
            wrong["ended_at"] = gettext("What is still to come cannot be contested.")
        elif not any(since <= start and end <= until for since, until in _own_time(actor, record, at)):
            wrong["started_at"] = gettext("%(value)s did not have the record all that time.") % {
                "value": actor.provider_name or gettext("Your provider")
            }
    group = find_group(said.claimed_group) if said.claimed_kind == "group" else None
    wrong |= wrong_party(
        said.claimed_kind, said.claimed_group, actor.provider_id, "claimed_kind", "claimed_group"
    )
    return {
        "started_at": start,
        "ended_at": end,
        "claimed_kind": said.claimed_kind,
        "claimed_group": group,
    }


def wrong_party(
    kind: str, group: str, provider: UUID | None, kind_name: str, group_name: str
) -> dict[str, str]:
    """What is wrong with a party that a stretch is said to have been with, instead of with `provider`."""
    if kind not in PARTIES:
        return {kind_name: gettext("Use one of %(choices)s.") % {"choices": ", ".join(PARTIES)}}
    if kind != "group":
        return {group_name: gettext("Only a group's time needs the group.")} if group else {}
    found = find_group(group)
    if found is None:
        return {group_name: gettext("There is no support group with this code.")}
    if found.provider_id == provider:
        return {group_name: gettext("This group is of the provider that contests.")}
    return {}


def _own_time(actor: Actor, record: Record, at: datetime) -> list[tuple[datetime, datetime]]:
    """From when to when the actor's provider had the record, without gaps."""
    holds = Hold.objects.filter(
        record=record, provider=actor.provider_id, party_kind__in=ANSWERED_FOR
    ).order_by("position")
    found: list[tuple[datetime, datetime]] = []
    for hold in holds:
        end = hold.ended_at or at
        if found and found[-1][1] == hold.started_at:
            found[-1] = (found[-1][0], end)
        else:
            found.append((hold.started_at, end))
    return found


def _verdict(
    said: Contest, actor: Actor, record: Record, at: datetime, wrong: dict[str, str]
) -> dict[str, Any]:
    if said.started_at or said.ended_at or said.claimed_kind or said.claimed_group:
        wrong["target"] = gettext("Contest a stretch of time or a verdict, not both at once.")
        return {}
    known = [
        view
        for view in visible_clocks(actor, clocks_of(record, at))
        if view.code == said.target
        and (said.matched_at is None or view.matched_at == _whole(said.matched_at))
    ]
    holds: Sequence[tuple[UUID | None, datetime, datetime | None]] = list(
        Hold.objects.filter(record=record, party_kind__in=ANSWERED_FOR).values_list(
            "provider_id", "started_at", "ended_at"
        )
    )
    own = [view for view in known if is_held_against(actor, view, holds)]
    if not known:
        wrong["target"] = gettext("The record has no such promise, or not from that instant.")
    elif not any(view.is_breached for view in known):
        wrong["target"] = gettext("This promise is not breached, so there is nothing to contest.")
    elif not own:
        wrong["target"] = gettext("This promise was not breached in your provider's hands.")
    elif len(own) > 1:
        wrong["matched_at"] = gettext("The promise was breached more than once: say which by its matched_at.")
    if wrong or len(own) != 1:
        return {}
    view = own[0]
    return {"target_version_id": view.target_version, "party": view.party, "matched_at": view.matched_at}


def _whole(at: datetime | None) -> datetime | None:
    """An instant as custody counts: whole seconds of UTC."""
    return None if at is None else at.astimezone(UTC).replace(microsecond=0)
