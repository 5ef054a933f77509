"""Reports heard one after the other: the same is known as if all had been heard at once, and it costs what they say."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.changes.changes import unfold
from monitor.core.folding.fold import Folding, fold
from monitor.core.identity import address_key
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Claim, Fact, FactKind, State
from monitor.core.periods import Period
from monitor.core.state import Milestone, PhaseState, ProjectState, Report, Source

START = datetime(2024, 1, 1, tzinfo=UTC)
PHASES = ("first", "second", "third")
#: The address of one article. What was known before names it too.
PAGE = "https://example.org/a"

claims = st.builds(
    Claim,
    project=st.just("plant"),
    stage=st.sampled_from(["agreed", "construction", "operating", "delayed", "suspended", "resumed", "no such"]),
    state=st.sampled_from([State.REACHED, State.REACHED, State.EXPECTED, State.DENIED]),
    date=st.sampled_from([None, "2024", "2024-03", "2024-03-29", "2026-09", "2027"]).map(
        lambda date: Period.parse(date) if date else None
    ),
    confidence=st.sampled_from([1.0, 0.7, 0.3]),
    evidence=st.sampled_from(["one sentence", "another"]),
    phase=st.sampled_from([None, None, *PHASES]),
)
facts = st.builds(
    Fact,
    project=st.just("plant"),
    kind=st.sampled_from([FactKind.INVESTMENT, FactKind.PROGRESS]),
    value=st.sampled_from([1.0, 1.01, 2.0, 3.0]),
    unit=st.just("MAD"),
    evidence=st.sampled_from(["one sentence", "another"]),
    confidence=st.sampled_from([1.0, 0.7, 0.3]),
    phase=st.sampled_from([None, None, *PHASES]),
)


def said(
    article: str, seen: int, said: Sequence[Claim], told: Sequence[Fact], like: tuple[int, float, str, str]
) -> Report:
    day, trust, outlet, story = like
    source = Source(
        article=article,
        url=PAGE,
        outlet=outlet,
        trust=trust,
        published_at=START + timedelta(days=day),
        seen_at=START + timedelta(days=day, hours=seen),
        story=story or article,
    )
    return Report(source=source, claims=tuple(said), facts=tuple(told))


@st.composite
def streams(draw: st.DrawFn) -> list[Report]:
    """Articles of one to three editions, in any order; the source of all editions of an article is alike."""
    articles = [address_key(PAGE), *"bcdefg", "known:plant:0", "review:1"]
    likes = st.tuples(
        st.integers(0, 9),
        st.sampled_from([0.3, 0.5, 1.0]),
        st.sampled_from(["", "x", "y"]),
        st.sampled_from(["", "", "s"]),
    )
    like = {article: draw(likes) for article in articles}
    # What was known before belongs to no story.
    like["known:plant:0"] = (*like["known:plant:0"][:3], "")
    editions = draw(
        st.lists(
            st.tuples(
                st.sampled_from(articles),
                st.integers(0, 2),
                st.lists(claims, max_size=3),
                st.lists(facts, max_size=2),
            ),
            max_size=10,
        )
    )
    return [said(*edition, like[edition[0]]) for edition in editions]


def in_short(state: ProjectState) -> ProjectState:
    """The state without what is left out when it is not asked for in full."""

    def milestones(of: ProjectState | PhaseState) -> tuple[Milestone, ...]:
        return tuple(
            replace(milestone, baseline=None, promised=None, forecasts=(), rivals=()) for milestone in of.milestones
        )

    def facts(of: ProjectState | PhaseState) -> tuple[Any, ...]:
        return tuple(replace(fact, rivals=()) for fact in of.facts)

    phases = tuple(replace(phase, milestones=milestones(phase), facts=facts(phase)) for phase in state.phases)
    return replace(state, milestones=milestones(state), facts=facts(state), phases=phases)


@given(streams(), st.sampled_from([(), PHASES[:2], PHASES]))
def test_heard_one_by_one_the_same_is_known_at_any_time(stream: list[Report], phases: tuple[str, ...]) -> None:
    folding = Folding("plant", INDUSTRIAL, phases=phases)
    for count, report in enumerate(stream, 1):
        folding.hear([report])

        known = fold("plant", stream[:count], INDUSTRIAL, phases=phases)
        assert folding.state() == known
        assert folding.state(in_full=False) == in_short(known)


# ---------------------------------------------------------------- what it costs


def calls(work: Callable[[], object]) -> int:
    """How many functions are called: work that no other load on the machine can change."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def many(count: int) -> list[Report]:
    """Articles of a year in no order, each with a claim or two and an amount of its own."""
    chance = Random(1)
    told = []
    for number in range(count):
        stages = chance.sample(["agreed", "construction", "operating", "commissioning"], 2)
        claims = [
            Claim(
                project="plant",
                stage=stage,
                state=chance.choice([State.REACHED, State.EXPECTED]),
                date=Period.month(2024 + chance.randrange(3), chance.randrange(12) + 1),
                confidence=1.0,
                evidence=f"sentence {number}",
            )
            for stage in stages
        ]
        value = chance.choice([1e9, 2e9, 3e9])
        fact = Fact(project="plant", kind=FactKind.INVESTMENT, value=value, unit="MAD", evidence="so much")
        like = (chance.randrange(365), 0.5, f"outlet {chance.randrange(50)}", "")
        told.append(said(f"article {number}", 0, claims, [fact], like))
    return told


@pytest.mark.parametrize("is_late", [False, True], ids=["as they were published", "among what is known already"])
def test_four_times_the_reports_of_one_project_are_about_four_times_the_work(is_late: bool) -> None:
    def hear(count: int) -> int:
        reports = many(count)
        before, fresh = (reports[: count // 2], reports[count // 2 :]) if is_late else ([], reports)
        return calls(lambda: list(unfold("plant", before, fresh, INDUSTRIAL)))

    assert hear(1200) < 5 * hear(300)
