"""The asset build: nothing of GOV.UK's own brand, nothing that manifest storage would refuse."""

import shutil
from pathlib import Path

import pytest

from design.build import BuildError, Sources, build, installed_sources, render, transform_css, transform_js


@pytest.fixture(scope="module")
def built() -> dict[str, str]:
    return render(installed_sources())


@pytest.mark.parametrize(
    "forbidden", ["GDS Transport", "@font-face", "/assets/", "sourceMappingURL", "crest", "Crown"]
)
def test_nothing_of_the_brand_of_gov_uk_is_shipped(built: dict[str, str], forbidden: str) -> None:
    for name in ("govuk.css", "portal.css", "desk.css", "htmx.js"):
        assert forbidden not in built[name], name


def test_every_font_of_the_library_follows_the_tenants(built: dict[str, str]) -> None:
    assert built["govuk.css"].count("var(--app-font,") > 50
    assert "--govuk-brand-colour" in built["govuk.css"]


def test_stylesheets_stay_balanced(built: dict[str, str]) -> None:
    for name, text in built.items():
        if name.endswith(".css"):
            assert text.count("{") == text.count("}"), name


def test_scripts_start_the_components_once_and_export_nothing(built: dict[str, str]) -> None:
    for name in ("portal.js", "desk.js"):
        assert built[name].rstrip().endswith("initAll();")
        assert "export{" not in built[name]
        assert "sourceMappingURL" not in built[name]
    assert "EventSource" in built["desk.js"]
    assert "EventSource" not in built["portal.js"]


def test_htmx_is_the_stable_second_version(built: dict[str, str]) -> None:
    assert 'version:"2.0.' in built["htmx.js"]


def test_pages_for_a_proxy_are_included(built: dict[str, str]) -> None:
    for page in ("503.html", "429.html"):
        assert 'href="fallback.css"' in built[page]
        assert 'lang="cy"' in built[page]
    assert "fallback.css" in built


@pytest.fixture
def copied(tmp_path: Path) -> Sources:
    installed = installed_sources()
    shutil.copytree(installed.assets, tmp_path / "assets")
    return Sources(installed.govuk_css, installed.govuk_js, installed.htmx, tmp_path / "assets")


def test_a_second_build_writes_nothing(copied: Sources, tmp_path: Path) -> None:
    output = tmp_path / "out"
    assert build(sources=copied, output=output) is True
    before = (output / "desk.css").stat().st_mtime_ns
    assert build(sources=copied, output=output) is False
    assert (output / "desk.css").stat().st_mtime_ns == before


def test_a_changed_source_is_built_again_and_old_files_go(copied: Sources, tmp_path: Path) -> None:
    output = tmp_path / "out"
    build(sources=copied, output=output)
    (output / "left-over.css").write_text("")
    stylesheet = copied.assets / "css" / "desk.css"
    stylesheet.write_text(stylesheet.read_text() + "\n.app-new {\n  color: red;\n}\n")
    assert build(sources=copied, output=output) is True
    assert ".app-new" in (output / "desk.css").read_text()
    assert not (output / "left-over.css").exists()


def test_a_library_that_changed_its_shape_stops_the_build() -> None:
    with pytest.raises(BuildError):
        transform_js("const a = 1;")
    with pytest.raises(BuildError):
        transform_css('.logo{background:url("/assets/images/new.svg")}')
