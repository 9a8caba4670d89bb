"""A tenant whose network supplier's system is joined for incidents."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from exchange.models import Counterpart, Outgoing
from exchange.services.endpoints import define_endpoint
from exchange.services.send import send_due
from incidents.public import Report, assign, get_incident, raise_incident
from outbox.public import dispatch_batch
from people.public import Actor
from records.models import Record
from suppliers.public import publish_mapping, switch_level, write_mapping
from tenancy.engine.scope import tenant_scope
from tests.api.caller import Caller, caller
from tests.exchange.theirs import TheirSystem
from tests.suppliers.mappings import whole_mapping
from tests.support.world import World


@dataclass
class Joined:
    """The tenant, the supplier's system, and its client of our API."""

    world: World
    theirs: TheirSystem
    client: Caller
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(4))
    keys: int = 0

    @property
    def agent(self) -> Actor:
        return self.world.actor(self.world.agent)

    def handed(self, at: datetime | None = None, title: str = "No e-mail") -> Record:
        """An incident of the service desk's, handed to the supplier at an instant."""
        with tenant_scope(self.world.tenant.pk, actor="system:test"):
            at = at or timezone.now()
            user = self.world.actor(self.world.user, "portal")
            record = raise_incident(report=Report(title=title, description="It is broken"), actor=user, at=at)
            return assign(record=record, support_group="network", actor=self.agent, at=at)

    def now(self, record: Record) -> Record:
        """The incident as it is now."""
        with tenant_scope(self.world.tenant.pk, actor="system:test"):
            return get_incident(self.agent, record.number)

    def tell(self, at: datetime | None = None) -> None:
        """Let the outbox and the sender say what is due, at an instant for the sender."""
        while dispatch_batch():
            pass
        while send_due(read_time=(lambda: at) if at else timezone.now, pool=self.pool):
            pass

    def say(self, **message: Any) -> Any:
        """Their system's message to us."""
        self.keys += 1
        return self.client("POST", "exchange/incident/messages/", {"id": f"key-{self.keys}"} | message)

    def rows(self, record: Record) -> list[Outgoing]:
        """What is, or was, in line about a record."""
        with tenant_scope(self.world.tenant.pk, actor="system:test"):
            return list(Outgoing.objects.filter(record=record).order_by("message_id"))

    def counterpart(self, record: Record) -> Counterpart:
        """What they have of a record."""
        with tenant_scope(self.world.tenant.pk, actor="system:test"):
            return Counterpart.objects.get(record=record)


def join(world: World, theirs: TheirSystem, settings: Any) -> Joined:
    """Agree a mapping, name the endpoint, and switch incidents to Integrate."""
    settings.AUTOMATION_LOCAL = [f"{world.tenant.code}/{theirs.address}"]
    with tenant_scope(world.tenant.pk, actor="system:test"):
        chief = world.actor(world.administrator)
        about: dict[str, Any] = {"provider": world.supplier, "process": "incident", "actor": chief}
        notation = whole_mapping()
        notation["fields"] += [
            {"ours": "description", "theirs": "TEXT", "owner": "latest"},
            {"ours": "resolution", "theirs": "FIX", "owner": "theirs"},
        ]
        notation["theirs"]["fields"] += [{"name": "TEXT"}, {"name": "FIX"}]
        write_mapping(**about, notation=notation)
        publish_mapping(**about, at=timezone.now())
        _, theirs.secret = define_endpoint(provider=world.supplier, url=theirs.url, actor=chief)
        switch_level(**about, level="integrate", reason="Their system is ready", at=timezone.now())
    return Joined(world, theirs, caller(world, "supplier", "supplier-system"))
