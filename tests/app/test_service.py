"""What the service does beside polling and sending."""

import asyncio
import os
import signal
import socket
import threading
import time
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from monitor.app import service
from monitor.app.archive import open_archive
from monitor.app.build import App
from monitor.app.opening import build_app, load_folder
from monitor.app.service import Service
from monitor.core.polling import network
from monitor.errors import LedgerError
from monitor.logs import set_up_logs
from monitor.poll.network import NetworkWatch
from monitor.poll.push import Intake
from monitor.ports import Decision
from monitor.settings import Config
from monitor.settings.loading import recall
from monitor.watch.watch import owing
from monitor.web.site import site
from tests.builders import NOW, make_article, make_change, make_poll
from tests.fakes import FakeFetcher
from tests.hub import Hub
from tests.servers import LoopbackServer, Reply
from tests.sinks import WebhookSink
from tests.web.conftest import rss

# The defaults would have the tests of one machine fight for a port.
WEB = "web: {port: 0}\n"
PROJECTS = "projects:\n  - {id: plant, name: Plant, who: [Acme]}\n"


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not is_so():
        time.sleep(0.01)


def events_after(
    caplog: pytest.LogCaptureFixture,
    folder: Path,
    edit: Callable[[], object],
    event: str,
    *,
    begun: str = "service.started",
) -> list[dict[str, Any]]:
    """What the service says of its configuration once it was edited so."""
    app = build_app(*load_folder(folder))
    running = Service(app, load_folder, site)

    def said() -> list[dict[str, Any]]:
        return [record.msg for record in caplog.records if isinstance(record.msg, dict)]

    def wait_for(name: str) -> None:
        wait_until(lambda: any(each["event"] == name for each in said()))

    def operator() -> None:
        wait_for(begun)
        edit()
        wait_for(event)
        os.kill(os.getpid(), signal.SIGTERM)

    # The service is alone in its loop, as it is in the command.
    thread = threading.Thread(target=operator)
    thread.start()
    with app.exclusively() as lock:
        asyncio.run(running.run(lock))
    thread.join()
    return [each for each in said() if each["event"].startswith(("configuration.", "web.", "feed.polled"))]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, restored_logging: None) -> Path:
    set_up_logs()
    monkeypatch.setattr(service, "RELOAD_TICK", 0.05)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "projects.yaml").write_text(PROJECTS)
    (tmp_path / "config" / "monitor.yaml").write_text(WEB)
    return tmp_path / "config"


