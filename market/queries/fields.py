"""What a table of the market's is, here: fields, and where of ours their values are kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from django.db.models import QuerySet

from market.engine.choices import Choices
from people.public import Actor

Kind = Literal["id", "text", "whole", "decimal", "instant", "choice", "reference", "journal", "said", "link"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `path` leads from the table's model, or from its detail's where `is_detail`, to the column.

    display: path of what is shown instead of the value.
    table: that a reference leads to.
    is_exact: the column is compared as it is, so that its index serves; `fold` is how a value is brought to its form.
    is_ours: for the customer's own systems; for a supplier's there is no such field.
    said: the value of a field that is the same for every row.
    """

    name: str
    kind: Kind = "text"
    path: str = ""
    display: str = ""
    table: str = ""
    choices: Choices | None = None
    is_detail: bool = False
    is_exact: bool = False
    is_ours: bool = False
    fold: Callable[[str], str] = str
    said: str = ""

    @property
    def paths(self) -> tuple[str, ...]:
        """The columns that its value and display value are made of."""
        return tuple(path for path in (self.path, self.display) if path)

    def is_like(self, other: "Field") -> bool:
        """Whether the columns of both hold the same sort of value, so that one can be compared with the other."""
        keys = ("id", "reference")
        if self.kind in keys or other.kind in keys:
            return self.kind in keys and other.kind in keys
        return self.kind == other.kind and self.choices is other.choices and bool(self.path and other.path)

    def behind(self, reference: "Field") -> "Field":
        """The field of a row that another refers to, as a field of that other: a dot-walk's end."""
        prefix = f"{reference.path}__"
        return replace(
            self,
            name=f"{reference.name}.{self.name}",
            path=f"{prefix}{self.path}" if self.path else "",
            display=f"{prefix}{self.display}" if self.display else "",
            is_detail=reference.is_detail,
            is_ours=self.is_ours or reference.is_ours,
        )


@dataclass(frozen=True, slots=True)
class Table:
    """A table: who may read it, which rows, and its fields.

    detail: the process's own table beside the header, by the same key.
    order: how rows come that nobody asked to have ordered; always ends in the key.
    """

    name: str
    model: Any  # of Django's
    permission: str
    visible: Callable[[Actor], QuerySet[Any]]
    fields: Mapping[str, Field]
    detail: Any = None
    order: tuple[str, ...] = ("pk",)
    is_ours: bool = False


# Of a field that has none.
NO_CHOICES = Choices({}, {})


def fields_of(*fields: Field) -> dict[str, Field]:
    """Fields by name, in this order."""
    return {each.name: each for each in fields}


def text(name: str, path: str, **rest: Any) -> Field:
    """A field of words."""
    return Field(name, "text", path, **rest)


def instant(name: str, path: str) -> Field:
    """A field that holds a time."""
    return Field(name, "instant", path)


def refers(name: str, path: str, table: str, shown: str = "name", **rest: Any) -> Field:
    """A field that refers to a row of another table, shown by a column of it."""
    return Field(name, "reference", path, display=f"{path}__{shown}", table=table, **rest)


def chosen(name: str, path: str, choices: Choices, **rest: Any) -> Field:
    """A field with one of a few values."""
    return Field(name, "choice", path, choices=choices, **rest)


def always(name: str, value: str = "") -> Field:
    """A field that clients ask for and that has the same value everywhere here."""
    return Field(name, "said", said=value)
