"""What clients send as values of fields, brought to what our services take."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from catalogue.models import Category, Service
from lifecycle.public import IllegalStepError, RuleError
from market.engine.choices import Choices
from market.queries.conditions import as_key
from people.models import SupportGroup
from people.public import Actor, visible_members
from records.models import Record


def given_text(given: Mapping[str, Any], name: str) -> str | None:
    """A field as text, None when it is not said. A reference may come as `{"value": …}`."""
    if name not in given:
        return None
    value = given[name]
    if isinstance(value, Mapping):
        value = value.get("value", value.get("display_value"))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        value = ",".join(str(each) for each in value)
    return "" if value is None else str(value).replace("\x00", "")


def chosen_value(given: Mapping[str, Any], name: str, choices: Choices, wrong: dict[str, str]) -> str | None:
    """One of a field's values; None when it is not said or empty. Notes in `wrong` what there is none of."""
    text = given_text(given, name)
    if text is None or not text.strip():
        return None
    value = choices.read(text)
    if value is None:
        known = ", ".join(
            f"{each} ({label})" if each != label else each for each, label in choices.labels.items()
        )
        wrong[name] = f"{text!r} is none of {known}."
    return value


def person_email(given: Mapping[str, Any], name: str, actor: Actor, wrong: dict[str, str]) -> str | None:
    """The address of a person named by key, user name, address or name; "" for nobody, None when it is not said.

    Of those whom the client may look up: to a supplier's, nobody else is anybody.
    """
    text = given_text(given, name)
    if text is None or not text.strip():
        return text and ""
    people = visible_members(actor)
    found = list(people.filter(_named(text.strip(), "email"))[:2])
    if len(found) != 1:
        found = list(people.filter(email__startswith=f"{text.strip().lower()}@")[:2])
    return _only(found, "email", name, text, wrong)


def group_code(given: Mapping[str, Any], name: str, wrong: dict[str, str]) -> str | None:
    """The code of a group named by key, code or name; "" for none, None when it is not said."""
    text = given_text(given, name)
    if text is None or not text.strip():
        return text and ""
    found = list(SupportGroup.objects.filter(_named(text.strip(), "code"), is_active=True)[:2])
    return _only(found, "code", name, text, wrong)


def handed_to(record: Record, given: Mapping[str, Any], actor: Actor) -> tuple[str, str] | None:
    """To which group (code) and person (address, "" for none) a client hands a record; None where both have it already.

    Raises RuleError for a group or a person that there is none of.
    """
    wrong: dict[str, str] = {}
    group = group_code(given, "assignment_group", wrong)
    person = person_email(given, "assigned_to", actor, wrong)
    refuse(wrong)
    held = record.support_group.code if record.support_group else ""
    holder = record.assignee.email if record.assignee_id and record.assignee else ""
    if (group or held) == held and person in (None, holder):
        return None
    return group or held, person or ""


def service_code(given: Mapping[str, Any], wrong: dict[str, str]) -> str | None:
    """The code of a service named as `business_service` or `cmdb_ci`; "" for none, None when neither is said."""
    for name in ("business_service", "cmdb_ci"):
        text = given_text(given, name)
        if text is None:
            continue
        if not text.strip():
            return ""
        found = list(Service.objects.filter(_named(text.strip(), "code"))[:2])
        return _only(found, "code", name, text, wrong)
    return None


def category_code(given: Mapping[str, Any]) -> str | None:
    """The code of a category that there is here. The market's own words for categories are not: they are left out."""
    text = given_text(given, "category")
    if text is None or not text.strip():
        return None
    found = list(Category.objects.filter(_named(text.strip(), "code"))[:2])
    return found[0].code if len(found) == 1 else None


def _named(text: str, code: str) -> Q:
    key = as_key(text)
    if key is not None:
        return Q(pk=key)
    return Q(**{code: text.lower()}) | Q(name__iexact=text)


def _only(found: list[Any], column: str, name: str, text: str, wrong: dict[str, str]) -> str | None:
    if len(found) == 1:
        return str(getattr(found[0], column))
    many = "More than one is" if found else "Nothing here is"
    wrong[name] = f"{many} called {text!r}. Use its sys_id."
    return None


def refuse(wrong: Mapping[str, str]) -> None:
    """Raises RuleError when anything is wrong."""
    if wrong:
        raise RuleError("The record cannot be written like this.", fields=dict(wrong))


def no_way(states: Choices, now: str, asked: str) -> IllegalStepError:
    """The error for a step between two of their states that there is not."""
    return IllegalStepError(
        f"It cannot go from {states.label(now)} ({now}) to {states.label(asked)} ({asked}).",
        state=now,
        action=asked,
        allowed=(),
    )
