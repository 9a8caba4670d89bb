"""A page with one form, as every page of those who keep the catalogue shows it."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from design.forms import DeskForm
from doors.web.views import add_errors
from lifecycle.public import RuleError


def show_form(
    request: HttpRequest,
    form: DeskForm,
    title: str,
    button: str,
    crumbs: Sequence[tuple[str, str]],
    *,
    status: int = 200,
) -> HttpResponse:
    """The form, with 422 where something is wrong with it and 409 where somebody was faster; back is one crumb up."""
    context = {
        "form": form,
        "title": title,
        "button_text": button,
        "crumbs": crumbs,
        "back_url": crumbs[-2][1],
        "is_conflict": status == 409,
    }
    shown = 422 if form.errors and status == 200 else status
    return render(request, "catalogue/services/form.html", context, status=shown)


def tell_refusal(form: DeskForm, error: RuleError) -> None:
    """What the gates say: beside the field it is about, or with all the others on top."""
    if error.code == "promise_cannot_be_kept":
        form.add_error(None, error.message)
        form.add_error(
            "accepted_because", gettext("Say why it is promised all the same, or change something.")
        )
        return
    add_errors(form, error)
