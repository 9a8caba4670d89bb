"""Letters about disputes: who rules hears of a new one, the provider's people of its end, and nobody else of either."""

from collections.abc import Iterator

import pytest

from notifications.models import Mail
from notifications.services.send_mail import mail_about
from outbox.models import Message
from outbox.public import Delivered
from people.models import Person
from people.public import add_member, create_group, create_provider
from records.models import Record
from sla.models import Dispute
from sla.services.contest import contest
from sla.services.rule import Decision, rule_dispute
from sla.services.settle import withdraw_dispute
from tenancy.engine.scope import tenant_scope
from tests.sla.contested import HOUR, NEXT_DAY, held_too_long, said
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db
CHIEF, SECOND = "chief@defra.example", "second@defra.example"


@pytest.fixture
def world() -> Iterator[World]:
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        add_member(
            email=CHIEF, name="Chief", roles=["service-management"], provider=built.desk_provider, groups=[]
        )
        add_member(
            email=SECOND,
            name="Second",
            roles=["resolver"],
            provider=built.supplier,
            groups=[built.network_group],
        )
        # Another supplier's, who must hear nothing.
        rival = create_provider(code="rival", name="Rival")
        group = create_group(code="rival", name="Rival", provider=rival)
        add_member(
            email="rival@defra.example", name="Rival", roles=["resolver"], provider=rival, groups=[group]
        )
        yield built


@pytest.fixture
def dispute(world: World) -> Dispute:
    record = held_too_long(world)
    return contest(said=said(record), actor=world.actor(world.engineer), at=NEXT_DAY)


def _deliver(world: World, kind: str) -> dict[str, Mail]:
    """Mail about the newest message of this kind, twice as outboxes do; the mails by address."""
    message = Message.objects.filter(kind=kind).order_by("-id")[0]
    delivered = Delivered(
        message_id=message.pk,
        tenant_id=world.tenant.pk,
        kind=message.kind,
        at=message.at,
        record_id=message.record_id,
        payload=message.payload,
    )
    for _ in range(2):
        mail_about(delivered)
    return {mail.to_address: mail for mail in Mail.objects.filter(outbox_message=message.pk)}


def _rule(world: World, dispute: Dispute, decision: str) -> None:
    rule_dispute(
        dispute_id=dispute.pk,
        decision=Decision(decision=decision, reasons="A secret of the log."),
        seen_version=1,
        actor=world.actor(world.administrator),
        at=NEXT_DAY + HOUR,
    )


def test_who_rules_hears_of_a_new_dispute(world: World, dispute: Dispute) -> None:
    mails = _deliver(world, "dispute.raised")
    assert set(mails) == {CHIEF, world.administrator.email}
    mail = mails[CHIEF]
    assert "A dispute to rule on" in mail.subject
    assert "Engineer contests what is held against Network Co" in mail.text
    assert f"/desk/disputes/{dispute.pk}/" in mail.text
    assert dispute.evidence not in mail.text


@pytest.mark.parametrize(("decision", "words"), [("upheld", "was upheld."), ("rejected", "was rejected.")])
def test_the_providers_people_hear_how_it_was_ruled(
    world: World, dispute: Dispute, decision: str, words: str
) -> None:
    _rule(world, dispute, decision)
    mails = _deliver(world, "dispute.ruled")
    assert set(mails) == {world.engineer.email, SECOND}
    for mail in mails.values():
        assert words in mail.text
        assert f"/desk/disputes/{dispute.pk}/" in mail.text
        assert "A secret" not in mail.text + mail.html


def test_a_withdrawal_is_told_to_both_sides_but_not_to_who_withdrew(world: World, dispute: Dispute) -> None:
    withdraw_dispute(
        dispute_id=dispute.pk, seen_version=1, actor=world.actor(world.engineer), at=NEXT_DAY + HOUR
    )
    mails = _deliver(world, "dispute.withdrawn")
    assert set(mails) == {CHIEF, world.administrator.email, SECOND}
    assert "Engineer withdrew the dispute" in mails[SECOND].text


def test_nobody_hears_of_a_record_that_they_may_not_see(world: World, dispute: Dispute) -> None:
    Record.objects.filter(pk=dispute.record_id).update(is_restricted=True)
    assert not {CHIEF, world.administrator.email} & set(_deliver(world, "dispute.raised"))


def test_it_is_told_in_welsh(world: World, dispute: Dispute) -> None:
    Person.objects.filter(pk=world.engineer.person_id).update(language="cy")
    _rule(world, dispute, "upheld")
    mail = _deliver(world, "dispute.ruled")[world.engineer.email]
    assert "Cadarnhawyd eich anghydfod" in mail.text
    assert "Cadarnhawyd yr anghydfod" in mail.subject
