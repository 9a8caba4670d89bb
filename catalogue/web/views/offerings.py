"""Offerings in any stage: the list, one of them, and what is said of it beside its form and plans."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from catalogue.engine.forms.editing import pages_in, questions_in
from catalogue.engine.plan_editing import LEVELS, TASKS, parts_in
from catalogue.policy import DEFINE_OFFERINGS
from catalogue.queries.offerings import (
    audience_of,
    get_offering,
    offerings_like,
    versions_of_offering,
)
from catalogue.queries.price_words import price_in_words
from catalogue.queries.services import active_categories, catalogue, service_in_any_stage
from catalogue.services import offerings as steps
from catalogue.web.forms.offerings import (
    NewOfferingForm,
    PlaceForm,
    PublishOfferingForm,
    StepOfOfferingForm,
    TermsForm,
    WordsForm,
    words_of,
)
from catalogue.web.views.drafting import Edit, crumbs_of, edit, name_of
from catalogue.web.views.paths import faults_in_words
from catalogue.web.views.showing import show_form
from doors.engine.keyset import Order
from doors.web.views import actor_of, add_errors, cursor_links, page_at, page_for
from lifecycle.public import NotFoundError, RuleError
from people.public import active_groups, directory, organisations

BY_CODE = Order("code", is_descending=False)
LIMIT = 25


@require_safe
@page_for(DEFINE_OFFERINGS)
def offerings(request: HttpRequest) -> HttpResponse:
    """`/admin/offerings/?stage=&service=&category=&q=`: what can be requested, or is being designed."""
    asked = request.GET
    given = {name: asked.get(name, "")[:100] for name in ("stage", "service", "category")}
    text = asked.get("q", "").strip()[:100]
    page = page_at(request, offerings_like(**given, text=text), BY_CODE, limit=LIMIT)
    context = {
        "rows": [(row, name_of(row)) for row in page.rows],
        "text": text,
        "stage": given["stage"],
        "service": given["service"],
        "category": given["category"],
        "stages": [
            ("draft", gettext("Draft")),
            ("published", gettext("Published")),
            ("withdrawn", gettext("Withdrawn")),
        ],
        "services": _services(),
        "categories": _categories(),
        "is_filtered": bool(text or any(given.values())),
        "crumbs": [(gettext("Offerings"), "")],
    }
    return render(request, "catalogue/offerings/list.html", context | cursor_links(request, page))


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE_OFFERINGS)
def new_offering(request: HttpRequest) -> HttpResponse:
    """Begin to design an offering."""
    choices = {"service": _services(), "category": _categories()}
    initial = {name: request.GET.get(name, "") for name in choices}
    form = NewOfferingForm(
        request.POST if request.method == "POST" else None, choices=choices, initial=initial
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            made = steps.create_offering(
                code=given["code"],
                service=service_in_any_stage(given["service"]),
                category=steps.category_with(given["category"]),
                name=given["name"],
                actor=actor_of(request),
            )
        except RuleError as error:
            add_errors(form, error, {"name.en": "name"})
        else:
            messages.success(
                request, gettext("The offering is a draft. Nobody sees it before you publish it.")
            )
            return HttpResponseRedirect(reverse("catalogue:offering", args=[made.code]))
    title = gettext("New offering")
    crumbs = [(gettext("Offerings"), reverse("catalogue:offerings")), (title, "")]
    return show_form(request, form, title, gettext("Begin the draft"), crumbs)


@require_safe
@page_for(DEFINE_OFFERINGS)
def offering(request: HttpRequest, code: str) -> HttpResponse:
    """One offering: what its draft says, what it still needs, and what can come next."""
    row = get_offering(code)
    versions = versions_of_offering(row)
    faults = steps.faults_before_publishing(offering=row, actor=actor_of(request), at=timezone.now())
    is_changed = not versions or versions[0].design != row.design
    context = {
        "offering": row,
        "name": name_of(row),
        "design": row.design,
        "price": price_in_words(
            Decimal(row.design["price"]) if row.design.get("price") else None,
            row.design.get("period", "once"),
        ),
        "published": versions[0] if versions else None,
        "is_changed": is_changed,
        "faults": faults_in_words(faults, row),
        "audience": [
            (each.organisation or each.role or each.support_group).name for each in audience_of(row)
        ],
        "counts": {
            "pages": len(pages_in(row.design.get("form"))),
            "questions": len(list(questions_in(row.design.get("form")))),
            "levels": len(parts_in(row.design.get("approval"), LEVELS)),
            "tasks": len(parts_in(row.design.get("plan"), TASKS)),
        },
        "crumbs": [crumbs_of(row)[0], (name_of(row), "")],
    }
    return render(request, "catalogue/offerings/offering.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE_OFFERINGS)
def offering_words(request: HttpRequest, code: str) -> HttpResponse:
    """What the offering is called and said to be, in both languages."""
    row = get_offering(code)
    initial = words_of(row.design) | {"seen": row.draft_version}
    title = gettext("Words of %(name)s") % {"name": name_of(row)}
    return edit(
        request,
        row,
        Edit(
            title=title,
            button=gettext("Save"),
            crumbs=crumbs_of(row, (gettext("Words"), "")),
            form=lambda typed: WordsForm(typed, initial=initial),
            changes=lambda form: form.changes(),
            saved=gettext("The words were saved."),
            done=reverse("catalogue:offering", args=[code]),
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE_OFFERINGS)
def offering_terms(request: HttpRequest, code: str) -> HttpResponse:
    """What it costs, how many at once, and whether for others."""
    row = get_offering(code)
    initial = {
        "seen": row.draft_version,
        "price": row.design.get("price", ""),
        "period": row.design.get("period", "once"),
        "max_quantity": row.design.get("max_quantity", 1),
        "for_others": row.design.get("for_others", False),
    }
    title = gettext("Price and quantity of %(name)s") % {"name": name_of(row)}
    return edit(
        request,
        row,
        Edit(
            title=title,
            button=gettext("Save"),
            crumbs=crumbs_of(row, (gettext("Price and quantity"), "")),
            form=lambda typed: TermsForm(typed, initial=initial),
            changes=lambda form: form.changes(),
            saved=gettext("Price and quantity were saved."),
            done=reverse("catalogue:offering", args=[code]),
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE_OFFERINGS)
def offering_place(request: HttpRequest, code: str) -> HttpResponse:
    """Of which service it is, where it stands in the catalogue, and who may have it: at once, in every version."""
    row = get_offering(code)
    audience = audience_of(row)
    initial = {
        "seen": row.draft_version,
        "service": row.service.code,
        "category": row.category.code if row.category else "",
        "organisations": [each.organisation.code for each in audience if each.organisation],
        "roles": [each.role.code for each in audience if each.role],
        "support_groups": [each.support_group.code for each in audience if each.support_group],
    }
    choices = {
        "service": _services(),
        "category": _categories(),
        "organisations": [(each.code, each.name) for each in organisations()],
        "roles": [(each.code, gettext(each.name)) for each in directory().roles.values()],
        "support_groups": [(each.code, each.name) for each in active_groups()],
    }

    def save(form: Any, seen: int) -> None:
        given = form.cleaned_data
        steps.file_offering(
            offering=row,
            service=service_in_any_stage(given["service"]),
            category=steps.category_with(given["category"]),
            audience=steps.AudienceCodes(
                organisations=given["organisations"],
                roles=given["roles"],
                support_groups=given["support_groups"],
            ),
            actor=actor_of(request),
            seen_version=seen,
        )

    return edit(
        request,
        row,
        Edit(
            title=gettext("Where %(name)s stands, and who may have it") % {"name": name_of(row)},
            button=gettext("Save"),
            crumbs=crumbs_of(row, (gettext("Place and audience"), "")),
            form=lambda typed: PlaceForm(typed, initial=initial, choices=choices),
            save=save,
            saved=gettext("Place and audience were saved. They hold at once."),
            done=reverse("catalogue:offering", args=[code]),
            context={"note": gettext("This holds at once, also for what is published.")},
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE_OFFERINGS)
def offering_step(request: HttpRequest, code: str, step: str) -> HttpResponse:
    """Publish the draft, withdraw the offering, or offer it again."""
    row = get_offering(code)
    actor = actor_of(request)
    words = {
        "publish": (gettext("Publish %(name)s"), gettext("Publish"), gettext("It is published.")),
        "withdraw": (gettext("Withdraw %(name)s"), gettext("Withdraw"), gettext("It is withdrawn.")),
        "offer-again": (
            gettext("Offer %(name)s again"),
            gettext("Offer again"),
            gettext("It is on offer again."),
        ),
    }.get(step)
    if words is None:
        raise NotFoundError(gettext("There is no such step."))

    def save(form: Any, seen: int) -> None:
        if step == "publish":
            note = form.cleaned_data["note"]
            steps.publish_offering(offering=row, note=note, actor=actor, at=timezone.now(), seen_version=seen)
        elif step == "withdraw":
            steps.withdraw_offering(offering=row, actor=actor, seen_version=seen)
        else:
            steps.offer_again(offering=row, actor=actor, seen_version=seen)

    kind = PublishOfferingForm if step == "publish" else StepOfOfferingForm
    notes = {
        "publish": gettext(
            "From then on it is offered like this. Requests that were made keep what they saw."
        ),
        "withdraw": gettext("Nobody can request it any more. Requests that were made go on."),
        "offer-again": gettext("Its latest version is on offer again."),
    }
    return edit(
        request,
        row,
        Edit(
            title=words[0] % {"name": name_of(row)},
            button=words[1],
            crumbs=crumbs_of(row, (words[1], "")),
            form=lambda typed: kind(typed, initial={"seen": row.draft_version}),
            save=save,
            saved=words[2],
            done=reverse("catalogue:offering", args=[code]),
            context={"note": notes[step]},
        ),
    )


def _services() -> list[tuple[str, str]]:
    return [(row.code, row.name) for row in catalogue().services.values()]


def _categories() -> list[tuple[str, str]]:
    return [(row.code, row.name) for row in active_categories()]
