"""What its reader is not sure of moves nothing until somebody bears it out, and then counts as if it had been sure."""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.changes.changes import unfold
from monitor.core.folding.fold import Folding, fold
from monitor.core.folding.known import known_reports
from monitor.core.folding.weighing import ALERT_FROM, DEFAULT_POLICY
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Claim, Fact, FactKind, KnownMilestone, Project, State
from monitor.core.news import Change, ChangeType
from monitor.core.review import Review, Ruling, reviewed
from monitor.core.state import Confidence, ProjectState, Report
from tests.core.folding.test_combining import CHAIN
from tests.core.folding.test_fold import START, claim, fact, folded, said, source
from tests.core.folding.test_folding import PHASES, streams

DOUBT = ALERT_FROM - 0.01
BUILT = claim("construction", date="2024-01", confidence=DOUBT)
TOLD = said("a", 9, BUILT)
PLANT = Project(
    id="plant",
    name={"": "Plant"},
    known=(KnownMilestone(stage="construction", state=State.REACHED, date=None, source=None),),
)


def copied(article: str, day: int, *claims: Claim, trust: float = 0.5) -> Report:
    """A copy of the story that the article "a" tells."""
    return Report(source=source(article, day=day, trust=trust, story="a"), claims=claims)


def decided(verdict: Ruling) -> Review:
    return Review(
        claim=BUILT, source=TOLD.source, verdict=verdict, author="zoe", at=TOLD.source.seen_at + timedelta(days=1)
    )


@pytest.mark.parametrize(
    ("others", "counts"),
    [
        pytest.param((), False, id="alone"),
        pytest.param((copied("b", 10, BUILT),), False, id="a copy is read the same"),
        pytest.param((copied("b", 10, replace(BUILT, confidence=ALERT_FROM)),), True, id="a copy is read surely"),
        pytest.param((copied("b", 10, BUILT, trust=1.0),), True, id="a copy is official"),
        pytest.param((said("b", 10, BUILT, outlet="a"),), False, id="the same outlet says it again"),
        pytest.param(
            (said("b", 10, claim("construction"), outlet="a"),), True, id="the same outlet is read surely to say it"
        ),
        pytest.param((said("b", 10, BUILT),), True, id="another story is read as doubtfully"),
        pytest.param((said("b", 10, BUILT, trust=0.1),), True, id="another story of little trust"),
        pytest.param((said("b", 1, claim("construction")),), True, id="another story was read surely before"),
        pytest.param((said("b", 10, claim("construction", date="2023", confidence=0.5)),), True, id="of another time"),
        pytest.param((said("b", 10, replace(BUILT, confidence=0.49)),), False, id="another story, rather not so"),
        pytest.param((said("b", 10, claim("approved", confidence=DOUBT)),), False, id="another story, another stage"),
        pytest.param((said("b", 10, claim("construction", "expected")),), False, id="another story, another state"),
        pytest.param((said("b", 10, BUILT, trust=1.0),), True, id="an official source"),
        pytest.param(known_reports(PLANT), True, id="the configuration knows it"),
    ],
)
def test_a_doubtful_claim_counts_once_it_is_borne_out(others: tuple[Report, ...], counts: bool) -> None:
    state = folded(TOLD, *others)

    held = state.milestone("construction")
    is_reached = held is not None and held.state is State.REACHED
    assert is_reached == counts
    assert any(each.said == BUILT and each.source == TOLD.source for each in state.unverified) != counts


def test_a_claim_is_doubtful_below_the_threshold_and_not_at_it() -> None:
    assert folded(said("a", 0, replace(BUILT, confidence=ALERT_FROM))).status == "construction"
    policy = replace(DEFAULT_POLICY, alert_from=ALERT_FROM + 0.01)
    assert fold("plant", [said("a", 0, replace(BUILT, confidence=ALERT_FROM))], INDUSTRIAL, policy).status is None
    nobody_doubts = replace(DEFAULT_POLICY, alert_from=0.0)
    assert fold("plant", [said("a", 0, replace(BUILT, confidence=0.0))], INDUSTRIAL, nobody_doubts).status is not None


@pytest.mark.parametrize("others", [(), (0.49,), (0.49, DOUBT)])
def test_readings_that_are_rather_wrong_bear_out_nothing(others: tuple[float, ...]) -> None:
    told = [said(f"x{n}", n, replace(BUILT, confidence=sure)) for n, sure in enumerate((0.4, *others))]

    assert folded(*told).status is None


def test_an_official_source_is_enough_by_itself() -> None:
    assert folded(said("a", 9, BUILT, trust=1.0)).confidence is Confidence.CONFIRMED


@pytest.mark.parametrize(
    ("verdict", "status", "is_open"),
    [(None, None, True), (Ruling.CONFIRM, "construction", False), (Ruling.REJECT, None, False)],
)
def test_an_operator_settles_it(verdict: Ruling | None, status: str | None, is_open: bool) -> None:
    reviews = [decided(verdict)] if verdict else []

    state = folded(*reviewed("plant", [TOLD], reviews))

    assert (state.status, bool(state.unverified)) == (status, is_open)


@pytest.mark.parametrize(
    ("other", "counts"),
    [
        pytest.param(fact(3.01e9), True, id="rounded otherwise"),
        pytest.param(fact(4e9), False, id="another value"),
        pytest.param(fact(3e9, "USD"), False, id="another unit"),
        pytest.param(fact(3e9, kind=FactKind.CAPACITY), False, id="another quantity"),
        pytest.param(replace(fact(3e9), phase="first"), False, id="of a phase"),
    ],
)
def test_a_doubtful_amount_is_borne_out_by_the_same_amount(other: Fact, counts: bool) -> None:
    doubtful = replace(fact(3e9), confidence=DOUBT)

    state = folded(
        Report(source=source("a"), facts=(doubtful,)),
        Report(source=source("b"), facts=(replace(other, confidence=DOUBT),)),
    )

    assert (doubtful not in [each.said for each in state.unverified]) == counts


