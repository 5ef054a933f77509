"""The commands on a ledger: a poll brings history, then news; what is known and who was told can be asked."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from monitor.app.build import App
from monitor.cli import polling
from monitor.cli.session import opened
from monitor.core.model import Feed
from monitor.poll.poll import PollResult
from monitor.ports import FeedRecord
from tests.cli.conftest import Monitor, news
from tests.readers.hits import BY_HITS
from tests.servers import LoopbackServer, Reply


@pytest.fixture
def told(folder: Path, monitor: Monitor) -> Monitor:
    """The command, after history was imported and one piece of news was told."""
    monitor("poll")
    (folder / "history.xml").write_text(news())
    monitor("poll")
    return monitor


def test_the_first_poll_is_history_and_alerts_nobody(monitor: Monitor) -> None:
    done = monitor("poll", "--json")

    (poll,) = done.lines
    assert done.code == 0
    assert (poll["outcome"], poll["history"], poll["entries"], poll["new"], poll["relevant"]) == ("read", True, 2, 2, 1)
    assert [change["to"] for change in poll["changes"] if change["type"] == "status"] == ["agreed"]
    assert monitor("deliveries", "--json").out == ""


def test_news_is_told_once(folder: Path, monitor: Monitor) -> None:
    monitor("poll")
    (folder / "history.xml").write_text(news())

    first, second = monitor("poll"), monitor("poll")

    assert "Cathode plant" in first.out
    assert "1 new" in first.out
    assert "✔ status: agreed → construction → console://" in first.out
    assert "not modified" in second.out
    assert "construction" not in second.out


def test_with_json_the_alert_on_the_terminal_goes_to_standard_error(folder: Path, monitor: Monitor) -> None:
    monitor("poll")
    (folder / "history.xml").write_text(news())

    done = monitor("poll", "--json")

    poll, attempt = done.lines
    assert poll["history"] is False
    assert attempt["outcome"] == "sent"
    assert "Cathode plant" in done.err


def test_a_poll_may_leave_the_sending_to_the_service(folder: Path, monitor: Monitor) -> None:
    monitor("poll")
    (folder / "history.xml").write_text(news())
    monitor("poll", "--no-send")

    (owed,) = monitor("deliveries", "--state", "pending", "--json").lines

    assert (owed["subscriber"], owed["attempts"], owed["sent"]) == ("Desk", 0, None)


def test_a_poll_tells_of_changes_that_the_service_raised_meanwhile(
    folder: Path, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll_all = polling.poll_all

    async def overtaken(
        app: App, feeds: Sequence[tuple[Feed, FeedRecord]], heard: Callable[[PollResult], None]
    ) -> list[PollResult]:
        with opened(folder) as service:
            await poll_all(service, service.poller.feeds(), lambda _: None)
        return await poll_all(app, feeds, heard)

    monkeypatch.setattr(polling, "poll_all", overtaken)
    overtook = monitor("poll", "--no-send").out

    # The clock raises another one after the round, since the last news is old.
    assert [each["type"] for each in monitor("changes", "--json").lines] == ["status", "quiet"]
    assert "0 changes · 1 more by the service or another poll meanwhile: monitor changes" in overtook


def test_a_poll_that_brings_nothing_at_all_fails(folder: Path, monitor: Monitor) -> None:
    (folder / "history.xml").write_text("<html><body>Not a feed</body></html>")

    done = monitor("poll", "Chronicle")

    assert done.code == 1
    assert "✘ Chronicle" in done.out
    assert "1 failed, to be tried again" in done.out


def test_status_tells_where_the_projects_stand(told: Monitor) -> None:
    (plant,) = told("status", "--json").json

    # Programs rely on these; more may follow.
    assert list(plant)[:7] == ["project", "name", "status", "since", "condition", "milestones", "facts"]
    assert (plant["project"], plant["name"], plant["status"]) == ("plant", "Cathode plant", "construction")
    milestone = next(m for m in plant["milestones"] if m["stage"] == "announced")
    fixed = {
        "stage": "announced",
        "state": "reached",
        "baseline": None,
        "forecast": None,
        "actual": "2023-12",
        "confidence": "reported",
        "known": True,
        "sources": ["https://example.org/known"],
    }
    assert {key: milestone[key] for key in fixed} == fixed


def test_status_shows_people_the_proof(told: Monitor) -> None:
    one = told("status", "cathode PLANT").out

    assert "construction" in one
    assert "BTR broke ground on its cathode plant in Morocco." in one
    assert "https://example.org/broke" in one
    assert "2023-12" in one


def test_status_of_all_is_a_table_with_a_line_for_each(told: Monitor) -> None:
    shown = told("status").out

    (line,) = [line for line in shown.splitlines() if line.startswith("plant ")]
    assert "Cathode plant" in line
    assert "■■◧■□□□  construction" in line
    assert "BTR broke ground" not in shown


def test_timeline_tells_all_that_was_said_in_order(told: Monitor) -> None:
    shown, plain = told("timeline", "usine").out, told("timeline", "plant", "--json").json

    assert shown.index("announced reached") < shown.index("agreed reached") < shown.index("construction reached")
    stages = [claim["stage"] for report in plain["reports"] for claim in report["claims"]]
    assert stages[:1] + stages[-1:] == ["announced", "construction"]
    assert plain["reports"][0]["published"] is None
    assert plain["changes"][-1]["to"] == "construction"


def test_what_was_known_on_a_day_is_told_as_it_was_then(told: Monitor) -> None:
    today, before = told("status", "--json"), told("status", "--json", "--as-of", "2024-06")
    this_year = told("status", "--json", "--as-of", str(date.today().year))  # noqa: DTZ011 - any zone will do

    assert this_year.json == today.json
    assert [project["status"] for project in before.json] == ["announced"]


def test_what_the_configuration_says_to_have_happened_later_was_not_known_then(told: Monitor) -> None:
    [plant] = told("status", "--json", "--as-of", "2023-11").json

    assert (plant["status"], plant["milestones"]) == (None, [])
    assert told("timeline", "plant", "--json", "--as-of", "2023-11").json["reports"] == []


def test_a_timeline_ends_where_it_is_asked_to(told: Monitor) -> None:
    then = told("timeline", "plant", "--json", "--as-of", "2024-06-30T12:00").json

    assert (then["status"], len(then["reports"]), then["changes"]) == ("announced", 1, [])
    assert "BTR" not in told("timeline", "plant", "--as-of", "2024-06-30").out


def test_a_past_day_is_told_as_it_was_published(told: Monitor) -> None:
    """All of it was read only now, when it was imported."""
    here = told("status", "--json", "--as-of", "2024-12").json
    published = told("status", "--json", "--published-by", "2024-12").json
    both = told("status", "--as-of", "2024", "--published-by", "2024")

    assert here[0]["milestones"] != published[0]["milestones"]
    assert told("timeline", "plant", "--json", "--published-by", "2000").json["reports"] == []
    assert both.code == 2
    assert "not both" in both.err


def test_a_day_that_is_none_is_wrong_use(told: Monitor) -> None:
    wrong = told("status", "--as-of", "yesterday")

    assert wrong.code == 2
    assert "invalid date 'yesterday'" in wrong.err


@pytest.mark.parametrize("end", ["0001", "0001-01-01T00:00+14:00", "9999", "9999-12-31", "9999-12-31T23:59-14:00"])
def test_a_day_at_either_end_of_the_calendar_is_wrong_use_at_most(told: Monitor, folder: Path, end: str) -> None:
    for zone in ("America/Los_Angeles", "Pacific/Kiritimati"):
        (folder / "monitor.yaml").write_text(BY_HITS + f"timezone: {zone}\n")
        asked = told("status", "--json", "--as-of", end)

        assert asked.code == 2 or [project["status"] for project in asked.json] == [None]


def test_of_a_day_yet_to_come_nothing_is_told(told: Monitor) -> None:
    wrong = told("status", "--as-of", str(date.today() + timedelta(days=2)))  # noqa: DTZ011 - any zone will do

    assert wrong.code == 2
    assert "is yet to come" in wrong.err


def test_changes_are_listed_newest_last(told: Monitor) -> None:
    every = told("changes", "--json").lines
    last = told("changes", "--project", "plant", "--limit", "1", "--json").lines

    assert [change["to"] for change in every if change["type"] == "status"] == ["agreed", "construction"]
    assert last == every[-1:]
    assert [change["history"] for change in every if change["type"] == "status"] == [True, False]


def test_people_see_the_news_before_the_history(told: Monitor) -> None:
    shown, one = told("changes").out, told("changes", "--limit", "1").out

    places = [shown.index(words) for words in ("News", "status: agreed → construction", "History", "status: announced")]
    assert places == sorted(places)
    assert "status: agreed → construction" in one
    assert "History" not in one


def test_a_timeline_in_which_nothing_stands_says_so(told: Monitor) -> None:
    assert told("timeline", "plant", "--as-of", "2000").out == "Nothing was said of it.\n"


def test_deliveries_show_how_it_went(told: Monitor) -> None:
    (sent,) = told("deliveries", "--json").lines

    assert (sent["state"], sent["subscriber"], sent["project"]) == ("sent", "Desk", "plant")
    assert sent["change"] == told("changes", "--json").lines[-1]["id"]
    assert "Desk" in told("deliveries").out
    assert told("deliveries", "--state", "dead").out == "No deliveries.\n"


def test_every_receipt_leads_to_its_sentence_and_every_change_to_its_receipts(told: Monitor) -> None:
    change = told("changes", "--json").lines[-1]
    (sent,) = told("deliveries", "--change", change["id"][:8], "--json").lines
    shown = told("deliveries", "--change", change["id"]).out

    [attempt] = sent["history"]
    assert (attempt["outcome"], attempt["message"], attempt["at"]) == ("sent", change["id"], sent["sent"])
    assert (sent["label"], sent["message"]) == ("console://", change["id"])
    assert (sent["evidence"], sent["sources"]) == (change["evidence"], change["sources"])
    assert change["evidence"][0][:30] in " ".join(shown.split())
    assert "console://" in shown
    assert told("deliveries", "--change", "nothing", "--json").lines == []


def test_no_deliveries_have_a_reason(folder: Path, monitor: Monitor) -> None:
    before = monitor("deliveries").out
    monitor("poll")
    history = monitor("deliveries").out
    (folder / "subscribers.yaml").write_text(
        "subscribers: [{name: Desk, to: ['console://'], send: {digest: 0 8 * * *}}]"
    )
    (folder / "history.xml").write_text(news())
    monitor("poll")
    waiting = monitor("deliveries").out

    assert before == "No deliveries: no project has moved yet.\n"
    assert history == "No deliveries: what has changed so far is history, which alerts nobody.\n"
    assert "Nothing is sent yet. Desk: goes into the digest of " in waiting


def test_deliveries_are_found_by_where_they_went(told: Monitor) -> None:
    (sent,) = told("deliveries", "--to", "CONSOLE", "--json").lines

    assert told("deliveries", "--to", sent["destination"], "--json").lines == [sent]
    assert told("deliveries", "--to", "slack", "--json").lines == []


def test_retry_makes_dead_deliveries_due(told: Monitor) -> None:
    assert told("retry", "--json").json == {"due": 0}
    assert told("retry", "1", "2").out == (
        "0 deliveries are due again.\nThe others are not dead: monitor deliveries --state dead shows those that are.\n"
    )
    assert told("retry", "--to", "console").out == "0 deliveries are due again.\n"


def test_feeds_are_listed_with_their_last_poll(told: Monitor) -> None:
    (feed,) = told("feeds", "list", "--json").json

    assert (feed["feed"], feed["name"], feed["trust"], feed["failures"]) == ("file:history.xml", "Chronicle", 0.7, 0)
    assert feed["polled"] < feed["next"]
    assert "Chronicle" in told("feeds", "list").out


def test_a_feed_says_why_it_is_asked_next_when_it_is(told: Monitor) -> None:
    (feed,) = told("feeds", "why", "Chronicle", "--json").lines

    assert [reason["rule"] for reason in feed["reasons"]][-1] == "jitter"
    assert (feed["name"], feed["moved_to"], feed["entries"], feed["new"]) == ("Chronicle", None, 2, 1)
    waited = datetime.fromisoformat(feed["next"]) - datetime.fromisoformat(feed["polled"])
    assert waited.total_seconds() == pytest.approx(feed["reasons"][-1]["wait"], abs=1)
    assert "give or take a tenth" in " ".join(told("feeds", "why", "file:history.xml").out.split())
    assert told("feeds", "why", "Nobody").code == 2


def test_a_feed_can_be_tried_without_keeping_anything(folder: Path, monitor: Monitor) -> None:
    done = monitor("feeds", "test", "Chronicle", "--json")

    (trial,) = done.lines
    assert [entry["projects"] for entry in trial["entries"]] == [["plant"], []]
    assert "2 entries, 1 may concern projects" in monitor("feeds", "test", "file:history.xml").out
    assert not (folder.parent / "data").exists()


def test_the_feeds_that_a_page_names_are_found(folder: Path, monitor: Monitor) -> None:
    (folder / "monitor.yaml").write_text(BY_HITS + "fetch: {allow_private: [127.0.0.0/8]}")
    link = '<html><head><link rel="alternate" type="application/rss+xml" title="News" href="/news"></head></html>'
    with LoopbackServer() as server:
        server.routes |= {"/": Reply(body=link.encode()), "/news": Reply(body=news().encode())}
        [found] = monitor("feeds", "discover", server.url("/"), "--json").lines
        [itself] = monitor("feeds", "discover", server.url("/news"), "--json").lines

    assert (found["feed"], len(found["entries"])) == (server.url("/news"), 2)
    assert itself["feed"] == server.url("/news")
    assert [request.path for request in server.requests] == ["/", "/news", "/news"]


def test_the_feeds_that_are_found_are_added_all_or_those_that_are_named(folder: Path, monitor: Monitor) -> None:
    (folder / "monitor.yaml").write_text("fetch: {allow_private: [127.0.0.0/8]}")
    written = "# Ours.\nfeeds:\n  - url: file:history.xml   # the past\n    name: Chronicle\n"
    (folder / "feeds.yaml").write_text(written)
    link = '<link rel="alternate" type="application/rss+xml" href="/%s">'
    with LoopbackServer() as server:
        atom = b"<feed xmlns='http://www.w3.org/2005/Atom'><title>Second</title></feed>"
        server.routes |= {
            "/": Reply(body="".join(link % name for name in ("one", "two", "broken")).encode()),
            "/one": Reply(body=news().replace("Chronicle", "First").encode()),
            "/two": Reply(body=atom),
        }
        unsaid = monitor("feeds", "discover", server.url("/"), "2")
        wrong = monitor("feeds", "discover", server.url("/"), "--add", "3")
        some = monitor("feeds", "discover", server.url("/"), "--add", "2", "--trust", "0.9")
        between = (folder / "feeds.yaml").read_text()
        rest = monitor("feeds", "discover", server.url("/"), "--add", "--json")
        again = monitor("feeds", "discover", server.url("/"), "--add", server.url("/one"))
        one, two = server.url("/one"), server.url("/two")

    assert (unsaid.code, wrong.code) == (2, 2)
    assert some.out.endswith("1 feed added.\n")
    assert "✘" in some.out
    assert between == f'{written}  - url: "{two}"\n    name: "Second"\n    trust: 0.9\n'
    assert rest.lines[-1] == {"added": [one]}
    assert {(line["title"], line["format"]) for line in rest.lines[:2]} == {("First", "RSS"), ("Second", "Atom")}
    assert (folder / "feeds.yaml").read_text() == f'{between}  - url: "{one}"\n    name: "First"\n    trust: 0.5\n'
    assert "in feeds.yaml already" in again.out
    assert again.out.endswith("0 feeds added.\n")


def test_where_a_page_names_no_feed_the_usual_places_are_asked_until_one_is_found(
    folder: Path, monitor: Monitor
) -> None:
    (folder / "monitor.yaml").write_text(BY_HITS + "fetch: {allow_private: [127.0.0.0/8]}")
    with LoopbackServer() as server:
        server.routes |= {"/": Reply(body=b"<html>News</html>"), "/rss": Reply(body=news().encode())}
        found = monitor("feeds", "discover", server.url("/"))
        asked = [request.path for request in server.requests]
        del server.routes["/rss"]
        none = monitor("feeds", "discover", server.url("/"))
        missing = monitor("feeds", "discover", server.url("/missing"))

    assert (found.code, asked) == (0, ["/", "/feed", "/rss"])
    (row,) = [line for line in found.out.splitlines() if "Chronicle" in line]
    assert row.split()[:4] == ["1", "RSS", "2", "2"]
    assert any(line.endswith("/rss") for line in found.out.splitlines())
    assert none.code == 1
    assert "no feed found" in none.err
    assert missing.code == 1
    assert "404" in missing.err


def test_where_there_is_no_feed_the_sitemap_of_a_sites_news_is_found(folder: Path, monitor: Monitor) -> None:
    (folder / "monitor.yaml").write_text(BY_HITS + "fetch: {allow_private: [127.0.0.0/8]}")
    today = f"<n:publication_date>{datetime.now(UTC):%Y-%m-%d}</n:publication_date>"
    entry = f"<url><loc>https://example.org/a</loc><n:news><n:title>BTR cathode</n:title>{today}</n:news></url>"
    with LoopbackServer() as server:
        server.routes |= {
            "/": Reply(body=b"<html>News</html>"),
            "/robots.txt": Reply(body=b"User-agent: *\nSitemap: /all.xml\nSitemap: /news.xml\n"),
            "/news.xml": Reply(body=f"<urlset>{entry}</urlset>".encode()),
        }
        [found] = monitor("feeds", "discover", server.url("/"), "--json").lines

    assert (found["feed"], [each["title"] for each in found["entries"]]) == (server.url("/news.xml"), ["BTR cathode"])


def test_a_page_is_tried_by_its_selectors(folder: Path, monitor: Monitor) -> None:
    (folder / "monitor.yaml").write_text(BY_HITS + "fetch: {allow_private: [127.0.0.0/8]}")
    with LoopbackServer() as server:
        server.routes["/"] = Reply(
            body=b"<ul><li><a href=/a>BTR cathode</a><time datetime=2026-01-02>2 Jan</time></ul>"
        )
        page = f"- {{url: '{server.url('/')}', name: Port, page: {{item: %s, date: time}}}}\n"
        (folder / "feeds.yaml").write_text(f"feeds:\n{page % 'li'}")
        [found] = monitor("feeds", "test", "Port", "--json").lines
        (folder / "feeds.yaml").write_text(f"feeds:\n{page % 'article'}")
        nothing = monitor("feeds", "test", "Port")
        [entry] = found["entries"]
        address = server.url("/a")

    assert (entry["title"], entry["url"]) == ("BTR cathode", address)
    assert entry["published"].startswith("2026-01-02")
    assert nothing.code == 1
    assert "page.item: 'article' finds nothing" in " ".join(nothing.out.split())


def test_a_feed_that_fails_its_trial_says_why(monitor: Monitor) -> None:
    done = monitor("feeds", "test", "http://127.0.0.1:9/feed")

    assert done.code == 1
    assert "✘ http://127.0.0.1:9/feed" in done.out


def test_status_is_partial_as_long_as_feeds_are_not_read(folder: Path, monitor: Monitor) -> None:
    monitor("feeds", "add", "http://127.0.0.1:1/feed.xml", "--name", "New")
    monitor("poll", "Chronicle")

    before, as_json, past = monitor("status"), monitor("status", "--json"), monitor("status", "--as-of", "2024-01")
    monitor("poll", "New")

    assert before.err == as_json.err == "warning: this is partial: 1 of 2 feeds is not read yet\n"
    assert past.err == monitor("status").err == ""


def test_a_test_message_goes_to_every_destination(monitor: Monitor) -> None:
    done = monitor("notify", "Desk", "--test")

    assert done.code == 0
    assert "✔ console://: sent" in done.out
    assert "No project has moved" in done.out


def test_a_test_message_is_in_the_language_of_the_subscriber(folder: Path, monitor: Monitor) -> None:
    (folder / "subscribers.yaml").write_text("subscribers:\n  - {name: Desk, to: ['console://'], language: fr}\n")

    assert "Aucun projet n’a bougé" in monitor("notify", "Desk", "--test").out


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["status", "plont"], "did you mean plant?"),
        (["timeline", "other"], "no project 'other'"),
        (["changes", "--project", "other"], "no project 'other'"),
        (["poll", "Chronic"], "did you mean Chronicle?"),
        (["notify", "Dusk", "--test"], "did you mean Desk?"),
        (["notify", "Desk"], "add --test"),
        (["deliveries", "--limit", "0"], "--limit"),
        (["staus"], "status"),
    ],
)
def test_wrong_use_is_told_on_standard_error_and_exits_2(args: list[str], message: str, monitor: Monitor) -> None:
    done = monitor(*args)

    assert (done.code, done.out) == (2, "")
    assert message in " ".join(done.err.replace("│", " ").split())


def test_a_database_that_cannot_be_used_is_told_without_a_traceback(folder: Path, monitor: Monitor) -> None:
    (folder.parent / "data").write_text("a file where the folder should be")

    done = monitor("status")

    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: ")
    assert "Traceback" not in done.err


def test_what_an_article_says_cannot_colour_or_move_the_terminal(folder: Path, monitor: Monitor) -> None:
    hostile = "[red]BTR[/red] signed the agreement for its cathode plant in Morocco \u202e\u0085now."
    (folder / "history.xml").write_text(news().replace("BTR broke ground", f"{hostile} BTR broke ground"))

    monitor("poll")
    shown = monitor("timeline", "plant").out

    assert "[red]BTR[/red]" in shown
    assert "\u202e" not in shown
    assert "\u0085" not in shown


def service(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "monitor", "run", *arguments],
        env={**os.environ, "MONITOR_CONFIG": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_service_imports_the_past_shows_it_and_ends_on_sigterm(folder: Path) -> None:
    process = service(folder)
    assert process.stderr
    started = next(line for line in process.stderr if "service.started" in line)
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=30)

    assert started
    assert process.returncode == 0
    assert "✔ Chronicle: 2 entries, 2 new, 1 about projects" in out
    assert "agreed" in out


def test_the_service_says_that_it_uses_no_proxy(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    process = service(folder)
    assert process.stderr
    said = next(line for line in process.stderr if "environment.proxy_unused" in line or "service.started" in line)
    process.kill()
    process.communicate()

    assert "HTTPS_PROXY" in said


def test_feeds_that_are_new_at_a_later_start_keep_nothing_waiting(folder: Path, monitor: Monitor) -> None:
    monitor("poll")
    monitor("feeds", "add", "http://127.0.0.1:1/feed.xml", "--name", "New")
    process = service(folder)
    assert process.stderr
    first = next(line for line in process.stderr if "service.started" in line or "New" in line)
    polled = next(line for line in process.stderr if "New" in line)
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=30)

    assert "service.started" in first
    assert "feed.polled" in polled
    assert "New" not in out


async def test_a_feed_that_takes_long_at_the_first_start_does_not_keep_the_service_from_beginning(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(polling, "PATIENCE", 0.5)
    (folder / "monitor.yaml").write_text(BY_HITS + "fetch: {allow_private: [127.0.0.0/8]}")
    with LoopbackServer() as server:
        server.routes["/feed.xml"] = Reply(delay=600)
        (folder / "feeds.yaml").write_text(f"feeds: [{{url: '{server.url('/feed.xml')}', name: Slow}}]")
        with opened(folder) as app:
            await polling._import(app)
            (slow,) = app.poller.feeds()

    assert "begins now and reads the rest beside its work" in " ".join(capsys.readouterr().out.split())
    assert slow[1].imported_at is None


def test_the_demonstration_shows_alerts_arrive_and_leaves_nothing_behind(folder: Path, monitor: Monitor) -> None:
    (folder / "history.xml").write_text(news(days_ago=100))

    done = monitor("demo", "--pause", "0")

    assert done.code == 0
    assert "2024-03-30  BTR signed the investment agreement" in done.out
    assert done.out.index("Cathode plant: agreed") < done.out.index("Cathode plant: agreed → construction")
    assert not (folder.parent / "data").exists()


def test_without_a_chronicle_there_is_nothing_to_demonstrate(folder: Path, monitor: Monitor) -> None:
    (folder / "feeds.yaml").unlink()

    done = monitor("demo")

    assert done.code == 1
    assert "nothing to play" in done.err
