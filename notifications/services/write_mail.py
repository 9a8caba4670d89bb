"""Writing the mails that a message of the outbox calls for: readers by policy, words by their letter."""

import zoneinfo
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from design.languages import speaking
from notifications.models import Mail
from notifications.policy import (
    CUSTOMERS,
    NAMED,
    Circumstances,
    Reader,
    Rule,
    When,
    may_call_for_mail,
    rules_for,
)
from notifications.queries import (
    clock_told,
    comments_of_steps,
    customers_of,
    members_who_contest,
    members_who_rule,
    members_with,
    members_with_role,
    promised_at,
    records_of,
    steps_of_messages,
    who_see,
)
from notifications.services.letters import write_letter
from notifications.services.matters import Matter
from outbox.public import Delivered
from people.models import Membership, Tenant
from people.public import directory, get_tenant, site_of
from records.models import AuditEntry, Record
from records.public import kind_of
from requests_app.public import Ordered, ordered_together, promised_days
from sla.public import ClockView, clocks_of_many

# A rule acted on the clock: that is news even when its own step has ended the clock since.
ESCALATED = "clock.escalated"


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where a mail goes, and how its reader reads. `member` is None for a group's mailbox."""

    member: Membership | None
    address: str
    name: str
    language: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class _Scene:
    """A message, its record as it stands, the step that it tells of, and the rules that it calls for."""

    message: Delivered
    record: Record
    step: AuditEntry | None
    customers: list[tuple[Reader, Membership]]
    rules: list[Rule]
    named: list[Membership]

    @property
    def doer(self) -> object:
        """Who took the step, or did what the message tells of."""
        if self.step is not None:
            return self.step.actor_id
        by = self.message.payload.get("by")
        return UUID(by) if by else None

    def may_write_to(self) -> Iterator[Membership]:
        """The members that the rules name: those of them who may see the record are written to."""
        for rule in self.rules:
            for reader, member in self.customers:
                if reader in rule.readers and (rule.is_receipt or member.pk != self.doer):
                    yield member
        yield from self.named
        assignee = self.record.assignee
        if assignee is not None and assignee.is_active and any(_is_for_workers(rule) for rule in self.rules):
            yield assignee


def write_mails(messages: Sequence[Delivered]) -> list[Mail]:
    """The unsaved mails that messages of one tenant call for, one per message and address.

    Each is about another record. What all of them need is read at once, and only what some of them need.
    """
    scenes = _scenes([message for message in messages if may_call_for_mail(message.kind, message.payload)])
    if not scenes:
        return []
    tenant = get_tenant(scenes[0].message.tenant_id)
    seen = who_see(
        {(member, scene.record.pk) for scene in scenes for member in scene.may_write_to()},
        tenant_id=tenant.pk,
    )
    heard = [(scene, _readers(scene, seen, tenant)) for scene in scenes]
    heard = [(scene, readers) for scene, readers in heard if readers]
    matters = _matters([scene for scene, _ in heard], tenant)
    return [
        _mail(scene.message, scene.record, rule, matters[scene.message.message_id], addressee, tenant)
        for scene, readers in heard
        if scene.message.message_id in matters
        for rule, addressee in readers
    ]


def _scenes(messages: list[Delivered]) -> list[_Scene]:
    """The messages that call for letters, with what the rules ask of them; none whose record is gone."""
    records = records_of(messages) if messages else {}
    if not records:
        return []
    steps = steps_of_messages(messages)
    customers = customers_of(
        records.keys() & {each.record_id for each in messages if each.message_id in steps}
    )
    scenes = []
    for message in messages:
        record = records.get(message.record_id) if message.record_id else None
        if record is None:
            continue
        step, parts = steps.get(message.message_id), customers.get(record.pk, [])
        circumstances = Circumstances(
            facts=step.facts if step else {},
            by_customer=step is not None and _is_by_customer(step, parts),
            assignee=str(record.assignee_id or ""),
            support_group=str(record.support_group_id or ""),
            percent=int(message.payload.get("percent", 0)),
        )
        rules = rules_for(message.kind, circumstances)
        if rules:
            scenes.append(_Scene(message, record, step, parts, rules, _named(message, rules)))
    return scenes


