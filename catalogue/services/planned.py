"""The fulfilment plan of an offering's version."""

from collections import OrderedDict
from uuid import UUID

from catalogue.engine.plans import Plan, read_plan
from catalogue.models import OfferingVersion
from catalogue.services.answers import form_of

_plans: OrderedDict[UUID, Plan] = OrderedDict()
_MOST_PLANS = 256


def plan_of(version: OfferingVersion) -> Plan:
    """The plan of a version, without tasks when it has none. Versions are never edited: each is read once a process."""
    plan = _plans.get(version.pk)
    if plan is None:
        plan = _plans[version.pk] = read_plan(version.design.get("plan"), form_of(version))
        if len(_plans) > _MOST_PLANS:
            _plans.popitem(last=False)
    return plan
