"""Writing the mails that a message of the outbox calls for: readers by policy, words by their letter."""

import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from notifications.models import Mail
from notifications.policy import CUSTOMERS, Circumstances, Reader, Rule, rules_for
from notifications.queries import (
    clock_told,
    comment_of,
    customers_of,
    may_see,
    promised_at,
    record_of,
    step_of,
)
from notifications.services.letters import Matter, write_letter
from outbox.public import Delivered
from people.models import Membership, Tenant
from people.public import get_tenant
from records.models import AuditEntry, Record
from records.public import kind_of


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where a mail goes, and how its reader reads. `member` is None for a group's mailbox."""

    member: Membership | None
    address: str
    name: str
    language: str
    time_zone: str


def write_mails(message: Delivered) -> list[Mail]:
    """The unsaved mails that a message calls for, one per address; none when its record is gone."""
    record = record_of(message)
    if record is None:
        return []
    step, customers = step_of(message), customers_of(record.pk)
    tenant = get_tenant(message.tenant_id)
    matter = _matter(message, record, step, tenant)
    if matter is None:
        return []
    doer = step.actor_id if step else None
    circumstances = Circumstances(
        facts=step.facts if step else {},
        by_customer=step is not None and _is_by_customer(step, customers),
        assignee=str(record.assignee_id or ""),
        support_group=str(record.support_group_id or ""),
        percent=matter.percent,
    )
    mails: dict[str, Mail] = {}
    for rule in rules_for(message.kind, circumstances):
        for addressee in _addressees(rule, record, customers, doer, tenant):
            if addressee.address not in mails:
                mails[addressee.address] = _mail(message, record, rule, matter, addressee, tenant)
    return list(mails.values())


def _is_by_customer(step: AuditEntry, customers: list[tuple[Reader, Membership]]) -> bool:
    """Whether the requester or the affected user took the step, or a watcher did as a user of the portal."""
    parts = {part for part, member in customers if member.pk == step.actor_id}
    return bool(parts - {Reader.WATCHER}) or (bool(parts) and step.door in ("portal", "mail"))


def _matter(message: Delivered, record: Record, step: AuditEntry | None, tenant: Tenant) -> Matter | None:
    percent, clock = 0, None
    if message.kind.startswith("clock."):
        percent, clock = int(message.payload["percent"]), clock_told(record, message)
        if clock is None:
            # It was stopped, paused or superseded before anyone could be told: a stale warning warns of nothing.
            return None
    site = _site(tenant)
    return Matter(
        number=record.number,
        title=" ".join(record.title.split()),
        service=record.service.name if record.service else "",
        group=record.support_group.name if record.support_group else "",
        priority=record.priority,
        by=step.actor_name if step else "",
        comment=comment_of(step),
        promised_at=promised_at(record, message.at),
        portal_url=f"{site}/records/{record.number}/",
        desk_url=f"{site}/desk/{kind_of(record.kind).feed}/{record.number}/",
        reopen_days=tenant.reopen_working_days,
        percent=percent,
        clock=clock.kind if clock else "",
        metric=clock.metric if clock else "",
        due_at=clock.due_at if clock else None,
    )


def _site(tenant: Tenant) -> str:
    base = urlsplit(settings.BASE_URL)
    return f"{base.scheme}://{tenant.host}{f':{base.port}' if base.port else ''}"


def _addressees(
    rule: Rule, record: Record, customers: list[tuple[Reader, Membership]], doer: object, tenant: Tenant
) -> Iterator[Addressee]:
    for reader, member in customers:
        if (
            reader in rule.readers
            and (rule.is_receipt or member.pk != doer)
            and may_see(member, record, tenant_id=tenant.pk)
        ):
            yield _person(member)
    if not {Reader.ASSIGNEE, Reader.GROUP, Reader.WORKER} & set(rule.readers):
        return
    assignee = record.assignee
    works = assignee is not None and assignee.is_active and may_see(assignee, record, tenant_id=tenant.pk)
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
    with translation.override(to.language), timezone.override(zoneinfo.ZoneInfo(to.time_zone)):
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
