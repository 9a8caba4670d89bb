"""Whether what a fulfilment plan names is there: asked before an offering is published."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext

from calendars.public import calendar_lines
from calling.public import check_url, host_of
from catalogue.public import TaskOfPlan, all_components, read_form, read_plan
from people.public import directory
from requests_app.engine.actions import find_action
from requests_app.models import AllowedHost, Hook
from requests_app.services.hooks import local_addresses

_Reason = Callable[[TaskOfPlan], Iterator[tuple[str, str]]]


def check_plan(*, design: Mapping[str, Any], **_: Any) -> dict[str, str]:
    """What a design's plan names and nobody can find, by path (`plan.tasks.2.group`).

    No reason accepts these: a request would stand still. In a constant number of reads. Called inside the transaction
    that publishes, with what the gates of offerings are called with; the plan was read before.
    """
    if not design.get("plan"):
        return {}
    plan = read_plan(design["plan"], read_form(design.get("form")))
    checks: tuple[_Reason, ...] = (_groups(), _calendars(), _components(plan.tasks), _actions(plan.tasks))
    return {
        f"plan.tasks.{place}.{part}": reason
        for place, task in enumerate(plan.tasks)
        for check in checks
        for part, reason in check(task)
    }


def _groups() -> _Reason:
    by_code = {group.code: group for group in directory().groups.values()}

    def check(task: TaskOfPlan) -> Iterator[tuple[str, str]]:
        group = by_code.get(task.group)
        if group is None:
            yield "group", gettext("There is no support group with the code %(code)s.") % _quoted(task.group)
        elif not group.is_active:
            yield (
                "group",
                gettext("%(name)s is not active any more: name another group.") % {"name": group.name},
            )

    return check


def _calendars() -> _Reason:
    known = {line.calendar.code for line in calendar_lines().values() if line.versions}

    def check(task: TaskOfPlan) -> Iterator[tuple[str, str]]:
        if task.calendar and task.calendar not in known:
            yield "calendar", gettext("There is no calendar with the code %(code)s.") % _quoted(task.calendar)

    return check


def _components(tasks: tuple[TaskOfPlan, ...]) -> _Reason:
    named = {task.component for task in tasks if task.component}
    known = set(all_components().filter(code__in=named).values_list("code", flat=True)) if named else set()

    def check(task: TaskOfPlan) -> Iterator[tuple[str, str]]:
        if task.component and task.component not in known:
            yield (
                "component",
                gettext("There is no component with the code %(code)s.") % _quoted(task.component),
            )

    return check


def _actions(tasks: tuple[TaskOfPlan, ...]) -> _Reason:
    named = {task.action.name for task in tasks if task.action and task.action.kind == "hook"}
    hooks = {hook.code: hook for hook in Hook.objects.filter(code__in=named)} if named else {}
    hosts = set(AllowedHost.objects.values_list("host", flat=True)) if hooks else set()
    local = local_addresses() if hooks else []

    def check(task: TaskOfPlan) -> Iterator[tuple[str, str]]:
        action = task.action
        if action is None:
            return
        if action.kind == "hook":
            if reason := _wrong_with_hook(hooks.get(action.name), action.name, hosts, local):
                yield "action.hook", reason
            return
        registered = find_action(action.name)
        if registered is None:
            yield "action.run", gettext("This release has no action %(code)s.") % _quoted(action.name)
            return
        for name in sorted(set(action.given) - set(registered.parameters)):
            yield (
                f"action.with.{name}",
                gettext("The action %(code)s takes nothing of this name.") % _quoted(action.name),
            )

    return check


def _wrong_with_hook(hook: Hook | None, code: str, hosts: set[str], local: list[str]) -> str:
    if hook is None:
        return gettext("There is no hook with the code %(code)s.") % _quoted(code)
    if not hook.is_active:
        return gettext("The hook %(name)s is switched off.") % {"name": hook.name}
    if host_of(hook.url) not in hosts or check_url(hook.url, local=local):
        return gettext("The hook %(name)s has an address that may not be called.") % {"name": hook.name}
    return ""


def _quoted(code: str) -> dict[str, str]:
    return {"code": repr(code)}
