"""What sources contradict each other about, side by side."""

from dataclasses import replace
from datetime import UTC

from monitor.core.folding.fold import fold
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.message.tongue import Tongue
from monitor.core.model import Claim, State
from monitor.core.state import KnownFact, ProjectState, Report, Standing
from monitor.web.view.chronicle import Citing
from monitor.web.view.dossier import Dispute, disputes
from tests.builders import VOICE, make_article, make_claim, make_fact

CITING = Citing(Tongue.of(VOICE.catalogues, "en"), UTC)


def report(key: str, day: int, *claims: Claim) -> Report:
    return Report(source=make_article(key, day=day, outlet=f"Outlet {key}").source, claims=claims)


def of(*reports: Report) -> tuple[Dispute, ...]:
    return disputes(fold("plant", reports, INDUSTRIAL), reports, INDUSTRIAL, CITING)


BEGUN = make_claim(stage="construction", evidence="Works have begun.")
DENIED = make_claim(stage="construction", state=State.DENIED, date=None, evidence="Nothing has begun.")


def test_each_side_has_its_sentences_the_last_said_first() -> None:
    (dispute,) = of(
        report("a", -30, BEGUN),
        report("b", -20, replace(BEGUN, evidence="The works go on.")),
        report("c", -10, DENIED),
    )

    assert dispute.label == "construction"
    assert [(side.label, side.sources, [quote.words for quote in side.quotes]) for side in dispute.sides] == [
        ("reached", "2 sources", ["“The works go on.”", "“Works have begun.”"]),
        ("denied", "one source", ["“Nothing has begun.”"]),
    ]
    place = dispute.sides[1].quotes[0].place
    assert place is not None
    assert place.outlet == "Outlet c"


def test_what_nobody_disputes_is_no_dispute() -> None:
    assert of(report("a", -30, BEGUN)) == ()


def test_reports_of_works_contradict_the_end_of_a_project() -> None:
    ended = make_claim(stage="cancelled", date=None, evidence="It is over.")
    reports = (
        report("a", -40, make_claim(evidence="It was signed.")),
        report("b", -30, ended),
        report("c", -9, BEGUN),
    )
    state = ProjectState(project="plant", disputed=("cancelled",))

    (dispute,) = disputes(state, reports, INDUSTRIAL, CITING)

    assert [(side.label, [quote.words for quote in side.quotes]) for side in dispute.sides] == [
        ("happened", ["“It is over.”"]),
        ("the project goes on", ["“Works have begun.”"]),
    ]


def test_a_disputed_amount_has_a_side_for_each_value_the_believed_one_first() -> None:
    facts = (make_fact(value=5e9, evidence="Five billion."), make_fact(value=9e9, phase="Line 1"))
    reports = (
        Report(source=make_article("a", day=-30).source, facts=(make_fact(value=3e9, evidence="Three billion."),)),
        Report(source=make_article("b", day=-9, outlet="Other").source, facts=facts),
    )
    believed = KnownFact(
        kind=facts[0].kind,
        value=3e9,
        undisputed=3e9,
        unit="MAD",
        standing=Standing(sources=1, against=1, disputed=True),
        evidence=(),
    )
    calm = replace(believed, unit="USD", standing=Standing(sources=1))

    (dispute,) = disputes(ProjectState(project="plant", facts=(believed, calm)), reports, INDUSTRIAL, CITING)

    assert dispute.label == "investment"
    assert [(side.label, [quote.words for quote in side.quotes]) for side in dispute.sides] == [
        ("3 billion\xa0MAD", ["“Three billion.”"]),
        ("5 billion\xa0MAD", ["“Five billion.”"]),
    ]
