"""Layout: what a grammar finds in an article, and in which pieces it stands."""

import pytest

from monitor.core.model import FactKind, Project, State
from monitor.core.reading.trained.scheme import DISTANCES, Flag, Trait, distance
from tests.core.reading.trained.laid import laid, lay_out

QUAY = Project(id="quay", name={"": "Quay"}, what=("quay",), where=("Nador",))


def test_an_article_that_names_nothing_is_not_laid_out() -> None:
    assert lay_out("The minister spoke on Monday.") is None


def test_an_article_in_another_language_is_not_laid_out() -> None:
    assert lay_out("Volta builds a cathode plant in Tanger.", language="xx") is None
    assert lay_out("Volta builds a cathode plant in Tanger.", language=None) is None


def test_what_is_nothing_but_a_word_of_a_company_on_itself_is_not_laid_out() -> None:
    assert lay_out("About Volta: the company makes cathodes.") is None


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("Volta opened a cathode plant.", ("cathode", "anode")),
        ("The anode plant in Tanger opened.", ("cathode", "anode")),
        ("Works in Tanger have begun.", ("cathode", "anode")),
        ("A concert was held in Tanger.", ()),
        ("An anode was sold.", ()),
        ("Volta showed a toy.", ("cathode",)),
        ("Works on a toy shop in Tanger have begun.", ("cathode",)),
    ],
)
def test_candidates(text: str, candidates: tuple[str, ...]) -> None:
    layout = lay_out(text)

    assert (layout.candidates if layout else ()) == candidates


def test_a_country_alone_makes_no_candidate() -> None:
    plant = Project(id="plant", name={"": "Plant"}, who=("Volta",), what=("cathode",), where=("Morocco",))

    assert lay_out("Works on a plant in Morocco have begun.", projects=(plant,)) is None


def test_a_place_of_many_projects_alone_makes_no_candidate() -> None:
    many = tuple(Project(id=f"p{n}", name={"": "P"}, what=(f"what{n}",), where=("Tanger",)) for n in range(5))

    assert lay_out("Works on a plant in Tanger have begun.", projects=many) is None
    layout = lay_out("Works on a plant in Tanger have begun.", projects=many[:4])
    assert layout is not None
    assert len(layout.candidates) == 4


def test_flags_say_whose_words_stand_where() -> None:
    _, pieces, words = laid("In Tanger, Volta builds anodes and a cathode.", title="Toy")
    flags = pieces.flags("cathode")
    found = {word: {Flag(n) for n in row.nonzero()[0]} for word, row in zip(words, flags, strict=True)}

    assert found["Toy"] == {Flag.HEADLINE}
    assert found["Tanger"] == {Flag.WHERE, Flag.OTHER_WHERE}
    assert found["Volta"] == {Flag.WHO, Flag.OTHER_WHO}
    assert found["anodes"] == {Flag.OTHER_WHAT}
    assert found["cathode"] == {Flag.WHAT}
    assert found["builds"] == set()


def test_what_shows_something_else_is_flagged_for_its_own_project_only() -> None:
    _, pieces, words = laid("Volta shows an anode and a toy.")

    assert pieces.flags("anode")[words.index("toy"), Flag.NOT] == 1
    assert pieces.flags("cathode")[words.index("toy")].sum() == 0


def test_times_and_amounts_stand_in_their_pieces() -> None:
    layout, pieces, words = laid("Volta will open in March 2026. It costs 300 million euros.")

    (time,), (amount,) = pieces.times, pieces.amounts
    assert [words[n] for n in time] == ["in", "March", "2026"]
    assert {"300", "million", "euros"} <= {words[n] for n in amount}
    assert (layout.amounts[0].kind, layout.amounts[0].unit, layout.amounts[0].values) == (
        FactKind.INVESTMENT,
        "EUR",
        (300e6,),
    )


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Volta will make between 200 and 300 tonnes.", (200.0, 300.0)),
        ("Volta cut jobs from 300 to 200 employees.", (200.0,)),
    ],
)
def test_an_amount_has_both_ends_of_a_range_and_the_last_of_a_fall(text: str, values: tuple[float, ...]) -> None:
    layout, _, _ = laid(text)

    assert [amount.values for amount in layout.amounts] == [values]


def test_what_no_fact_is_made_of_is_no_amount() -> None:
    layout, _, _ = laid("Volta works for three years with two plants.")

    assert layout.amounts == ()


def test_traits_say_when_a_time_is_and_where_it_stands() -> None:
    _, pieces, _ = laid("It opened in 2023. It was initially planned for 2030.", title="Volta 2025")
    headline, past, superseded = pieces.traits(State.REACHED)

    assert {Trait(n) for n in headline.nonzero()[0]} == {Trait.HEADLINE}
    assert {Trait(n) for n in past.nonzero()[0]} == {Trait.PAST}
    assert {Trait(n) for n in superseded.nonzero()[0]} == {Trait.AHEAD, Trait.SUPERSEDED}


def test_without_a_day_of_publishing_nothing_lies_before_or_behind_it() -> None:
    _, pieces, _ = laid("Volta opened in 2023.", published=None)

    assert pieces.traits(State.REACHED).sum() == 0


def test_each_piece_has_the_sentence_that_it_stands_in() -> None:
    _, pieces, words = laid("Volta speaks. It builds.", title="Head")

    assert dict(zip(words, pieces.sentences.tolist(), strict=True)) == {
        "Head": 0, "Volta": 1, "speaks": 1, ".": 2, "It": 2, "builds": 2,
    }  # fmt: skip


def test_distances_are_counted_from_the_nearer_end() -> None:
    _, pieces, words = laid("Volta said that in March 2026 the plant will open.")

    assert pieces.distances(words.index("said")) == [distance(2)]
    assert pieces.distances(words.index("2026")) == [distance(0)]
    assert pieces.distances(words.index("open")) == [distance(-4)]


def test_distances_fall_into_classes() -> None:
    assert [distance(n) for n in (-1000, -1, 0, 1, 2, 3, 4, 1000)] == [0, 6, 7, 8, 9, 9, 10, DISTANCES - 1]
