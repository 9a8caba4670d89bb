"""What taking a step from the desk is made of, and the steps that every kind of record has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from desk.queries.choices import group_choices, member_choices
from desk.web import forms
from lifecycle.public import ForbiddenError, NotFoundError, RuleError
from people.public import Actor
from records.public import Record, attach_file, get_record, link, stop_watching, watch

# What a form must be told of the record and the tenant, beside what was typed (the last argument).
Arguments = Callable[[Actor, Record, Mapping[str, str]], dict[str, Any]]


def _none(_actor: Actor, _record: Record, _typed: Mapping[str, str]) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Given:
    """What a step is taken with. `changed` names the fields that the person altered."""

    record: Record
    data: Mapping[str, Any]
    changed: frozenset[str]
    actor: Actor
    at: datetime

    @property
    def common(self) -> dict[str, Any]:
        """What every step of the life cycle is given."""
        return {
            "record": self.record,
            "actor": self.actor,
            "at": self.at,
            "seen_version": self.data["version"],
        }


@dataclass(frozen=True, slots=True)
class StepPage:
    """A step's page. `permission` is asked for here where the life cycle's table does not ask."""

    title: str | Promise
    button: str | Promise
    form: type[forms.StepForm]
    run: Callable[[Given], object]
    permission: str = ""
    is_danger: bool = False
    arguments: Arguments = _none


def of_assign(_actor: Actor, record: Record, typed: Mapping[str, str]) -> dict[str, Any]:
    """The groups to choose from, and the members of the one chosen."""
    group = typed.get("support_group") or (record.support_group.code if record.support_group else "")
    return {
        "groups": group_choices(),
        "members": member_choices(group),
        "initial": {"support_group": group},
    }


def steps_beside(kind: str, *, note: Callable[..., object]) -> dict[str, StepPage]:
    """What can be added to a record of a kind in any state. `note` is its service for work notes."""
    return {
        "note": StepPage(
            _("Add a work note"),
            _("Save work note"),
            forms.WorkNoteForm,
            lambda given: note(body=given.data["body"], **given.common),
            permission=f"{kind}:note",
        ),
        "attach": StepPage(
            _("Attach a file"), _("Attach"), forms.AttachForm, _attach, permission=f"{kind}:attach"
        ),
        "link": StepPage(
            _("Link to another record"), _("Link"), forms.LinkForm, _link, permission=f"{kind}:link"
        ),
        "watch": StepPage(_("Watch"), _("Watch"), forms.StepForm, _watch, permission=f"{kind}:watch"),
        "unwatch": StepPage(
            _("Stop watching"), _("Stop watching"), forms.StepForm, _stop_watching, permission=f"{kind}:watch"
        ),
    }


def _attach(given: Given) -> None:
    file = given.data["file"]
    attach_file(
        record=given.record,
        name=file.name,
        content=file,
        is_internal=given.data["is_internal"],
        actor=given.actor,
        at=given.at,
    )


def _link(given: Given) -> None:
    try:
        target = get_record(given.actor, given.data["target"])
    except NotFoundError as error:
        raise RuleError(
            gettext("There is no such record."),
            fields={"target": gettext("There is no record with this number that you may see.")},
        ) from error
    link(record=given.record, target=target, type=given.data["type"], actor=given.actor, at=given.at)


def _watch(given: Given) -> None:
    watch(record=given.record, membership_id=_member(given), actor=given.actor, at=given.at)


def _stop_watching(given: Given) -> None:
    stop_watching(record=given.record, membership_id=_member(given), actor=given.actor, at=given.at)


def _member(given: Given) -> Any:
    if given.actor.membership_id is None:
        raise ForbiddenError(
            gettext("Only a person can watch a record."), permission=f"{given.record.kind}:watch"
        )
    return given.actor.membership_id
