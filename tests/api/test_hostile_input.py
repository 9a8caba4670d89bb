"""Whatever a client sends, it gets a problem document that says what is wrong, and nothing is written."""

import json
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client

from tenancy.engine.scope import tenant_scope
from tests.api.caller import PROBLEM, Caller, caller
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """The tenant under attack."""
    return build_world()


@pytest.fixture
def desk(world: World) -> Caller:
    """The service desk's system."""
    return caller(world)


TABLES = (
    "records_record",
    "records_auditentry",
    "records_comment",
    "records_worknote",
    "records_attachment",
    "incidents_incident",
    "outbox_message",
    "sla_clock",
    "doors_idempotentrequest",
)


def rows(world: World) -> dict[str, int]:
    """How many rows each table of the tenant has."""
    found = {}
    with tenant_scope(world.tenant.pk, actor="system:test"), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


def assert_problem(answer: Any, *statuses: int, about: str = "") -> None:
    """The answer is a problem document with a stable code and one of the statuses."""
    assert answer.status_code in statuses, (about[:60], answer.status_code, answer.content[:300])
    assert answer["Content-Type"] == PROBLEM, about[:60]
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["code"]
    assert problem["detail"]


BODIES = {
    "null byte": (b'{"title": "a\\u0000b"}', 400, "title"),
    "raw null byte": (b'{"title": "a\x00b"}', 400, ""),
    "lone surrogate": (b'{"title": "\\ud800"}', 400, ""),
    "invalid utf-8": (b'{"title": "\xff\xfe"}', 400, ""),
    "latin-1": ('{"title": "café"}'.encode("latin-1"), 400, ""),
    "deep": (b'{"title": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", 400, ""),
    "huge number": (b'{"title": "x", "impact": ' + b"9" * 400 + b"}", 400, ""),
    "infinite": (b'{"title": "x", "impact": 1e999}', 400, ""),
    "not a number": (b'{"title": "x", "impact": NaN}', 400, ""),
    "fraction": (b'{"title": "x", "impact": 1.5}', 400, "impact"),
    "number in a string": (b'{"title": "x", "impact": "2"}', 400, "impact"),
    "truth as number": (b'{"title": "x", "impact": true}', 400, "impact"),
    "number as text": (b'{"title": 5}', 400, "title"),
    "truth as text": (b'{"title": true}', 400, "title"),
    "null as text": (b'{"title": null}', 400, "title"),
    "object as text": (b'{"title": {"$ne": 1}}', 400, "title"),
    "list": (b'[{"title": "x"}]', 400, ""),
    "bare text": (b'"title"', 400, ""),
    "unknown field": (b'{"title": "x", "__proto__": {}}', 400, "__proto__"),
    "someone else's attributes": (b'{"title": "x", "tenant_id": 2, "state": "closed"}', 400, "tenant_id"),
    "too long": (b'{"title": "x", "description": "' + b"y" * 20_001 + b'"}', 400, "description"),
    "ten megabytes": (b'{"title": "' + b"x" * (10 << 20) + b'"}', 413, ""),
}


def test_a_hostile_body_is_refused_precisely_and_leaves_nothing(world: World, desk: Caller) -> None:
    before = rows(world)
    for name, (body, status, field) in BODIES.items():
        answer = desk("POST", "incidents/", body)
        assert_problem(answer, status, about=name)
        if field:
            assert field in {error["field"] for error in answer.json()["errors"]}, name
        assert_problem(desk("POST", "incidents/", body, Idempotency_Key="k"), status, about=name)
    assert rows(world) == before


QUERIES = (
    "q=%00",
    "q=a%00b",
    "q=%ED%A0%80",
    "q=%FF",
    "q=" + "x" * 20_000,
    "q=" + "(" * 500,
    "q=%22%27%3B--%20%26%7C%21%3A%2A",
    "service=%00",
    "assignee=%00",
    "requester=%00",
    "support_group=%00",
    "external_reference=%00",
    "limit=" + "9" * 5_000,
    "limit=-1",
    "limit=1.0",
    "limit=%D9%A1",
    "limit=",
    "ordering=--opened_at",
    "ordering=opened_at%00",
    "ordering=record__tenant_id",
    "cursor=%00",
    "cursor=::",
    "cursor=" + "A" * 10_000,
    "state=new&state=closed&state=%00",
    "priority=1&priority=" + "9" * 50,
    "opened_after=0000-00-00T00:00:00Z",
    "opened_after=9999-12-31T23:59:59Z",
    "opened_after=0001-01-01T00:00:00%2B14:00",
    "opened_after=%00",
    "limit=1&limit=abc",
    "limit=abc&limit=1",
    "tenant_id=1",
    "record__tenant=2",
)


@pytest.mark.parametrize("path", ["incidents/", "people/", "changes/"])
def test_no_query_string_breaks_a_list(path: str, desk: Caller) -> None:
    desk.raise_one()
    for query in QUERIES:
        answer = desk("GET", f"{path}?{query}")
        if answer.status_code != 200:
            assert_problem(answer, 400, about=query)


NUMBERS = (
    "%00",
    "INC0000001%00",
    "INC%2F..%2F..",
    "..",
    "%ED%A0%80",
    "\u0131nc0000001",
    "x" * 5_000,
    "'--",
    "INC0000001%20OR%201",
)


def test_a_mangled_number_is_one_that_does_not_exist(desk: Caller) -> None:
    desk.raise_one()
    for number in NUMBERS:
        for rest in ("", "comments/", "work-notes/", "attachments/", "audit/"):
            assert_problem(desk("GET", f"incidents/{number}/{rest}"), 400, 404, about=number)


ETAGS = (
    "nonsense",
    '"v"',
    '"v-1"',
    '"v1',
    "v1",
    '"v1", "v2"',
    '"v' + "9" * 20 + '"',
    '"v' + "9" * 5_000 + '"',
    '"v2147483648"',
    '"v1.0"',
    '"v0"',
)


def test_a_nonsense_etag_never_writes(world: World, desk: Caller) -> None:
    number = desk.raise_one()
    before = rows(world)
    for etag in ETAGS:
        for method, path, body in (
            ("PATCH", f"incidents/{number}/", {"urgency": 1}),
            ("POST", f"incidents/{number}/start/", {}),
            ("POST", f"incidents/{number}/comments/", {"body": "x"}),
            ("POST", f"incidents/{number}/work-notes/", {"body": "x"}),
        ):
            assert_problem(desk(method, path, body, If_Match=etag), 400, 409, about=etag)
    assert rows(world) == before


def test_a_stale_version_is_refused_even_when_nothing_would_change(desk: Caller) -> None:
    number = desk.raise_one()
    desk("PATCH", f"incidents/{number}/", {"urgency": 1})
    assert_problem(desk("PATCH", f"incidents/{number}/", {"urgency": 1}, If_Match='"v1"'), 409)


CONTENT_TYPES = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/xml",
    "",
    "/",
    "a" * 3_000,
)


