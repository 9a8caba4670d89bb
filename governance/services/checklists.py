"""Changing what is asked before services go live and suppliers begin."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext

from governance.engine.checks import ChecklistFaultyError, read_checklist
from governance.models import Checklist
from governance.services.evidence import DEFINE
from lifecycle.public import ForbiddenError, RuleError, StaleVersionError
from people.public import Actor, directory


def change_checklist(
    *, notation: Mapping[str, Any], actor: Actor, at: datetime, seen_number: int | None = None
) -> Checklist:
    """Ask for this from `at` (UTC) on; a sort without checks asks nothing.

    Raises RuleError by path, StaleVersionError when another checklist came meanwhile.
    """
    if not actor.may(DEFINE):
        raise ForbiddenError(
            gettext("This needs the permission %(permission)s.") % {"permission": DEFINE}, permission=DEFINE
        )
    try:
        read_checklist(notation, roles=[role.code for role in directory().roles.values()])
    except ChecklistFaultyError as faulty:
        raise RuleError(gettext("The checklist cannot be like this."), fields=faulty.faults) from faulty
    with transaction.atomic():
        newest = Checklist.objects.aggregate(most=Max("number"))["most"] or 0
        if seen_number not in (None, newest):
            raise StaleVersionError(
                gettext("Somebody else saved it after you read it. Nothing was saved."),
                seen=seen_number or 0,
                current=newest,
                changes=[],
            )
        return Checklist.objects.create(
            number=newest + 1, notation=dict(notation), published_at=at, published_by_name=actor.name
        )
