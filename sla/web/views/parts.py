"""What a service is made of: adding a part, changing a group, removing a part."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from catalogue.public import Part, PartGroup, service_in_any_stage, set_dependencies
from doors.web.views import actor_of, page_for
from lifecycle.public import NotFoundError
from sla.queries.composition import GroupView, composition_of, part_choices
from sla.web.forms.parts import GroupForm, PartForm
from sla.web.forms.promises import ReasonForm
from sla.web.views.holding import Holding, hold, typed
from sla.web.views.promises import DEFINE, way_to

# What the catalogue says of a group, and where the form shows it.
_PLACES = {
    "name": "group",
    "parts": "part",
    "service": "part",
    "component": "part",
    "handover_seconds": "handover",
    "is_in_turn": "rule",
}
_GROUP = re.compile(r"groups\[\d+\]\.(?:parts\[\d+\]\.)?")


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def add_part(request: HttpRequest, code: str) -> HttpResponse:
    """Make a component or a service part of this one."""
    row = service_in_any_stage(code)
    groups = parts_of(row)
    form = PartForm(
        typed(request),
        parts=part_choices(row),
        groups=[group.name for group in groups],
        initial={"seen": row.parts_version, "group": request.GET.get("group", "")[:100]},
    )

    def changed() -> list[PartGroup]:
        name = form.cleaned_data["group"].strip()
        known = next((group for group in groups if group.name == name), None)
        group = form.ruled(name, [*(known.parts if known else ()), form.chosen()], known)
        return [group if each is known else each for each in groups] + ([] if known else [group])

    holding = Holding(
        title=gettext("Add a part to %(name)s") % {"name": row.name},
        button_text=gettext("Add the part"),
        done=gettext("The part was added."),
        form=form,
        act=_setting(request, row, form, changed),
        place=lambda name: _PLACES.get(_bare(name), name),
        **_versions(row),
        **way_to(row, gettext("Add a part")),
    )
    return hold(request, holding)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def change_group(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """What is needed of a group, its name, and the order and hand-over of its parts."""
    row = service_in_any_stage(code)
    views = list(composition_of(row, timezone.now()).groups)
    groups = [_group(view) for view in views]
    if not 1 <= number <= len(groups):
        raise NotFoundError(gettext("The service has no such group."))
    group = groups[number - 1]
    names = [part.name for part in views[number - 1].parts]
    form = GroupForm(typed(request), group=group, names=names, initial={"seen": row.parts_version})

    def changed() -> list[PartGroup]:
        after = form.changed()
        return [*groups[: number - 1], *([after] if after else []), *groups[number:]]

    holding = Holding(
        title=gettext("Change %(group)s of %(name)s") % {"group": group.name, "name": row.name},
        button_text=gettext("Save the group"),
        done=gettext("The group was saved."),
        form=form,
        act=_setting(request, row, form, changed),
        place=lambda name: {"is_in_turn": "rule"}.get(_bare(name), _bare(name)),
        template="sla/group_form.html",
        **_versions(row),
        **way_to(row, group.name),
    )
    return hold(request, holding)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def remove_part(request: HttpRequest, code: str, kind: str, part: str) -> HttpResponse:
    """Take a part out of every group of the service in which it stands."""
    row = service_in_any_stage(code)
    views = list(composition_of(row, timezone.now()).groups)
    here = [each for group in views for each in group.parts if (each.kind, each.code) == (kind, part)]
    if not here:
        raise NotFoundError(gettext("The service has no such part."))
    form = ReasonForm(typed(request), initial={"seen": row.parts_version})

    def changed() -> list[PartGroup]:
        left = []
        for group in map(_group, views):
            parts = tuple(each for each in group.parts if getattr(each, kind) != part)
            needed = None if group.needed is None else min(group.needed, len(parts))
            if parts:
                left.append(PartGroup(group.name, parts, needed, group.is_in_turn))
        return left

    name = here[0].name
    holding = Holding(
        title=gettext("Remove %(part)s from %(name)s") % {"part": name, "name": row.name},
        button_text=gettext("Remove the part"),
        done=gettext("%(part)s was removed.") % {"part": name},
        form=form,
        act=_setting(request, row, form, changed),
        **_versions(row),
        **way_to(row, gettext("Remove %(part)s") % {"part": name}),
    )
    return hold(request, holding)


def parts_of(row: Any) -> list[PartGroup]:
    """What the service is made of now, as the service that changes it wants it."""
    return [_group(group) for group in composition_of(row, timezone.now()).groups]


def _setting(
    request: HttpRequest, row: Any, form: ReasonForm, changed: Callable[[], Sequence[PartGroup]]
) -> Callable[[str], object]:
    """What sets the parts of the service, on the version that the person saw."""

    def act(reason: str) -> None:
        set_dependencies(
            service=row,
            groups=changed(),
            actor=actor_of(request),
            at=timezone.now(),
            accepted_because=reason,
            # What was read for this request is what the change is built on.
            seen_version=row.parts_version
            if form.cleaned_data["seen"] is None
            else form.cleaned_data["seen"],
        )

    return act


def _versions(row: Any) -> dict[str, Any]:
    return {
        "version": lambda: service_in_any_stage(row.code).parts_version,
        "now": lambda: [_in_words(group) for group in composition_of(row, timezone.now()).groups],
    }


def _in_words(group: GroupView) -> str:
    parts = ", ".join(part.name for part in group.parts)
    if group.is_serial:
        return f"{group.name}: {parts}"
    needed = gettext("%(needed)d of %(count)d needed") % {"needed": group.needed, "count": len(group.parts)}
    return f"{group.name} ({needed}): {parts}"


def _group(group: GroupView) -> PartGroup:
    parts = tuple(
        Part(**{part.kind: part.code}, handover_seconds=part.handover_seconds) for part in group.parts
    )
    return PartGroup(group.name, parts, None if group.is_serial else group.needed, group.is_in_turn)


def _bare(name: str) -> str:
    return _GROUP.sub("", name)
