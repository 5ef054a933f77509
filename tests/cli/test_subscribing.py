"""``monitor subscribers``: who is told of what, where and when, and why or why not."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.app.opening import build_app, load_folder
from monitor.cli.session import consulted
from monitor.ports import SignUp
from tests.builders import NOW
from tests.cli.conftest import Monitor, news, rss
from tests.readers.hits import BY_HITS

PROJECTS = """
projects:
  - {id: plant, name: Cathode plant, who: [BTR], what: [cathode], where: [Morocco], tags: [battery]}
  - {id: rail, name: Railway, who: [ONCF]}
"""
SUBSCRIBERS = """
subscribers:
  - name: Desk
    to: [{first: "json://a.example/secret-path", else: "json://b.example/x"}, "console://"]
    projects: ["tag:battery"]
    stages: [construction, suspended]
    changes: [status]
    quiet_hours: 22:00-07:00
    mute: [{until: 2026-12-13, projects: [rail]}, {until: 2026-10-01}]
    away: {from: 2026-12-20, to: 2026-12-31}
    timezone: Africa/Casablanca
  - {name: Morning, to: ["console://"], send: {digest: "0 8 * * *"}}
  - {name: Careful, to: ["json://c.example/"], confidence: confirmed, projects: [x*]}
"""


@pytest.fixture
def crowded(monitor: Monitor, folder: Path) -> Monitor:
    (folder / "projects.yaml").write_text(PROJECTS)
    (folder / "subscribers.yaml").write_text(SUBSCRIBERS)
    return monitor


def words(text: str) -> str:
    """What is told, however it is broken into lines."""
    return " ".join(text.split())


def test_subscribers_are_listed_with_what_they_want(crowded: Monitor) -> None:
    said = words(crowded("subscribers", "list").out)

    assert "json://a.example/…, else json://b.example/… after 15 min" in said
    assert "status changes · of construction, suspended · reported · in en" in said
    assert (
        "quiet 22:00-07:00 · rail muted until 2026-12-13 00:00 · muted until 2026-10-01 00:00 · away 2026-12-20" in said
    )
    assert "follows plant (tag:battery)" in said
    assert "digest 0 8 * * *" in said
    assert "follows no project (x*)" in said
    assert "secret-path" not in said


def test_subscribers_are_listed_as_json(crowded: Monitor) -> None:
    desk, morning, careful = crowded("subscribers", "list", "--json").lines

    assert desk["to"] == ["json://a.example/…", "console://"]
    assert desk["fallbacks"] == [
        {"destination": "json://b.example/…", "instead_of": "json://a.example/…", "after": 900}
    ]
    assert desk["follows"] == ["plant"]
    assert desk["stages"] == ["construction", "suspended"]
    assert desk["quiet_hours"] == ["22:00", "07:00"]
    assert desk["mute"][0] == {"until": "2026-12-13T00:00:00", "projects": ["rail"]}
    assert desk["away"] == [{"from": "2026-12-20", "to": "2026-12-31"}]
    assert (morning["digest"], morning["stages"], morning["quiet_hours"]) == ("0 8 * * *", None, None)
    assert (careful["confidence"], careful["follows"]) == ("confirmed", [])


def test_who_would_be_told_is_explained_in_words(crowded: Monitor) -> None:
    said = words(
        crowded("subscribers", "explain", "plant", "status", "--stage", "construction", "--at", "2026-11-25T23:00").out
    )

    assert "plant construction status, reported, known at Wed 2026-11-25 23:00" in said
    assert "Desk is told: follows plant and wants status changes" in said
    assert "is held for quiet hours until Thu 2026-11-26 07:00" in said
    assert "Thu 2026-11-26 07:15 · with all else that is due then" in said
    assert "only if json://a.example/… has not taken it by then" in said
    assert "Morning is told" in said
    assert "is told there as Desk already" in said
    assert "Careful is not told: follows x*, not plant" in said


def test_one_who_is_told_at_once_by_a_program_is_told_by_itself(crowded: Monitor) -> None:
    said = words(crowded("subscribers", "explain", "plant", "status", "--at", "2026-11-25T12:00").out)

    assert "json://a.example/… · Wed 2026-11-25 13:00 · by itself" in said


def test_who_would_be_told_is_explained_as_json(crowded: Monitor) -> None:
    desk, morning, careful = crowded(
        "subscribers", "explain", "plant", "status", "--stage", "suspended", "--at", "2026-12-24", "--json"
    ).lines

    assert (desk["subscriber"], desk["told"]) == ("Desk", True)
    assert [(d["destination"], d["due"], d["rank"]) for d in desk["destinations"]] == [
        ("json://a.example/…", "2027-01-01T06:00:00Z", 0),
        ("console://", "2027-01-01T06:00:00Z", 0),
        ("json://b.example/…", "2027-01-01T06:15:00Z", 1),
    ]
    assert desk["destinations"][1]["told_as"] == "Morning"
    assert desk["destinations"][2]["instead_of"] == "json://a.example/…"
    assert morning["destinations"][0]["reasons"] == ["goes into the digest of Thu 2026-12-24 08:00"]
    assert morning["destinations"][0]["together"] is True
    assert careful == {
        "change": None,
        "subscriber": "Careful",
        "told": False,
        "reason": "follows x*, not plant",
        "destinations": [],
        "unsubscribed": [],
    }


def test_a_storm_that_is_on_is_part_of_the_explanation(crowded: Monitor, folder: Path) -> None:
    (folder / "subscribers.yaml").write_text("subscribers:\n  - {name: Desk, to: [console://], at_most: 2/h}\n")
    crowded("poll", "--no-send")
    (folder / "history.xml").write_text(news())
    crowded("poll", "--no-send")

    (desk,) = crowded("subscribers", "explain", "plant", "status", "--json").lines
    (told,) = desk["destinations"]
    assert told["together"] is True
    assert "changes came in 10 minutes" in told["reasons"][0]


def test_a_change_that_was_is_explained_as_of_when_it_came_to_be_known(crowded: Monitor, folder: Path) -> None:
    crowded("poll", "--no-send")
    (folder / "history.xml").write_text(news())
    crowded("poll", "--no-send")
    (change, *_) = [each for each in crowded("changes", "--json").lines if each["stage"] == "construction"]

    said = crowded("subscribers", "explain", "plant", change["id"][:12])
    assert said.code == 0
    assert "plant construction status, reported, known at" in words(said.out)
    everyone = crowded("subscribers", "explain", "plant", change["id"], "--at", "2027-02-01", "--json").lines
    assert [each["told"] for each in everyone] == [True, True, False]
    assert "write more of the id" in words(crowded("subscribers", "explain", "plant", "").err)
    assert (
        crowded("subscribers", "explain", "plan", change["id"]).out
        == crowded("subscribers", "explain", "plant", change["id"]).out
    )


def test_all_that_a_message_told_is_explained_by_its_reference(crowded: Monitor, folder: Path) -> None:
    (folder / "subscribers.yaml").write_text("subscribers:\n  - {name: Desk, to: [console://]}\n")
    crowded("poll")
    at = datetime.now(UTC) - timedelta(hours=12)
    text = "BTR broke ground on its cathode plant in Morocco. Production at the plant is expected to start in 2031."
    (folder / "history.xml").write_text(rss((text, at)))
    sent = crowded("poll").out
    (reference,) = re.findall(r"Ref\. .*", sent)

    said = crowded("subscribers", "explain", "plant", reference)
    assert said.code == 0, said.err
    assert "plant construction status, reported, known at" in words(said.out)
    assert "plant operating schedule, reported, known at" in words(said.out)
    told = crowded("subscribers", "explain", "plant", reference.split()[1][:8], "--json").lines
    assert [each["subscriber"] for each in told] == ["Desk", "Desk"]
    assert {each["change"] for each in told} == {each["id"] for each in crowded("changes", "--json").lines[-2:]}
    refused = crowded("subscribers", "explain", "rail", reference).err
    assert "no change of rail begins so" in words(refused.replace("│", ""))


@pytest.mark.parametrize(
    ("args", "told"),
    [
        pytest.param(["plnt", "status"], "no project 'plnt' in the configuration (did you mean plant?)", id="project"),
        pytest.param(["plant", "statuss"], "invalid type of change 'statuss'", id="type"),
        pytest.param(["plant", "status", "--stage", "constructing"], "no stage 'constructing'", id="stage"),
        pytest.param(["plant", "status", "--at", "soon"], "invalid date 'soon'", id="date"),
    ],
)
def test_what_cannot_be_explained_is_wrong_use(crowded: Monitor, args: list[str], told: str) -> None:
    done = crowded("subscribers", "explain", *args)

    assert done.code == 2
    assert told in words(done.err.replace("│", ""))


def test_without_subscribers_there_is_nobody(monitor: Monitor, folder: Path) -> None:
    (folder / "subscribers.yaml").write_text("subscribers: []\n")

    assert monitor("subscribers", "list").out.strip() == "No subscribers."
    assert monitor("subscribers", "explain", "plant", "status").out.strip() == "No subscribers."


def test_who_has_unsubscribed_is_shown_and_may_be_readmitted(crowded: Monitor, folder: Path) -> None:
    app = build_app(*load_folder(folder))
    there = app.watch.subscribers[1].to[0]
    app.departures.leave(app.departures.token("Morning", there.id, "t"), app.clock())
    app.close()

    said = words(crowded("subscribers", "list").out)
    explained = words(crowded("subscribers", "explain", "plant", "status").out)
    listed = {each["name"]: each["unsubscribed"] for each in crowded("subscribers", "list", "--json").lines}

    assert "console:// has unsubscribed on" in said
    assert explained.count("has unsubscribed on") == 1
    assert [each["destination"] for each in listed["Morning"]] == ["console://"]
    assert listed["Desk"] == []
    assert crowded("subscribers", "readmit", "Morning", "--json").lines == [{"subscriber": "Morning", "readmitted": 1}]
    assert crowded("subscribers", "readmit", "Morning").out == "Morning: nobody has unsubscribed.\n"
    assert crowded("subscribers", "readmit", "Evening").code == 2
    assert "has unsubscribed" not in crowded("subscribers", "list").out


def test_who_subscribed_alone_is_removed(monitor: Monitor, folder: Path) -> None:
    offer = "web: {subscribe: {from: 'mailto://127.0.0.1?from=m@x.org', domains: [x.org]}}"
    (folder / "monitor.yaml").write_text(f"{BY_HITS}fetch: {{allow_private: [127.0.0.0/8]}}\n{offer}\n")
    eve = SignUp(address="eve@x.org", projects=(), language="en", digest=None, requested_at=NOW)
    with consulted(folder) as archive:
        archive.readers.request(eve, "hash", forget_before=NOW)
        archive.readers.confirm("hash", NOW, since=NOW)

    assert "give --yes" in words(monitor("subscribers", "remove", "eve@x.org").err)
    assert "delete them there" in words(monitor("subscribers", "remove", "Desk", "--yes").err)
    assert monitor("subscribers", "remove", "eve@x.org", "--yes", "--json").json == {"removed": "eve@x.org"}

    assert [each["name"] for each in monitor("subscribers", "list", "--json").lines] == ["Desk"]
    with consulted(folder) as archive:
        (entry,) = archive.audit.entries(limit=9)
    assert (entry.actor, entry.action, entry.target) == ("local", "subscribers.remove", "eve@x.org")
