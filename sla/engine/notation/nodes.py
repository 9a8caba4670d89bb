"""A YAML document as nodes that know their line, column and path, so that a mistake can be pointed at."""

import difflib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import yaml

from sla.engine.notation.faults import Fault, NotationError
from tenancy.engine.words import say

MERGE_KEY = "<<"
NULL_TAG = "tag:yaml.org,2002:null"
TRUE_WORDS = frozenset({"true", "yes", "on"})
FALSE_WORDS = frozenset({"false", "no", "off"})
T = TypeVar("T")
D = TypeVar("D")


class InvalidValueError(Exception):
    """A value of the document is wrong; it has been reported, and the part that needs it is given up."""

    code = "notation_value_invalid"


def nearest(word: str, words: Iterable[str]) -> str:
    """'did you mean …?' with the closest of ``words``, or the list of them."""
    known = list(words)
    close = difflib.get_close_matches(word.lower(), [entry.lower() for entry in known], n=1, cutoff=0.6)
    if close:
        return say(
            "did you mean %(known)s?", known=repr(next(entry for entry in known if entry.lower() == close[0]))
        )
    return say("use one of: ") + ", ".join(known) if known else ""


class Value:
    """One node of the file with its path, for instance ``targets[2].duration``."""

    def __init__(self, node: yaml.Node, path: str, file: str, faults: list[Fault]) -> None:
        """Share ``faults`` between all values of one file."""
        self.node = node
        self.path = path
        self.file = file
        self.faults = faults

    @property
    def is_scalar(self) -> bool:
        """Whether this is a single word, number or text."""
        return isinstance(self.node, yaml.ScalarNode)

    @property
    def is_sequence(self) -> bool:
        """Whether this is a list."""
        return isinstance(self.node, yaml.SequenceNode)

    @property
    def is_mapping(self) -> bool:
        """Whether this is a block of ``key: value`` lines."""
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_null(self) -> bool:
        """Whether nothing is written after the colon."""
        return self.node.tag == NULL_TAG

    def report(self, problem: str, expected: str = "") -> None:
        """Note a mistake here and go on."""
        mark = self.node.start_mark
        fault = Fault(self.file, mark.line + 1, mark.column + 1, self.path, problem, expected)
        if fault not in self.faults:
            self.faults.append(fault)

    def invalid(self, problem: str, expected: str = "") -> InvalidValueError:
        """Note a mistake here; the answer is to be raised by the caller."""
        self.report(problem, expected)
        return InvalidValueError(problem)

    def text(self) -> str:
        """The text as written: ``09:00`` and ``01`` stay what they look like."""
        if self.is_null:
            raise self.invalid(say("nothing is given"), say("write a value or leave the key out"))
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.invalid(say("a single value is needed here, not a list or a block"))
        # JSON may write a character of the upper planes as two escapes; nothing here can keep a null character.
        text = str(self.node.value).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if "\x00" in text:
            raise self.invalid(say("the text holds a null character"), say("leave it out"))
        return text

    def raw(self) -> str:
        """The text as written; nothing written is the empty text."""
        return "" if self.is_null else self.text()

    def integer(self, *, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``."""
        text = self.text()
        try:
            number = int(text)
        except ValueError:
            raise self.invalid(
                say("%(text)s is not a whole number", text=repr(text)),
                say("from %(low)s to %(high)s", low=low, high=high),
            ) from None
        if not low <= number <= high:
            raise self.invalid(
                say("%(number)s is out of range", number=number),
                say("from %(low)s to %(high)s", low=low, high=high),
            )
        return number

    def boolean(self) -> bool:
        """``true`` or ``false``."""
        text = self.text().lower()
        if text not in TRUE_WORDS | FALSE_WORDS:
            raise self.invalid(
                say("%(value)s is neither true nor false", value=repr(self.text())),
                say("write true or false"),
            )
        return text in TRUE_WORDS

    def word(self, words: Sequence[str]) -> str:
        """One of ``words``."""
        text = self.text()
        if text not in words:
            raise self.invalid(say("%(text)s is not known here", text=repr(text)), nearest(text, words))
        return text

    def sequence(self) -> list["Value"]:
        """The members of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.invalid(say("a list is needed here"), say("write [a, b] or one '- ' line per entry"))
        return [self._child(child, f"{self.path}[{index}]") for index, child in enumerate(self.node.value)]

    def texts(self) -> tuple[str, ...]:
        """One text or a list of texts."""
        return tuple(value.text() for value in self.sequence()) if self.is_sequence else (self.text(),)

    def entries(self) -> list[tuple[str, "Value"]]:
        """The ``key: value`` lines; ``<<: *anchor`` is merged in, a key written twice is a mistake."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.invalid(say("a block of 'key: value' lines is needed here"))
        own: dict[str, Value] = {}
        merged: dict[str, Value] = {}
        for key_node, value_node in self.node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise self._child(key_node, self.path).invalid(say("a key must be a single value"))
            key = str(key_node.value)
            child = self._child(value_node, f"{self.path}.{key}" if self.path else key)
            if key == MERGE_KEY:
                for source in child.sequence() if child.is_sequence else [child]:
                    for name, value in Value(source.node, self.path, self.file, self.faults).entries():
                        merged.setdefault(name, value)
                continue
            if key in own:
                self._child(key_node, child.path).report(
                    say("the key %(key)s is written twice", key=repr(key)), say("keep one of them")
                )
            own[key] = child
        return list({**merged, **own}.items())

    def key_position(self, key: str) -> "Value":
        """The key itself, to point at it."""
        if isinstance(self.node, yaml.MappingNode):
            for key_node, _ in self.node.value:
                if isinstance(key_node, yaml.ScalarNode) and key_node.value == key:
                    return self._child(key_node, f"{self.path}.{key}" if self.path else key)
        return self

    def _child(self, node: yaml.Node, path: str) -> "Value":
        return Value(node, path, self.file, self.faults)


class Section:
    """A block of which every key must be known: keys are taken one by one, what is left over is a mistake."""

    def __init__(self, value: Value) -> None:
        """Read the lines of ``value``; raises InvalidValueError where it is no block."""
        self.value = value
        self._entries = dict(value.entries())
        self._known: list[str] = []

    def has(self, key: str) -> bool:
        """Whether ``key`` is written."""
        return key in self._entries

    def take(self, key: str, convert: Callable[[Value], T], default: D) -> T | D:
        """The converted value of ``key``; ``default`` where it is absent, or wrong and reported."""
        self._known.append(key)
        value = self._entries.get(key)
        if value is None:
            return default
        try:
            return convert(value)
        except InvalidValueError:
            return default

    def require(self, key: str, convert: Callable[[Value], T], default: D, *, expected: str) -> T | D:
        """As :meth:`take`, but an absent key is a mistake."""
        if key not in self._entries:
            self.value.report(say("the key %(key)s is missing", key=repr(key)), expected)
        return self.take(key, convert, default)

    def place(self, key: str) -> Value:
        """Where ``key`` is written; the whole block where it is not."""
        return self._entries.get(key, self.value)

    def finish(self) -> None:
        """Report the keys that nobody took."""
        for key in self._entries:
            if key not in self._known:
                place = self.value.key_position(key)
                place.report(
                    say("the key %(key)s is not known here", key=repr(key)), nearest(key, self._known)
                )


def load_document(*, path: Path) -> Value:
    """The root of the YAML file at ``path``. Raises NotationError where it is no YAML, or cannot be read."""
    try:
        source = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        problem = say("cannot be read: %(strerror)s", strerror=error.strerror)
        raise NotationError([Fault(str(path), 1, 1, "", problem, say("name an existing file"))]) from error
    except UnicodeDecodeError as error:
        problem = say("is not UTF-8 text")
        raise NotationError([Fault(str(path), 1, 1, "", problem, say("save it as UTF-8"))]) from error
    return parse_document(source=source, file=str(path))


def parse_document(*, source: str, file: str) -> Value:
    """The root of the YAML text ``source``; ``file`` is the name that mistakes are reported under."""
    try:
        node = yaml.compose(source, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = say("is not valid YAML: %(problem)s", problem=error.problem)
        raise NotationError([Fault(file, line, column, "", problem, error.context or "")]) from error
    except yaml.YAMLError as error:
        raise NotationError(
            [Fault(file, 1, 1, "", say("is not valid YAML: %(error)s", error=error), "")]
        ) from error
    if not isinstance(node, yaml.Node):
        raise NotationError([Fault(file, 1, 1, "", say("the file is empty"), "write 'key: value' lines")])
    return Value(node, "", file, [])
