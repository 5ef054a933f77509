"""``monitor projects``: a new project in one command, and what becomes of one that is changed or removed."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from monitor.app.build import App
from monitor.cli import projects
from monitor.core.model import Feed
from monitor.poll.poll import PollOutcome, PollResult
from monitor.ports import FeedRecord
from monitor.settings import load
from tests.cli.conftest import Monitor, rss
from tests.servers import LoopbackServer, Reply

PROJECTS = """\
# What is watched.
projects:
  - id: plant   # the first one
    name: {en: Cathode plant, fr: Usine de cathodes}
    who: [BTR]  # and no other
    what: [cathode]
    where: [Morocco]

  - id: anode
    name: Anode plant
    who: &acme
      - Acme  # the maker
    what: [anode]
    where: [Morocco]
# The end.
"""
FEEDS = """\
# What is polled.
searches:
  # By hand.
  - name: Both
    projects: [plant, anode]   # two
    queries: {fr-MA: BTR OR Acme}
  - name: Anode
    projects: anode
    queries:
      en: Acme anode
      zh: Acme
engines:
  google: "{url}/google?q={{query}}&l={{language}}-{{country}}"
  bing: "{url}/bing?q={{query}}&l={{language}}"
feeds:
  - {{url: "file:history.xml", name: Chronicle, trust: 0.7}}  # the past
"""
NEWS = rss(
    ("Hydra broke ground on its electrolyser in Huelva on Monday.", datetime.now(UTC) - timedelta(days=2)),
    ("Nothing of the kind happened elsewhere.", datetime.now(UTC) - timedelta(days=1)),
)
HYDRA = ("--name", "Hydra plant", "--who", "Hydra,Hydra Corp", "--what", "electrolyser", "--where", "Huelva")


@pytest.fixture
def engine(folder: Path) -> Iterator[LoopbackServer]:
    """A search engine on this machine, in the place of the two that ship."""
    with LoopbackServer() as server:
        for path in ("/google", "/bing"):
            server.routes[path] = Reply(body=NEWS.encode(), headers={"Content-Type": "application/rss+xml"})
        (folder / "projects.yaml").write_text(PROJECTS)
        url = server.url("/").rstrip("/")
        feeds = FEEDS.replace("{fr-MA: BTR OR Acme}", "{{fr-MA: BTR OR Acme}}").format(url=url)
        (folder / "feeds.yaml").write_text(feeds)
        (folder / "monitor.yaml").write_text(
            "fetch: {allow_private: [127.0.0.0/8]}\nreader: {use: 'tests.readers.hits:HitReader'}\n"
        )
        yield server


def text(folder: Path, name: str) -> str:
    return (folder / f"{name}.yaml").read_text()


def asked(server: LoopbackServer) -> list[tuple[str, str]]:
    """The queries that the engine was asked, with their language."""
    found = [parse_qs(urlsplit(request.path).query) for request in server.requests if "?" in request.path]
    return sorted((query["q"][0], query["l"][0]) for query in found)


# ---------------------------------------------------------------- add


def test_a_project_is_watched_searched_for_and_shown_in_one_command(
    monitor: Monitor, folder: Path, engine: LoopbackServer
) -> None:
    done = monitor("projects", "add", *HYDRA, "--language", "en,fr-MA")

    assert done.code == 0, done.err
    assert text(folder, "projects") == (
        f"{PROJECTS}\n  - id: hydra-plant\n    name: Hydra plant\n    who: [Hydra, Hydra Corp]\n"
        "    what: [electrolyser]\n    where: [Huelva]\n"
    )
    query = '(Hydra OR "Hydra Corp") (Huelva OR electrolyser)'
    assert f"""      zh: Acme
  - name: Hydra plant
    projects: [hydra-plant]
    queries:
      en: '{query}'
      fr-MA: '{query}'
