"""Logs tell what happened and never what is secret."""

import json
import logging
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.logs import LogForm, Redactor, get_logger, keep_secret, listened, log_as, redact, set_up_logs

SECRET = "hunter2-τοκέν/with space"


pytestmark = pytest.mark.usefixtures("restored_logging")


def raised(error: Exception) -> None:
    raise error


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    captured = capsys.readouterr()
    assert captured.out == ""
    return [json.loads(line) for line in captured.err.splitlines()]


def test_an_event_is_one_json_line_where_stderr_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs()
    get_logger("monitor.test").info("feed.polled", feed="Médias24", entries=3, took=0.25, error=None)

    (line,) = lines(capsys)
    at = line.pop("at")
    assert at.endswith("Z")
    assert line == {
        "event": "feed.polled",
        "level": "info",
        "logger": "monitor.test",
        "feed": "Médias24",
        "entries": 3,
        "took": 0.25,
        "error": None,
    }


def test_on_a_terminal_it_is_a_line_for_people(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    set_up_logs()
    get_logger("monitor.test").info("feed.polled", feed="Médias24")

    said = capsys.readouterr().err
    assert "feed.polled" in said
    assert "Médias24" in said
    assert not said.startswith("{")


@pytest.mark.parametrize("said", [SECRET, "hunter2-%CF%84%CE%BF%CE%BA%CE%AD%CE%BD%2Fwith%20space"])
def test_a_secret_is_masked_wherever_it_hides(said: str, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs()
    keep_secret(frozenset({SECRET}))
    log = get_logger("monitor.test")
    log.info(said, text=said, deep={"list": [said, (said,)], said: 1}, thing=ValueError(said))
    try:
        raised(RuntimeError(said))
    except RuntimeError:
        log.exception("failed")
    logging.getLogger("apprise").warning("could not send to %s", said)

    written = capsys.readouterr().err
    assert "hunter2" not in written
    assert written.count("***") >= 7


def test_a_secret_of_several_lines_is_masked_in_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs()
    keep_secret(frozenset({"first half\nsecond half"}))
    try:
        raised(RuntimeError("first half\nsecond half"))
    except RuntimeError:
        get_logger("monitor.test").exception("failed")

    assert "half" not in lines(capsys)[0]["exception"].rpartition("RuntimeError")[2]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://user:pass@example.org/feed", "https://***@example.org/feed"),
        ("mailto://user@example.org", "mailto://***@example.org"),
        ("see https://example.org/a@b", "see https://example.org/a@b"),
        ("https://example.org/?a=1&api_key=abc&b=2", "https://example.org/?a=1&api_key=***&b=2"),
        ("https://example.org/?access_token=abc#x", "https://example.org/?access_token=***#x"),
        ("https://example.org/?page=2", "https://example.org/?page=2"),
    ],
)
def test_what_an_address_may_hide_is_masked_though_nobody_said_that_it_is_secret(text: str, shown: str) -> None:
    assert Redactor().redact(text) == shown


def test_of_two_secrets_that_begin_alike_nothing_is_left() -> None:
    assert Redactor(frozenset({"abcd", "abcdefgh"})).redact("abcdefgh abcd") == "*** ***"


@given(st.text(min_size=1, alphabet=st.characters(categories=["L", "N"])), st.text(), st.text())
def test_no_secret_is_left_in_any_text(secret: str, before: str, after: str) -> None:
    assert secret not in Redactor(frozenset({secret})).redact(before + secret + after)


def test_what_was_to_be_kept_secret_last_is_redacted_from_error_messages() -> None:
    keep_secret(frozenset({"canary"}))
    assert redact("a canary sings") == "a *** sings"

    keep_secret(frozenset())
    assert redact("a canary sings") == "a canary sings"


def test_text_from_outside_cannot_forge_a_line_or_move_the_cursor(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    set_up_logs()
    get_logger("monitor.test").info("read", title="x\n2026 [info] forged \x1b[2J \u202eabc")

    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "\x1b[2J" not in said
    assert "\u202e" not in said


def test_other_libraries_keep_quiet_below_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(verbose=True)
    logging.getLogger("apprise").debug("mailto://user:pass@example.org")
    logging.getLogger("apscheduler.scheduler").info("started")
    logging.getLogger("trafilatura.core").error("odd page")
    logging.getLogger("apscheduler.scheduler").warning("missed by %s", "0:00:03")

    assert [(line["logger"], line["event"]) for line in lines(capsys)] == [
        ("apscheduler.scheduler", "missed by 0:00:03")
    ]


def test_debug_is_told_only_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs()
    get_logger("monitor.test").debug("hidden")
    set_up_logs(verbose=True)
    keep_secret(frozenset({"canary"}))  # as when a configuration is taken up
    get_logger("monitor.test").debug("shown")

    assert [line["event"] for line in lines(capsys)] == ["shown"]


def run(statements: str) -> "subprocess.CompletedProcess[str]":
    program = f"import logging, os; from monitor.logs import get_logger, set_up_logs; set_up_logs(); {statements}"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)


def test_a_line_that_cannot_be_made_shows_no_argument() -> None:
    said = run("logging.getLogger('monitor.test').warning('%d', 'canary')").stderr

    assert "a log line of monitor.test could not be made" in said
    assert "canary" not in said


def test_a_terminal_that_has_gone_away_stops_nothing() -> None:
    assert run("os.close(2); get_logger('monitor').info('x'); print('done')").stdout == "done\n"


# ---------------------------------------------------------------- forms and listeners


def test_a_terminal_gets_json_lines_if_they_are_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    set_up_logs()
    log_as(LogForm.JSON)
    get_logger("monitor.test").info("feed.polled")

    (line,) = lines(capsys)
    assert line["event"] == "feed.polled"


def test_lines_for_people_have_no_colours_where_stderr_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs()
    log_as(LogForm.TEXT)
    get_logger("monitor.test").info("feed.polled", feed="Médias24")

    said = capsys.readouterr().err
    assert "feed=Médias24" in said
    assert "\x1b" not in said


def test_a_listener_gets_every_event_without_secrets_and_with_its_level(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs()
    keep_secret(frozenset({SECRET}))
    heard: list[Mapping[str, object]] = []
    with listened(heard.append, quiet=True):
        get_logger("monitor.test").warning("feed.problem", problem=f"no {SECRET}")
        logging.getLogger("library").warning("told %s", SECRET)
    get_logger("monitor.test").info("feed.polled")

    assert [(each["event"], each["level"]) for each in heard] == [("feed.problem", "warning"), ("told ***", "warning")]
    assert heard[0]["problem"] == "no ***"
    assert [line["event"] for line in lines(capsys)] == ["feed.polled"]


def test_a_listener_in_place_of_stderr_leaves_tracebacks_there(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs()
    with listened(lambda event: None, quiet=True):
        try:
            raised(ValueError("x"))
        except ValueError:
            get_logger("monitor.test").exception("feed.fault")
            logging.getLogger("library").exception("broken")

    first, second = lines(capsys)
    assert "ValueError" in first["exception"]
    assert second["event"] == "broken"


def test_a_listener_that_fails_stops_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs()
    with listened(lambda event: raised(ValueError("x")), quiet=False):
        get_logger("monitor.test").info("feed.polled")

    assert [line["event"] for line in lines(capsys)] == ["feed.polled"]
