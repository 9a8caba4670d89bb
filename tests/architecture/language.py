"""Finders of words that readers would see in English whatever their language.

Each takes a folder, so that it can be run on a tree with the fault it looks for.
"""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.template.base import Lexer, Token, TokenType

from tests.architecture.tree import apps_of

# Attributes that are read to people, or shown.
_HUMAN = {
    "title",
    "alt",
    "placeholder",
    "label",
    "summary",
    "aria-label",
    "aria-description",
    "aria-roledescription",
}
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_QUOTED = re.compile(r"""(_\()?("[^"]*"|'[^']*')""")
# Tags whose quoted arguments are no words: names of templates, addresses, files; and what is translated as it stands.
_SILENT_TAGS = {
    "extends",
    "include",
    "url",
    "static",
    "load",
    "block",
    "translate",
    "trans",
    "now",
    "if",
    "elif",
    "ifchanged",
}
_SILENT_FILTERS = re.compile(
    r"""\|(?:date|time|cut|join|urlize|moment|yesno|slice|floatformat|stringformat):("[^"]*"|'[^']*')"""
)
# Names, and what is the same in every language, each with its reason.
SAME_EVERYWHERE = {
    "Unity Desk": "the product's name",
    "UD": "the product's mark",
    "English": "a language's own name",
    "Cymraeg": "a language's own name",
    "JavaScript": "a name",
    "GOV.UK": "a name",
    "API": "a name",
    "PDF": "a format",
    "CSV": "a format",
    "Excel": "a format",
    "XLSX": "a format",
    "YAML": "a format",
    "UTC": "a time zone",
    "SLA": "a kind of target",
    "OLA": "a kind of target",
    "Esc": "a key",
    "Enter": "a key",
    "Ctrl": "a key",
    "nbsp": "a space",
    "SHA": "an algorithm",
    "Px": "a priority, such as P1",
    "app-desk": "a class",
    "app-portal": "a class",
}
# Templates that nobody reads as a page, each with its reason.
_UNREAD = {
    "templates/api/": "the reference of the API, which is English as the API's descriptions are",
}

# Where code speaks English on purpose, each with its reason.
ENGLISH: dict[str, str] = {
    r"market/(?!web/).*": "the market's tools compare its product's English words",
    r"transition/.*": "read by those who run the platform, on the command line",
    r"tenancy/.*": "no words for people",
    r"outbox/.*": "no words for people",
    r"bench/.*": "read by its authors",
    r"itsm/(?:runner/.*|settings|asgi|wsgi|celery|logging|tasks|queries)(?:\.py)?": "the composition root",
    r"catalogue/engine/standard_definition\.py|governance/engine/standard_checklist\.py": "in both languages",
    r"itsm/services/(?:demo|seed|reset)_.*": "the demonstration's data",
    r"[a-z_]+/api/.*|doors/engine/.*": "shapes and descriptions of the API, for those who program against it",
    r".*/management/.*": "read by those who run the platform, on the command line",
    r".*/migrations/.*": "no words for people",
    r".*/apps\.py": "names of apps, shown nowhere",
    r".*/(?:__init__|public)\.py": "names of what is exported",
    r"design/build\.py|design/templatetags/.*": "build messages; names of parameters",
    r"notifications/live/.*|notifications/services/send_mail\.py": "messages of the log",
    r"calendars/engine/(?:versions|working_time)\.py": "faults of the calling code",
    r"sla/engine/(?:clocks|timeline|rulings|composition/.*)\.py|people/engine/secrets\.py": "as above",
    r"records/engine/scanning\.py|sla/services/(?:forecast|replay|rulings)\.py": "read by those who run the platform",
    r"sla/services/escalate\.py|incidents/services/close_resolved\.py": "stored with what a rule did, whoever reads it",
    r"[a-z_]+/models(?:/.*)?\.py": "help for those who read the code",
    r"reporting/services/rebuild\.py|reporting/queries/figures\.py": "pieces of SQL",
}
# Texts in other modules that are no words for people, each with its reason.
UNSAID = {
    "a null byte in the address": "never shown: the answer is a bare 400",
    "Authorization": "a header",
    "Lax": "an attribute of cookies",
    "private, no-store": "a header",
    "There is no tenant …": "read by those who run the platform",
}
_TRANSLATING = {
    "_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy",
    "npgettext", "npgettext_lazy", "say", "word",
}  # fmt: skip
# Errors of programmers, and calls whose texts go to the log or to the database.
_UNHEARD = {
    "ValueError", "TypeError", "RuntimeError", "LookupError", "KeyError", "AssertionError", "NotImplementedError",
    "ImproperlyConfigured", "CheckConstraint", "RunSQL", "cast", "TypeVar", "ParamSpec", "getLogger", "get_logger",
    "debug", "info", "warning", "exception", "compile", "headers", "execute", "RawSQL", "Prefetch", "Count",
}  # fmt: skip
_SENTENCE = re.compile(r"(?:^|[^\w.:/-])[^\W\d_]{2,},? (?:a )?[^\W\d_]{2,}")
_LABEL = re.compile(r"[A-Z][a-z]+(?:-[a-z]+)?(?: [\w-]+)*")
_SQL = re.compile(
    r"\b(?:SELECT|UPDATE|INSERT|DELETE|FROM|WHERE|JOIN|ORDER BY|GROUP BY|CREATE|ALTER|VALUES|WITH)\b"
)


