"""Where called systems say how it ended."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from doors.api.strict import checked
from doors.api.throttle import AddressThrottle
from requests_app.api.serializers.automation import CallBackIn, CallBackOut
from requests_app.services.call_back import call_back_at


class CallBackView(APIView):
    """The call-back of one run of a task: whoever has its token is the system that was called.

    Limited by address like the token endpoint. No session and no access token counts here.
    """

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (AddressThrottle,)

    @extend_schema(
        operation_id="automation_call_back",
        summary="Say how a task that was handed over ended",
        description=(
            "A hook that answered 202 says here, within an hour, how it ended. The address is in the `callback` of "
            "what it was sent, at the host of its tenant; its token works for one run only. "
            "Saying the same again is answered alike and changes nothing; another answer after the end is a 409 "
            "whose `state` tells what came of it. A week after the end the address is a 404."
        ),
        auth=[],
        request=CallBackIn,
        responses=CallBackOut,
    )
    def post(self, request: Request, token: str) -> Response:
        """Take the answer, once."""
        given = checked(CallBackIn, request.data)
        run = call_back_at(
            host=request.get_host().partition(":")[0].lower(),
            token=token,
            data=given,
            at=timezone.now(),
            request_id=str(getattr(request, "id", "") or ""),
        )
        return Response({"outcome": run.outcome["state"], "ended_at": run.ended_at})
