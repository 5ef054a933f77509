"""How quickly what is owed is delivered, and how soon after its commit.

    python -m benchmarks.delivery                      # all of it: a minute or two
    python -m benchmarks.delivery throughput --queued 10000
    python -m benchmarks.delivery latency --alerts 300
    taskset -c 0 python -m benchmarks.delivery         # all of it on one core, the receivers too

Each receiver is a process of its own on loopback: a webhook that keeps its connections, and an SMTP server (aiosmtpd).
See README.md beside this file.
"""

import argparse
import asyncio
import multiprocessing
import socket
import tempfile
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import quantiles
from typing import Any, Self

from aiosmtpd.smtp import SMTP
from apprise import Apprise

from monitor.app.build import App
from monitor.core.news import Change, ChangeType
from monitor.core.state import Confidence
from monitor.deliver.send import Attempt
from monitor.ports import Decision, Outgoing
from monitor.settings.lexicons import load_lexicons
from monitor.settings.loading import load

#: So many that each change is of another one: of one project, several go in one mail.
PROJECTS = 10_000
ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", nargs="?", choices=("throughput", "latency", "peer"), help="all when absent")
    parser.add_argument("--queued", type=int, default=10_000, help="deliveries that are queued at the start")
    parser.add_argument("--alerts", type=int, default=300, help="alerts whose latency is measured")
    arguments = parser.parse_args()
    for kind in ("webhook", "smtp"):
        if arguments.what in {None, "throughput"}:
            throughput(kind, arguments.queued)
        if arguments.what in {None, "latency"}:
            latency(kind, arguments.alerts)
        if arguments.what in {None, "peer"}:
            peer(kind, min(arguments.queued, 2_000))


def throughput(kind: str, queued: int) -> None:
    """From the outbox to one destination."""
    with Place(kind) as place:
        place.owe(queued)
        start, processor = time.perf_counter(), time.process_time()
        sent = sum(1 for _ in place.app.courier.deliver("benchmark"))
        took, worked = time.perf_counter() - start, time.process_time() - processor
        received = len(place.received(queued))
        print(
            f"{kind}: {sent} of {queued} sent, {received} received: {sent / took:.0f} a second;"
            f" {1000 * worked / sent:.2f} ms of the processor each",
            flush=True,
        )


def latency(kind: str, alerts: int) -> None:
    """From the commit of one change to its arrival, when nothing else is owed."""
    with Place(kind) as place:
        said: list[Attempt] = []
        dispatcher = place.app.courier.dispatcher("benchmark", report=said.append, complain=print)
        thread = threading.Thread(target=dispatcher.run)
        thread.start()
        committed = []
        for number in range(alerts):
            place.owe(1, first=number)
            committed.append(time.time())
            deadline = time.monotonic() + 10
            while len(said) <= number and time.monotonic() < deadline:
                time.sleep(0.002)
            time.sleep(0.005)
        dispatcher.stop()
        thread.join()
        arrived = place.received(alerts)
        waits = sorted(1000 * (there - here) for here, there in zip(committed, arrived, strict=True))
        cut = quantiles(waits, n=100)
        print(
            f"{kind}: commit to arrival p50 {cut[49]:.0f} ms, p99 {cut[98]:.0f} ms, worst {waits[-1]:.0f} ms",
            flush=True,
        )


def peer(kind: str, messages: int) -> None:
    """Apprise by itself: nothing is kept, nothing is tried again."""
    with Place(kind) as place:
        # In a process that does not know our plug-ins, which would take the places of Apprise's own.
        context = multiprocessing.get_context("spawn")
        bare = context.Process(target=bare_apprise, args=(kind, place.address, messages))
        bare.start()
        bare.join()


def bare_apprise(kind: str, address: str, messages: int) -> None:
    sender = Apprise()
    sender.add(address)
    # Between two mails it would wait 5.5 seconds.
    for service in sender:
        service.request_rate_per_sec = 0
    start = time.perf_counter()
    sent = sum(bool(sender.notify(title="Orvandel plant", body=f"Status: suspended. {n}")) for n in range(messages))
    took = time.perf_counter() - start
    print(f"{kind}: bare Apprise {sent} of {messages} sent: {sent / took:.0f} a second", flush=True)


