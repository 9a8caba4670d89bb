"""Bands of availability: what sorts of services are meant to be, so that each service need only name one."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils.translation import gettext

from catalogue.engine.gates import pass_gates
from catalogue.models import AvailabilityBand, Service
from catalogue.policy import DEFINE, require
from catalogue.queries.portfolio import NONE
from lifecycle.public import RuleError
from people.public import Actor

PARTS = 3


def bands_text() -> str:
    """The bands as people type them: one to a line, code, name and percent between bars."""
    return "\n".join(
        f"{row.code} | {row.name} | {row.percent.normalize():f}"
        for row in AvailabilityBand.objects.order_by("-percent", "code")
    )


def set_bands(
    *, lines: Sequence[str], actor: Actor, at: datetime, accepted_because: str = ""
) -> list[AvailabilityBand]:
    """Have these bands and no others from `at` (UTC) on, each from a line "code | name | percent".

    Services keep naming theirs by code, and are held against their parts again where more is asked of them. Raises
    RuleError that names each wrong line, and bands that are left out while services name them; what the gates raise.
    """
    require(actor, DEFINE)
    read, wrong = dict[str, tuple[str, Decimal]](), list[str]()
    for number, line in enumerate(filter(str.strip, lines), start=1):
        parts = [part.strip() for part in line.split("|")]
        percent = _percent(parts[-1])
        if len(parts) != PARTS or not parts[0].replace("-", "").isalnum() or not parts[1] or percent is None:
            words = gettext("Line %(line)s: write code | name | percent, more than 0 and 100 at most.")
            wrong.append(words % {"line": number})
        elif parts[0].lower() == NONE:
            words = gettext("Line %(line)s: none stands for services in no band. Use another code.")
            wrong.append(words % {"line": number})
        else:
            read[parts[0].lower()] = (parts[1][:100], percent)
    with transaction.atomic():
        named = Service.objects.filter(availability_band__isnull=False).exclude(
            availability_band__code__in=list(read)
        )
        wrong += [
            gettext("%(service)s is in the band %(band)s.")
            % {"service": row.name, "band": row.availability_band.name if row.availability_band else ""}
            for row in named.select_related("availability_band")[:5]
        ]
        if wrong:
            raise RuleError(" ".join(wrong), fields={"bands": " ".join(wrong)})
        AvailabilityBand.objects.exclude(code__in=list(read)).delete()
        before = dict(AvailabilityBand.objects.values_list("code", "percent"))
        rows = [
            AvailabilityBand.objects.update_or_create(code=code, defaults={"name": name, "percent": percent})[
                0
            ]
            for code, (name, percent) in read.items()
        ]
        more = [code for code, (_, percent) in read.items() if percent > before.get(code, percent)]
        asked = Service.objects.filter(availability_band__code__in=more).order_by("id")
        pass_gates(
            services=list(asked), occasion="save", accepted_because=accepted_because, actor=actor, at=at
        )
    return rows


def _percent(text: str) -> Decimal | None:
    try:
        percent = Decimal(text)
    except InvalidOperation:
        return None
    return percent if percent.is_finite() and 0 < percent <= 100 and percent == round(percent, 3) else None
