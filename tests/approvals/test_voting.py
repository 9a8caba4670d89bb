"""A level's verdict, held against a model that knows the rules by counting people one by one."""

from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.engine.voting import (
    Ballot,
    Seat,
    decide,
    hand_on,
    lacks_approvers,
    leave,
    seat,
    seats_of,
    verdict,
)

PEOPLE = ("ann", "bob", "cat")
RULES = [("any", 1), ("all", 3), ("quorum", 2), ("quorum", 3), ("quorum", 1)]


def asked(rule: str, needed: int, people: tuple[str, ...] = PEOPLE) -> Ballot:
    return Ballot(rule, needed, tuple(Seat(owner=who) for who in people))


def told_slowly(rule: str, needed: int, decisions: list[tuple[str, str]]) -> str:
    """The verdict as a clerk would find it, decision after decision, until one settles it."""
    yes: set[str] = set()
    no: set[str] = set()
    for who, said in decisions:
        (yes if said == "approved" else no).add(who)
        if rule in ("any", "all") and no:
            return "rejected"
        if rule == "quorum" and any(no) and len(PEOPLE) - len(no) < needed:
            return "rejected"
        if len(yes) == needed:
            return "approved"
    return "asked"


@pytest.mark.parametrize(("rule", "needed"), RULES)
def test_every_order_of_every_decision_ends_as_a_clerk_would_say(rule: str, needed: int) -> None:
    for order in permutations(PEOPLE):
        for said in product(("approved", "rejected"), repeat=len(order)):
            ballot, taken = asked(rule, needed), list[tuple[str, str]]()
            for who, decision in zip(order, said, strict=True):
                places = seats_of(ballot, who)
                if verdict(ballot) != "asked":
                    assert places == ()
                    continue
                ballot = decide(ballot, places, person=who, decision=decision)
                taken.append((who, decision))
                assert verdict(ballot) == told_slowly(rule, needed, taken), (rule, taken)


def test_who_stands_in_decides_both_says_but_under_a_quorum_only_their_own() -> None:
    assert seats_of(asked("all", 3), "bob", stands_in_for=["ann"]) == (1, 0)
    assert seats_of(asked("quorum", 2), "bob", stands_in_for=["ann"]) == (1,)
    one = decide(asked("quorum", 2), (1,), person="bob", decision="approved")
    assert seats_of(one, "bob", stands_in_for=["ann"]) == ()
    assert seats_of(one, "ann") == (0,)


def test_what_was_handed_on_is_neither_the_owner_s_nor_their_delegate_s() -> None:
    ballot = hand_on(asked("all", 3), (0,), to="dan")
    assert seats_of(ballot, "ann") == ()
    assert seats_of(ballot, "bob", stands_in_for=["ann"]) == (1,)
    assert seats_of(ballot, "dan") == (0,)
    assert seats_of(hand_on(ballot, (0,), to="ann"), "ann") == (0,)


def test_nobody_decides_about_what_is_for_themselves() -> None:
    assert seats_of(asked("any", 1), "ann", barred=["ann"]) == ()
    assert seats_of(asked("any", 1), "dan", stands_in_for=["ann"], barred=["dan"]) == ()


def test_a_level_is_never_decided_by_departures() -> None:
    for rule, needed in RULES:
        gone = leave(asked(rule, needed), PEOPLE)
        assert verdict(gone) == "asked"
        assert lacks_approvers(gone)
    two = decide(asked("all", 3), (0,), person="ann", decision="approved")
    short = leave(two, ["cat"])
    assert (verdict(short), lacks_approvers(short)) == ("asked", True)
    mended = seat(short, ["dan"])
    assert not lacks_approvers(mended)
    for who in ("bob", "dan"):
        mended = decide(mended, seats_of(mended, who), person=who, decision="approved")
    assert verdict(mended) == "approved"


def test_what_was_handed_to_one_who_left_goes_back() -> None:
    ballot = leave(hand_on(asked("any", 1), (0,), to="dan"), ["dan"])
    assert seats_of(ballot, "ann") == (0,)


@given(
    rule=st.sampled_from(RULES),
    steps=st.lists(
        st.one_of(
            st.tuples(
                st.just("decide"), st.sampled_from("abcdef"), st.sampled_from(["approved", "rejected"])
            ),
            st.tuples(st.just("leave"), st.sampled_from("abcdef"), st.just("")),
            st.tuples(st.just("seat"), st.sampled_from("abcdef"), st.just("")),
            st.tuples(st.just("hand_on"), st.sampled_from("abcdef"), st.sampled_from("abcdef")),
        ),
        max_size=20,
    ),
    stead=st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdef"), max_size=3),
)
def test_whatever_happens_the_counts_add_up(
    rule: tuple[str, int], steps: list[tuple[str, str, str]], stead: dict[str, str]
) -> None:
    """No seat is decided twice or by a stranger, a verdict stays, and a quorum counts different people."""
    ballot = asked(*rule, people=("a", "b", "c"))
    ended = ""
    for name, who, what in steps:
        before = ballot
        if name == "decide":
            places = seats_of(ballot, who, stands_in_for=[each for each, by in stead.items() if by == who])
            ballot = decide(ballot, places, person=who, decision=what)
            for place in places:
                owner = before.seats[place]
                assert owner.is_open
                assert who in (owner.owner, owner.handed_to, stead.get(owner.owner))
        elif name == "leave":
            ballot = leave(ballot, [who])
        elif name == "seat":
            ballot = seat(ballot, [who])
        elif verdict(ballot) == "asked":
            own = [place for place, each in enumerate(ballot.seats) if each.owner == who and each.is_open]
            ballot = hand_on(ballot, own, to=what)
        if ended and name in ("decide", "leave"):
            assert verdict(ballot) == ended
        decided = [each for each in ballot.seats if each.decision]
        assert all(each.decided_by for each in decided)
        if rule[0] == "quorum":
            assert len({each.decided_by for each in decided}) == len(decided)
        ended = verdict(ballot) if verdict(ballot) != "asked" and name == "decide" else ended


def test_a_level_that_ended_stays_as_it_ended() -> None:
    lost = decide(asked("quorum", 3), (0,), person="ann", decision="rejected")
    assert verdict(seat(lost, ["dan", "eve"])) == "rejected"
