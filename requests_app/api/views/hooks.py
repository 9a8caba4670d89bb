"""Hooks over the API: addresses that tasks call, the hosts that they may name, and how calls went."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from doors.api.paging import paged
from doors.api.strict import checked
from doors.api.views import CustomerView, etag
from doors.engine.keyset import Order
from requests_app.api.serializers.hooks import (
    CallOut,
    HookChangeIn,
    HookIn,
    HookMade,
    HookOut,
    HookPage,
    HostIn,
    HostsOut,
    NothingIn,
    delivery_row,
    hook_row,
)
from requests_app.policy import DEFINE_HOOKS
from requests_app.queries.hooks import all_hooks, allowed_hosts, get_hook, last_deliveries
from requests_app.services.hook_calls import sample_call
from requests_app.services.manage_hooks import (
    HookTerms,
    ask_test,
    change_hook,
    create_hook,
    forbid_host,
    let_call,
    rotate_secret,
)

_TERMS = ("name", "url", "timeout_seconds", "answers_later", "is_active")


class HooksView(CustomerView):
    """Hooks."""

    permission_for: ClassVar[dict[str, str]] = {"GET": DEFINE_HOOKS, "POST": DEFINE_HOOKS}

    @extend_schema(
        operation_id="hooks_list",
        summary="List hooks",
        parameters=[OpenApiParameter("limit", int), OpenApiParameter("cursor", str)],
        responses=HookPage,
    )
    def get(self, request: Request) -> Response:
        """A page of hooks, by name."""
        page, envelope = paged(request, all_hooks(), order=Order("name", is_descending=False))
        return Response(envelope | {"results": [hook_row(hook) for hook in page.rows]})

    @extend_schema(
        operation_id="hooks_create",
        summary="Write down a hook",
        description="The secret in the answer is not told again.",
        request=HookIn,
        responses={201: HookMade},
    )
    def post(self, request: Request) -> Response:
        """A hook at an allowed host, with a secret of its own."""
        given = checked(HookIn, request.data)
        code = given.pop("code")
        hook, secret = create_hook(code=code, terms=HookTerms(**given), actor=self.actor)
        headers = etag(hook.version) | {"Location": f"/api/v1/hooks/{hook.code}/"}
        return Response(hook_row(hook) | {"secret": secret}, status=201, headers=headers)


class HookView(CustomerView):
    """One hook."""

    permission_for: ClassVar[dict[str, str]] = {"GET": DEFINE_HOOKS, "PATCH": DEFINE_HOOKS}

    @extend_schema(operation_id="hooks_read", summary="Read a hook", responses=HookOut)
    def get(self, request: Request, code: str) -> Response:
        """The hook with its newest calls; never its secret."""
        return _whole(get_hook(code))

    @extend_schema(
        operation_id="hooks_change", summary="Change a hook", request=HookChangeIn, responses=HookOut
    )
    def patch(self, request: Request, code: str) -> Response:
        """What is sent from now on goes by it."""
        given = checked(HookChangeIn, request.data, partial=True)
        hook = get_hook(code)
        terms = HookTerms(**({name: getattr(hook, name) for name in _TERMS} | given))
        return _whole(change_hook(hook=hook, terms=terms, actor=self.actor, seen_version=self.seen_version()))


class HookSecretView(CustomerView):
    """Another secret."""

    permission_for: ClassVar[dict[str, str]] = {"POST": DEFINE_HOOKS}

    @extend_schema(
        operation_id="hooks_rotate_secret",
        summary="Give a hook another secret",
        description="Calls are signed with it at once. The secret in the answer is not told again.",
        request=NothingIn,
        responses=HookMade,
    )
    def post(self, request: Request, code: str) -> Response:
        """The old one ends here."""
        checked(NothingIn, request.data)
        hook, secret = rotate_secret(hook=get_hook(code), actor=self.actor, seen_version=self.seen_version())
        return Response(hook_row(hook) | {"secret": secret}, headers=etag(hook.version))


class HookDryRunView(CustomerView):
    """What a test would send."""

    permission_for: ClassVar[dict[str, str]] = {"GET": DEFINE_HOOKS}

    @extend_schema(operation_id="hooks_dry_run", summary="See what a test would send", responses=CallOut)
    def get(self, request: Request, code: str) -> Response:
        """The request, signed. Nothing is sent."""
        call = sample_call(hook=get_hook(code), email=self.actor.email, at=timezone.now())
        body = {"method": "POST", "url": call.url, "headers": call.headers, "body": call.body.decode()}
        return Response(body)


class HookTestView(CustomerView):
    """Sending a test."""

    permission_for: ClassVar[dict[str, str]] = {"POST": DEFINE_HOOKS}

    @extend_schema(
        operation_id="hooks_test",
        summary="Send a test",
        description="It is sent in the background; what was answered is the newest of the hook's `deliveries`.",
        request=NothingIn,
        responses={202: HookOut},
    )
    def post(self, request: Request, code: str) -> Response:
        """The call of the dry run, to the hook."""
        checked(NothingIn, request.data)
        hook = get_hook(code)
        ask_test(hook=hook, actor=self.actor, at=timezone.now())
        return _whole(hook, status=202)


class HookHostsView(CustomerView):
    """The hosts that hooks may name."""

    permission_for: ClassVar[dict[str, str]] = {"GET": DEFINE_HOOKS, "POST": DEFINE_HOOKS}

    @extend_schema(
        operation_id="hook_hosts_list", summary="List hosts that hooks may name", responses=HostsOut
    )
    def get(self, request: Request) -> Response:
        """All of them, by name."""
        return Response({"results": allowed_hosts()})

    @extend_schema(
        operation_id="hook_hosts_allow",
        summary="Let hooks name a host",
        request=HostIn,
        responses={201: HostsOut},
    )
    def post(self, request: Request) -> Response:
        """Only public addresses are called, whatever is allowed."""
        let_call(host=checked(HostIn, request.data)["host"], actor=self.actor)
        return Response({"results": allowed_hosts()}, status=201)


class HookHostView(CustomerView):
    """One host."""

    permission_for: ClassVar[dict[str, str]] = {"DELETE": DEFINE_HOOKS}

    @extend_schema(operation_id="hook_hosts_forbid", summary="Take a host from the list", responses=HostsOut)
    def delete(self, request: Request, host: str) -> Response:
        """Hooks that name it are not called any more."""
        forbid_host(host=host, actor=self.actor)
        return Response({"results": allowed_hosts()})


def _whole(hook: Any, *, status: int = 200) -> Response:
    body = hook_row(hook) | {"deliveries": [delivery_row(each) for each in last_deliveries(hook)]}
    return Response(body, status=status, headers=etag(hook.version))
