"""A tenant's colour as a stylesheet of its own, so that pages need no inline style."""

import re

from tenancy.engine.words import say

TEXT_ON_COLOUR = "#ffffff"
MINIMUM_CONTRAST = 4.5
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


class ColourError(ValueError):
    """A colour is not written as # and six hexadecimal digits."""

    code = "colour"


class ContrastError(ValueError):
    """White text on the colour would be too faint to read (WCAG 2.2, 1.4.3)."""

    code = "contrast"

    def __init__(self, *, colour: str, ratio: float) -> None:
        self.colour = colour
        self.ratio = ratio
        super().__init__(
            say(
                "White text on %(colour)s has a contrast of %(ratio)s to 1. It needs at least %(minimum)s to 1.",
                colour=colour,
                ratio=f"{ratio:.1f}",
                minimum=MINIMUM_CONTRAST,
            )
        )


def contrast(*, one: str, other: str) -> float:
    """Contrast ratio of two colours by WCAG 2.2, from 1 (none) to 21. Raises ColourError."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def theme_css(*, brand_colour: str, header_colour: str | None = None) -> str:
    """The stylesheet for /theme.css: brand colour and header background of one tenant.

    Both colours carry white text. Raises ColourError for a malformed colour and ContrastError
    when white on it falls below 4.5 to 1.
    """
    header = header_colour or brand_colour
    for colour in (brand_colour, header):
        ratio = contrast(one=colour, other=TEXT_ON_COLOUR)
        if ratio < MINIMUM_CONTRAST:
            raise ContrastError(colour=colour, ratio=ratio)
    return (
        f":root {{\n  --govuk-brand-colour: {brand_colour.lower()};\n"
        f"  --app-header-background: {header.lower()};\n}}\n"
    )


def _luminance(colour: str) -> float:
    if not _HEX.fullmatch(colour):
        message = say("%(colour)s is not a colour like #1d70b8", colour=repr(colour))
        raise ColourError(message)
    red, green, blue = (_linear(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
