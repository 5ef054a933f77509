"""Layout: what a grammar finds in an article, and in which pieces it stands."""

import pytest

from monitor.core.model import FactKind, Project
from monitor.core.reading.flags import Flag
from monitor.core.reading.layout import Surveyor
from monitor.core.reading.projects.matching import Matcher
from tests.core.reading.texts import lexicons, make_text
from tests.core.reading.trained.laid import PLANTS, laid, lay_out


def test_an_article_is_laid_out_once_for_all() -> None:
    surveyor, article = Surveyor(PLANTS, lexicons(), Matcher(PLANTS)), make_text("Volta builds in Tanger.")

    assert surveyor.lay_out(article) is surveyor.lay_out(article)
    assert surveyor.lay_out(make_text("Volta builds in Tanger.")) is not surveyor.lay_out(article)


def test_an_article_in_another_language_is_not_laid_out() -> None:
    assert lay_out("Volta builds a cathode plant in Tanger.", language="xx") is None
    assert lay_out("Volta builds a cathode plant in Tanger.", language=None) is None


def test_what_is_nothing_but_a_word_of_a_company_on_itself_is_not_laid_out() -> None:
    assert lay_out("About Volta: the company makes cathodes.") is None


def candidates_of(text: str, *projects: Project) -> tuple[str, ...]:
    layout = lay_out(text, projects=projects or PLANTS)
    assert layout is not None
    return layout.candidates


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
    assert candidates_of(text) == candidates


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
