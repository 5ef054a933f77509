"""How cues and tenses decide in which state an event is told."""

import pytest

from monitor.core.reading.events.events import tell
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.segment import segment
from monitor.core.reading.text.tokens import Tokens
from tests.core.reading.texts import lexicons, make_text

LEXICON = Lexicon.from_mapping(
    {
        "language": "en",
        "scope": {"few": 3, "stretch": 8, "before": 6, "past": 2, "after": 5},
        "clauses": {"marks": [";"], "words": ["but"]},
        "verbs": {"begin": ["begin", "begins", "began", "begun", "beginning", "begin_ra"], "halt": ["halt", "halts"]},
        "nouns": {"works": ["works"]},
        "tenses": {"past": ["began", "begun"], "open": ["begin"], "expected": ["begin_ra", "*ra"]},
        "outcomes": {
            "not_an_event": {},
            "odd": {
                "reached": ["construction reached", "suspended reached"],
                "denied": ["construction denied", "suspended denied"],
            },
        },
        "events": {
            "construction": ["WORKS ... BEGIN", "BEGIN ... WORKS", "ground_breaking", "launch", "launch date"],
            "cancelled": ["will not go_ahead !", "scrap ... deal", "go_ahead", "shelved"],
            "suspended": ["shelved ... two years", "for_now ... go_ahead !", "HALT ... site"],
            "odd": ["stand_still"],
            "not_an_event": ["launch party", "WORKS ... BEGIN to sing"],
        },
        "cues": {
            "reached": {"before": ["has", "after"]},
            "followed": {"before": ["following"]},
            "decided": {"before": ["decided to HALT"]},
            "expected": {"adjacent": ["to"], "before": ["will", "plans", "won .. before"], "after": ["planned"]},
            "denied": {
                "before": ["not", "denies that"],
                "over": ["disputes that"],
                "after": ["unlikely"],
                "anywhere": ["untrue"],
            },
            "superseded": {"before": ["was to"], "after": ["it was_to"]},
            "unreal": {"before": ["if"]},
            "once": {"before": ["once"]},
            "hearsay": {"anywhere": ["rumour"]},
            "stop": {"before": ["stopper"], "after": ["which"]},
        },
    },
    {},
)


