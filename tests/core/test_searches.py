"""News searches: the addresses of their feeds, and the words to search for a project with."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.model import Project
from monitor.core.searches import ENGINES, PLACES, address, feed_name, open_places, query_for


@pytest.mark.parametrize(
    ("edition", "google", "bing"),
    [
        ("fr", "hl=fr&gl=FR&ceid=FR:fr", "fr-FR"),
        ("fr-MA", "hl=fr&gl=MA&ceid=MA:fr", "fr-FR"),
        ("fr-CA", "hl=fr&gl=CA&ceid=CA:fr", "fr-CA"),
        ("en", "hl=en-US&gl=US&ceid=US:en", "en-US"),
        ("en-GB", "hl=en-GB&gl=GB&ceid=GB:en", "en-GB"),
    ],
)
def test_an_edition_is_spelt_as_the_engine_spells_it(edition: str, google: str, bing: str) -> None:
    assert address(ENGINES["google"], "a", edition) == f"https://news.google.com/rss/search?q=a&{google}"
    assert address(ENGINES["bing"], "a", edition) == f"https://www.bing.com/news/search?q=a&format=rss&mkt={bing}"


@given(query=st.text(min_size=1).filter(lambda text: text.isprintable()), engine=st.sampled_from(sorted(ENGINES)))
def test_the_engine_gets_the_words_that_were_written(query: str, engine: str) -> None:
    url = address(ENGINES[engine], query, "fr")

    assert parse_qs(urlsplit(url).query, keep_blank_values=True)["q"] == [query]


def test_a_template_may_use_every_place_in_any_order() -> None:
    template = "https://x.example/{country}/{language}?" + "&".join(f"{place}={{{place}}}" for place in PLACES)

    assert address(template, "a", "fr-MA") == (
        "https://x.example/MA/fr?query=a&language=fr&country=MA&hl=fr&ceid=MA:fr&mkt=fr-FR"
    )
    assert open_places("{query} {x}{}") == ("query", "x", "")


def test_a_feed_is_named_after_its_engine_search_and_language() -> None:
    assert feed_name("google", "BTR", "fr-MA", ["fr-MA", "en"]) == "Google News, BTR (fr)"
    assert feed_name("bing", "BTR", "fr-MA", ["fr-MA", "fr"]) == "Bing News, BTR (fr-MA)"
    assert feed_name("searx", "BTR", "en", ["en"]) == "searx, BTR (en)"


def plant(*, who: tuple[str, ...] = (), what: tuple[str, ...] = (), where: tuple[str, ...] = ()) -> Project:
    return Project(id="plant", name={"": "Plant"}, who=who, what=what, where=where)


@pytest.mark.parametrize(
    ("project", "edition", "query"),
    [
        pytest.param(
            plant(who=("Acme",), what=("cathode",), where=("Oslo",)), "fr", "Acme (Oslo OR cathode)", id="all"
        ),
        pytest.param(plant(who=("Acme",), where=("Oslo",)), "en", "Acme Oslo", id="one of each"),
        pytest.param(plant(who=("Acme",)), "en", "Acme", id="who alone"),
        pytest.param(plant(what=("a", "b"), where=("Oslo",)), "en", "(a OR b) Oslo", id="without who"),
        pytest.param(
            plant(who=("BTR",), where=("Maroc", "المغرب")), "ar", "BTR المغرب", id="a Latin name in the Arabic press"
        ),
        pytest.param(plant(who=("BTR",), where=("Maroc",)), "ar", "", id="no word of its script"),
        pytest.param(plant(who=("4680", "Acme"), where=("Oslo",)), "en", "Acme Oslo", id="a number has no script"),
    ],
)
def test_the_query_for_a_project(project: Project, edition: str, query: str) -> None:
    assert query_for(project, edition) == query


def test_a_query_stays_short() -> None:
    words = tuple(f"word{chr(97 + number)}" for number in range(20))
    query = query_for(plant(who=words, what=words, where=words), "en")

    assert query.count(" OR ") == 14
