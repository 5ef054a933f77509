"""What any reader says passes only if the article tells it of the project."""

from dataclasses import replace

import pytest

from monitor.core.message.tongue import Tongue
from monitor.core.model import Claim, Fact, FactKind, Objection, ObjectionKind, Project, Reading, State
from monitor.core.notes import because, objection_words
from monitor.core.periods import Period
from monitor.core.reading.layout import Surveyor
from monitor.core.reading.projects.matching import Matcher
from monitor.core.reading.subject import SubjectGate
from tests.core.reading.texts import lexicons, make_text
from tests.core.reading.trained.explained import explained

VOLTA = Project(
    id="volta",
    name={"": "Volta cathode plant", "en": "Atlas Cathode Works"},
    who=("Volta", "فولتا", "伏塔"),
    what=("cathode", "cátodo", "正极", "كاثود", "Blue Anchor"),
    where=("Morocco", "Maroc", "Marruecos", "Tangier", "Tanger", "Tánger", "摩洛哥", "丹吉尔", "المغرب", "طنجة"),
)
NORVIK = Project(id="norvik", name={"": "Norvik"}, who=("Norvik",), what=("separator",), where=("Jorf",))
NAMELESS = Project(id="volta", name={"": "V"}, what=("cathode",), where=("Morocco", "Tangier"))


def gated(
    text: str,
    evidence: str,
    *,
    title: str = "",
    language: str = "en",
    stage: str = "operating",
    state: State = State.REACHED,
    date: str | None = None,
    projects: tuple[Project, ...] = (VOLTA, NORVIK),
    span: tuple[int, int] | None = None,
) -> Claim | None:
    """The claim that a reader found in a sentence, after the gate."""
    claim = Claim(
        project="volta",
        stage=stage,
        state=state,
        date=Period.parse(date) if date else None,
        confidence=0.97,
        evidence=evidence,
        span=span,
    )
    reading = Reading(language=language, projects=("volta",), claims=(claim,), facts=())
    gate = SubjectGate(Surveyor(projects, lexicons(), Matcher(projects)))
    return next(iter(gate.applied(make_text(text, title=title, language=language), reading).claims), None)


TOLD = "Volta builds a cathode plant in Tangier, Morocco."


@pytest.mark.parametrize(
    ("language", "title", "text", "evidence"),
    [
        ("en", "", "Volta opened its cathode plant in Tangier.", "Volta opened its cathode plant in Tangier."),
        ("en", "", f"{TOLD} Production has started.", "Production has started."),
        ("en", "Cathode plant opens in Tangier", "It was built by Volta.", "Cathode plant opens in Tangier"),
        ("en", "", f"{TOLD} The two plants have opened.", "The two plants have opened."),
        ("en", "", f"{TOLD} The plants have opened.", "The plants have opened."),
        ("en", "", f"{TOLD} Atlas Cathode Works opened.", "Atlas Cathode Works opened."),
        ("en", "", "The Blue Anchor plant has opened in Tangier.", "The Blue Anchor plant has opened in Tangier."),
        ("en", "", "The minister opened the plant of Volta.", "The minister opened the plant of Volta."),
        (
            "fr",
            "",
            "Volta a inauguré son usine de cathodes à Tanger.",
            "Volta a inauguré son usine de cathodes à Tanger.",
        ),
        ("zh", "", "伏塔在摩洛哥丹吉尔的正极工厂投产。", "伏塔在摩洛哥丹吉尔的正极工厂投产。"),
        ("en", "", TOLD, "A sentence that stands nowhere."),
    ],
)
def test_what_is_told_of_the_project_passes_as_it_is(language: str, title: str, text: str, evidence: str) -> None:
    claim = gated(text, evidence, title=title, language=language)

    assert claim is not None
    assert (claim.objection, claim.confidence) == (None, 0.97)


