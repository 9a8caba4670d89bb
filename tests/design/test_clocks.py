"""Clock chips and the custody bar."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from design.clocks import ClockFace, CustodyShare, chip, chips_in_list, custody_segments

DUE_AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
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
    drawn = render_to_string("design/clock_shapes.html")
    shapes: list[str] = []
    for face in faces:
        name = re.findall(r'<use href="#([a-z-]+)"', chip(face))
        shapes += re.findall(rf'<symbol id="{name[0]}"[^>]*>(.*?)</symbol>', drawn, re.DOTALL)
        assert f"app-{name[0].replace('clock-', 'clock--')}" in chip(face)
    assert len(set(shapes)) == len(shapes) == len(faces)


def test_the_reason_is_part_of_the_chip_and_not_only_a_title() -> None:
    html = chip(replace(FACE, due_at=DUE_AT))
    assert "Counts 8am to 6pm" in html
    assert '<time datetime="2026-11-23T09:30:00Z">23 November 2026 at 9:30am</time>' in html
    assert 'tabindex="0"' in html
    assert "title=" not in html


def test_in_a_list_a_chip_says_when_it_is_due_and_takes_no_focus() -> None:
    html = chips_in_list()(replace(FACE, due_at=DUE_AT))
    for words in ("Resolution SLA", "2h 10m left", "Due: 23 Nov 2026, 09:30"):
        assert words in html
    assert "Counts 8am to 6pm" not in html
    assert "tabindex" not in html


def test_what_a_chip_says_is_escaped() -> None:
    face = replace(FACE, label="<b>", reason='"&"')
    assert "&lt;b&gt;" in chip(face)
    assert "&quot;&amp;&quot;" in chip(face)
    assert "<b>" not in chips_in_list()(face)


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
