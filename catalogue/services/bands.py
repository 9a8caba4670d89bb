"""Bands of availability: what sorts of services are meant to be, so that each service need only name one."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils.translation import gettext

from catalogue.models import AvailabilityBand, Service
from catalogue.policy import DEFINE, require
from lifecycle.public import RuleError
from people.public import Actor

PARTS = 3


def bands_text() -> str:
    """The bands as people type them: one to a line, code, name and percent between bars."""
    return "\n".join(
        f"{row.code} | {row.name} | {row.percent.normalize():f}"
        for row in AvailabilityBand.objects.order_by("-percent", "code")
    )


def set_bands(*, lines: Sequence[str], actor: Actor) -> list[AvailabilityBand]:
    """Have these bands and no others, each from a line "code | name | percent"; services keep naming theirs by code.

    Raises RuleError that names each wrong line, and bands that are left out while services name them.
    """
    require(actor, DEFINE)
    read, wrong = dict[str, tuple[str, Decimal]](), list[str]()
    for number, line in enumerate(filter(str.strip, lines), start=1):
        parts = [part.strip() for part in line.split("|")]
        percent = _percent(parts[-1])
        if len(parts) != PARTS or not parts[0].replace("-", "").isalnum() or not parts[1] or percent is None:
            words = gettext("Line %(line)s: write code | name | percent, more than 0 and 100 at most.")
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
        return [
            AvailabilityBand.objects.update_or_create(code=code, defaults={"name": name, "percent": percent})[
                0
            ]
            for code, (name, percent) in read.items()
        ]


def _percent(text: str) -> Decimal | None:
    try:
        percent = Decimal(text)
    except InvalidOperation:
        return None
    return percent if percent.is_finite() and 0 < percent <= 100 and percent == round(percent, 3) else None
