"""Write the browser assets to build/static/design: `python -m design.build`.

Pure Python and without Django, so that it can run before the application has a configuration.
Sources are the npm package govuk-frontend, the htmx that django-htmx carries, and our own assets/.
"""

import hashlib
import importlib.util
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from whitenoise.compress import Compressor

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "build" / "static" / "design"
GOVUK = ROOT / "node_modules" / "govuk-frontend" / "dist" / "govuk"
ASSETS = ROOT / "assets"
STAMP = ".stamp"

SHARED_CSS = ("tokens", "dark", "components", "feedback", "clocks", "thread")
SHARED_JS = ("dismiss", "fragments", "session")
STYLESHEETS = {
    "portal.css": (*SHARED_CSS, "portal", "print"),
    "desk.css": (
        *SHARED_CSS,
        "desk",
        "scale",
        "queue",
        "record",
        "figures",
        "definitions",
        "what_if",
        "composition",
        "print",
    ),
}
SCRIPTS = {
    "portal.js": (*SHARED_JS, "suggest"),
    "desk.js": (*SHARED_JS, "shortcuts", "selection", "live"),
}
FONT = 'var(--app-font,"Helvetica Neue",Helvetica,Arial,sans-serif)'


class BuildError(Exception):
    """A source of the asset build is missing or is not what the transformation expects."""

    code = "asset_build"


@dataclass(frozen=True)
class Sources:
    """Where the build reads from; tests give their own."""

    govuk_css: Path
    govuk_js: Path
    htmx: Path
    assets: Path

    def files(self) -> list[Path]:
        """Every file that decides what the build writes, in a stable order."""
        own = sorted(path for path in self.assets.rglob("*") if path.is_file())
        return [Path(__file__), self.govuk_css, self.govuk_js, self.htmx, *own]


def installed_sources() -> Sources:
    """The sources as installed beside this project. Raises BuildError when a package is missing."""
    spec = importlib.util.find_spec("django_htmx")
    if spec is None or not spec.submodule_search_locations:
        message = "django-htmx is not installed: install requirements.lock first"
        raise BuildError(message)
    htmx = Path(next(iter(spec.submodule_search_locations))) / "static" / "django_htmx" / "htmx-2.min.js"
    sources = Sources(
        govuk_css=GOVUK / "govuk-frontend.min.css",
        govuk_js=GOVUK / "govuk-frontend.min.js",
        htmx=htmx,
        assets=ASSETS,
    )
    missing = [path for path in sources.files() if not path.is_file()]
    if missing:
        message = f"{missing[0].name} is missing: run npm ci first"
        raise BuildError(message)
    return sources


def transform_css(text: str) -> str:
    """GOV.UK Frontend's stylesheet without what only GOV.UK itself may show: its font, crest and crown."""
    text = re.sub(r"/\*!.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"@font-face\{[^}]*\}", "", text)
    text = text.replace("GDS Transport,arial,sans-serif", FONT)
    # The crest is only drawn by the copyright logo, which the shells do not print.
    text = re.sub(r"[^{}]*\{[^{}]*govuk-crest\.svg[^{}]*\}", "", text)
    text = re.sub(r"@media[^{}]*\{\s*\}", "", text)
    text = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", text)
    for forbidden in ("GDS Transport", "/assets/", "sourceMappingURL"):
        if forbidden in text:
            message = f"the govuk-frontend stylesheet still names {forbidden}"
            raise BuildError(message)
    return text.strip() + "\n"


def transform_js(text: str) -> str:
    """GOV.UK Frontend's module, started at its end instead of exporting; runs as one part of a bundle."""
    text = strip_source_map(text)
    text, exports = re.subn(r"export\{[^}]*\};?\s*$", "initAll();\n", text)
    if exports != 1:
        message = "the govuk-frontend module does not end in one export list"
        raise BuildError(message)
    return text


def strip_source_map(text: str) -> str:
    """Manifest storage refuses a reference to a map that is not served."""
    return re.sub(r"//# sourceMappingURL=\S+\s*", "", text)


def bundle(folder: Path, names: tuple[str, ...], suffix: str) -> str:
    """Our own sources joined in the given order; each script in a block of its own scope."""
    parts = [(folder / f"{name}{suffix}").read_text(encoding="utf-8").strip() for name in names]
    if suffix == ".js":
        parts = [f"{{\n{part}\n}}" for part in parts]
    return "\n".join(parts) + "\n"


def render(sources: Sources) -> dict[str, str]:
    """Name and text of every file the build writes."""
    govuk_js = transform_js(sources.govuk_js.read_text(encoding="utf-8"))
    rendered = {
        "govuk.css": transform_css(sources.govuk_css.read_text(encoding="utf-8")),
        "htmx.js": strip_source_map(sources.htmx.read_text(encoding="utf-8")),
    }
    for name, parts in STYLESHEETS.items():
        rendered[name] = bundle(sources.assets / "css", parts, ".css")
    for name, parts in SCRIPTS.items():
        # Our parts come first: they set up listeners that the components' start-up may already fire.
        rendered[name] = bundle(sources.assets / "js", parts, ".js") + govuk_js
    # The pages in pages/ are for a proxy to show while the application itself cannot answer.
    for path in sorted([*(sources.assets / "images").iterdir(), *(sources.assets / "pages").iterdir()]):
        rendered[path.name] = path.read_text(encoding="utf-8")
    return rendered


def fingerprint(sources: Sources) -> str:
    """A hash over names and contents of all sources."""
    digest = hashlib.sha256()
    for path in sources.files():
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def build(*, sources: Sources, output: Path) -> bool:
    """Write all assets into output, each compressed beside itself; False when they were up to date already."""
    stamp = fingerprint(sources)
    stamp_file = output / STAMP
    if stamp_file.is_file() and stamp_file.read_text(encoding="utf-8") == stamp:
        return False
    fresh = output.with_name(f"{output.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    compressor = Compressor(quiet=True)
    for name, text in render(sources).items():
        (fresh / name).write_text(text, encoding="utf-8")
        compressor.compress(str(fresh / name))
    (fresh / STAMP).write_text(stamp, encoding="utf-8")
    shutil.rmtree(output, ignore_errors=True)
    fresh.rename(output)
    return True


def main() -> int:
    """Build and say what happened."""
    try:
        written = build(sources=installed_sources(), output=OUTPUT)
    except BuildError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("assets built\n" if written else "assets are up to date\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
