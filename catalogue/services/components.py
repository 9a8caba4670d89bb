"""The service register: what providers supply, and under which contract."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext

from catalogue.engine.gates import pass_gates
from catalogue.models import Component, Dependency, PlannedTask, Service
from catalogue.policy import DEFINE, require
from catalogue.services.refusals import RegisterRefusedError, check_version
from catalogue.services.register import locked_services
from lifecycle.public import NotFoundError
from people.models import Provider
from people.public import Actor
from suppliers.models import Contract


def create_component(
    *, code: str, name: str, provider: Provider, actor: Actor, contract: Contract | None = None
) -> Component:
    """A component that a provider supplies, under a contract with that same provider. Raises RegisterRefusedError."""
    require(actor, DEFINE)
    wrong: dict[str, str] = {}
    if not code or slugify(code) != code or len(code) > 60:
        wrong["code"] = gettext("Use small letters, digits and hyphens, at most 60.")
    elif Component.objects.filter(code=code).exists():
        wrong["code"] = gettext("There is a component with this code already.")
    _check(wrong, name, provider, contract)
    try:
        with transaction.atomic():
            return Component.objects.create(
                code=code, name=name.strip(), provider=provider, contract=contract
            )
    except IntegrityError as error:
        words = gettext("There is a component with this code already.")
        raise RegisterRefusedError(words, fields={"code": words}) from error


def change_component(
    *,
    component: Component,
    name: str,
    provider: Provider,
    contract: Contract | None,
    actor: Actor,
    at: datetime,
    accepted_because: str = "",
    seen_version: int | None = None,
) -> Component:
    """Another name, provider or contract for a component. Every live service over it must still keep its promises.

    Else the reason must be given. Raises RegisterRefusedError, StaleVersionError, NotFoundError, and what the gates of
    publishing raise.
    """
    require(actor, DEFINE)
    _check({}, name, provider, contract)
    with transaction.atomic():
        locked_services()
        row = _locked(component)
        check_version(seen=seen_version, current=row.version)
        row.name, row.provider, row.contract = name.strip(), provider, contract
        row.version += 1
        row.save(update_fields=["name", "provider", "contract", "version"])
        pass_gates(
            services=_users_of(row),
            occasion="save",
            accepted_because=accepted_because,
            actor=actor,
            at=at,
        )
    return row


def remove_component(*, component: Component, actor: Actor, seen_version: int | None = None) -> None:
    """Take a component out of the register, unless a service or a plan counts on it.

    Raises RegisterRefusedError naming who does, StaleVersionError, NotFoundError.
    """
    require(actor, DEFINE)
    with transaction.atomic():
        locked_services()
        row = _locked(component)
        check_version(seen=seen_version, current=row.version)
        users = _names(_users_of(row))
        if users:
            raise RegisterRefusedError(
                gettext("%(name)s cannot be removed: %(services)s count on it, or did in a fulfilment plan.")
                % {"name": row.name, "services": users}
            )
        row.delete()


def _locked(component: Component) -> Component:
    row = Component.objects.select_for_update().filter(pk=component.pk).first()
    if row is None:
        raise NotFoundError(gettext("There is no such component."))
    return row


def _users_of(component: Component) -> list[Service]:
    """The services that have it as a part, and those of which a plan counts on it, by name."""
    keys = {
        *Dependency.objects.filter(component=component).values_list("group__service", flat=True),
        *PlannedTask.objects.filter(component=component).values_list("plan__service", flat=True),
    }
    return list(Service.objects.filter(pk__in=keys).order_by("name", "id"))


def _names(services: Iterable[Service]) -> str:
    return ", ".join(service.name for service in services)


def _check(wrong: dict[str, str], name: str, provider: Provider, contract: Contract | None) -> None:
    """Raises RegisterRefusedError with what is wrong, by field; `wrong` is what is known to be."""
    if not name.strip() or len(name.strip()) > 200:
        wrong["name"] = gettext("Give the component a name of at most 200 characters.")
    if contract is not None and contract.provider_id != provider.pk:
        wrong["contract"] = gettext("This contract is with another provider.")
    if wrong:
        raise RegisterRefusedError(gettext("The component cannot be written down like this."), fields=wrong)