engines:
""" in text(folder, "feeds")
    assert asked(engine) == [(query, lang) for lang in ("en", "en-US", "fr", "fr-MA")]
    assert "hydra-plant added." in done.out
    assert re.search(r"construction +reached", done.out)
    assert "“Hydra broke ground on its electrolyser in Huelva on Monday.”" in done.out


def test_the_next_step_is_one_that_brings_something(monitor: Monitor, folder: Path, engine: LoopbackServer) -> None:
    def last_line(name: str, *options: str) -> str:
        done = monitor("projects", "add", "--name", name, "--who", f"{name} Corp", "--what", "electrolyser", *options)
        assert done.code == 0, done.err
        return done.out.splitlines()[-1]

    feeds = text(folder, "feeds")
    (folder / "feeds.yaml").unlink()
    assert last_line("Zulu", "--no-search") == "No feed may tell of it yet. Find some: monitor feeds discover URL --add"
    (folder / "feeds.yaml").write_text(feeds)
    assert last_line("Yankee", "--no-search") == "What the other feeds say: monitor poll"
    (folder / "history.xml").write_text(rss())
    for path in ("/google", "/bing"):
        engine.routes[path] = Reply(body=rss().encode(), headers={"Content-Type": "application/rss+xml"})
    monitor("poll")
    assert last_line("Xray", "--no-search") == "To hear of its news: monitor run"
    (folder / "history.xml").write_text(NEWS)
    monitor("poll")
    assert last_line("Whiskey", "--no-search") == "What earlier articles say of it: monitor rebuild"


def test_what_the_searches_bring_is_history_and_alerts_nobody(monitor: Monitor, engine: LoopbackServer) -> None:
    done = monitor("projects", "add", *HYDRA, "--language", "en", "--json").json

    assert done["project"]["id"] == "hydra-plant"
    assert [feed["history"] for feed in done["imported"]] == [True, True]
    assert done["status"]["status"] == "construction"
    assert [each["stage"] for each in done["status"]["milestones"]] == ["construction"]
    assert done["warnings"] == []
    assert monitor("deliveries", "--json").lines == []


@pytest.mark.parametrize(
    ("option", "searches", "requests"), [("--no-import", 2, 0), ("--no-search", 0, 0)], ids=["no import", "no search"]
)
def test_what_is_not_wanted_is_left_out(
    monitor: Monitor, engine: LoopbackServer, option: str, searches: int, requests: int
) -> None:
    done = monitor("projects", "add", *HYDRA, "--language", "en", option, "--json").json

    assert len(done["project"]["searches"]) == searches
    assert (len(engine.requests), done["imported"]) == (requests, [])


def test_what_is_advised_names_the_folder_unless_the_monitor_finds_it_by_itself(
    monitor: Monitor, folder: Path, engine: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    advised = monitor("projects", "add", *HYDRA, "--no-import").out.splitlines()[-1]
    monkeypatch.setenv("MONITOR_CONFIG", "")
    other = monitor("projects", "add", *HYDRA, "--id", "other", "--no-search", "--config", str(folder)).out

    assert advised == "What the other feeds say: monitor poll"
    assert other.splitlines()[-1] == f"{advised} --config {folder}"


def test_without_a_network_the_project_is_watched_all_the_same(
    monitor: Monitor, folder: Path, engine: LoopbackServer
) -> None:
    engine.routes.clear()

    done = monitor("projects", "add", *HYDRA, "--language", "en")

    assert done.code == 0
    assert "warning: no search answered, so nothing was imported; the first poll that succeeds does it" in done.err
    assert "nothing known" in done.out
    assert [project.id for project in load(folder, {}).projects] == ["plant", "anode", "hydra-plant"]


def test_without_a_network_no_search_looks_as_if_it_had_been_asked(
    monitor: Monitor, engine: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def offline(
        app: App, feeds: Sequence[tuple[Feed, FeedRecord]], heard: Callable[[PollResult], None]
    ) -> list[PollResult]:
        results = [PollResult(feed=feed, outcome=PollOutcome.NOT_ASKED, error="no network") for feed, _ in feeds]
        for result in results:
            heard(result)
        return results

    monkeypatch.setattr(projects, "poll_all", offline)

    done = monitor("projects", "add", *HYDRA, "--language", "en")

    assert "✔" not in done.out
    assert done.err.splitlines()[-1] == (
        "warning: there is no network, so 2 feeds of its searches must wait; "
        "the service asks them when the network is back"
    )


def test_the_searches_are_in_the_editions_of_the_others_unless_said_otherwise(
    monitor: Monitor, engine: LoopbackServer
) -> None:
    monitor("projects", "add", *HYDRA, "--no-import")
    monitor("projects", "add", "--id", "two", "--name", "Two", "--who", "海德拉,Hydra", "--what", "b", "--no-import")

    listed = {each["id"]: each["searches"] for each in monitor("projects", "list", "--json").json}
    assert [parse_qs(urlsplit(url).query)["l"][0] for url in listed["hydra-plant"]] == ["fr-MA", "en-US", "fr", "en"]
    assert len(listed["two"]) == 6


def test_a_language_whose_press_writes_none_of_the_words_is_told(monitor: Monitor, engine: LoopbackServer) -> None:
    done = monitor("projects", "add", *HYDRA, "--language", "en,zh", "--no-import")

    assert "warning: no search in zh: the project has no word that its press writes; add one" in done.err


def test_words_are_given_with_commas_or_one_by_one(monitor: Monitor, folder: Path, engine: LoopbackServer) -> None:
    monitor(
        "projects", "add", "--no-search", "--id", "h2", "--name", "fr=Usine, Hydra", "--name", "en=Hydra plant",
        "--who", "Hydra", "--who", "海德拉、هيدرا، Hydra: $5", "--what", "no", "--not", "Hydra Bank",
        "--tag", "h2,green",
    )  # fmt: skip

    project = load(folder, {}).projects[-1]
    assert project.name == {"fr": "Usine, Hydra", "en": "Hydra plant"}
    assert project.who == ("Hydra", "海德拉", "هيدرا", "Hydra: $5")
    assert (project.what, project.not_, project.tags) == (("no",), ("Hydra Bank",), ("h2", "green"))
    assert 'what: ["no"]' in text(folder, "projects")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        pytest.param(("--who", "BTR"), "who: BTR: short, and may stand for something else; list", id="acronym"),
        pytest.param(
            ("--who", "BTR", "--what", "cathode"),
            "who: BTR: also under who of plant, and nothing tells them apart; give each a what of its own",
            id="twin",
        ),
        pytest.param(
            ("--who", "Acme", "--what", "foil"),
            "who: Acme: also under who of anode; only what tells them apart",
            id="sibling",
        ),
        pytest.param(
            ("--who", "Anode", "--what", "foil"),
            "who: Anode: also under what or where of anode; its news would be taken for that",
            id="what of another",
        ),
        pytest.param(
            ("--who", "Xeno", "--what", "usine,plant,foil"), "what: usine, plant: common words, which", id="common"
        ),
        pytest.param(("--who", "Morocco,Xeno"), "who: Morocco: names of places; they belong under where", id="place"),
    ],
)
def test_words_that_may_bring_the_news_of_something_else_are_warned_of(
    monitor: Monitor, engine: LoopbackServer, options: tuple[str, ...], told: str
) -> None:
    done = monitor("projects", "add", "--name", "New", "--where", "Oslo", "--no-search", *options)

    assert done.code == 0
    assert f"warning: new: {told}" in done.err


def test_good_words_are_warned_of_by_nothing(monitor: Monitor, engine: LoopbackServer) -> None:
    assert "warning" not in monitor("projects", "add", *HYDRA, "--no-search").err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        pytest.param(
            ("--id", "plant", "--name", "Plant", "--who", "Xeno"), "projects[2].id: 'plant' is given twice, in", id="id"
        ),
        pytest.param(("--name", "New"), "projects[2]: needs who, or both what and where", id="no words"),
        pytest.param(("--name", "New", "--who", "…"), "projects[2].who[0]: holds no letter or digit", id="word"),
        pytest.param(
            ("--name", "New", "--who", "Xeno", "--lifecycle", "rail"), "there is no lifecycle", id="lifecycle"
        ),
        pytest.param(("--name", "New", "--who", "Xeno", "--language", "FR"), "invalid language 'FR'", id="language"),
    ],
)
def test_nothing_is_written_that_would_be_invalid(
    monitor: Monitor, folder: Path, engine: LoopbackServer, options: tuple[str, ...], told: str
) -> None:
    before = {file: file.read_bytes() for file in folder.iterdir() if file.is_file()}

    done = monitor("projects", "add", *options)

    assert done.code == 2
    assert told in done.err
    assert {file: file.read_bytes() for file in folder.iterdir() if file.is_file()} == before


@pytest.mark.parametrize(
    ("names", "written"),
    [
        (["Hydra plant", "fr=Usine Hydra"], "{en: Hydra plant, fr: Usine Hydra}"),
        (["fr=Usine Hydra", "Hydra plant"], "{fr: Usine Hydra, en: Hydra plant}"),
        (["fr=Usine Hydra"], "{fr: Usine Hydra}"),
    ],
)
def test_a_name_may_be_given_in_several_languages(
    monitor: Monitor, folder: Path, engine: LoopbackServer, names: Sequence[str], written: str
) -> None:
    options = [part for name in names for part in ("--name", name)]

    done = monitor("projects", "add", "--id", "hydra", *options, "--who", "Hydra", "--no-search")

    assert done.code == 0, done.err
    assert f"  - id: hydra\n    name: {written}\n" in text(folder, "projects")


@pytest.mark.parametrize("names", [["Hydra", "Hydra plant"], ["Hydra", "en=Hydra plant"], ["fr=Usine", "fr=Hydra"]])
def test_two_names_in_one_language_are_refused(
    monitor: Monitor, folder: Path, engine: LoopbackServer, names: Sequence[str]
) -> None:
    done = monitor("projects", "add", *(part for name in names for part in ("--name", name)), "--who", "Hydra")

    assert done.code == 2
    assert "--name 'Acme plant' --name 'fr=Usine Acme'" in " ".join(done.err.replace("│", "").split())
    assert text(folder, "projects") == PROJECTS


def test_a_script_must_name_the_project(monitor: Monitor, engine: LoopbackServer) -> None:
    done = monitor("projects", "add", "--who", "Hydra")

    assert done.code == 2
    assert "--name" in done.err


def test_on_a_terminal_it_asks(monitor: Monitor, folder: Path, engine: LoopbackServer) -> None:
    answers = "Usine Hydra\nHydra, Hydra Corp\nelectrolyser\nHuelva\nHydra Bank\n\nen\ny\n"

    done = monitor("projects", "add", "--json", stdin=answers, terminal=True)

    assert done.code == 0, done.err
    assert done.json["project"] == {
        "id": "usine-hydra",
        "name": "Usine Hydra",
        "who": ["Hydra", "Hydra Corp"],
        "what": ["electrolyser"],
        "where": ["Huelva"],
        "not": ["Hydra Bank"],
        "lifecycle": "industrial",
        "tags": [],
        "searches": done.json["project"]["searches"],
    }
    assert "Write this?" in done.err
    assert "    who: [Hydra, Hydra Corp]" in text(folder, "projects")


def test_what_is_refused_on_a_terminal_is_not_written(monitor: Monitor, folder: Path, engine: LoopbackServer) -> None:
    done = monitor("projects", "add", stdin="Hydra\nHydra\n\nOslo\n\nh2\nen\nn\n", terminal=True)

    assert done.code == 1
    assert text(folder, "projects") == PROJECTS


# ---------------------------------------------------------------- list


def test_projects_are_listed_with_their_words_and_searches(monitor: Monitor, engine: LoopbackServer) -> None:
    shown = monitor("projects", "list").out

    assert re.search(r"plant +BTR +cathode +Morocco +2", shown)
    assert re.search(r"anode +Acme +anode +Morocco +6", shown)
    assert monitor("projects", "list", "--json").json[0]["name"] == {"en": "Cathode plant", "fr": "Usine de cathodes"}


# ---------------------------------------------------------------- edit


def test_given_fields_are_changed_and_the_rest_stays(monitor: Monitor, folder: Path, engine: LoopbackServer) -> None:
    done = monitor("projects", "edit", "plant", "--who", "BTR,Beiterui", "--not", "BTR-80", "--name", "fr=Usine")

    assert done.code == 0, done.err
    assert "plant changed." in done.out
    assert text(folder, "projects") == PROJECTS.replace("[BTR]", "[BTR, Beiterui]").replace(
        "{en: Cathode plant, fr: Usine de cathodes}", "{fr: Usine}"
    ).replace("[Morocco]\n\n", "[Morocco]\n    not: [BTR-80]\n\n")


def test_a_list_on_lines_of_its_own_can_be_changed(monitor: Monitor, folder: Path, engine: LoopbackServer) -> None:
    monitor("projects", "edit", "anode", "--who", "Acme Industries", "--json")

    assert "    who: [Acme Industries] &acme" not in text(folder, "projects")
    assert load(folder, {}).projects[1].who == ("Acme Industries",)


def test_a_shared_value_is_not_changed_for_one_alone(monitor: Monitor, folder: Path, engine: LoopbackServer) -> None:
    shared = PROJECTS.replace("who: [BTR]  # and no other", "who: [BTR]\n    phases: []").replace(
        "# The end.", "  - {id: c, name: C, who: *acme, what: [foil]}"
    )
    (folder / "projects.yaml").write_text(shared)

    refused = monitor("projects", "edit", "anode", "--who", "Xeno")
    own = monitor("projects", "edit", "c", "--who", "Xeno", "--where", "Oslo")

    assert refused.code == 2
    assert "who is shared with others by &acme; change it in the file" in refused.err
    assert own.code == 0, own.err
    assert text(folder, "projects") == shared.replace("*acme, what: [foil]", "[Xeno], what: [foil], where: [Oslo]")


def test_an_invalid_change_is_told_and_not_kept(monitor: Monitor, folder: Path, engine: LoopbackServer) -> None:
    done = monitor("projects", "edit", "plant", "--who", "", "--what", "")

    assert done.code == 2
    assert "projects[0]: needs who, or both what and where" in done.err
    assert text(folder, "projects") == PROJECTS
    assert monitor("projects", "edit", "plnat", "--who", "a").code == 2
    assert monitor("projects", "edit", "--who", "a").code == 2


def editor(folder: Path, monkeypatch: pytest.MonkeyPatch, *edits: str) -> None:
    """An editor that does these edits of sed, one at each start."""
    script, started = folder.parent / "editor", folder.parent / "started"
    cases = "".join(f"{number}) sed -i '{edit}' \"$1\" ;;\n" for number, edit in enumerate(edits, start=1))
    script.write_text(f'#!/bin/sh\necho x >> {started}\ncase $(wc -l < {started} | tr -d " ") in\n{cases}esac\n')
    script.chmod(0o700)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", str(script))


def test_the_file_is_changed_in_the_editor(
    monitor: Monitor, folder: Path, engine: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(folder, monkeypatch, "s/cathode]/cathode, LFP]/")

    done = monitor("projects", "edit", "--json")

    assert [each["what"] for each in done.json] == [["cathode", "LFP"]]
    assert [warning["reason"] for warning in done.json[0]["warnings"]] == ["short", "short"]
    assert text(folder, "projects") == PROJECTS.replace("[cathode]", "[cathode, LFP]")


def test_an_invalid_edit_in_the_editor_is_kept_aside(
    monitor: Monitor, folder: Path, engine: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(folder, monkeypatch, "s/who: .BTR./whoo: [BTR]/")

    done = monitor("projects", "edit")

    assert done.code == 2
    assert "projects[0].whoo: unknown key (did you mean who?)" in done.err
    kept = Path(re.search(r"the edit is in (\S+)", done.err.replace("\n", " "))[1])  # type: ignore[index]
    assert "whoo: [BTR]" in kept.read_text()
    assert text(folder, "projects") == PROJECTS
    kept.unlink()


def test_an_invalid_edit_can_be_gone_on_with_on_a_terminal(
    monitor: Monitor, folder: Path, engine: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(folder, monkeypatch, "s/who: .BTR./whoo: [BTR]/", "s/whoo: .BTR./who: [BTR, B]/")

    done = monitor("projects", "edit", "plant", stdin="y\n", terminal=True)

    assert done.code == 0, done.err
    assert text(folder, "projects") == PROJECTS.replace("[BTR]", "[BTR, B]")


def test_an_edit_that_somebody_else_overtook_is_not_kept(
    monitor: Monitor, folder: Path, engine: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(folder, monkeypatch, f"s/x/x/; w {folder}/projects.yaml")

    done = monitor("projects", "edit")

    assert done.code == 0
    editor(folder, monkeypatch, f"1d; w {folder}/projects.yaml")
    (folder.parent / "started").unlink()
    done = monitor("projects", "edit")

    assert done.code == 2
    assert "has changed meanwhile; take that over into your edit" in done.err


@pytest.mark.parametrize(("command", "told"), [("false", "failed with 1"), ("/no/editor", "cannot be started; set")])
def test_an_editor_that_fails_changes_nothing(
    monitor: Monitor, engine: LoopbackServer, monkeypatch: pytest.MonkeyPatch, command: str, told: str
) -> None:
    monkeypatch.setenv("VISUAL", command)

    done = monitor("projects", "edit")

    assert done.code == 1
    assert told in done.err


# ---------------------------------------------------------------- remove


def test_a_project_is_removed_with_the_searches_that_are_its_own(
    monitor: Monitor, folder: Path, engine: LoopbackServer
) -> None:
    done = monitor("projects", "remove", "anode", "--yes")

    assert done.code == 0, done.err
    assert "These feeds are polled no more: Google News, Anode (en); Google News, Anode (zh); Bing News" in done.out
    assert "These searches stay for other projects: Both" in done.out
    assert "The ledger keeps what was read of anode." in done.out
    assert text(folder, "projects") == PROJECTS[: PROJECTS.index("\n  - id: anode")] + "# The end.\n"
    assert "  # By hand.\n  - name: Both\n    projects: [plant]   # two\n" in text(folder, "feeds")
    assert "name: Anode" not in text(folder, "feeds")
    assert "# the past" in text(folder, "feeds")


def test_the_ledger_keeps_what_was_read_of_a_removed_project(monitor: Monitor, engine: LoopbackServer) -> None:
    monitor("projects", "add", *HYDRA, "--language", "en")
    removed = monitor("projects", "remove", "hydra-plant", "--yes", "--json").json
    monitor("projects", "add", *HYDRA, "--no-search")

    assert removed["removed"] == "hydra-plant"
    assert len(removed["feeds"]) == 2
    assert monitor("status", "hydra-plant", "--json").json[0]["status"] == "construction"


def test_removing_asks_first(monitor: Monitor, folder: Path, engine: LoopbackServer) -> None:
    script = monitor("projects", "remove", "anode")
    refused = monitor("projects", "remove", "anode", stdin="n\n", terminal=True)
    before = text(folder, "projects")
    agreed = monitor("projects", "remove", "anode", stdin="y\n", terminal=True)

    assert (script.code, refused.code, agreed.code) == (2, 1, 0)
    assert before == PROJECTS
    assert "Remove anode?" in refused.err
    assert "These searches stay for other projects: Both" in refused.err
    assert "anode removed." in agreed.out


def test_what_others_share_is_not_removed(monitor: Monitor, folder: Path, engine: LoopbackServer) -> None:
    shared = PROJECTS.replace("# The end.", "  - {id: c, name: C, who: *acme, what: [foil]}")
    (folder / "projects.yaml").write_text(shared)

    done = monitor("projects", "remove", "anode", "--yes")

    assert done.code == 2
    assert "holds a value that others share by *acme; write &acme at one of these first" in done.err
    assert text(folder, "projects") == shared


def test_the_last_project_can_be_removed_and_another_added(monitor: Monitor, folder: Path) -> None:
    done = monitor("projects", "remove", "plant", "--yes")

    assert done.code == 0, done.err
    assert "projects: is empty, so nothing is watched; add one: monitor projects add" in done.err
    assert text(folder, "projects") == "\nprojects:\n"
    for command in (["status"], ["check"], ["projects", "list"], ["changes"], ["poll"], ["rebuild"]):
        assert monitor(*command).code == 0, command
    assert monitor("projects", "add", *HYDRA, "--no-search").code == 0
    assert [project.id for project in load(folder, {}).projects] == ["hydra-plant"]


def test_a_pattern_that_matches_nothing_any_more_is_warned_of(
    monitor: Monitor, folder: Path, engine: LoopbackServer
) -> None:
    (folder / "subscribers.yaml").write_text("subscribers: [{name: D, to: ['console://'], projects: [anode]}]\n")

    assert "'anode' matches no project" in monitor("projects", "remove", "anode", "--yes").err


def test_a_feed_is_added_to_its_list_wherever_the_list_stands(
    monitor: Monitor, folder: Path, engine: LoopbackServer
) -> None:
    written = (
        "feeds:\n  - url: file:history.xml  # the past\n\n# Searches.\nsearches:\n  - {name: A, queries: {en: a}}\n"
    )
    (folder / "feeds.yaml").write_text(written)

    monitor("feeds", "add", "https://example.org/feed.xml", "--name", "Daily")

    assert text(folder, "feeds") == written.replace(
        "# the past\n",
        '# the past\n  - url: "https://example.org/feed.xml"\n    name: "Daily"\n    trust: 0.5\n',
    )