# ---------------------------------------------------------------- what is told of it


def told(*reports: Report) -> list[Change]:
    return [change for _, change in unfold("plant", (), reports, INDUSTRIAL)]


@pytest.mark.parametrize(
    "doubtful",
    [
        claim("construction", confidence=DOUBT),
        claim("suspended", confidence=DOUBT),
        claim("delayed", confidence=DOUBT),
        claim("operating", "expected", "2026-09", DOUBT),
    ],
    ids=lambda doubtful: doubtful.stage,
)
def test_it_is_told_once_and_when_it_is_borne_out_with_all_its_sources(doubtful: Claim) -> None:
    first, second, third = (said(name, day, doubtful) for day, name in enumerate("abc"))

    assert told(first) == []
    [change] = told(first, second, third)
    assert change.at == second.source.seen_at
    assert change.sources == ("https://example.org/b", "https://example.org/a")


def test_the_status_is_told_with_both_sources_as_confirmed() -> None:
    [change] = told(TOLD, said("b", 10, BUILT))

    assert (change.type, change.to, change.confidence) == (ChangeType.STATUS, "construction", Confidence.CONFIRMED)
    assert change.sources == ("https://example.org/b", "https://example.org/a")


def test_what_is_borne_out_no_longer_is_taken_back() -> None:
    second = said("b", 10, BUILT)
    corrected = replace(second, source=replace(second.source, seen_at=START + timedelta(days=20)), claims=())
    folding = Folding("plant", INDUSTRIAL)

    folding.hear([TOLD, second])
    assert folding.state().unverified == ()
    folding.hear([corrected])

    assert folding.state() == folded(TOLD, corrected)
    assert folding.state().status is None


# ---------------------------------------------------------------- for any reports

#: Of all articles one edition, with claims and amounts of every sureness.
unsure = st.sampled_from([0.0, 0.3, 0.5, 0.6, DOUBT, ALERT_FROM, 0.9, 1.0])
#: Sentences of which some have words in common, some by way of others, and some have none.
sentences = st.sampled_from([*CHAIN, *(f"{one} {other}" for one, other in pairwise(CHAIN)), "Works have stopped."])


@st.composite
def doubted(draw: st.DrawFn) -> list[Report]:
    folding = Folding("plant", INDUSTRIAL)
    stream = draw(streams())
    folding.hear(stream)
    editions = (folding.edition(article) for article in dict.fromkeys(each.source.article for each in stream))
    return [
        replace(
            edition,
            claims=tuple(replace(each, confidence=draw(unsure), evidence=draw(sentences)) for each in edition.claims),
            facts=tuple(replace(each, confidence=draw(unsure)) for each in edition.facts),
        )
        for edition in editions
        if edition is not None
    ]


@given(doubted(), st.sampled_from([(), PHASES[:2], PHASES]), st.randoms(use_true_random=False))
def test_in_any_order_the_same_is_known(reports: list[Report], phases: tuple[str, ...], chance: Random) -> None:
    known = fold("plant", reports, INDUSTRIAL, phases=phases)
    shuffled = list(reports)
    chance.shuffle(shuffled)
    folding = Folding("plant", INDUSTRIAL, phases=phases)

    for report in shuffled:
        folding.hear([report])

    assert folding.state() == known


@given(doubted(), st.sampled_from([(), PHASES[:2], PHASES]))
def test_what_is_unverified_might_as_well_not_be_said_and_the_rest_might_as_well_be_sure(
    reports: list[Report], phases: tuple[str, ...]
) -> None:
    reports = [plausible(report) for report in reports]
    known = fold("plant", reports, INDUSTRIAL, phases=phases)
    unverified = {(each.source.story, each.said.told) for each in known.unverified}
    nobody_doubts = replace(DEFAULT_POLICY, alert_from=0.0)
    rest = [
        replace(
            report,
            claims=tuple(each for each in report.claims if (report.source.story, each.told) not in unverified),
            facts=tuple(each for each in report.facts if (report.source.story, each.told) not in unverified),
        )
        for report in reports
    ]

    sure = fold("plant", rest, INDUSTRIAL, nobody_doubts, phases=phases)

    assert alone(replace(known, unverified=(), latest=None)) == alone(replace(sure, latest=None))


def plausible(report: Report) -> Report:
    """Below, something stays unverified whatever others say."""
    least = DEFAULT_POLICY.plausible
    return replace(
        report,
        claims=tuple(replace(each, confidence=max(each.confidence, least)) for each in report.claims),
        facts=tuple(replace(each, confidence=max(each.confidence, least)) for each in report.facts),
    )


def alone(state: ProjectState) -> str:
    """The state without what its parts rest on together."""
    return re.sub(r"readings=\([^()]*\)", "", repr(state))


REMARK = "Spain is littered with cancelled hydrogen plants, an analyst of the ministry said on Monday."


@pytest.mark.parametrize(
    ("other", "counts"),
    [
        pytest.param(REMARK, False, id="word for word"),
        pytest.param(f"In Madrid, {REMARK[:-11]} this week.", False, id="in nearly the same words"),
        pytest.param("The company has given up its plans for the plant at Palos.", True, id="in words of its own"),
    ],
)
def test_two_doubtful_readings_of_one_remark_do_not_bear_each_other_out(other: str, counts: bool) -> None:
    told = [
        said(name, day, replace(claim("cancelled", confidence=DOUBT), evidence=sentence))
        for name, day, sentence in [("a", 9, REMARK), ("b", 10, other)]
    ]

    assert (folded(*told).status == "cancelled") is counts
