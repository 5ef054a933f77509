"""``monitor review``: doubtful claims, and what an operator decides of them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.conftest import SIGNED, STARTED, Monitor, news, rss
from tests.readers.hits import BY_HITS


@pytest.fixture
def polled(monitor: Monitor, folder: Path) -> Monitor:
    """A project that has begun to be built, by one outlet."""
    (folder / "history.xml").write_text(news())
    monitor("poll", "--no-send")
    return monitor


def claims(monitor: Monitor, *args: str) -> dict[str, str]:
    """The name of the one claim of each stage that nobody has decided on."""
    listed = monitor("review", "list", "--all", "--json", *args).lines
    return {each["stage"]: each["claim"] for each in listed if "stage" in each}


def standing(monitor: Monitor) -> str:
    status: str = monitor("status", "--json").json[0]["status"]
    return status


def test_claims_are_listed_with_sentence_source_and_doubts(polled: Monitor) -> None:
    listed = polled("review", "list", "--all", "--json").lines

    assert [each["stage"] for each in listed] == ["agreed", "construction"]
    assert all(each["claim"].startswith("plant:") for each in listed)
    assert [each["evidence"] for each in listed] == [SIGNED, STARTED]
    assert {each["outlet"] for each in listed} == {"Chronicle"}
    assert all(each["doubts"] == [] for each in listed)


def test_the_list_needs_no_name_of_its_command_whatever_its_options(polled: Monitor, folder: Path) -> None:
    for options in ((), ("--config", str(folder), "--all"), ("--decided",), ("--all", "--json"), ("--project=plant",)):
        listed = polled("review", "list", *options)

        assert listed.code == 0
        assert polled("review", *options) == listed
    assert "Usage: monitor review [OPTIONS] COMMAND" in polled("review", "--help").out
    assert "monitor review list does" in polled("review", "--help").out


@pytest.mark.parametrize("command", [["review"], ["review", "list"]])
def test_without_doubts_there_is_nothing_to_list(polled: Monitor, command: list[str]) -> None:
    assert polled(*command).out == "Nothing is doubtful.\n"


def test_what_its_reader_was_not_sure_of_is_unverified_until_it_is_confirmed(monitor: Monitor, folder: Path) -> None:
    (folder / "monitor.yaml").write_text(BY_HITS + "alert_from: 1\n")
    (folder / "history.xml").write_text(news())
    monitor("poll", "--no-send")

    assert standing(monitor) == "announced"
    assert monitor("changes", "--json").lines == []
    assert {doubt for each in monitor("review", "list", "--json").lines for doubt in each["doubts"]} == {"unverified"}
    for command in ("status", "timeline"):
        assert "reported, not verified" in monitor(command, "plant").out.lower()
    [done] = monitor("review", "confirm", claims(monitor)["construction"], "--json").lines
    assert [(change["type"], change["to"]) for change in done["changes"]] == [("status", "construction")]
    assert "construction" not in claims(monitor)


def test_an_edit_of_the_threshold_counts_at_once(polled: Monitor, folder: Path) -> None:
    assert standing(polled) == "construction"

    (folder / "monitor.yaml").write_text(BY_HITS + "alert_from: 1\n")

    assert standing(polled) == "announced"


def test_people_read_the_names_that_they_decide_by(polled: Monitor) -> None:
    out = polled("review", "list", "--all", "--project", "plant").out

    assert all(name in out for name in claims(polled).values())
    assert "broke ground" in out


def test_what_is_rejected_leaves_the_status_and_who_was_told_reads_that_it_was_wrong(owing: Monitor) -> None:
    owing("poll")
    [wrong] = [each for each in owing("changes", "--json").lines if each["to"] == "construction"]
    done = owing("review", "reject", claims(owing)["construction"], "--by", "zoe", "--reason", "Another plant.")

    assert "rejected: construction reached" in done.out
    assert "correction: “status: agreed → construction” was wrong" in done.out
    assert standing(owing) == "agreed"
    [told] = [each for each in owing("changes", "--json").lines if each.get("retracts")]
    assert (told["retracts"], told["from"], told["to"]) == (wrong["id"], "construction", "agreed")
    assert "by" not in told
    assert told["id"] in {each["change"] for each in owing("deliveries", "--json").lines}
    sent = owing("poll").out
    assert "was wrong" in sent
    assert "zoe" not in sent


def test_history_that_is_rejected_is_told_to_nobody_as_it_never_was(polled: Monitor) -> None:
    polled("review", "reject", claims(polled)["construction"])

    assert standing(polled) == "agreed"
    assert polled("deliveries", "--json").lines == []


def test_decisions_of_one_command_tell_their_outcome_and_nothing_in_between(polled: Monitor) -> None:
    named = claims(polled)

    done = polled("review", "reject", named["construction"], named["agreed"], "--json").lines

    assert [(each["claim"], each["verdict"]) for each in done] == [
        (named["construction"], "reject"),
        (named["agreed"], "reject"),
    ]
    told = [each for each in polled("changes", "--json").lines if each.get("by")]
    assert [(each["type"], each["stage"], each["from"], each["to"]) for each in told] == [
        ("status", "announced", "construction", "announced"),
        ("disputed", "agreed", "reached", "withdrawn"),
    ]
    assert [[change["id"] for change in each["changes"]] for each in done] == [[], [each["id"] for each in told]]


def test_decisions_of_one_command_are_shown_before_their_outcome_and_undone_together(polled: Monitor) -> None:
    named = claims(polled)
    both = (named["construction"], named["agreed"], named["agreed"])

    shown = [line.split()[0] for line in polled("review", "reject", *both).out.splitlines()]
    assert shown == ["✔", "✔", "plant:", "plant:"]
    undone = polled("review", "undo", *both, "--json").lines

    assert [[(each["from"], each["to"]) for each in one["changes"]] for one in undone] == [
        [],
        [("announced", "construction")],
    ]


def test_quiet_tells_nobody(polled: Monitor) -> None:
    owed = polled("deliveries", "--json").lines

    polled("review", "reject", "--quiet", claims(polled)["construction"])

    assert standing(polled) == "agreed"
    assert polled("deliveries", "--json").lines == owed


@pytest.fixture
def owing(monitor: Monitor, folder: Path) -> Monitor:
    """A project that has begun to be built, and nobody was told yet."""
    monitor("poll", "--no-send")
    (folder / "history.xml").write_text(news())
    monitor("poll", "--no-send")
    return monitor


@pytest.mark.parametrize("options", [(), ("--quiet",)])
def test_who_was_not_told_yet_is_told_neither_what_is_rejected_nor_that_it_is(
    owing: Monitor, options: tuple[str, ...]
) -> None:
    owing("review", "reject", claims(owing)["construction"], *options)

    assert [each["state"] for each in owing("deliveries", "--json").lines] == ["superseded"]
    assert "broke ground" not in owing("poll").out


def test_what_is_rejected_and_not_rejected_after_all_is_told(owing: Monitor) -> None:
    named = claims(owing)["construction"]
    owing("review", "reject", named)

    owing("review", "undo", named)

    assert "broke ground" in owing("poll").out


def test_a_decision_outlives_copies_that_come_later(polled: Monitor, folder: Path) -> None:
    polled("review", "reject", claims(polled)["construction"])
    text = news().replace("https://example.org/broke", "https://copy.example/broke")
    (folder / "history.xml").write_text(text)

    polled("poll", "--no-send")

    assert len(polled("timeline", "plant", "--json").json["reports"]) == 2
    assert standing(polled) == "agreed"


def test_a_confirmed_claim_is_confirmed(polled: Monitor) -> None:
    [done] = polled("review", "confirm", claims(polled)["construction"], "--json", "--by", "zoe").lines

    assert [change["type"] for change in done["changes"]] == ["confirmed"]
    assert (done["verdict"], done["by"], done["undone"]) == ("confirm", "zoe", None)
    [milestone] = [m for m in polled("status", "--json").json[0]["milestones"] if m["stage"] == "construction"]
    assert milestone["confidence"] == "confirmed"
    word = polled("timeline", "plant", "--json").json["reports"][-1]
    assert (word["by"], word["outlet"], word["url"]) == ("zoe", "Chronicle", done["url"])
    assert "zoe decided" in polled("timeline", "plant").out


def test_a_corrected_claim_is_what_was_said_to_be_right(polled: Monitor) -> None:
    polled(
        "review",
        "correct",
        claims(polled)["construction"],
        "--stage",
        "operating",
        "--state",
        "expected",
        "--date",
        "2027",
    )

    [expected] = [m for m in polled("status", "--json").json[0]["milestones"] if m["stage"] == "operating"]
    assert (standing(polled), expected["forecast"], expected["confidence"]) == ("agreed", "2027", "confirmed")


def test_amounts_are_decided_on_too(polled: Monitor, folder: Path) -> None:
    sums = "BTR invests 3 billion dirhams in its cathode plant in Morocco, which will employ 2,500 people."
    (folder / "history.xml").write_text(rss((sums, datetime(2024, 4, 2, tzinfo=UTC))))
    polled("poll", "--no-send")
    names = {
        each["kind"]: each["claim"] for each in polled("review", "list", "--all", "--json").lines if "kind" in each
    }

    done = polled("review", "correct", names["investment"], "--value", "3600000000", "--by", "zoe", "--json").json
    shown = polled("review", "reject", names["jobs"]).out

    assert (done["kind"], done["value"], done["unit"]) == ("investment", 3_000_000_000, "MAD")
    assert done["instead"]["value"] == 3_600_000_000
    assert [(change["type"], change["to"], change["by"]) for change in done["changes"]] == [("fact", 3.6e9, "zoe")]
    assert "rejected: jobs 2,500" in shown
    facts = polled("status", "plant", "--json").json[0]["facts"]
    assert [(fact["kind"], fact["value"], fact["confidence"]) for fact in facts] == [
        ("investment", 3_600_000_000, "confirmed")
    ]


@pytest.mark.parametrize("options", [["--value", "3"], ["--date", "2027", "--unit", "MAD"]])
def test_what_is_right_of_a_claim_is_no_amount(polled: Monitor, options: list[str]) -> None:
    wrong = polled("review", "correct", claims(polled)["construction"], *options)

    assert wrong.code == 2
    assert "value and unit are of amounts" in wrong.err


def test_an_assigned_claim_moves_another_project(polled: Monitor, folder: Path) -> None:
    (folder / "projects.yaml").write_text(
        (folder / "projects.yaml").read_text() + "  - {id: other, name: Other, who: [ACME], what: [anode]}\n"
    )

    done = polled("review", "assign", claims(polled)["construction"], "other")

    assert "→ other" in done.out
    assert [each["status"] for each in polled("status", "--json").json] == ["agreed", "construction"]


def test_a_later_decision_moves_the_project_too_that_the_claim_was_assigned_to(polled: Monitor, folder: Path) -> None:
    (folder / "projects.yaml").write_text(
        (folder / "projects.yaml").read_text() + "  - {id: other, name: Other, who: [ACME], what: [anode]}\n"
    )
    name = claims(polled)["construction"]
    polled("review", "assign", name, "other")

    done = polled("review", "reject", name, "--json").json

    assert {change["project"] for change in done["changes"]} == {"other"}
    assert [each["status"] for each in polled("status", "--json").json] == ["agreed", None]


def test_a_decision_is_on_record_and_can_be_taken_back(polled: Monitor) -> None:
    before = polled("status", "--json").out
    name = claims(polled)["construction"]
    polled("review", "correct", name, "--date", "2025-01", "--by", "zoe", "--reason", "The ministry says so.")

    done = polled("review", "undo", name, "--by", "kim")

    assert "undone" in done.out
    assert polled("status", "--json").out == before
    [made] = polled("review", "list", "--decided", "--json").lines
    assert made["claim"] == name
    assert made["instead"]["date"] == "2025-01"
    assert (made["by"], made["reason"], made["undone_by"]) == ("zoe", "The ministry says so.", "kim")
    out = polled("review", "list", "--decided").out
    assert "by zoe" in out
    assert "undone by kim" in out


def test_without_decisions_none_are_listed(polled: Monitor) -> None:
    assert polled("review", "list", "--decided").out == "No decisions yet.\n"


def test_the_author_is_taken_from_the_environment(polled: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_AUTHOR", "kim")

    [done] = polled("review", "confirm", claims(polled)["agreed"], "--json").lines

    assert done["by"] == "kim"


def test_the_beginning_of_a_name_will_do(polled: Monitor) -> None:
    name = claims(polled)["agreed"]

    assert polled("review", "confirm", name[:-3], "--json").lines[0]["claim"] == name


def test_a_doubtful_claim_tells_what_speaks_against_it(monitor: Monitor, folder: Path) -> None:
    (folder / "history.xml").write_text(rss((STARTED, datetime(2025, 1, 1, tzinfo=UTC))))
    (folder / "feeds.yaml").write_text((folder / "feeds.yaml").read_text().replace("0.7", "0.2"))
    monitor("poll", "--no-send")

    out = monitor("review").out

    assert "construction reached · lone" in out


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (["confirm", "palnt:1"], "no project 'palnt'"),
        (["confirm", "plant:zzz"], "is not a claim"),
        (["confirm", "plant:"], "is the beginning of 2 names"),
        (["correct", "plant:zzz"], "say what is right"),
        (["correct", "plant:zzz", "--date", "soon"], "invalid date 'soon'"),
        (["assign", "plant:zzz", "other"], "no project 'other'"),
        (["list", "--project", "other"], "no project 'other'"),
    ],
)
def test_what_cannot_be_decided_is_told(polled: Monitor, args: list[str], reason: str) -> None:
    done = polled("review", *args)

    assert done.code == 2
    assert reason in " ".join(done.err.replace("│", " ").split())


def test_what_was_not_decided_cannot_be_undone(polled: Monitor) -> None:
    done = polled("review", "undo", claims(polled)["agreed"])

    assert done.code == 2
    assert "nothing is decided" in done.err