def _named(message: Delivered, rules: list[Rule]) -> list[Membership]:
    """The members whom the message names, by a role, by what they may do, or by their provider."""
    readers = {reader for rule in rules for reader in rule.readers}
    found: list[Membership] = []
    if Reader.ROLE in readers:
        found += members_with_role(message.payload.get("role", ""))
    if Reader.PROVIDER in readers:
        found += members_who_contest(message.payload.get("provider", ""))
    if Reader.RULER in readers:
        found += members_who_rule()
    if Reader.APPROVER in readers:
        found += members_with(message.payload.get("members", ()))
    return found


def _is_by_customer(step: AuditEntry, customers: list[tuple[Reader, Membership]]) -> bool:
    """Whether the requester or the affected user took the step, or a watcher did as a user of the portal."""
    parts = {part for part, member in customers if member.pk == step.actor_id}
    return bool(parts - {Reader.WATCHER}) or (bool(parts) and step.door in ("portal", "mail"))


def _matters(scenes: list[_Scene], tenant: Tenant) -> dict[int, Matter]:
    """What the letters about each message say, by message; nothing of a clock that is no longer what was told."""
    clocks = _clocks(scenes)
    named = promised_days({scene.record.pk for scene in scenes if scene.record.kind == "request"})
    orders = _orders(scenes)
    comments = comments_of_steps(scene.step for scene in scenes if scene.step)
    site = site_of(tenant)
    matters = {}
    for scene in scenes:
        message, record, step = scene.message, scene.record, scene.step
        views = clocks.get(record.pk, [])
        clock = clock_told(views, message) if _tells_of_clock(message) else None
        if clock is None and _tells_of_clock(message) and message.kind != ESCALATED:
            # It was stopped, paused or superseded before anyone could be told: a stale warning warns of nothing.
            continue
        matters[message.message_id] = Matter(
            number=record.number,
            title=" ".join(record.title.split()),
            service=record.service.name if record.service else "",
            group=record.support_group.name if record.support_group else "",
            priority=record.priority,
            by=step.actor_name if step else message.payload.get("by_name", ""),
            comment=comments.get(step.facts.get("comment", "")) if step else None,
            # Where no target measures a request, the day that was named when it was ordered.
            promised_at=promised_at(views) or named.get(record.pk),
            portal_url=f"{site}/records/{record.number}/",
            desk_url=f"{site}/desk/{kind_of(record.kind).feed}/{record.number}/",
            reopen_days=tenant.reopen_working_days,
            percent=int(message.payload.get("percent", 0)),
            clock=message.payload.get("kind", ""),
            metric=message.payload.get("metric", ""),
            due_at=clock.due_at if clock else None,
            reason=str((step.facts.get("reason") or ("", ""))[1]) if step else "",
            approval_url=f"{site}/approvals/{message.payload.get('approval', '')}/",
            ordered=orders.get(message.message_id, ()),
            **_dispute_of(message, site),
        )
    return matters


def _orders(scenes: list[_Scene]) -> dict[int, Sequence[Ordered]]:
    """What was ordered together, by the message that tells of its first line."""
    wanted = {
        scene.message.message_id: UUID(scene.step.facts["order"][1])
        for scene in scenes
        if scene.step is not None and any(rule.when == When.FIRST_LINE for rule in scene.rules)
    }
    found = ordered_together(set(wanted.values())) if wanted else {}
    return {message: found.get(order, ()) for message, order in wanted.items()}


def _dispute_of(message: Delivered, site: str) -> dict[str, str]:
    """Of a message about a dispute, where its page is, how it stands, and whose it is."""
    dispute = message.payload.get("dispute")
    if not dispute:
        return {}
    provider = directory().providers.get(UUID(message.payload["provider"]))
    return {
        "dispute_url": f"{site}/desk/disputes/{dispute}/",
        "dispute_state": message.payload["state"],
        "provider": provider.name if provider else "",
    }


