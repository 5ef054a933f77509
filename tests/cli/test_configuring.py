"""``init``, ``check``, ``schema``."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Monitor
from tests.readers.hits import BY_HITS
from tests.servers import LoopbackServer, Reply


def test_init_writes_a_folder_that_check_accepts(tmp_path: Path, monitor: Monitor) -> None:
    folder = tmp_path / "new"

    written = monitor("init", str(folder))

    assert written.code == 0
    assert f"{folder}/projects.yaml" in written.out.splitlines()
    assert f"monitor check --config {folder}" in written.err
    assert monitor("check", "--config", str(folder)).code == 0


def test_init_leaves_what_is_there(tmp_path: Path, monitor: Monitor) -> None:
    monitor("init", str(tmp_path / "new"))
    (tmp_path / "new" / "projects.yaml").write_text("mine")

    again = monitor("init", str(tmp_path / "new"))

    assert again.out == ""
    assert "nothing was written" in again.err
    assert (tmp_path / "new" / "projects.yaml").read_text() == "mine"


def test_init_writes_the_templates_of_messages_where_they_are_wanted(tmp_path: Path, monitor: Monitor) -> None:
    folder = tmp_path / "new"

    assert "/templates/" not in monitor("init", str(folder)).out
    assert f"{folder}/templates/change.html" in monitor("init", str(folder), "--templates").out.splitlines()
    assert monitor("check", "--config", str(folder)).code == 0


def test_check_tries_the_operators_templates(folder: Path, monitor: Monitor) -> None:
    (folder / "templates").mkdir()
    (folder / "templates" / "change.txt").write_text("{{ told.news }}\n{{ told.newz }}\n")
    (folder / "templates" / "chang.md").write_text("x")

    done = monitor("check")

    assert done.code == 2
    assert f"{folder}/templates/change.txt: error: fails on an example" in done.err
    assert "newz" in done.err
    assert f"{folder}/templates/chang.md: error: unknown template" in done.err


def test_check_shows_what_was_understood(monitor: Monitor) -> None:
    done = monitor("check")

    assert done.code == 0
    assert "1 project, 1 feed, 1 subscriber" in done.out
    assert "console://" in done.out
    assert done.err == ""


def test_check_names_every_problem_with_its_place_and_exits_2(folder: Path, monitor: Monitor) -> None:
    (folder / "projects.yaml").write_text("projects:\n  - id: plant\n    whom: [BTR]\n")
    (folder / "feeds.yaml").write_text("feeds:\n  - url: ftp://example.org\n")

    done = monitor("check")

    assert done.code == 2
    assert done.out == ""
    assert f"{folder}/projects.yaml:3: error: projects[0].whom:" in done.err
    assert f"{folder}/feeds.yaml:2: error: feeds[0].url:" in done.err
    assert "Traceback" not in done.err


def test_check_proves_the_phrases_of_reading_yaml(folder: Path, monitor: Monitor) -> None:
    (folder / "reading.yaml").write_text(
        "phrases:\n  - language: en\n    words: [golden shovel]\n    always: construction reached\n    examples:\n"
        "      - {text: The golden shovel was out., claims: [construction reached]}\n"
        "      - {text: No golden shovel was out., claims: []}\n"
    )

    done = monitor("check")

    assert (done.code, done.out) == (2, "")
    place = f"{folder}/reading.yaml:7: error: phrases[0].examples[1]"
    assert done.err.strip() == f"{place}: is read as construction reached, not as it says: no claim"


def test_check_tells_a_missing_variable_beside_what_the_examples_show(folder: Path, monitor: Monitor) -> None:
    (folder / "templates").mkdir()
    (folder / "templates" / "chang.md").write_text("x")
    (folder / "reading.yaml").write_text(
        "phrases:\n  - {language: en, words: [golden shovel], always: construction reached,"
        " examples: [{text: The golden shovel was out., claims: []}]}\n"
    )
    (folder / "subscribers.yaml").write_text('subscribers:\n  - {name: Desk, to: ["json://${NO_SUCH_HOST}"]}\n')

    done = monitor("check")

    assert done.code == 2
    assert "NO_SUCH_HOST is not set" in done.err
    assert "not as it says" in done.err
    assert "unknown template" in done.err


def test_check_warns_of_words_of_which_nothing_comes(folder: Path, monitor: Monitor) -> None:
    (folder / "lexicons").mkdir()
    (folder / "lexicons" / "en.yaml").write_text(
        "events:\n  construktion: [golden shovel]\n  closed: [shut for good]\n"
    )

    done, as_json = monitor("check"), monitor("check", "--json")

    assert (done.code, as_json.code) == (0, 0)
    message = "names 'construktion', which is no stage or condition of the reader (did you mean construction?)"
    assert f"{folder}/lexicons/en.yaml:2: warning: events.construktion: {message}" in done.err
    assert [warning["key"] for warning in as_json.json["warnings"]] == ["events.construktion"]


def test_help_breaks_its_lines_where_the_terminal_ends(monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    shown = monitor("check", "--help").out

    assert "word that is added may spoil what another tells. Own templates of messages are" in shown
    assert "\n     monitor check  " in shown


def test_check_shows_what_holds_a_message_and_what_stands_in(folder: Path, monitor: Monitor) -> None:
    (folder / "subscribers.yaml").write_text(
        "subscribers:\n  - name: Desk\n    to: [{first: 'json://a.example', else: 'json://b.example', after: 20m}]\n"
        "    quiet_hours: 22:00-07:00\n"
    )

    shown = monitor("check").out

    assert "at once, quiet 22:00-07:00" in shown
    assert "20 min later, if that fails" in shown


def test_check_gives_problems_as_json_too(folder: Path, monitor: Monitor) -> None:
    (folder / "projects.yaml").write_text("projects:\n  - id: plant\n    whom: [BTR]\n")

    done = monitor("check", "--json")

    assert done.code == 2
    assert done.json["ok"] is False
    assert {"file", "line", "key", "message"} == set(done.json["problems"][0])


def test_check_as_json_holds_what_was_understood(monitor: Monitor) -> None:
    found = monitor("check", "--json").json

    assert found["ok"] is True
    assert found["projects"] == ["plant"]
    assert found["feeds"] == ["file:history.xml"]
    assert found["subscribers"] == [{"name": "Desk", "destinations": ["console://"]}]


def test_check_warns_of_what_is_probably_not_meant(folder: Path, monitor: Monitor) -> None:
    (folder / "subscriber.yaml").write_text("subscribers: []")

    done = monitor("check")

    assert done.code == 0
    assert "subscriber.yaml: warning: is not read" in done.err


def test_check_says_in_one_line_that_a_file_is_too_large(folder: Path, monitor: Monitor) -> None:
    items = (
        f"  - {{id: plant-{n}, name: Plant {n}, who: [Acme], what: [cathode], where: [Oslo]}}\n" for n in range(60_000)
    )
    (folder / "projects.yaml").write_text("projects:\n" + "".join(items))

    done = monitor("check")

    assert done.code == 2
    assert done.err.count("error: ") == 1
    assert "projects.yaml: error: is larger than 4 MB" in done.err


def test_check_asks_no_address_unless_it_is_told_to(folder: Path, monitor: Monitor) -> None:
    with LoopbackServer() as server:
        (folder / "monitor.yaml").write_text(BY_HITS + "fetch: {allow_private: [127.0.0.0/8]}")
        (folder / "feeds.yaml").write_text(f"feeds:\n  - url: {server.url('/feed')}\n    name: Loopback\n")
        server.routes["/feed"] = Reply(status=404)
        offline = monitor("check")
        asked = len(server.requests)
        online = monitor("check", "--online")

    assert (offline.code, asked) == (0, 0)
    assert online.code == 1
    assert "Loopback" in online.out
    assert "404" in online.out


def test_schema_is_that_of_all_files_or_of_one(monitor: Monitor) -> None:
    every = monitor("schema")
    one = monitor("schema", "projects.yaml")

    assert "projects.yaml" in json.loads(every.out)
    assert one.json == every.json["projects.yaml"]
    assert monitor("schema", "project.yaml").code == 2
