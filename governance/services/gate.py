"""The gate before a service goes live: what its checklist asks must be there."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext

from catalogue.models import Service
from governance.models import EarlyLife
from governance.queries.readiness import checklist, readiness_of
from lifecycle.public import RuleError
from people.public import Actor, today_in_tenant


class NotReadyError(RuleError):
    """A service may not go live yet: `fields` names each check that is not met."""

    code = "not_ready"


def keep_unready_back(
    *, services: Sequence[Service], occasion: str, accepted_because: str, actor: Actor, at: datetime
) -> None:
    """Let a service go live only when every check is met or waived; from then on it has early-life support.

    No reason given on publishing makes up for it: a check is waived by itself, with a reason of its own.
    """
    del accepted_because
    if occasion != "publish":
        return
    today = today_in_tenant(actor, at)
    for service in services:
        missing = readiness_of(service, today).missing
        if missing:
            raise NotReadyError(
                gettext("It is not ready: %(names)s.")
                % {"names": ", ".join(check.title for check in missing)},
                fields={
                    f"readiness.{check.code}": gettext("Not ready: %(title)s.") % {"title": check.title}
                    for check in missing
                },
            )
        days = checklist().early_life_days
        if days:
            EarlyLife.objects.update_or_create(
                service=service, defaults={"last_day": today + timedelta(days=days)}
            )
