"""Hooks: the list with the hosts they may name, one with its calls, new ones, changes, secrets and tests."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from doors.engine.keyset import Order
from doors.web.views import actor_of, add_errors, cursor_links, page_at, page_for
from lifecycle.public import RuleError, StaleVersionError
from requests_app.policy import DEFINE_HOOKS
from requests_app.queries.hooks import all_hooks, allowed_hosts, get_hook, last_deliveries
from requests_app.services.hook_calls import sample_call
from requests_app.services.manage_hooks import (
    ask_test,
    change_hook,
    create_hook,
    forbid_host,
    let_call,
    rotate_secret,
)
from requests_app.web.forms.hooks import HookForm, HostForm, NewHookForm, SecretForm

LIMIT = 25
BY_NAME = Order("name", is_descending=False)


@require_GET
@page_for(DEFINE_HOOKS)
def hook_list(request: HttpRequest) -> HttpResponse:
    """Every hook, and the hosts that hooks may name."""
    return _show_list(request, HostForm())


@require_POST
@page_for(DEFINE_HOOKS)
def host_allow(request: HttpRequest) -> HttpResponse:
    """Let hooks name a host."""
    form = HostForm(request.POST)
    if form.is_valid():
        try:
            allowed = let_call(host=form.cleaned_data["host"], actor=actor_of(request))
        except RuleError as error:
            add_errors(form, error)
        else:
            messages.success(request, gettext("Hooks may call %(host)s.") % {"host": allowed.host})
            return HttpResponseRedirect(reverse("hooks:list"))
    return _show_list(request, form, status=422)


@require_POST
@page_for(DEFINE_HOOKS)
def host_forbid(request: HttpRequest) -> HttpResponse:
    """Take a host from the list: hooks that name it are not called any more."""
    host = request.POST.get("host", "")[:253]
    forbid_host(host=host, actor=actor_of(request))
    messages.success(request, gettext("Hooks may not call %(host)s any more.") % {"host": host})
    return HttpResponseRedirect(reverse("hooks:list"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE_HOOKS)
def hook_new(request: HttpRequest) -> HttpResponse:
    """Write down a hook; the answer shows its secret, once."""
    form = NewHookForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                hook, secret = create_hook(
                    code=form.cleaned_data["code"], terms=form.terms(), actor=actor_of(request)
                )
            except RuleError as error:
                add_errors(form, error)
            else:
                return _show_secret(request, hook, secret)
    context = {
        "form": form,
        "title": gettext("New hook"),
        "hosts": allowed_hosts(),
        "back_url": reverse("hooks:list"),
        "crumbs": _crumbs(gettext("New hook")),
    }
    return render(request, "hooks/form.html", context, status=status)


@require_GET
@page_for(DEFINE_HOOKS)
def hook_page(request: HttpRequest, code: str) -> HttpResponse:
    """One hook: what a test would send, and its newest calls."""
    hook, actor = get_hook(code), actor_of(request)
    context: dict[str, Any] = {
        "hook": hook,
        "deliveries": last_deliveries(hook),
        "crumbs": _crumbs(hook.name),
        "call": None,
    }
    try:
        call = sample_call(hook=hook, email=actor.email, at=timezone.now())
    except RuleError as refused:
        context["why_not"] = refused.message
    else:
        context["call"] = call.text()
    return render(request, "hooks/hook.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE_HOOKS)
def hook_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change a hook."""
    hook = get_hook(code)
    initial = {name: getattr(hook, name) for name in HookForm.base_fields if name != "seen"}
    form = HookForm(
        request.POST if request.method == "POST" else None, initial=initial | {"seen": hook.version}
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                change_hook(
                    hook=hook,
                    terms=form.terms(),
                    actor=actor_of(request),
                    seen_version=form.cleaned_data["seen"],
                )
            except RuleError as error:
                add_errors(form, error)
            except StaleVersionError:
                status, hook = 409, get_hook(code)
                # What was typed stays; saved again, it is meant for what stands there now.
                typed = request.POST.copy()
                typed["seen"] = str(hook.version)
                form = HookForm(typed)
            else:
                messages.success(request, gettext("The hook was saved."))
                return HttpResponseRedirect(reverse("hooks:hook", args=[code]))
    context = {
        "form": form,
        "title": gettext("Change %(name)s") % {"name": hook.name},
        "hosts": allowed_hosts(),
        "back_url": reverse("hooks:hook", args=[code]),
        "is_conflict": status == 409,
        "hook": hook,
        "crumbs": _crumbs(hook.name, gettext("Change")),
    }
    return render(request, "hooks/form.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE_HOOKS)
def hook_secret(request: HttpRequest, code: str) -> HttpResponse:
    """Another secret; the answer shows it, once."""
    hook = get_hook(code)
    form = SecretForm(request.POST if request.method == "POST" else None, initial={"seen": hook.version})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            changed, secret = rotate_secret(
                hook=hook, actor=actor_of(request), seen_version=form.cleaned_data["seen"]
            )
        except StaleVersionError:
            status, form = 409, SecretForm(initial={"seen": get_hook(code).version})
        else:
            return _show_secret(request, changed, secret)
    context = {
        "form": form,
        "hook": hook,
        "is_conflict": status == 409,
        "crumbs": _crumbs(hook.name, gettext("Another secret")),
    }
    return render(request, "hooks/secret.html", context, status=status)


@require_POST
@page_for(DEFINE_HOOKS)
def hook_test(request: HttpRequest, code: str) -> HttpResponse:
    """Send a test, in the background."""
    hook, actor = get_hook(code), actor_of(request)
    try:
        ask_test(hook=hook, actor=actor, at=timezone.now())
    except RuleError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, gettext("The test is on its way. Its answer is the newest of the calls."))
    return HttpResponseRedirect(reverse("hooks:hook", args=[code]))


def _show_list(request: HttpRequest, form: HostForm, *, status: int = 200) -> HttpResponse:
    page = page_at(request, all_hooks(), BY_NAME, limit=LIMIT)
    context = {"rows": page.rows, "hosts": allowed_hosts(), "form": form, "crumbs": _crumbs()}
    return render(request, "hooks/list.html", context | cursor_links(request, page), status=status)


def _show_secret(request: HttpRequest, hook: Any, secret: str) -> HttpResponse:
    context = {"hook": hook, "secret": secret, "crumbs": _crumbs(hook.name, gettext("Its secret"))}
    return render(request, "hooks/shown_secret.html", context)


def _crumbs(*here: str) -> list[tuple[str, str]]:
    found = [(gettext("Hooks"), reverse("hooks:list") if here else "")]
    return [*found, *((each, "") for each in here)]
