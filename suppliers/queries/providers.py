"""Providers with what binds them, for the list of suppliers and a supplier's own page."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from people.models import Provider
from people.public import Actor
from suppliers.engine.duties import Ending
from suppliers.models import Agreement, Contract, Level
from suppliers.policy import visible_to
from suppliers.queries.duties import Due, due_of, ending_on


@dataclass(slots=True)
class ProviderLine:
    """A provider: its contracts, how many of them are in force, levels other than Use, what is owed, and what ends."""

    provider: Provider
    contracts: list[Contract] = field(default_factory=list)
    in_force: int = 0
    levels: list[Agreement] = field(default_factory=list)
    due: list[Due] = field(default_factory=list)
    endings: list[tuple[Contract, Ending]] = field(default_factory=list)

    @property
    def next_due(self) -> Due | None:
        """What is owed first."""
        return self.due[0] if self.due else None

    @property
    def late(self) -> int:
        """How many things are owed since before today."""
        return sum(due.is_late for due in self.due)


def visible_providers(actor: Actor) -> QuerySet[Provider]:
    """The providers whose contracts the actor may see: suppliers their own."""
    if actor.reach in ("all", "system"):
        return Provider.objects.all()
    if actor.reach == "provider" and actor.provider_id is not None:
        return Provider.objects.filter(pk=actor.provider_id)
    return Provider.objects.none()


def provider_lines(actor: Actor, providers: Sequence[Provider], *, today: date) -> list[ProviderLine]:
    """These providers with what binds them, in as many reads for many as for one."""
    lines = {row.pk: ProviderLine(row) for row in providers}
    contracts = visible_to(actor, Contract.objects.filter(provider__in=list(lines)).order_by("name", "id"))
    of_contract: dict[UUID, ProviderLine] = {}
    for contract in contracts:
        line = of_contract[contract.pk] = lines[contract.provider_id]
        line.contracts.append(contract)
        line.in_force += contract.starts_date <= today and (
            contract.ends_date is None or today <= contract.ends_date
        )
        if (ending := ending_on(contract, today)) is not None:
            line.endings.append((contract, ending))
    agreements = Agreement.objects.filter(provider__in=list(lines)).exclude(level=Level.USE)
    for agreement in agreements.order_by("process"):
        lines[agreement.provider_id].levels.append(agreement)
    owed: dict[UUID, list[Due]] = defaultdict(list)
    for due in due_of(list(of_contract), today=today):
        owed[due.obligation.contract_id].append(due)
    for key, found in owed.items():
        of_contract[key].due.extend(found)
    for line in lines.values():
        line.due.sort(key=lambda due: due.day)
    return list(lines.values())
