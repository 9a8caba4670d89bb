"""Before an offering is published: those whom its approval plan names must be there to be asked."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from approvals.queries.people import is_decider
from catalogue.public import ApproverName, approvers_named, read_approval, read_form
from people.public import directory, find_member


def faults_of_approvers(*, design: Mapping[str, Any], **_: Any) -> dict[str, str]:
    """Whom a design's approval plan names without their being there, by path. The design was read before."""
    if not design.get("approval"):
        return {}
    plan = read_approval(design["approval"], read_form(design.get("form")))
    found = {}
    for path, name in approvers_named(plan.levels):
        reason = _missing(name)
        if reason:
            found[f"approval.{path}"] = reason
    return found


def _missing(name: ApproverName) -> str:
    known = directory()
    if name.sort == "role" and all(role.code != name.name for role in known.roles.values()):
        return gettext("There is no role with the code %(code)s.") % {"code": repr(name.name)}
    if name.sort == "group" and all(
        group.code != name.name or not group.is_active for group in known.groups.values()
    ):
        return gettext("There is no active group with the code %(code)s.") % {"code": repr(name.name)}
    if name.sort != "person":
        return ""
    member = find_member(name.name)
    if member is None:
        return gettext("Nobody here has the e-mail address %(email)s.") % {"email": repr(name.name)}
    if not is_decider(member.pk):
        return gettext("%(name)s acts for a supplier and does not decide.") % {"name": member.name}
    return ""
