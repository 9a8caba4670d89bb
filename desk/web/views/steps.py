"""The steps that an agent can take on an incident: each one's form, words, and the one service it calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from desk.queries.choices import category_choices, group_choices, member_choices, service_choices
from desk.web import forms
from incidents import public as incidents
from lifecycle.public import ForbiddenError, NotFoundError, RuleError
from people.public import Actor
from records.public import Record, attach_file, get_record, link, stop_watching, watch


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


def form_arguments(name: str, actor: Actor, record: Record, typed: Mapping[str, str]) -> dict[str, Any]:
    """What the form of a step must be told about the incident and the tenant, beside what was typed."""
    if name == "assign":
        group = typed.get("support_group") or (record.support_group.code if record.support_group else "")
        return {
            "groups": group_choices(),
            "members": member_choices(group),
            "initial": {"support_group": group},
        }
    if name == "classify":
        detail = incidents.detail_of(record)
        return {
            "services": service_choices(),
            "categories": category_choices(),
            "may_override": actor.may("incident:override-priority"),
            "initial": {
                "title": record.title,
                "description": record.description,
                "service": record.service.code if record.service else "",
                "category": detail.category.code if detail.category else "",
                "impact": detail.impact,
                "urgency": detail.urgency,
                "priority": record.priority if detail.is_priority_overridden else "",
            },
        }
    return {}


def _assign(given: Given) -> None:
    data = given.data
    incidents.assign(
        support_group=data["support_group"],
        assignee=data["assignee"],
        work_note=data["work_note"],
        **given.common,
    )


def _classify(given: Given) -> None:
    changed = {name: given.data[name] for name in given.changed - {"version", "next"}}
    if "priority" in changed:
        changed["reason"] = given.data["reason"]
    incidents.classify(to=incidents.classification_of(changed), **given.common)


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
    watch(record=given.record, membership_id=_member(given.actor), actor=given.actor, at=given.at)


def _stop_watching(given: Given) -> None:
    stop_watching(record=given.record, membership_id=_member(given.actor), actor=given.actor, at=given.at)


def _member(actor: Actor) -> Any:
    if actor.membership_id is None:
        raise ForbiddenError(gettext("Only a person can watch a record."), permission="incident:watch")
    return actor.membership_id


def _pend(waiting_for: str) -> Callable[[Given], object]:
    def run(given: Given) -> object:
        return incidents.pend(
            waiting_for=waiting_for,
            comment=given.data.get("comment", ""),
            reason=given.data.get("reason", ""),
            until=_end_of(given.data["until"]),
            **given.common,
        )

    return run


def _end_of(day: date | None) -> datetime | None:
    """The end of a day by the reader's clocks."""
    if day is None:
        return None
    # The last day of all has none after it; the service refuses it anyhow.
    following = min(day, date.max - timedelta(days=2)) + timedelta(days=1)
    return datetime.combine(following, time(), timezone.get_current_timezone())


STEPS: dict[str, StepPage] = {
    "take": StepPage(_("Take"), _("Take it"), forms.StepForm, lambda given: incidents.take(**given.common)),
    "start": StepPage(
        _("Start work"), _("Start work"), forms.StepForm, lambda given: incidents.start(**given.common)
    ),
    "assign": StepPage(_("Assign"), _("Assign"), forms.AssignForm, _assign),
    "pend_requester": StepPage(
        _("Ask the requester"), _("Send the question"), forms.QuestionForm, _pend("requester")
    ),
    "pend_provider": StepPage(_("Wait for a provider"), _("Wait"), forms.WaitForm, _pend("provider")),
    "pend_change": StepPage(_("Wait for a change"), _("Wait"), forms.WaitForm, _pend("change")),
    "resume": StepPage(
        _("Resume work"),
        _("Resume work"),
        forms.ResumeForm,
        lambda given: incidents.resume(work_note=given.data["work_note"], **given.common),
    ),
    "resolve": StepPage(
        _("Resolve"),
        _("Resolve and tell the requester"),
        forms.ResolveForm,
        lambda given: incidents.resolve(
            resolution_code=given.data["resolution_code"], resolution=given.data["resolution"], **given.common
        ),
    ),
    "reopen": StepPage(
        _("Reopen"),
        _("Reopen"),
        forms.ReopenForm,
        lambda given: incidents.reopen(comment=given.data["comment"], **given.common),
    ),
    "confirm": StepPage(
        _("It is fixed"), _("It is fixed"), forms.StepForm, lambda given: incidents.confirm(**given.common)
    ),
    "close": StepPage(_("Close"), _("Close"), forms.StepForm, lambda given: incidents.close(**given.common)),
    "cancel": StepPage(
        _("Cancel the incident"),
        _("Cancel the incident"),
        forms.ReasonForm,
        lambda given: incidents.cancel(reason=given.data["reason"], **given.common),
        is_danger=True,
    ),
    "classify": StepPage(_("Classify"), _("Save"), forms.ClassifyForm, _classify),
    "comment": StepPage(
        _("Reply to the requester"),
        _("Send"),
        forms.CommentForm,
        lambda given: incidents.comment(body=given.data["body"], **given.common),
        permission="incident:comment",
    ),
    "note": StepPage(
        _("Add a work note"),
        _("Save work note"),
        forms.WorkNoteForm,
        lambda given: incidents.note(body=given.data["body"], **given.common),
        permission="incident:note",
    ),
    "attach": StepPage(
        _("Attach a file"), _("Attach"), forms.AttachForm, _attach, permission="incident:attach"
    ),
    "link": StepPage(
        _("Link to another record"), _("Link"), forms.LinkForm, _link, permission="incident:link"
    ),
    "watch": StepPage(_("Watch"), _("Watch"), forms.StepForm, _watch, permission="incident:watch"),
    "unwatch": StepPage(
        _("Stop watching"), _("Stop watching"), forms.StepForm, _stop_watching, permission="incident:watch"
    ),
}