@pytest.mark.parametrize(
    ("language", "text", "evidence", "kind", "company"),
    [
        # Another company in the same town, with the same product.
        ("en", "Umicore opened its cathode plant in Tangier.", "", ObjectionKind.UNNAMED, "Umicore"),
        ("en", "The cathode plant in Tangier has opened.", "", ObjectionKind.UNNAMED, ""),
        ("en", "A cathode plant opened in Tangier. Its neighbour is Volta.", "A cathode plant opened in Tangier.",
         ObjectionKind.UNNAMED, ""),
        ("en", f"{TOLD} Umicore opened its cathode plant in Tangier.", "Umicore opened its cathode plant in Tangier.",
         ObjectionKind.OTHER_PLANT, "Umicore"),
        ("fr", "Volta bâtit à Tanger. Le voisin Umicore. Umicore a inauguré son usine près du site de Volta.",
         "Umicore a inauguré son usine près du site de Volta.", ObjectionKind.OTHER_PLANT, "Umicore"),
        # A place is no company to watch.
        ("es", "Zaragoza inauguró su planta de cátodos. La planta está en Zaragoza.",
         "Zaragoza inauguró su planta de cátodos.", ObjectionKind.UNNAMED, ""),
        # Something else of the company.
        ("en", f"{TOLD} Volta opened its solar plant.", "Volta opened its solar plant.", ObjectionKind.OTHER_PLANT, ""),
        ("en", f"{TOLD} Volta opened its plant in Hungary.", "Volta opened its plant in Hungary.",
         ObjectionKind.ELSEWHERE, ""),
        ("en", f"{TOLD} Volta opened its Slovak plant.", "Volta opened its Slovak plant.", ObjectionKind.ELSEWHERE, ""),
        ("en", f"{TOLD} Volta opened its plant in Brindlemoor.", "Volta opened its plant in Brindlemoor.",
         ObjectionKind.ELSEWHERE, ""),
        ("zh", "伏塔在丹吉尔建正极工厂。伏塔墨西哥工厂投产。", "伏塔墨西哥工厂投产。", ObjectionKind.ELSEWHERE, ""),
        ("fr", "Volta bâtit à Tanger. La société marocaine Volta a ouvert une usine à Lima, au Pérou.",
         "La société marocaine Volta a ouvert une usine à Lima, au Pérou.", ObjectionKind.ELSEWHERE, ""),
        # What follows it goes on about it.
        ("en", f"{TOLD} Volta opened its plant in Hungary. It rained. Production has started.",
         "Production has started.", ObjectionKind.ELSEWHERE, ""),
        ("en", f"{TOLD} Umicore opened its plant. Production has started.", "Production has started.",
         ObjectionKind.OTHER_PLANT, ""),
        # Plants in general.
        ("en", f"{TOLD} Spain is littered with hydrogen plants.", "Spain is littered with hydrogen plants.",
         ObjectionKind.NOBODYS, ""),
        ("en", f"{TOLD} Several plants have opened.", "Several plants have opened.", ObjectionKind.NOBODYS, ""),
        ("en", f"{TOLD} Cheap plants have opened.", "Cheap plants have opened.", ObjectionKind.NOBODYS, ""),
        ("fr", "Volta bâtit une usine de cathodes à Tanger. La Tunisie a connu des chantiers achevés.",
         "La Tunisie a connu des chantiers achevés.", ObjectionKind.NOBODYS, ""),
        ("es", "Volta levanta una planta de cátodos en Tánger. Varias plantas rivales ya funcionan.",
         "Varias plantas rivales ya funcionan.", ObjectionKind.NOBODYS, ""),
        ("ar", "تبني فولتا مصنع كاثود في طنجة. وافتتحت مصانع كثيرة.", "وافتتحت مصانع كثيرة.",
         ObjectionKind.NOBODYS, ""),
    ],
)  # fmt: skip
def test_what_is_not_told_of_the_project_is_doubtful(
    language: str, text: str, evidence: str, kind: ObjectionKind, company: str
) -> None:
    claim = gated(text, evidence or text, language=language)

    assert claim is not None
    assert claim.objection == (kind, company)
    assert claim.confidence <= 0.4


@pytest.mark.parametrize(
    ("title", "text", "state", "date", "kind"),
    [
        ("", f"{TOLD} The board met. Works were stopped.", State.REACHED, None, ObjectionKind.NOT_IN_SENTENCE),
        ("Volta stops", f"{TOLD} The board met. Works were stopped.", State.REACHED, None, None),
        ("", f"{TOLD} If sales fell, Works were stopped.", State.EXPECTED, None, ObjectionKind.SUPPOSED),
        ("Volta stops", f"{TOLD} Works were stopped.", State.EXPECTED, "2027", None),
        ("Will Volta stop?", f"{TOLD} Works were stopped.", State.EXPECTED, "2027", ObjectionKind.SUPPOSED),
    ],
)
def test_an_end_needs_the_project_in_its_sentence_or_the_headline(
    title: str, text: str, state: State, date: str | None, kind: ObjectionKind | None
) -> None:
    claim = gated(text, text.rsplit(". ", 1)[1], title=title, stage="suspended", state=state, date=date)

    assert claim is not None
    assert (claim.objection and claim.objection.kind) == kind