def test_another_content_type_is_refused(world: World, desk: Caller) -> None:
    before = rows(world)
    for content_type in CONTENT_TYPES:
        answer = desk("POST", "incidents/", b'{"title": "x"}', Content_Type=content_type)
        assert_problem(answer, 400, 415, about=content_type)
    assert rows(world) == before


def test_a_method_that_is_not_offered_is_refused(desk: Caller) -> None:
    number = desk.raise_one()
    for method in ("PUT", "DELETE", "TRACE", "CONNECT", "PROPFIND"):
        for path in (
            "incidents/",
            f"incidents/{number}/",
            f"incidents/{number}/start/",
            "changes/",
            "people/",
        ):
            assert_problem(desk(method, path), 403, 405, about=f"{method} {path}")
    assert desk("GET", f"incidents/{number}/").json()["version"] == 1


def test_head_says_what_get_says_without_a_body(desk: Caller) -> None:
    number = desk.raise_one()
    for path in ("incidents/", f"incidents/{number}/", f"incidents/{number}/comments/", "changes/"):
        head, get = desk("HEAD", path), desk("GET", path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.get("ETag") == get.get("ETag")
    assert desk("HEAD", "incidents/INC9999999/").status_code == 404


def test_options_tells_no_data(desk: Caller) -> None:
    number = desk.raise_one("a secret title")
    for path in ("incidents/", f"incidents/{number}/", f"incidents/{number}/start/"):
        answer = desk("OPTIONS", path)
        assert answer.status_code in (200, 403), answer.content
        assert b"a secret title" not in answer.content
    assert Client().options("/api/v1/incidents/").status_code == 401


def test_whatever_a_client_accepts_it_gets_json_or_a_problem(desk: Caller) -> None:
    for accept in ("text/html", "application/xml", "*/*;q=0", "nonsense", "a" * 5_000):
        answer = desk("GET", "incidents/", Accept=accept)
        assert answer.status_code in (200, 406), accept
        assert answer["Content-Type"] in ("application/json", PROBLEM), accept


@pytest.mark.parametrize("field", ["title", "body", "comment"])
def test_words_come_back_as_they_were_sent(field: str, desk: Caller) -> None:
    words = "<script>alert(1)</script> ‮ \U0001f4a9 \ufeff é {{7*7}} ' OR 1=1 --"
    number = desk.raise_one(words)
    if field == "title":
        assert desk("GET", f"incidents/{number}/").json()["title"] == words
    elif field == "body":
        desk("POST", f"incidents/{number}/comments/", {"body": words})
        assert desk("GET", f"incidents/{number}/comments/").json()["results"][0]["body"] == words
    else:
        desk("POST", f"incidents/{number}/pend/", {"waiting_for": "requester", "comment": words})
        assert desk("GET", f"incidents/{number}/comments/").json()["results"][0]["body"] == words


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\boot.txt", "boot.txt"),
        ("/etc/cron.d/x.txt", "x.txt"),
        ("C:\\x\\y.txt", "y.txt"),
        ("a\r\nSet-Cookie: x=1.txt", None),
        ('a"; filename="b.txt', None),
        ("‮txt.exe.txt", None),
        ("a" * 400 + ".txt", None),
    ],
)
def test_a_file_name_stays_a_name(name: str, kept: str | None, desk: Caller) -> None:
    number = desk.raise_one()
    answer = desk.upload(f"incidents/{number}/attachments/", name, b"harmless")
    assert answer.status_code in (201, 400, 422), answer.content
    if answer.status_code != 201:
        assert kept is None
        assert_problem(answer, 400, 422)
        return
    given = answer.json()["name"]
    assert "/" not in given
    assert "\\" not in given
    assert "\n" not in given
    assert kept in (None, given)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--x",
        b"--x\r\n\r\n--x--",
        b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nabc\r\n--x--\r\n',
    ],
)
def test_a_broken_form_is_refused(body: bytes, world: World, desk: Caller) -> None:
    number = desk.raise_one()
    before = rows(world)
    answer = desk(
        "POST", f"incidents/{number}/attachments/", body, Content_Type="multipart/form-data; boundary=x"
    )
    assert_problem(answer, 400)
    assert rows(world) == before