def told(text: str) -> list[str]:
    document = segment(make_text(text), LEXICON)
    return [f"{e.stage} {e.state}" for e in tell(document, Tokens.of(document.text), LEXICON)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The form of the verb.
        ("works began", ["construction reached"]),
        ("works begins", ["construction reached"]),
        ("works begin", ["construction expected"]),
        # Cues before, nearest first; joined ones act together.
        ("it will begin works", ["construction expected"]),
        ("it will not begin works", ["construction denied"]),
        ("it plans to begin works", ["construction expected"]),
        ("to all who begins works", ["construction reached"]),
        ("it was to begin works", ["construction expected"]),
        ("it has begun works", ["construction reached"]),
        ("if it plans a lot then begins works", []),
        ("once it begins works", []),
        ("once it began works", ["construction reached"]),
        ("once began works", []),
        ("once it has begun works", []),
        ("once scrap planned deal", []),
        ("once there, scrap planned deal", ["cancelled expected"]),
        # What goes before something else has happened where that has; by verbs and conditions it has anyway.
        ("works began following a launch", ["construction reached", "construction reached"]),
        ("it will sing following a launch", ["construction expected"]),
        ("elle chantera following a launch", ["construction expected"]),
        ("it will sing; following a launch", ["construction reached"]),
        ("elle chantera; following a launch", ["construction reached"]),
        ("it will sing following works begins", ["construction reached"]),
        ("it will sing, all of it, following shelved", ["cancelled reached"]),
        ("stopper that will now stopper begins works", ["construction reached"]),
        # A past verb is reached by its own auxiliaries alone.
        ("it plans many things and began works", ["construction reached"]),
        ("it plans a lot and began works", ["construction reached"]),
        # A cue that runs into the verb still stands before it.
        ("it denies that works began", ["construction denied"]),
        # A question tells nothing.
        ("works has begun?", []),
        ("will works begin? no", []),
        ("works has begun. will it scrap deal? no", ["construction reached"]),
        # Within the phrase.
        ("works will begin", ["construction expected"]),
        ("begin not the works", ["construction denied"]),
        ("begin, not yet agreed, works", ["construction expected"]),
        ("works begins but not at all", ["construction reached"]),
        # Around the verb.
        ("works won begins before noon", ["construction expected"]),
        # Over nearer cues.
        ("it disputes that it has begun works", ["construction denied"]),
        (
            "it disputes that the far too long and slow delay, which all of us know, has begun works",
            ["construction denied"],
        ),
        (f"it disputes that {'the very ' * 10}delay has begun works", ["construction reached"]),
        # Behind.
        ("launch planned", ["construction expected"]),
        ("launch now unlikely", ["construction denied"]),
        ("has a launch unlikely", ["construction denied"]),
        ("has a launch planned", ["construction reached"]),
        ("it has, a launch planned", ["construction expected"]),
        ("it plans a launch unlikely", ["construction denied"]),
        ("it plans a launch that all find unlikely", ["construction expected"]),
        ("launch, which is planned", ["construction reached"]),
        ("launch of a very long and slow process planned", ["construction reached"]),
        ("launch planned, unlikely", ["construction denied"]),
        # A denial with which the clause closes, past the date of the plan.
        ("launch, planned for the spring of 2027, unlikely", ["construction denied"]),
        ("launch, planned for the spring, unlikely; we wait", ["construction denied"]),
        ("launch, planned for the spring, unlikely to be late", ["construction expected"]),
        ("launch, planned for the spring; unlikely", ["construction expected"]),
        ("launch, planned for the spring of a year that is far away, unlikely", ["construction expected"]),
        # Clauses and pauses keep cues out.
        ("it will wait but begins works", ["construction reached"]),
        ("launch; planned", ["construction reached"]),
        ("it will, say, then, begins works", ["construction reached"]),
        # Fixed phrases.
        ("it will not go ahead", ["cancelled reached"]),
        ("go ahead", ["cancelled reached"]),
        # The longer of two conditions.
        ("shelved", ["cancelled reached"]),
        ("shelved for two years", ["suspended reached"]),
        ("for now it will not go ahead", ["suspended reached"]),
        # What a verb before it will do.
        ("it bringera a launch", ["construction expected"]),
        ("it bringera; a launch", ["construction reached"]),
        # Behind an aside, where nothing nearer says it.
        ("launch, which the boss likes, planned", ["construction expected"]),
        ("launch, which was_liked, planned well, too", ["construction expected"]),
        ("launch, which the boss likes, and all that, planned", ["construction reached"]),
        ("launch unlikely, they say, planned", ["construction denied"]),
        ("launch, which the boss likes", ["construction reached"]),
        # Outcomes.
        ("stand still", ["construction reached", "suspended reached"]),
        ("will stand still", []),
        ("launch party", []),
        ("works begin to sing", []),
        ("launch date", ["construction reached"]),
        ("the scrap future deal", ["cancelled reached"]),
        ("extra scrap not deal", ["cancelled denied"]),
        ("scrap extra deal", ["cancelled expected"]),
        ("nothing here", []),
    ],
)
def test_an_event_is_told_in_the_state_that_its_words_give_it(text: str, expected: list[str]) -> None:
    assert told(text) == expected


def test_hearsay_anywhere_in_the_sentence_marks_its_events() -> None:
    document = segment(make_text("Launch, by rumour. Launch."), LEXICON)

    assert [e.hearsay for e in tell(document, Tokens.of(document.text), LEXICON)] == [True, False]


def test_what_is_told_behind_a_refutation_is_no_hearsay() -> None:
    document = segment(make_text("Rumour has it that it may launch, which is untrue, and works began."), LEXICON)
    told = tell(document, Tokens.of(document.text), LEXICON)

    assert [(e.stage, e.hearsay) for e in told][-1] == ("construction", False)


def test_what_was_planned_once_is_marked_as_superseded() -> None:
    document = segment(make_text("it was to begin works"), LEXICON)

    assert [e.superseded for e in tell(document, Tokens.of(document.text), LEXICON)] == [True]


def test_by_decision_a_halt_has_happened_and_what_is_halted_is_still_to_come() -> None:
    assert told("The group decided to halt the site.") == ["suspended reached"]
    assert told("The group decided to halt the launch.") == ["construction expected"]


