"""Files of readiness over the API, and evidence that changes while a file is on its way."""

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest

from governance.public import attach_evidence, give_evidence, readiness_of
from governance.services import evidence
from governance.services.evidence_files import read_files
from lifecycle.public import StaleVersionError
from tenancy.engine.scope import tenant_scope
from tests.api.caller import caller
from tests.requests_app.fulfilment import deliver
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
CHECK = "readiness/services/email/tests/"


@pytest.fixture
def world() -> World:
    return build_world()


def test_a_file_is_sent_scanned_and_fetched(world: World) -> None:
    api = caller(world, role="administrator")
    assert api.upload(f"{CHECK}files/", "report.pdf", PDF).status_code == 404
    assert api("POST", CHECK, {"step": "evidence", "words": "Passed"}).status_code == 200
    lying = api.upload(f"{CHECK}files/", "report.pdf", b"<html>")
    assert (lying.status_code, lying.json()["errors"][0]["field"]) == (422, "files")
    stale = api.upload(f"{CHECK}files/", "report.pdf", PDF, If_Match='"v0"')
    assert stale.status_code == 409
    # What was refused changed nothing.
    assert (api("GET", CHECK).json()["files"], api("GET", CHECK)["ETag"]) == ([], '"v1"')

    sent = api.upload(f"{CHECK}files/", "report.pdf", PDF, If_Match='"v1"')
    file = sent.json()["files"][0]
    assert (sent.status_code, sent["ETag"], file["status"], file["size"]) == (
        201,
        '"v2"',
        "quarantined",
        len(PDF),
    )
    address = f"{CHECK}files/{file['id']}/"
    assert api("GET", address).status_code == 404
    with tenant_scope(world.tenant.pk, actor="system:test"):
        deliver()
    fetched = api("GET", address)
    assert b"".join(fetched.streaming_content) == PDF
    assert fetched["Content-Disposition"].startswith("attachment")
    assert caller(world, role="supplier-system")("GET", address).status_code == 403

    gone = api("POST", CHECK, {"step": "evidence", "words": "Passed", "without": [file["id"]]})
    assert gone.json()["files"] == []
    assert api("GET", address).status_code == 404


def test_a_retried_upload_adds_one_file(world: World) -> None:
    api = caller(world, role="administrator")
    api("POST", CHECK, {"step": "evidence", "words": "Passed"})
    body = (
        b'--edge\r\nContent-Disposition: form-data; name="file"; filename="log.txt"\r\n'
        b"Content-Type: text/plain\r\n\r\npassed\r\n--edge--\r\n"
    )
    sent = [
        api(
            "POST",
            f"{CHECK}files/",
            body,
            Content_Type="multipart/form-data; boundary=edge",
            Idempotency_Key="one",
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in sent] == [201, 201]
    assert len(api("GET", CHECK).json()["files"]) == 1


def test_a_file_never_brings_older_words_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        common: dict[str, Any] = {
            "subject": world.service,
            "code": "tests",
            "actor": world.actor(world.administrator),
            "at": NOW,
        }
        give_evidence(**common, words="Old words")
        read = read_files

        def meanwhile(files: Any) -> Any:
            monkeypatch.setattr(evidence, "read_files", read)
            give_evidence(**common, words="New words")
            return read(files)

        monkeypatch.setattr(evidence, "read_files", meanwhile)
        with pytest.raises(StaleVersionError):
            attach_evidence(**common, file=("log.txt", BytesIO(b"passed")))
        found = readiness_of(world.service, date(2026, 11, 16))
        check = next(each for each in found.checks if each.code == "tests")
        assert (check.words, check.files) == ("New words", [])
