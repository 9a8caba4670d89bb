"""The versions of an offering, what changed between two, and the whole draft as its notation."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from catalogue.engine.comparing import differences
from catalogue.policy import DEFINE_OFFERINGS
from catalogue.queries.offerings import get_offering, versions_of_offering
from catalogue.web.forms.offerings import NotationForm
from catalogue.web.views.drafting import Edit, crumbs_of, edit, name_of
from doors.web.views import page_for

_DRAFT = "draft"


@require_safe
@page_for(DEFINE_OFFERINGS)
def offering_versions(request: HttpRequest, code: str) -> HttpResponse:
    """`?version=&with=`: every version, and what changed between two of them, or a version and the draft."""
    row = get_offering(code)
    versions = versions_of_offering(row)
    designs: dict[str, Any] = {str(version.number): version.design for version in versions}
    designs[_DRAFT] = row.design
    old, new = request.GET.get("version", ""), request.GET.get("with", "")
    is_compared = old in designs and new in designs
    context = {
        "offering": row,
        "name": name_of(row),
        "versions": versions,
        "choices": [
            (_DRAFT, gettext("The draft")),
            *(
                (str(version.number), gettext("Version %(number)s") % {"number": version.number})
                for version in versions
            ),
        ],
        "old": old if is_compared else str(versions[0].number) if versions else _DRAFT,
        "new": new if is_compared else _DRAFT,
        "differences": differences(designs[old], designs[new]) if is_compared else None,
        "crumbs": crumbs_of(row, (gettext("Versions"), "")),
    }
    return render(request, "catalogue/offerings/versions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE_OFFERINGS)
def offering_notation(request: HttpRequest, code: str) -> HttpResponse:
    """The whole draft as JSON, for those who like it better or move it from elsewhere."""
    row = get_offering(code)
    initial = {
        "seen": row.draft_version,
        "design": json.dumps(row.design, ensure_ascii=False, indent=2),
    }
    before = dict.fromkeys(row.design)
    return edit(
        request,
        row,
        Edit(
            title=gettext("Notation of %(name)s") % {"name": name_of(row)},
            button=gettext("Save"),
            crumbs=crumbs_of(row, (gettext("Notation"), "")),
            form=lambda typed: NotationForm(typed, initial=initial),
            changes=lambda form: before | form.cleaned_data["design"],
            tells_all="design",
            saved=gettext("The draft was saved."),
            done=reverse("catalogue:offering", args=[code]),
        ),
    )