def english_templates(root: Path) -> Iterator[str]:
    """Words in templates outside `translate`: between tags, in attributes that are read, in arguments of components."""
    for path in sorted((root / "templates").rglob("*.*")):
        name = path.relative_to(root).as_posix()
        if path.suffix not in (".html", ".txt", ".typ") or any(name.startswith(unread) for unread in _UNREAD):
            continue
        source = path.read_text(encoding="utf-8")
        # Typst's own code is no text; what a report says comes with its data.
        words = [*_quoted(source), *(_shown(source) if path.suffix == ".html" else ())]
        for line, text in sorted(words):
            if not _is_same_everywhere(text):
                yield f"{name}:{line}: {text}"


def _is_same_everywhere(text: str) -> bool:
    for known in SAME_EVERYWHERE:
        text = re.sub(rf"\b{re.escape(known)}\b", "", text)
    return not _LETTERS.search(re.sub(r"&[a-z]+;", "", text))


def _tokens(source: str) -> Iterator[Token]:
    """A template's pieces, but what is translated or a comment."""
    until = ""
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK:
            tag = token.contents.split()[0]
            if until:
                until = "" if tag == until else until
                continue
            if tag in ("blocktranslate", "blocktrans", "comment"):
                until = f"end{tag}"
        if not until and token.token_type != TokenType.COMMENT:
            yield token


def _quoted(source: str) -> Iterator[tuple[int, str]]:
    """Words in quotation marks in tags and variables."""
    for token in _tokens(source):
        if token.token_type == TokenType.TEXT:
            continue
        if token.token_type == TokenType.BLOCK and token.contents.split()[0] in _SILENT_TAGS:
            continue
        for translated, literal in _QUOTED.findall(_SILENT_FILTERS.sub("", token.contents)):
            text = literal[1:-1]
            if (
                not translated
                and (re.match(r"[A-Z][a-z]", text) or _SENTENCE.search(text))
                and "-" not in text
            ):
                yield token.lineno or 0, text


class _Reader(HTMLParser):
    """Collects what a page shows or reads out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._silent += 1
        held = dict(attrs)
        for name, value in attrs:
            is_button = (
                name == "value" and tag == "input" and held.get("type") in ("submit", "button", "reset")
            )
            if (name in _HUMAN or is_button) and value and _LETTERS.search(value):
                self.found.append((self.getpos()[0], " ".join(value.split())))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        if not self._silent and _LETTERS.search(data):
            self.found.append((self.getpos()[0], " ".join(data.split())))


def _shown(source: str) -> Iterator[tuple[int, str]]:
    """Words between tags of HTML and in attributes that are read."""
    plain = []
    line = 1
    for token in _tokens(source):
        # What is left out keeps its line breaks, so that lines can be named.
        at = token.lineno or line
        plain.append("\n" * (at - line))
        line = at
        # A variable may stand within an attribute.
        if token.token_type == TokenType.VAR:
            plain.append("x")
        if token.token_type == TokenType.TEXT:
            # A pattern's `{names}` are filled with words that come from elsewhere.
            plain.append(re.sub(r"\{[a-z_]+\}", "", token.contents))
            line += token.contents.count("\n")
    reader = _Reader()
    reader.feed("".join(plain))
    reader.close()
    yield from reader.found


def english_code(root: Path) -> Iterator[str]:
    """Texts in code that look like words for people and pass through nothing that translates."""
    for app in apps_of(root):
        for path in sorted(app.rglob("*.py")):
            name = path.relative_to(root).as_posix()
            if any(re.fullmatch(pattern, name) for pattern in ENGLISH):
                continue
            for line, text in sorted(_said(ast.parse(path.read_text(encoding="utf-8")))):
                if (
                    text.rstrip(".") not in UNSAID
                    and not text.startswith("default-src")
                    and not _is_same_everywhere(text)
                ):
                    yield f"{name}:{line}: {text}"


def _is_unsaid(text: str) -> bool:
    return text.rstrip(".") in UNSAID or text.startswith("default-src ")


def _said(tree: ast.Module) -> Iterator[tuple[int, str]]:
    silent = set(_silent(tree))
    for node in ast.walk(tree):
        if node in silent:
            continue
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
            silent.update(ast.walk(node))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if (_SENTENCE.search(text) or _LABEL.fullmatch(text)) and not _SQL.search(text):
            yield node.lineno, " ".join(text.split())


def _silent(tree: ast.Module) -> Iterator[ast.AST]:
    """Nodes whose texts are docstrings, types, names or messages for programmers; or are translated."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        elif isinstance(node, ast.Assert | ast.Subscript):
            yield from ast.walk(node.slice if isinstance(node, ast.Subscript) else node)
        elif isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            yield from ast.walk(node.annotation)
        elif isinstance(node, ast.FunctionDef) and node.returns:
            yield from ast.walk(node.returns)
        elif isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id in ("__all__", "__slots__") for target in node.targets
        ):
            yield from ast.walk(node.value)
        elif isinstance(node, ast.Call):
            called = _name(node.func)
            if (
                called in _TRANSLATING | _UNHEARD
                or (called.endswith(("Field", "ForeignKey")) and "models" in ast.dump(node.func))
                or called == "TenantForeignKey"
            ):
                yield from ast.walk(node)


def _name(called: ast.expr) -> str:
    if isinstance(called, ast.Name):
        return called.id
    return called.attr if isinstance(called, ast.Attribute) else ""


FINDERS = (english_templates, english_code)
