"""Agreements: a mapping is linted before it counts, one level is switched at a time, and what was agreed is kept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from exchange.services.endpoints import define_endpoint
from lifecycle.public import ForbiddenError, NotFoundError, RuleError, StaleVersionError
from people.models import Provider
from suppliers.engine import agreement_gates, vocabulary
from suppliers.models import Agreement, AgreementMapping, AgreementStep
from suppliers.public import (
    MappingNotReadyError,
    agreement_in_force,
    level_at,
    publish_mapping,
    switch_level,
    write_mapping,
)
from suppliers.queries.agreements import agreement_lines, agreement_view
from tenancy.engine.scope import enter_scope, tenant_scope
from tests.api.caller import caller
from tests.sla.parts import NOW, Workshop
from tests.suppliers.mappings import whole_mapping
from tests.support.world import build_world

pytestmark = pytest.mark.django_db


class Talks(Workshop):
    """An administrator who agrees things with the network supplier."""

    @property
    def supplier(self) -> Provider:
        return self.world.supplier

    def about(self, process: str = "incident") -> dict[str, Any]:
        return {"provider": self.supplier, "process": process, "actor": self.chief}

    def agree(self, process: str = "incident") -> AgreementMapping:
        define_endpoint(provider=self.supplier, url="https://example.org/told", actor=self.chief)
        write_mapping(**self.about(process), notation=whole_mapping(process))
        return publish_mapping(**self.about(process), at=NOW)

    def level(self, process: str) -> str:
        return agreement_in_force(self.supplier.pk, process).level


@pytest.fixture
def talks() -> Iterator[Talks]:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        yield Talks(world, world.actor(world.administrator))


def test_one_process_goes_live_and_no_other_is_touched(talks: Talks) -> None:
    assert [line.level for line in agreement_lines(talks.supplier)] == ["use", "use"]
    assert talks.agree().number == 1
    before = list(Agreement.objects.exclude(process="incident").values())
    switch_level(**talks.about(), level="integrate", reason="Their tool is ready", at=NOW)
    assert (talks.level("incident"), talks.level("request")) == ("integrate", "use")
    assert list(Agreement.objects.exclude(process="incident").values()) == before
    in_force = agreement_in_force(talks.supplier.pk, "incident")
    assert in_force.number == 1
    assert in_force.mapping is not None
    switch_level(**talks.about(), level="use", reason="It broke", at=NOW + timedelta(hours=1))
    assert level_at(talks.supplier.pk, "incident", NOW - timedelta(seconds=1)) == "use"
    assert level_at(talks.supplier.pk, "incident", NOW + timedelta(minutes=1)) == "integrate"
    assert level_at(talks.supplier.pk, "incident", NOW + timedelta(hours=2)) == "use"
    steps = list(AgreementStep.objects.order_by("at").values_list("source", "target", "mapping_number"))
    assert steps == [("use", "integrate", 1), ("integrate", "use", 1)]


def test_no_record_crosses_without_a_whole_mapping(talks: Talks) -> None:
    go: dict[str, Any] = {"level": "integrate", "reason": "Ready", "at": NOW}
    with pytest.raises(RuleError) as refused:
        switch_level(**talks.about(), **go)
    assert "mapping" in refused.value.fields
    notation = whole_mapping()
    del notation["states"]["out"]["pending_change"]
    write_mapping(**talks.about(), notation=notation)
    with pytest.raises(MappingNotReadyError) as missing:
        publish_mapping(**talks.about(), at=NOW)
    assert missing.value.fields == {
        "states.out.pending_change": "Nothing says what our 'pending_change' is there."
    }
    assert not AgreementMapping.objects.exists()
    # Nothing crosses at these, so nothing need map.
    switch_level(**talks.about(), level="exclude", reason="A public service", at=NOW)


def test_a_process_that_outgrew_its_mapping_keeps_it_from_going_live(
    talks: Talks, monkeypatch: pytest.MonkeyPatch
) -> None:
    talks.agree()
    known = agreement_view(talks.supplier, "incident").vocabulary
    grown = replace(known, phases={**known.phases, "pending_weather": "pending"})
    monkeypatch.setitem(vocabulary._known, "incident", grown)
    found = {finding.path for finding in agreement_view(talks.supplier, "incident").findings}
    assert found == {"states.out.pending_weather"}
    with pytest.raises(MappingNotReadyError):
        switch_level(**talks.about(), level="integrate", reason="Ready", at=NOW)


def test_what_is_wrong_is_told_and_nothing_is_written(talks: Talks) -> None:
    with pytest.raises(RuleError) as refused:
        write_mapping(**talks.about(), notation={"states": {"out": {"new": 1}}, "moon": {}})
    assert set(refused.value.fields) == {"states.out.new", "moon"}
    with pytest.raises(NotFoundError):
        write_mapping(**talks.about("moon"), notation={})
    for level, reason in (("deep", "x"), ("exclude", " ")):
        with pytest.raises(RuleError):
            switch_level(**talks.about(), level=level, reason=reason, at=NOW)
    with pytest.raises(RuleError):
        switch_level(**talks.about(), level="use", reason="It is so already", at=NOW)
    assert not Agreement.objects.exists()
    with pytest.raises(ForbiddenError):
        write_mapping(**talks.about() | {"actor": talks.world.actor(talks.world.agent)}, notation={})


def test_whoever_saw_an_older_draft_changes_nothing(talks: Talks) -> None:
    write_mapping(**talks.about(), notation=whole_mapping(), seen_version=0)
    with pytest.raises(StaleVersionError):
        write_mapping(**talks.about(), notation={}, seen_version=0)
    publish_mapping(**talks.about(), at=NOW, seen_version=1)
    with pytest.raises(RuleError):
        publish_mapping(**talks.about(), at=NOW)
    assert AgreementMapping.objects.count() == 1


def test_gates_are_asked(talks: Talks, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_address(*, level: str, **_: Any) -> dict[str, str]:
        return {"address": "There is nowhere to send to."} if level == "integrate" else {}

    monkeypatch.setattr(agreement_gates, "_gates", [no_address, no_address])
    talks.agree()
    with pytest.raises(RuleError) as refused:
        switch_level(**talks.about(), level="integrate", reason="Ready", at=NOW)
    assert refused.value.fields["address"] == "There is nowhere to send to. There is nowhere to send to."
    assert talks.level("incident") == "use"


def test_a_supplier_reads_its_own_agreements_only(talks: Talks) -> None:
    talks.agree()
    other = Provider.objects.create(code="other", name="Other")
    write_mapping(**talks.about() | {"provider": other}, notation={})
    with enter_scope(talks.world.actor(talks.world.engineer).scope()):
        assert {row.provider_id for row in Agreement.objects.all()} == {talks.supplier.pk}
        assert {row.provider_id for row in AgreementMapping.objects.all()} == {talks.supplier.pk}


def test_over_the_api() -> None:
    world = build_world()
    api = caller(world, role="administrator")
    theirs = caller(world, role="supplier-system", provider="supplier")
    home = "suppliers/network-co/agreements/"
    address = f"{home}incident/"
    lines = api("GET", home).json()["results"]
    assert {(line["process"], line["level"]) for line in lines} == {("incident", "use"), ("request", "use")}
    wrong = api("PUT", address, {"mapping": {"states": {"out": {"new": 1}}}})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "states.out.new")
    written = api("PUT", address, {"mapping": whole_mapping()}, If_Match='"v0"')
    assert (written.status_code, written["ETag"], written.json()["draft_findings"]) == (200, '"v1"', [])
    assert api("PUT", address, {"mapping": {}}, If_Match='"v0"').status_code == 409
    assert api("POST", f"{address}publish/", {}).json()["mapping_version"] == 1
    told = api("PUT", "suppliers/network-co/endpoint/", {"url": "https://example.org/told"})
    assert told.status_code == 200
    gone = api("POST", f"{address}level/", {"level": "integrate", "reason": "Ready"})
    assert (gone.status_code, gone.json()["level"]) == (200, "integrate")
    assert api("POST", f"{address}level/", {"level": "deep", "reason": "x"}).status_code == 400
    assert api("GET", f"{address}versions/1/").json()["mapping"] == whole_mapping()
    assert api("GET", f"{address}versions/2/").status_code == 404
    # Both sides read the same, one agrees it; no supplier learns of another.
    assert theirs("GET", address).json()["mapping_version"] == 1
    assert theirs("PUT", address, {"mapping": {}}).status_code == 403
    with tenant_scope(world.tenant.pk, actor="system:test"):
        Provider.objects.create(code="other", name="Other")
    assert theirs("GET", "suppliers/other/agreements/").status_code == 404
