"""What a task of a plan may do by itself, for whoever designs it."""

from django.utils.translation import gettext

from catalogue.public import Automation
from requests_app.engine.actions import actions
from requests_app.queries.hooks import all_hooks


def offered_automations() -> list[Automation]:
    """The hooks of the tenant in scope by name, then the actions of this release."""
    hooks = all_hooks().order_by("name", "code").values_list("code", "name", "is_active")
    return [
        *(Automation(kind="hook", code=code, name=name, is_on=is_on) for code, name, is_on in hooks),
        *(Automation(kind="run", code=each.name, name=gettext(each.describe)) for each in actions()),
    ]
