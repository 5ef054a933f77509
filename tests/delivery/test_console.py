"""Alerts in the terminal."""

import io

import pytest
from rich.console import Console

from monitor.core.news import Message
from monitor.delivery.apprise import AppriseSender, resolve
from monitor.ports import Outcome
from tests.delivery.conftest import MESSAGE


def sender_to(stream: io.TextIOBase) -> AppriseSender:
    console = Console(file=stream, width=60)  # type: ignore[arg-type]  # a text stream is what it needs of IO[str]
    return AppriseSender(refusal=lambda _address, _port: None, console=console)


def test_the_console_is_a_destination() -> None:
    assert resolve("console://").label == "console://"


def test_an_alert_is_printed_as_it_was_written() -> None:
    stream = io.StringIO()

    result = sender_to(stream).send("console://", MESSAGE)

    assert result.outcome is Outcome.SENT
    assert MESSAGE.title in stream.getvalue()
    assert "“Les travaux sont à l’arrêt.” 停工。🏭 <b>&amp;" in stream.getvalue()


def test_a_headline_and_an_address_that_are_longer_than_the_terminal_stay_whole() -> None:
    stream = io.StringIO()
    title, address = "start of operation later than expected " * 3, f"https://example.org/{'a' * 200}"

    sender_to(stream).send("console://", Message(title=title, body=f"One line\n{address}", id="1"))

    assert title in stream.getvalue()
    assert address in stream.getvalue().split()


def test_articles_do_not_colour_the_terminal() -> None:
    stream = io.StringIO()

    sender_to(stream).send("console://", Message(title="[red]t[/red]", body="[bold]b[/bold] [link=x]", id="1"))

    assert "[red]t[/red]" in stream.getvalue()
    assert "[bold]b[/bold] [link=x]" in stream.getvalue()


def test_alerts_go_to_standard_output_unless_told_otherwise(capsys: pytest.CaptureFixture[str]) -> None:
    sender = AppriseSender(refusal=lambda _address, _port: None)

    sender.send("console://", MESSAGE)

    printed = capsys.readouterr()
    assert "Les travaux" in printed.out
    assert printed.err == ""


class Gone(io.StringIO):
    def write(self, _: str) -> int:
        raise BrokenPipeError


def closed() -> io.StringIO:
    stream = io.StringIO()
    stream.close()
    return stream


@pytest.mark.parametrize(
    "stream",
    [
        pytest.param(Gone(), id="whoever read it is gone"),
        pytest.param(closed(), id="closed"),
    ],
)
def test_a_terminal_that_is_gone_is_a_failure_not_an_error(stream: io.TextIOBase) -> None:
    result = sender_to(stream).send("console://", MESSAGE)

    assert result.outcome is Outcome.FAILED
    assert result.detail.startswith("cannot write to the terminal: ")


def test_letters_that_a_terminal_lacks_are_escaped() -> None:
    written = io.BytesIO()
    terminal = io.TextIOWrapper(written, encoding="ascii")

    result = sender_to(terminal).send("console://", MESSAGE)

    assert result.outcome is Outcome.SENT
    assert rb"Les travaux sont \xe0 l\u2019arr\xeat" in written.getvalue()
