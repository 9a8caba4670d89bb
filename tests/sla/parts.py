"""Builders of services made of parts, through the real services."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from calendars.public import define_calendar
from catalogue.models import Component, Service
from catalogue.public import (
    Part,
    PartGroup,
    create_component,
    create_service,
    publish_definition,
    set_dependencies,
    write_definition,
)
from catalogue.queries.definitions import template
from governance.public import change_checklist
from people.public import Actor
from sla.models import Target
from sla.public import TargetTerms, define_promise
from suppliers.models import Contract
from suppliers.public import Terms, create_contract
from tests.support.world import LONG_AGO, World

HOUR = 3600
# A Monday.
NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Workshop:
    """A world, and the administrator who defines services in it."""

    world: World
    chief: Actor

    def contract(self, code: str, calendar: str = "office", **terms: Any) -> Contract:
        """A contract with the network supplier; `resolution` and `fulfilment` in hours, `availability` in percent."""
        return create_contract(
            code=code,
            name=f"Contract {code}",
            provider=self.world.supplier.code,
            starts_date=date(2020, 1, 1),
            terms=terms_of(calendar, **terms),
            effective_from=LONG_AGO,
            actor=self.chief,
        )

    def component(self, code: str, calendar: str = "office", **terms: Any) -> Component:
        """A component of the network supplier, with a contract of its own when terms are given."""
        return create_component(
            code=code,
            name=code.title(),
            provider=self.world.supplier,
            contract=self.contract(f"for-{code}", calendar, **terms) if terms else None,
            actor=self.chief,
        )

    def service(self, code: str, stage: str = "accepting", calendar: str = "") -> Service:
        """A service that is not live yet, for which nothing is missing but its promises."""
        hours = self.world.calendar if calendar == "office" else None
        made = create_service(code=code, name=code.title(), stage=stage, hours=hours)
        change_checklist(notation={}, actor=self.chief, at=NOW)
        texts = {section.code: f"About {section.code}." for section in template()}
        write_definition(service=made, texts=texts, actor=self.chief)
        publish_definition(service=made, actor=self.chief, at=NOW)
        return made

    def serial(self, service: Service, *codes: str, **more: Any) -> None:
        """Make a service of components that must all work."""
        group = PartGroup("Parts", tuple(Part(component=code) for code in codes))
        set_dependencies(service=service, groups=[group], actor=self.chief, at=NOW, **more)

    def promise(self, service: Service, hours: int, *, metric: str = "resolution", **more: Any) -> Target:
        """Promise something for one service, in office hours unless another calendar is given."""
        terms = TargetTerms(
            kind="sla",
            metric=metric,
            duration=hours * HOUR,
            calendar=more.pop("calendar", self.world.calendar),
            scope={"service": [service.pk]},
        )
        return define_promise(
            code=f"{service.code}-{metric}",
            name=f"{service.name} {metric}",
            terms=terms,
            effective_from=more.pop("effective_from", LONG_AGO),
            actor=self.chief,
            at=NOW,
            **more,
        )

    def always(self) -> Any:
        """A calendar around the clock."""
        return define_calendar(
            code="always",
            name="Around the clock",
            definition={"zone": "Europe/London", "always": True},
            effective_from=LONG_AGO,
        )


def terms_of(calendar: str = "office", **said: Any) -> Terms:
    """Terms; `resolution` and `fulfilment` in hours, `availability` in percent."""
    share = said.get("availability")
    return Terms(
        calendar=calendar,
        resolution_seconds=said["resolution"] * HOUR if "resolution" in said else None,
        fulfilment_seconds=said["fulfilment"] * HOUR if "fulfilment" in said else None,
        availability=None if share is None else Decimal(share),
    )
