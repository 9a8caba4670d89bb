"""Pages and files go out compressed; what a client compares by ETag, or reads as it comes, goes out as it is."""

import gzip
from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from design.build import OUTPUT
from doors.web.middleware import CompressedPageMiddleware

LONG = "<p>All in all.</p>" * 100


def sent(make: Callable[[HttpRequest], HttpResponseBase], accepts: str = "gzip, br") -> HttpResponseBase:
    request = RequestFactory().get("/", HTTP_ACCEPT_ENCODING=accepts)
    answer: HttpResponseBase = CompressedPageMiddleware(make)(request)  # type: ignore[assignment]
    return answer


def test_a_page_is_compressed_for_who_can_read_it() -> None:
    answer = sent(lambda _: HttpResponse(LONG))
    assert isinstance(answer, HttpResponse)
    assert answer["Content-Encoding"] == "gzip"
    assert answer["Vary"] == "Accept-Encoding"
    assert gzip.decompress(answer.content).decode() == LONG
    plain = sent(lambda _: HttpResponse(LONG), accepts="")
    assert isinstance(plain, HttpResponse)
    assert plain.content.decode() == LONG


@pytest.mark.parametrize(
    "make",
    [
        lambda _: JsonResponse({"text": LONG}, headers={"ETag": '"3"'}),
        lambda _: StreamingHttpResponse(iter([LONG.encode()]), content_type="text/html"),
        lambda _: HttpResponse(LONG.encode(), content_type="application/pdf"),
    ],
    ids=["api", "stream", "file"],
)
def test_nothing_else_is(make: Callable[[HttpRequest], HttpResponseBase]) -> None:
    answer = sent(make)
    assert not answer.has_header("Content-Encoding")
    assert answer.headers.get("ETag", '"3"') == '"3"'


def test_what_is_built_lies_compressed_beside_itself() -> None:
    for name in ("govuk.css", "portal.css", "portal.js", "htmx.js"):
        whole = (OUTPUT / name).read_bytes()
        packed = (OUTPUT / f"{name}.gz").read_bytes()
        assert gzip.decompress(packed) == whole
        assert (OUTPUT / f"{name}.br").stat().st_size < len(whole) / 3