def _clocks(scenes: list[_Scene]) -> dict[UUID, list[ClockView]]:
    """The clocks of the scenes' records: as of the message where it tells of one.

    A promise is the same at any instant, so all other messages are answered by one read.
    """
    instants: dict[datetime | None, list[_Scene]] = defaultdict(list)
    for scene in scenes:
        instants[scene.message.at if _tells_of_clock(scene.message) else None].append(scene)
    found: dict[UUID, list[ClockView]] = {}
    for instant, told in instants.items():
        found |= clocks_of_many([scene.record.pk for scene in told], instant or told[-1].message.at)
    return found


def _tells_of_clock(message: Delivered) -> bool:
    return message.kind.startswith("clock.")


def _readers(
    scene: _Scene, seen: Collection[tuple[UUID, UUID]], tenant: Tenant
) -> list[tuple[Rule, Addressee]]:
    """Who is written to about a message, each by the first rule that names the address."""
    found: dict[str, tuple[Rule, Addressee]] = {}
    for rule in scene.rules:
        for addressee in _addressees(rule, scene, seen, tenant):
            found.setdefault(addressee.address, (rule, addressee))
    return list(found.values())


def _is_for_workers(rule: Rule) -> bool:
    return not {Reader.ASSIGNEE, Reader.GROUP, Reader.WORKER}.isdisjoint(rule.readers)


def _addressees(
    rule: Rule, scene: _Scene, seen: Collection[tuple[UUID, UUID]], tenant: Tenant
) -> Iterator[Addressee]:
    record, doer = scene.record, scene.doer
    for reader, member in scene.customers:
        if (
            reader in rule.readers
            and (rule.is_receipt or member.pk != doer)
            and (member.pk, record.pk) in seen
        ):
            yield _person(member)
    if not set(NAMED).isdisjoint(rule.readers):
        for member in scene.named:
            if member.pk != doer and (member.pk, record.pk) in seen:
                yield _person(member)
    if not _is_for_workers(rule):
        return
    assignee = record.assignee
    works = assignee is not None and assignee.is_active and (assignee.pk, record.pk) in seen
    if assignee is not None and works and not {Reader.ASSIGNEE, Reader.WORKER}.isdisjoint(rule.readers):
        if assignee.pk != doer:
            yield _person(assignee)
        return
    group = record.support_group
    if group is not None and group.email and not {Reader.GROUP, Reader.WORKER}.isdisjoint(rule.readers):
        yield Addressee(None, group.email.lower(), group.name, tenant.language, tenant.time_zone)


def _person(member: Membership) -> Addressee:
    person = member.person
    return Addressee(member, member.email.lower(), member.name, person.language, person.time_zone)


def _mail(
    message: Delivered, record: Record, rule: Rule, matter: Matter, to: Addressee, tenant: Tenant
) -> Mail:
    with speaking(to.language), timezone.override(zoneinfo.ZoneInfo(to.time_zone)):
        letter = write_letter(name=rule.letter, matter=matter)
        context = {
            "letter": letter,
            "to_name": to.name,
            "tenant": tenant,
            "language": to.language,
            "is_customer": not set(CUSTOMERS).isdisjoint(rule.readers),
        }
        text = render_to_string("notifications/mail/letter.txt", context)
        html = render_to_string("notifications/mail/letter.html", context)
    mail = Mail(
        record=record,
        recipient=to.member,
        outbox_message=message.message_id,
        to_address=to.address,
        to_name=" ".join(to.name.split()),
        letter=rule.letter,
        subject=f"[{record.number}] {letter.subject}",
        text=text,
        html=html,
        thread_id=f"<{record.pk}@{tenant.host}>",
        language=to.language,
        state=Mail.State.WAITING if settings.MAIL_IS_SENT else Mail.State.KEPT,
    )
    # From the mail's own key, which no other mail has: the outbox's serial number would tell how much goes on here.
    mail.message_id = f"<{record.pk}.{mail.pk}@{tenant.host}>"
    return mail