@pytest.mark.parametrize(("opening", "is_supposed"), [("If demand grows, it", True), ("It", False)])
def test_what_follows_an_if_is_only_supposed(opening: str, *, is_supposed: bool) -> None:
    evidence = f"{opening} will open in 2027."
    claim = gated(f"{TOLD} {evidence}", evidence, state=State.EXPECTED, date="2027")

    assert claim is not None
    assert (claim.objection == (ObjectionKind.SUPPOSED, "")) is is_supposed


def test_what_is_told_of_another_watched_project_is_doubtful() -> None:
    evidence = "Norvik opened its separator plant."
    text = f"{TOLD} Norvik builds a separator plant in Jorf. {evidence}"

    claim = gated(text, evidence)

    assert claim is not None
    assert claim.objection == (ObjectionKind.OTHER_PROJECT, "")


def test_a_project_is_left_out_where_only_another_company_is_named() -> None:
    text = "Norvik opened a cathode plant in Tangier."
    fact = Fact(project="volta", kind=FactKind.JOBS, value=300, unit="jobs", evidence=text)
    reading = Reading(language="en", projects=("volta", "norvik"), claims=(), facts=(fact,))
    gate = SubjectGate(Surveyor((VOLTA, NORVIK), lexicons(), Matcher((VOLTA, NORVIK))))

    held = gate.applied(make_text(text), reading)

    assert (held.projects, held.facts) == (("norvik",), ())


def test_an_amount_of_the_project_passes_and_one_of_plants_in_general_does_not() -> None:
    own, general = "Volta invests 30 million dirhams in its cathode plant in Tangier.", "Several plants cost 9 billion."
    facts = tuple(
        Fact(project="volta", kind=FactKind.INVESTMENT, value=3e7, unit="MAD", evidence=each) for each in (own, general)
    )
    gate = SubjectGate(Surveyor((VOLTA,), lexicons(), Matcher((VOLTA,))))
    held = gate.applied(
        make_text(f"{own} {general}"), Reading(language="en", projects=("volta",), claims=(), facts=facts)
    )

    assert [fact.objection for fact in held.facts] == [None, (ObjectionKind.NOBODYS, "")]


def test_a_project_without_a_company_needs_none() -> None:
    claim = gated("A cathode plant opened in Tangier.", "A cathode plant opened in Tangier.", projects=(NAMELESS,))

    assert claim is not None
    assert claim.objection is None


@pytest.mark.parametrize(("language", "text"), [("xx", "Volta opened."), ("en", "")])
def test_a_reading_without_a_lexicon_or_a_sentence_stays(language: str, text: str) -> None:
    claim = gated(text, text, language=language)

    assert claim is not None
    assert claim.objection is None


def test_an_explanation_shows_what_passed() -> None:
    projects = (VOLTA, NORVIK)
    gate = SubjectGate(Surveyor(projects, lexicons(), Matcher(projects)))
    article = make_text(
        "Umicore opened its cathode plant in Tangier for 30 million dirhams. "
        "Volta is its neighbour. It was once to open in 2020."
    )
    how = explained(article, *projects)
    held = gate.applied(article, how.reading)

    shown = how.checked(held)
    nothing = how.checked(replace(held, projects=(), claims=(), facts=()))

    assert shown.claims == held.claims
    assert shown.facts == held.facts
    assert (nothing.claims, nothing.facts, nothing.projects) == ((), (), ())
    assert nothing.checked(held).claims == ()


def test_what_does_not_pass_says_why_wherever_it_is_shown() -> None:
    tongue = Tongue.of({}, "en")
    said = {kind: objection_words(Objection(kind), tongue) for kind in ObjectionKind}

    assert len(set(said.values())) == len(ObjectionKind)
    assert objection_words(Objection(ObjectionKind.UNNAMED, "Umicore"), tongue) == (
        "another company: Umicore. Watch it?"
    )
    claim = gated("Umicore opened its cathode plant in Tangier.", "Umicore opened its cathode plant in Tangier.")
    assert claim is not None
    assert because(claim) == "another company: Umicore. Watch it?"
