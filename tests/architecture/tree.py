"""Checkers of the source tree: what files an app may have, and what may not stand in them.

Each takes a folder, so that it can be run on a tree with the fault it looks for.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 400

# ARCHITECTURE.md: the closed vocabulary. `name.py` may also be a package `name/` of files by use case.
_FREE = r"[a-z][a-z0-9_]*\.py"
VOCABULARY = re.compile(
    rf"""^(?:
      apps\.py | lifecycle\.py | policy\.py | public\.py | tasks\.py | PROCESS\.md
    | models\.py | models/{_FREE} | queries\.py | queries/{_FREE} | services/{_FREE}
    | engine/(?:[a-z0-9_]+/)*{_FREE}
    | web/(?:urls|views|forms|middleware|context|adapter)\.py | web/(?:views|forms)/{_FREE}
    | api/(?:urls|views|serializers|filters|authentication)\.py | api/(?:views|serializers)/{_FREE}
    | management/commands/{_FREE} | migrations/\d{{4}}_[a-z0-9_]+\.py
    )$""",
    re.VERBOSE,
)
# What an app has besides, each with the reason why.
BESIDES: dict[str, str] = {
    r"design/(?:build|clocks|moments|theme)\.py": "a library of presentation, not a process",
    r"design/(?:components|languages|loading|patterns|shells)\.py": "as above",
    rf"design/(?:forms|templatetags)/{_FREE}": "as above",
    r"doors/api/(?:bulk|errors|paging|permissions|rendering|schema|strict|throttle)\.py": "what every API is made of",
    r"doors/web/files\.py": "how every door gives files out",
    r"itsm/(?:asgi|wsgi|celery|logging|settings|urls)\.py": "the composition root",
    rf"itsm/runner/(?:__main__\.py|{_FREE})": "the process that starts the others, without Django",
    r"itsm/demo/README\.md": "what the demonstration's files are",
    rf"notifications/live/{_FREE}": "the endpoint of live streams, which runs beside Django",
    r"transition/[A-Z]+\.md": "how data of former systems is described",
}
_HEAPS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "base_utils",
    "manager",
    "managers",
    "tools",
}


def apps_of(root: Path) -> list[Path]:
    """The folders that are apps."""
    return sorted(path.parent for path in root.glob("*/apps.py"))


def sources_of(root: Path) -> list[Path]:
    """Every Python file of apps and tests, generated migrations apart."""
    folders = [*apps_of(root), root / "tests"]
    return sorted(
        path for folder in folders for path in folder.rglob("*.py") if "__pycache__" not in path.parts
    )


def foreign_words(root: Path) -> Iterator[str]:
    """Files whose name the vocabulary does not have."""
    for app in apps_of(root):
        for path in sorted(app.rglob("*")):
            if path.is_dir() or "__pycache__" in path.parts or path.suffix not in (".py", ".md"):
                continue
            if path.name == "__init__.py":
                continue
            name = path.relative_to(root).as_posix()
            inside = path.relative_to(app).as_posix()
            if not VOCABULARY.match(inside) and not any(re.fullmatch(known, name) for known in BESIDES):
                yield f"{name}: no such file in an app"


def heaps(root: Path) -> Iterator[str]:
    """Files named for being a heap."""
    for path in sources_of(root):
        if path.stem in _HEAPS:
            yield f"{path.relative_to(root).as_posix()}: name it for what is in it"


def long_files(root: Path) -> Iterator[str]:
    """Files over the cap; templates, styles and scripts included."""
    texts = [
        path for folder in ("templates", "assets") for path in (root / folder).rglob("*") if path.is_file()
    ]
    for path in [*sources_of(root), *texts]:
        if "migrations" in path.parts or path.suffix not in (".py", ".html", ".js", ".css"):
            continue
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LONGEST and path.suffix != ".css":
            yield f"{path.relative_to(root).as_posix()}: {lines} lines"


def inner_imports(root: Path) -> Iterator[str]:
    """Imports inside functions, which hide a dependency; only `ready()` in apps.py must import late."""
    for path in sources_of(root):
        if path.name == "apps.py":
            continue
        for node in ast.walk(_parsed(path)):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for inner in ast.walk(node):
                if isinstance(inner, ast.Import | ast.ImportFrom):
                    yield f"{path.relative_to(root).as_posix()}:{inner.lineno}: imports inside {node.name}"


def signals(root: Path) -> Iterator[str]:
    """Signal receivers: things that happen without anyone calling them."""
    for path in sources_of(root):
        name = path.relative_to(root).as_posix()
        for node in ast.walk(_parsed(path)):
            module = getattr(node, "module", None) or ""
            if isinstance(node, ast.ImportFrom) and (
                "signals" in module.split(".") or module == "django.dispatch"
            ):
                yield f"{name}: {module}"


def silent_modules(root: Path) -> Iterator[str]:
    """Modules of the apps that do not say what they are: their own docstring, or that of their only class."""
    for app in apps_of(root):
        for path in sorted(app.rglob("*.py")):
            tree = _parsed(path)
            if not tree.body or path.name in ("apps.py", "urls.py") or "migrations" in path.parts:
                continue
            if not ast.get_docstring(tree):
                yield f"{path.relative_to(root).as_posix()}: does not say what it is"


def absent_processes(root: Path) -> Iterator[str]:
    """Apps with a life cycle whose process nobody described."""
    for app in apps_of(root):
        table = app / "lifecycle.py"
        if (
            table.exists()
            and "Lifecycle(" in table.read_text(encoding="utf-8")
            and not (app / "PROCESS.md").exists()
        ):
            yield f"{app.name}: has a life cycle and no PROCESS.md"


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


CHECKERS = (
    foreign_words,
    heaps,
    long_files,
    inner_imports,
    signals,
    silent_modules,
    absent_processes,
)