def test_a_form_of_ten_thousand_rows_is_refused_with_a_reason(world: World, desk: Caller) -> None:
    number = desk.raise_one()
    before = rows(world)
    parts = b"".join(
        f'--x\r\nContent-Disposition: form-data; name="f{row}"\r\n\r\n1\r\n'.encode() for row in range(10_000)
    )
    path = f"incidents/{number}/attachments/"
    answer = desk("POST", path, parts + b"--x--\r\n", Content_Type="multipart/form-data; boundary=x")
    assert_problem(answer, 400, 413)
    many = b"".join(
        f'--x\r\nContent-Disposition: form-data; name="file"; filename="{row}.txt"\r\n\r\n1\r\n'.encode()
        for row in range(1_000)
    )
    answer = desk("POST", path, many + b"--x--\r\n", Content_Type="multipart/form-data; boundary=x")
    assert_problem(answer, 400, 413)
    assert rows(world) == before


def test_a_refused_file_leaves_nothing_in_the_store(world: World, desk: Caller) -> None:
    number = desk.raise_one()
    before = rows(world), _stored()
    path = f"incidents/{number}/attachments/"
    assert_problem(desk.upload(path, "x.png", b"MZ not a picture"), 422)
    assert_problem(desk.upload(path, "x.txt", b"y" * (10 * 1024 * 1024 + 1)), 422)
    assert_problem(desk.upload(path, "x.txt", b"y" * (10 * 1024 * 1024 + 1), Idempotency_Key="k"), 422)
    assert (rows(world), _stored()) == before


def test_a_file_whose_step_fails_is_not_left_behind(desk: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    number = desk.raise_one()
    before = _stored()

    def fail(**_: Any) -> None:
        raise RuntimeError("the step fails")

    monkeypatch.setattr("records.services.attachments.take_step", fail)
    answer = desk.upload(f"incidents/{number}/attachments/", "x.txt", b"harmless")
    assert_problem(answer, 500)
    assert _stored() == before


def test_an_error_of_ours_is_a_problem_that_says_nothing_of_the_cause(
    desk: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret cause")

    monkeypatch.setattr("incidents.api.views.incidents.get_incident", fail)
    answer = desk("GET", "incidents/INC0000001/")
    assert_problem(answer, 500)
    assert b"secret cause" not in answer.content


def test_a_host_that_is_not_ours_is_refused(desk: Caller) -> None:
    for host in ("evil.example", "a b", "localhost.evil.example", "[::1"):
        answer = desk("GET", "incidents/", Host=host)
        assert_problem(answer, 400)
        assert json.loads(answer.content)["code"]


def _stored() -> int:
    """How many files the store holds."""
    found, folders = 0, [""]
    while folders:
        here = folders.pop()
        try:
            inner, files = default_storage.listdir(here)
        except FileNotFoundError:
            continue
        found += len(files)
        folders += [f"{here}/{name}".lstrip("/") for name in inner]
    return found
