"""News searches become feeds when the configuration is loaded. Mistakes in them are told at their line and key."""

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.core.model import Feed
from monitor.errors import ConfigError
from monitor.settings import Config, load

PROJECTS = "projects: [{id: plant, name: Plant, who: [Acme]}]\n"
SEARCHES = """\
feeds:
  - url: https://example.org/feed.xml
searches:
  - name: Acme
    engines: [google]
    queries:
      fr-MA: Acme (Oslo OR cathode)
"""


def loaded(folder: Path, feeds: str) -> Config:
    (folder / "projects.yaml").write_text(PROJECTS)
    (folder / "feeds.yaml").write_text(feeds, encoding="utf-8")
    return load(folder, {"PORT": "8081"})


def test_a_search_is_one_feed_for_each_engine_and_edition(tmp_path: Path) -> None:
    config = loaded(
        tmp_path,
        """\
searches:
  - {name: Acme, trust: 0.2, every: 1h, projects: plant, queries: {fr: Acme usine, en: Acme plant}}
engines: {local: "http://127.0.0.1:${PORT}/{language}?q={query}"}
""",
    )

    assert [feed.url for feed in config.feeds] == [
        "https://news.google.com/rss/search?q=Acme+usine&hl=fr&gl=FR&ceid=FR:fr",
        "https://news.google.com/rss/search?q=Acme+plant&hl=en-US&gl=US&ceid=US:en",
        "https://www.bing.com/news/search?q=Acme+usine&format=rss&mkt=fr-FR",
        "https://www.bing.com/news/search?q=Acme+plant&format=rss&mkt=en-US",
        "http://127.0.0.1:8081/fr?q=Acme+usine",
        "http://127.0.0.1:8081/en?q=Acme+plant",
    ]
    assert config.feeds[-1] == Feed(
        url="http://127.0.0.1:8081/en?q=Acme+plant",
        name="local, Acme (en)",
        trust=0.2,
        language="en",
        every=timedelta(hours=1),
    )
    assert config.warnings == ()


def test_the_template_of_an_engine_can_be_replaced(tmp_path: Path) -> None:
    config = loaded(tmp_path, f'{SEARCHES}engines: {{google: "https://proxy.example/?q={{query}}"}}\n')

    assert [(feed.name, feed.url, feed.trust) for feed in config.feeds[1:]] == [
        ("Google News, Acme (fr)", "https://proxy.example/?q=Acme+%28Oslo+OR+cathode%29", 0.3)
    ]


def test_a_search_for_a_project_that_is_not_there_is_warned_of(tmp_path: Path) -> None:
    config = loaded(tmp_path, SEARCHES.replace("    queries", "    projects: [plnat]\n    queries"))

    assert [str(warning).removeprefix(f"{tmp_path}/") for warning in config.warnings] == [
        "feeds.yaml:6: searches[0].projects[0]: 'plnat' matches no project (did you mean plant?)"
    ]


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        pytest.param(
            "[google]",
            "[gogle]",
            "feeds.yaml:5: searches[0].engines[0]: there is no engine 'gogle' (did you mean google?); "
            "there are google, bing",
            id="engine",
        ),
        pytest.param("[google]", "[]", "feeds.yaml:5: searches[0].engines: must have at least 1 item", id="no engine"),
        pytest.param(
            "fr-MA", "FR", "feeds.yaml:7: searches[0].queries.FR: invalid language 'FR'; write its ISO", id="edition"
        ),
        pytest.param("fr-MA: Acme (Oslo OR cathode)", "fr:", "feeds.yaml:7: searches[0].queries.fr: is", id="no query"),
        pytest.param("\n      fr-MA: Acme (Oslo OR cathode)", " {}", "feeds.yaml:6: searches[0].queries: ", id="none"),
        pytest.param("    queries", "    query", "feeds.yaml:6: searches[0].query: unknown key (did you", id="key"),
        pytest.param("  - name: Acme\n    ", "  - ", "feeds.yaml:4: searches[0].name: is missing: Its", id="no name"),
        pytest.param(
            "cathode",
            "摩洛哥" * 80,
            "feeds.yaml:7: searches[0].queries.fr-MA: gives an address of 2239 characters, and 2000 is the most; "
            "use fewer words",
            id="too long",
        ),
        pytest.param(
            "cathode)\n",
            "cathode)\n  - {name: B, queries: {fr-MA: Acme (Oslo OR cathode)}}\n",
            "feeds.yaml:8: searches[1].queries.fr-MA: gives the address of line 7 again; keep one",
            id="twice",
        ),
        pytest.param(
            "https://example.org/feed.xml",
            "https://news.google.com/rss/search?q=Acme+%28Oslo+OR+cathode%29&hl=fr&gl=MA&ceid=MA:fr",
            "feeds.yaml:7: searches[0].queries.fr-MA: gives the address of line 2 again; keep one",
            id="a feed as well",
        ),
        pytest.param(
            "searches:",
            "engines: {google: 'https://x.example/'}\nsearches:",
            "feeds.yaml:3: engines.google: has no place for the words that are searched; write {query} there",
            id="template without a query",
        ),
        pytest.param(
            "searches:",
            "engines: {google: 'https://x.example/{query}/{lang}'}\nsearches:",
            "feeds.yaml:3: engines.google: has an unknown place {lang} (did you mean language?); the places are",
            id="unknown place",
        ),
        pytest.param(
            "searches:",
            "engines: {google: 'ftp://x.example/{query}'}\nsearches:",
            "feeds.yaml:3: engines.google: is not a web address; write https://…",
            id="template that is no address",
        ),
        pytest.param("searches:", "engines: [a]\nsearches:", "feeds.yaml:3: engines: must be a mapping", id="a list"),
    ],
)
def test_a_mistake_in_a_search(tmp_path: Path, written: str, instead: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, SEARCHES.replace(written, instead, 1))

    found = str(caught.value).replace(f"{tmp_path}/", "").splitlines()
    assert any(problem.startswith(told) for problem in found), found
    assert len(caught.value.problems) <= 2