def test_what_was_planned_once_is_the_plant_that_is_halted_and_not_its_halt() -> None:
    document = segment(make_text("The group halts the site it was to open."), LEXICON)

    found = tell(document, Tokens.of(document.text), LEXICON)
    assert [(e.stage, e.state, e.superseded) for e in found] == [("suspended", "reached", False)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rumour has it that works began. Untrue, they say.", ["construction denied"]),
        ("Rumour has it that works began, which is untrue.", ["construction denied"]),
        ("Untrue is the rumour that works began.", ["construction denied"]),
        # Only what its own clause tells.
        ("Untrue is the rumour; works began.", ["construction reached"]),
        # What refutes it tells nothing itself, and stands right behind.
        ("Rumour has it that works began. A launch is untrue.", ["construction reached", "construction reached"]),
        ("Rumour has it that works began. So it goes. Untrue.", ["construction reached"]),
        # Only what the rumour tells.
        ("Works began, says a rumour. Untrue.", ["construction reached"]),
        # Of a plan that is refuted nothing is left; a condition is denied, planned or not.
        ("Rumour has it that works will begin. Untrue.", []),
        (
            "Rumour has it that it may stand_still. Untrue.".replace("_", " "),
            ["construction denied", "suspended denied"],
        ),
    ],
)
def test_hearsay_is_denied_by_what_refutes_it(text: str, expected: list[str]) -> None:
    assert sorted(told(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Steps of one plan.
        ("项目预计2026年动工，2027年投产。", ["construction expected", "operating expected"]),
        # Another sentence in all but its mark, and what is no step.
        ("项目预计2026年动工；一期投产。", ["construction expected", "operating reached"]),
        ("项目预计2026年动工，停工。", ["construction expected", "construction reached", "suspended reached"]),
        ("项目已动工，一期投产。", ["construction reached", "operating reached"]),
    ],
)
def test_where_verbs_show_no_tense_an_expectation_is_carried_on(text: str, expected: list[str]) -> None:
    assert told_in("zh", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("من المقرر أن تنطلق الأشغال في مارس، ويبدأ الإنتاج في ماي.", ["construction expected", "operating expected"]),
        ("من المقرر أن تنطلق الأشغال في مارس، وبدأ الإنتاج في ماي.", ["construction expected", "operating reached"]),
    ],
)
def test_in_arabic_it_is_carried_on_to_verbs_that_are_not_past(text: str, expected: list[str]) -> None:
    assert told_in("ar", text) == expected


def told_in(language: str, text: str) -> list[str]:
    lexicon = lexicons()[language]
    document = segment(make_text(text, language=language), lexicon)
    events = tell(document, Tokens.of(document.text), lexicon)
    return sorted({f"{event.stage} {event.state}" for event in events})


def test_a_verb_belongs_to_the_noun_with_no_other_verb_between() -> None:
    assert told_in("en", "The plant was approved and construction started.") == [
        "approved reached",
        "construction reached",
    ]
    assert told_in("en", "Work on the plant started.") == ["construction reached"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The permit has not been issued yet, but is expected in May.", ["approved denied", "approved expected"]),
        ("Construction has not begun; it is now planned for June.", ["construction denied", "construction expected"]),
        ("Construction was to begin in May, but is now expected in June.", ["construction expected"]),
        # What is told of something else, of what has happened, or has a noun of its own.
        ("Construction has not begun, but the council of the town is expected to meet.", ["construction denied"]),
        ("Construction has begun, and is expected to employ many.", ["construction reached"]),
        ("There is no delay, but is expected in May.", ["delayed denied"]),
    ],
)
def test_a_clause_without_a_noun_takes_up_what_was_denied_before_it(text: str, expected: list[str]) -> None:
    assert told_in("en", text) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        # A word that opens a clause, and a mark, break what belongs together; a comma alone does not.
        ("en", "He declared it started, although the construction is to follow.", []),
        ("en", "It started; construction follows.", []),
        ("en", "Construction, he said, started.", ["construction reached"]),
        ("ar", "الأشغال، التي طال انتظارها، انطلقت.", ["construction reached"]),
    ],
)
def test_an_event_stays_in_its_clause(language: str, text: str, expected: list[str]) -> None:
    assert [told for told in told_in(language, text) if told.endswith("reached")] == expected
