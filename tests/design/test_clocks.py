"""Clock chips and the custody bar."""

from dataclasses import replace

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from design.clocks import ClockFace, CustodyShare, custody_segments

FACE = ClockFace("Resolution SLA", "ok", 7_800, "Counts 8am to 6pm")


@pytest.mark.parametrize(
    ("face", "text", "brief"),
    [
        (FACE, "2h 10m left", "2h 10m left"),
        (replace(FACE, state="at_risk", remaining=2_400), "40m left", "40m left"),
        (replace(FACE, state="breached", remaining=-5_700), "Breached, 1h 35m over", "1h 35m over"),
        (replace(FACE, state="paused"), "Paused, 2h 10m left", "Paused"),
        (replace(FACE, state="stopped", elapsed=1_440), "Met, took 24m", "Met"),
        (replace(FACE, state="stopped", remaining=-60, elapsed=20_000), "Missed, took 5h 33m", "Missed"),
    ],
)
def test_a_chip_says_its_state_in_words(face: ClockFace, text: str, brief: str) -> None:
    assert face.text == text
    assert face.brief == brief


def test_no_two_states_look_alike_without_colour() -> None:
    faces = [
        FACE,
        replace(FACE, state="at_risk"),
        replace(FACE, state="breached", remaining=-60),
        replace(FACE, state="paused"),
        replace(FACE, state="stopped"),
        replace(FACE, state="stopped", remaining=-60),
    ]
    shapes = []
    for face in faces:
        html = render_to_string("design/clock_chip.html", {"clock": face, "focusable": True})
        shapes.append(html[html.index("<svg") : html.index("</svg>")].split(">", 1)[1])
    assert len(set(shapes)) == len(shapes)


def test_the_reason_is_part_of_the_chip_and_not_only_a_title() -> None:
    html = render_to_string("design/clock_chip.html", {"clock": FACE, "focusable": True})
    assert "Counts 8am to 6pm" in html
    assert 'tabindex="0"' in html
    assert "title=" not in html
    in_list = render_to_string("design/clock_chip.html", {"clock": FACE, "focusable": False})
    assert "Counts 8am to 6pm" in in_list
    assert "tabindex" not in in_list


@given(st.lists(st.integers(min_value=1, max_value=10**7), min_size=1, max_size=12))
def test_custody_segments_fill_the_bar_end_to_end(seconds: list[int]) -> None:
    whole = sum(seconds)
    shares = [CustodyShare(str(at), part, part / whole, "party-1") for at, part in enumerate(seconds)]
    segments = custody_segments(shares)
    position = 0.0
    for segment in segments:
        assert float(segment.x) == pytest.approx(position, abs=0.02)
        position = float(segment.x) + float(segment.width)
    assert position == pytest.approx(100, abs=0.02)


def test_a_short_hold_is_never_nothing_and_a_long_one_never_all() -> None:
    shares = [CustodyShare("Desk", 99_900, 0.999, "party-1"), CustodyShare("Wire", 100, 0.001, "wire")]
    assert [segment.percent for segment in custody_segments(shares)] == [">99%", "<1%"]


def test_nothing_held_draws_nothing() -> None:
    assert custody_segments([]) == []


def test_the_bar_says_the_same_as_a_table() -> None:
    shares = [
        CustodyShare("Network", 187_200, 0.8, "party-2"),
        CustodyShare("<b>Desk</b>", 46_800, 0.2, "party-1"),
    ]
    html = render_to_string(
        "design/custody_bar.html", {"segments": custody_segments(shares), "title": "Who held it"}
    )
    for text in ("Network", "2d 4h", "80%", "&lt;b&gt;Desk&lt;/b&gt;", "13h 00m", "20%"):
        assert text in html
