"""How a field looks, apart from what it accepts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class FieldStyle:
    """How one field of a form looks; what it accepts stays with the field.

    label_size: "" (plain), s, m, l or xl. page_heading makes the label or legend the h1 of the page.
    width: characters (2, 3, 4, 5, 10, 20, 30) or a grid width such as two-thirds.
    option_hints: hint per option value. divider_before: option value that "or" stands in front of.
    character_count shows how much of the field's max_length is left.
    """

    label_size: Literal["", "s", "m", "l", "xl"] = "m"
    page_heading: bool = False
    hide_label: bool = False
    width: str = ""
    inline: bool = False
    small: bool = False
    prefix: str = ""
    suffix: str = ""
    option_hints: Mapping[str, str] = field(default_factory=dict)
    divider_before: str | None = None
    character_count: bool = False
    autocomplete: str = ""
    inputmode: str = ""
    spellcheck: bool | None = None