def test_each_problem_of_a_refused_edit_is_told_by_itself(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    wrong = f"{PROJECTS}    wha: [x]\n    whre: [y]\n".replace("{id: plant, name: Plant, who: [Acme]}", "id: plant")

    told = events_after(
        caplog, folder, lambda: (folder / "projects.yaml").write_text(wrong), event="configuration.refused"
    )

    (refused,) = (each for each in told if each["event"] == "configuration.refused")
    assert len(refused["problems"]) > 1
    assert all("projects.yaml:" in problem for problem in refused["problems"])


def test_an_edit_that_is_taken_back_is_no_longer_refused(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    def edit() -> None:
        (folder / "projects.yaml").write_text("projects: 1")
        wait_until(lambda: any("configuration.refused" in str(record.msg) for record in caplog.records))
        (folder / "projects.yaml").write_text(PROJECTS)
        ends = ("configuration.restored", "configuration.taken")
        wait_until(lambda: any(end in str(record.msg) for record in caplog.records for end in ends))

    told = events_after(caplog, folder, edit, event="configuration.refused")

    events = [each["event"] for each in told if each["event"].startswith("configuration.")]
    assert events[0] == "configuration.refused"
    # A look at the half-written file makes the same configuration a new one.
    assert events[-1] in {"configuration.restored", "configuration.taken"}


def test_what_somebody_edits_outside_is_kept_even_if_it_is_refused(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = folder / "projects.yaml"
    events_after(caplog, folder, lambda: _beside(file, "projects: 1").replace(file), event="configuration.refused")

    file.write_text(PROJECTS)
    archive = open_archive(folder)
    kept = archive.file_editions.editions(file="projects.yaml", limit=10)
    archive.close()
    assert [(each.actor, each.content.decode()) for each in kept] == [("outside", "projects: 1"), ("outside", PROJECTS)]


def _beside(file: Path, text: str) -> Path:
    new = file.with_name("new")
    new.write_text(text)
    return new


def test_the_operator_is_told_of_an_edit_that_is_refused(
    folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "HEALTH_TICK", 0.1)
    with WebhookSink() as hook:
        settings = f"{WEB}fetch: {{allow_private: [127.0.0.0/8]}}\noperator: {{to: {hook.address}}}\n"
        (folder / "monitor.yaml").write_text(settings)

        events_after(caplog, folder, lambda: (folder / "projects.yaml").write_text("projects: 1"), "health.raised")

        (raised,) = hook.events[0]["data"]["raised"]
    assert raised["trouble"] == "edit refused"
    assert "projects.yaml:1: projects: must be a list" in raised["detail"]


def test_the_configuration_at_work_is_kept_for_those_who_read_while_an_edit_is_invalid(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kept: list[Config | None] = []

    def edit() -> None:
        kept.append(recall(folder, {}))
        (folder / "projects.yaml").write_text(PROJECTS.replace("plant", "other"))
        wait_until(lambda: any("configuration.taken" in str(record.msg) for record in caplog.records))
        (folder / "projects.yaml").write_text("projects: 1")

    events_after(caplog, folder, edit, event="configuration.refused")

    kept.append(recall(folder, {}))
    assert [config.projects[0].id for config in kept if config] == ["plant", "other"]


def test_an_edit_that_counts_from_the_next_start_is_said_to(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    edit = f"{WEB}database: sqlite:///elsewhere.db\ntimezone: Europe/Paris\npolling: {{spacing: 9s}}\n"

    told = events_after(
        caplog, folder, lambda: (folder / "monitor.yaml").write_text(edit), event="configuration.needs_restart"
    )

    assert told[-1]["keys"] == ["database", "polling.spacing"]


def test_texts_that_have_been_kept_for_long_enough_are_dropped(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    (folder / "monitor.yaml").write_text(f"{WEB}retention: {{texts: 30d}}\n")
    app = build_app(*load_folder(folder))
    today = app.clock()
    poll = make_poll(make_article("old", seen_at=today - timedelta(days=31)), make_article("new", seen_at=today))
    app.ledger.record(poll, lambda before, fresh: Decision())

    events_after(caplog, folder, lambda: None, event="texts.dropped")

    assert {item.article.key: item.article.text for item in app.ledger.articles()} == {"old": "", "new": "Text of new."}
    app.close()


def test_the_service_says_whether_it_is_well(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    answers: list[tuple[int, bytes]] = []

    def ask() -> None:
        said = (record.msg for record in caplog.records)
        (port,) = (each["port"] for each in said if isinstance(each, dict) and each["event"] == "web.serving")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health") as answer:
            answers.append((answer.status, answer.read()))

    events_after(caplog, folder, ask, event="web.serving", begun="web.serving")

    assert answers == [(200, b"ok\n")]


def test_a_port_that_is_taken_is_said_and_the_service_goes_on(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        (folder / "monitor.yaml").write_text(f"web: {{port: {taken.getsockname()[1]}}}\n")

        told = events_after(
            caplog, folder, lambda: (folder / "monitor.yaml").write_text("web: {port: 1}\n"), "configuration.taken"
        )

    assert [each["event"] for each in told][:2] == ["web.not_served", "configuration.taken"]
    assert f"(process {os.getpid()}); the pages come once it is free" in told[0]["error"]


def test_the_pages_come_once_their_port_is_free(
    folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "WEB_TICK", 0.05)
    monkeypatch.setattr(service, "HEALTH_TICK", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        (folder / "monitor.yaml").write_text(f"web: {{port: {taken.getsockname()[1]}}}\n")

        def free() -> None:
            wait_until(lambda: any("pages not served" in str(record.msg) for record in caplog.records))
            taken.close()

        told = events_after(caplog, folder, free, "web.serving")

    *refused, served = (each for each in told if each["event"].startswith("web."))
    assert served["event"] == "web.serving"
    # Each reason once. Who holds the port can become unknown while it is being freed, which is another reason.
    assert refused[0]["event"] == "web.not_served"
    assert len({each["error"] for each in refused}) == len(refused)


def test_the_service_subscribes_at_the_hub_of_a_feed_and_takes_what_it_pushes(
    folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "HUB_TICK", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    reached = f"web: {{port: {port}, public: 'http://127.0.0.1:{port}'}}\nfetch: {{allow_private: [127.0.0.1/32]}}\n"
    (folder / "monitor.yaml").write_text(reached)
    with LoopbackServer() as outside:
        hub = Hub(outside)
        outside.routes["/feed"] = Reply(body=rss("history", hub=hub.url))
        (folder / "feeds.yaml").write_text(f"feeds:\n  - {{url: '{outside.url('/feed')}', name: Daily}}\n")

        def push() -> None:
            hub.settle()
            assert hub.push(rss("Acme: construction has started")) == 202
            wait_until(lambda: any("pushed" in str(record.msg) for record in caplog.records))

        told = events_after(caplog, folder, push, "feed.polled", begun="hub.verified")

    polled = [each for each in told if each["event"] == "feed.polled"]
    assert [(each["outcome"], each["new"]) for each in polled] == [("read", 1), ("pushed", 1)]


def test_the_operator_is_warned_of_a_storm(
    folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "HEALTH_TICK", 0.1)
    (folder / "subscribers.yaml").write_text("subscribers:\n  - {name: Desk, to: ['console://'], at_most: 4/h}\n")
    app = build_app(*load_folder(folder))
    changes = [make_change(id=f"c{number}", at=app.clock()) for number in range(3)]
    app.ledger.note(owing(changes, changes, app.watch, app.clock()))
    app.close()

    events_after(caplog, folder, lambda: None, "health.raised")

    (said,) = (each.msg for each in caplog.records if "health.raised" in str(each.msg))
    assert isinstance(said, dict)
    assert (said["trouble"], said["subject"]) == ("storm", "Desk")
    assert said["detail"].startswith("3 changes came in 10 minutes")


@pytest.mark.parametrize("at_a_tick", [1, service.AT_A_TICK])
def test_a_feed_that_does_not_answer_keeps_no_other_one_waiting(
    folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, at_a_tick: int
) -> None:
    monkeypatch.setattr(service, "AT_A_TICK", at_a_tick)
    monkeypatch.setattr(service, "POLL_TICK", 0.1)
    monkeypatch.setattr(service, "GRACE", 0.2)
    settings = f"{WEB}fetch: {{allow_private: [127.0.0.1/32]}}\npolling: {{fastest: 1s}}\n"
    (folder / "monitor.yaml").write_text(settings)
    with LoopbackServer() as outside:
        outside.routes["/mute"] = Reply(body=rss("late"), delay=20)
        outside.routes["/quick"] = Reply(body=rss("history"))
        feeds = [f"  - {{url: '{outside.url(path)}', name: {path[1:]}, every: 1s}}\n" for path in ("/mute", "/quick")]
        (folder / "feeds.yaml").write_text(f"feeds:\n{''.join(feeds)}")

        def asked(path: str) -> int:
            return sum(1 for request in list(outside.requests) if request.path == path)

        events_after(caplog, folder, lambda: wait_until(lambda: asked("/quick") > 2), "feed.polled")

        # Both were due at every tick: the one that is being asked is not asked again.
        assert (asked("/mute"), asked("/quick") > 2) == (1, True)


def test_while_its_lock_is_lost_the_service_polls_nothing(
    folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "STEADY_TICK", 0.05)
    monkeypatch.setattr(service, "POLL_TICK", 0.05)
    settings = f"{WEB}fetch: {{allow_private: [127.0.0.1/32]}}\npolling: {{fastest: 1s, spacing: 0s}}\n"
    (folder / "monitor.yaml").write_text(settings)
    lock = folder.parent / "data" / "monitor.db.lock"
    asked: list[int] = []
    with LoopbackServer() as outside:
        outside.routes["/quick"] = Reply(body=rss("history"))
        (folder / "feeds.yaml").write_text(f"feeds:\n  - {{url: '{outside.url('/quick')}', name: quick, every: 1s}}\n")

        def is_said(event: str) -> bool:
            return any(isinstance(each.msg, dict) and each.msg["event"] == event for each in caplog.records)

        def lose_and_find() -> None:
            lock.unlink()
            lock.mkdir()
            wait_until(lambda: is_said("service.lock_lost"))
            time.sleep(0.5)  # what was under way ends
            asked.append(len(outside.requests))
            time.sleep(2.5)
            asked.append(len(outside.requests))
            lock.rmdir()
            wait_until(lambda: len(outside.requests) > asked[1])

        events_after(caplog, folder, lose_and_find, "service.lock_taken_again", begun="feed.polled")

        assert asked[0] == asked[1] < len(outside.requests)


def test_the_web_server_answers_while_the_past_is_read(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    app = build_app(*load_folder(folder))
    answers: list[int] = []

    def said() -> list[dict[str, Any]]:
        return [record.msg for record in caplog.records if isinstance(record.msg, dict)]

    async def read_past() -> None:
        (port,) = (each["port"] for each in said() if each["event"] == "web.serving")
        assert [each["address"] for each in said() if "address" in each] == [f"http://127.0.0.1:{port}/"]
        for path in ("/health", "/", "/projects/plant"):
            with await asyncio.to_thread(urllib.request.urlopen, f"http://127.0.0.1:{port}{path}") as answer:
                answers.append(answer.status)
        assert not any(each["event"] == "service.started" for each in said())
        os.kill(os.getpid(), signal.SIGTERM)

    with app.exclusively() as lock:
        asyncio.run(Service(app, load_folder, site, first=read_past).run(lock))

    assert answers == [200, 200, 200]


def test_a_service_that_is_stopped_while_it_reads_the_past_ends(folder: Path) -> None:
    app = build_app(*load_folder(folder))

    async def read_past() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(600)

    with app.exclusively() as lock:
        asyncio.run(Service(app, load_folder, site, first=read_past).run(lock))


def test_an_error_in_the_past_ends_the_service(folder: Path) -> None:
    app = build_app(*load_folder(folder))

    async def read_past() -> None:
        raise LedgerError("the database is full")

    async def run() -> None:
        with app.exclusively() as lock:
            await Service(app, load_folder, site, first=read_past).run(lock)

    with pytest.raises(LedgerError, match="the database is full"):
        asyncio.run(run())


def test_a_service_whose_lock_another_one_has_taken_ends(
    folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "STEADY_TICK", 0.05)
    app = build_app(*load_folder(folder))
    file = folder.parent / "data" / "monitor.db.lock"
    other = build_app(*load_folder(folder))

    async def run() -> None:
        with app.exclusively() as lock:
            file.unlink()
            with other.exclusively():
                await Service(app, load_folder, site).run(lock)

    with pytest.raises(LedgerError, match="the file of its lock was deleted, and another monitor has taken it since"):
        asyncio.run(run())
    other.close()


def test_a_network_that_is_gone_and_comes_back_is_told_once_each_and_no_feed_fails(
    folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "POLL_TICK", 0.1)
    monkeypatch.setattr(service, "HEALTH_TICK", 0.1)
    monkeypatch.setattr(network, "PAUSE", timedelta(seconds=2))
    settings = f"{WEB}fetch: {{allow_private: [127.0.0.0/8]}}\npolling: {{fastest: 1s, every: 1s}}\n"
    (folder / "monitor.yaml").write_text(settings)
    (folder / "history.xml").write_bytes(rss("history"))
    is_there: list[bool] = []

    def look_up(host: str, port: int, **options: object) -> list[tuple[object, ...]]:
        if not is_there:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with LoopbackServer() as outside:
        outside.routes["/feed"] = Reply(body=rss("news"))
        urls = [outside.url("/feed", host=f"site{number}.example") for number in range(6)]
        feeds = [f"  - {{url: '{url}', name: {url[7:12]}}}\n" for url in (*urls, "file:history.xml")]
        (folder / "feeds.yaml").write_text(f"feeds:\n{''.join(feeds)}")
        app = build_app(*load_folder(folder))
        troubles: list[list[str]] = []

        def said(event: str) -> list[dict[str, Any]]:
            return [each.msg for each in caplog.records if isinstance(each.msg, dict) and each.msg["event"] == event]

        def come_back() -> None:
            wait_until(lambda: bool(app.health.ailments()))
            troubles.append([str(ailment.trouble) for ailment in app.health.ailments()])
            is_there.append(True)
            wait_until(lambda: len(outside.requests) >= len(urls))

        events_after(caplog, folder, come_back, "network.back", begun="network.lost")

        records = {feed.name: record for feed, record in app.poller.feeds()}
        app.close()
    (lost,), (back,) = said("network.lost"), said("network.back")
    assert lost["detail"].startswith("No network: 6 feeds not asked; trying again in ")
    assert back["detail"].endswith("; 6 feeds are due")
    assert troubles == [["no network"]]
    assert {each["outcome"] for each in said("feed.polled")} <= {"read", "unchanged", "not modified"}
    assert {record.failures for record in records.values()} == {0}
    assert len(said("feed.problem")) == 0


async def test_while_the_database_refuses_feeds_are_not_asked_at_every_tick() -> None:
    looks: list[str] = []

    def due() -> tuple[()]:
        looks.append("due")
        raise LedgerError("the disk is full")

    watch = NetworkWatch(feeds=tuple, due=tuple, clock=lambda: NOW, chance=lambda: 0.5)
    app = cast("App", SimpleNamespace(poller=SimpleNamespace(due=due, network=watch)))
    ticks = service.ServicePolls(app, Intake(0))
    with pytest.raises(LedgerError):
        await ticks.poll_due(FakeFetcher())
    await ticks.poll_due(FakeFetcher())

    assert looks == ["due"]