class Place:
    """A fresh installation with one destination, and the receiver behind it."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._folder = tempfile.TemporaryDirectory()
        ours, theirs = multiprocessing.Pipe()
        self._receiver = multiprocessing.get_context("fork").Process(
            target=webhook if kind == "webhook" else smtp, args=(theirs,), daemon=True
        )
        self._receiver.start()
        self._pipe = ours
        port = ours.recv()
        webhook_address = f"json://127.0.0.1:{port}/hook"
        mail_address = f"mailto://127.0.0.1:{port}?from=monitor@example.org&to=desk@example.org"
        address = webhook_address if kind == "webhook" else mail_address
        self.address = address
        config = Path(self._folder.name) / "config"
        config.mkdir()
        (config / "monitor.yaml").write_text("fetch: {allow_private: [127.0.0.0/8]}\n")
        projects = "".join(f"  - {{id: p{n}, name: Plant {n}, who: [Company {n}]}}\n" for n in range(PROJECTS))
        (config / "projects.yaml").write_text(f"projects:\n{projects}")
        (config / "subscribers.yaml").write_text(f"subscribers:\n  - {{name: Desk, to: ['{address}']}}\n")
        self.app = App(load(config, {}), load_lexicons())
        # As the service does after each poll.
        self.app.knowledge.keep_states()
        self._destination = self.app.watch.subscribers[0].to[0].id

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._receiver.terminate()
        self.app.close()
        self._folder.cleanup()

    def owe(self, count: int, *, first: int = 0) -> None:
        """Commit so many changes, each owed to the destination."""
        now = datetime.now(UTC)
        changes = tuple(change(number, now) for number in range(first, first + count))
        outgoing = tuple(
            Outgoing(
                change_id=each.id,
                subscriber="Desk",
                destination=self._destination,
                due_at=now,
                chain=self._destination,
            )
            for each in changes
        )
        self.app.ledger.note(Decision(changes=changes, outgoing=outgoing))

    def received(self, count: int) -> Sequence[float]:
        """When each message came."""
        self._pipe.send(count)
        arrived: Sequence[float] = self._pipe.recv()
        return arrived


def change(number: int, at: datetime) -> Change:
    return Change(
        id=f"{number:032x}",
        type=ChangeType.STATUS,
        project=f"p{number % PROJECTS}",
        stage="construction",
        from_="agreed",
        to="construction",
        at=at,
        effective=None,
        confidence=Confidence.REPORTED,
        sources=(f"https://example.org/news/{number}",),
        evidence=("Les travaux de construction de l'usine ont été lancés ce matin à Tanger.",),
    )


# ---------------------------------------------------------------- receivers


def webhook(pipe: Connection) -> None:
    asyncio.run(_webhook(pipe))


async def _webhook(pipe: Connection) -> None:
    arrived: list[float] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
                lengths = {name.lower(): value for name, value in fields.items()}
                await reader.readexactly(int(lengths.get(b"content-length", b"0")))
                arrived.append(time.time())
                writer.write(ANSWER)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    pipe.send(server.sockets[0].getsockname()[1])
    await _answer(pipe, arrived)


def smtp(pipe: Connection) -> None:
    asyncio.run(_smtp(pipe))


async def _smtp(pipe: Connection) -> None:
    arrived: list[float] = []

    class Handler:
        async def handle_DATA(self, *_: object) -> str:  # noqa: N802 - what aiosmtpd calls
            arrived.append(time.time())
            return "250 OK"

    listening = socket.create_server(("127.0.0.1", 0))
    # Else the lines of an answer wait for each other, 40 ms a mail.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    loop = asyncio.get_running_loop()
    await loop.create_server(lambda: SMTP(Handler(), hostname="sink.example.org", loop=loop), sock=listening)
    pipe.send(listening.getsockname()[1])
    await _answer(pipe, arrived)


async def _answer(pipe: Connection, arrived: list[float]) -> None:
    count: Any = await asyncio.to_thread(pipe.recv)
    for _ in range(100):
        if len(arrived) >= count:
            break
        await asyncio.sleep(0.05)
    pipe.send(arrived)


if __name__ == "__main__":
    main()
