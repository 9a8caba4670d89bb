"""The steps that an agent can take on a request: each one's form, words, and the one service it calls."""

from django.utils.translation import gettext_lazy as _

from desk.web import forms
from desk.web.views.steps import StepPage, steps_beside
from requests_app import public as requests

REQUEST_STEPS: dict[str, StepPage] = {
    "reopen": StepPage(
        _("Reopen"),
        _("Reopen"),
        forms.PutRightForm,
        lambda given: requests.reopen(comment=given.data["comment"], **given.common),
    ),
    "confirm": StepPage(
        _("I have it"), _("I have it"), forms.StepForm, lambda given: requests.confirm(**given.common)
    ),
    "close": StepPage(_("Close"), _("Close"), forms.StepForm, lambda given: requests.close(**given.common)),
    "cancel": StepPage(
        _("Cancel the request"),
        _("Cancel the request"),
        forms.ReasonForm,
        lambda given: requests.cancel(reason=given.data["reason"], **given.common),
        is_danger=True,
    ),
    "comment": StepPage(
        _("Reply to the requester"),
        _("Send"),
        forms.CommentForm,
        lambda given: requests.comment(body=given.data["body"], **given.common),
        permission="request:comment",
    ),
    **steps_beside("request", note=requests.note),
}
