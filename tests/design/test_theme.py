"""A tenant's colours never make text unreadable."""

import pytest

from design.theme import ColourError, ContrastError, contrast, theme_css


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#767676", "#ffffff", 4.54),
        ("#1d70b8", "#ffffff", 5.17),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one=one, other=other) == pytest.approx(ratio, abs=0.01)
    assert contrast(one=other, other=one) == pytest.approx(ratio, abs=0.01)


def test_a_readable_colour_becomes_a_stylesheet() -> None:
    css = theme_css(brand_colour="#00592D", header_colour="#0b0c0c")
    assert "--govuk-brand-colour: #00592d;" in css
    assert "--app-header-background: #0b0c0c;" in css


@pytest.mark.parametrize(
    "colours", [{"brand_colour": "#ffdd00"}, {"brand_colour": "#00592d", "header_colour": "#777777"}]
)
def test_a_faint_colour_is_refused_with_its_ratio(colours: dict[str, str]) -> None:
    with pytest.raises(ContrastError) as refused:
        theme_css(**colours)
    assert refused.value.ratio < 4.5
    assert refused.value.code == "contrast"


@pytest.mark.parametrize("colour", ["red", "#fff", "#00592d;}body{display:none", "", "url(x)"])
def test_only_a_plain_colour_reaches_the_stylesheet(colour: str) -> None:
    with pytest.raises(ColourError):
        theme_css(brand_colour=colour)
