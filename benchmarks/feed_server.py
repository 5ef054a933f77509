"""A server of many feeds on loopback addresses, with validators; adds entries on command, and costs little itself.

    python -m benchmarks.feed_server --feeds 500 --hosts 20 --share 0.033

Feeds are at ``/feed/<number>.xml``, pages at ``/article/<marker>``. ``/control/add?first=0&count=9&step=1`` gives so
many feeds one entry more each, and answers with the markers and the instant of each; ``/control/stats`` with what was
asked so far. Ends when its standard input does.
"""

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import lru_cache
from urllib.parse import parse_qs

from benchmarks.press import Press


@dataclass(slots=True)
class Outlet:
    """One feed: how many entries it has had, and when those were published that came since the start."""

    entries: int
    since: list[float] = field(default_factory=list)
    modified: int = 0


class Outlets:
    def __init__(self, *, feeds: int, hosts: int, port: int, press: Press) -> None:
        self._press = press
        self._start = time.time() // 3600 * 3600
        self._hosts, self._port = hosts, port
        #: In every ETag, so that one of another run never matches.
        self._boot = time.time_ns()
        self.feeds = [Outlet(press.first, modified=int(self._start)) for _ in range(feeds)]
        self._document = lru_cache(2_000)(self._made)

    def base(self, feed: int) -> str:
        return f"http://127.0.0.{1 + feed % self._hosts}:{self._port}"

    def add(self, feed: int) -> tuple[str, float]:
        """One entry more; its marker, and when it can be seen."""
        outlet, now = self.feeds[feed], time.time()
        marker = f"F{feed}E{outlet.entries}Z"
        outlet.entries += 1
        outlet.since.append(now)
        # Later by whole seconds, else who goes by the date alone would miss it.
        outlet.modified = max(int(now), outlet.modified + 1)
        return marker, time.time()

    def validators(self, feed: int) -> tuple[str, str]:
        outlet = self.feeds[feed]
        return f'"{feed}-{outlet.entries}-{self._boot}"', formatdate(outlet.modified, usegmt=True)

    def document(self, feed: int) -> bytes:
        return self._document(feed, self.feeds[feed].entries)

    def _made(self, feed: int, entries: int) -> bytes:
        outlet = self.feeds[feed]
        numbers = range(entries - 1, entries - 1 - self._press.first, -1)
        return self._press.document(feed, self.base(feed), [(number, self._at(outlet, number)) for number in numbers])

    def _at(self, outlet: Outlet, number: int) -> float:
        first = self._press.first
        return outlet.since[number - first] if number >= first else self._start - 60 * (first - number)

    def page(self, marker: str) -> bytes:
        return self._press.page(marker)


class Server(asyncio.Protocol):
    """HTTP/1.1 as far as it is needed: GET, kept connections, one request after the other."""

    def __init__(self, outlets: Outlets, stats: Counter[str]) -> None:
        self._outlets, self._stats = outlets, stats
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        while b"\r\n\r\n" in self._held:
            head, _, self._held = self._held.partition(b"\r\n\r\n")
            request, *lines = head.decode("latin-1").split("\r\n")
            named = (line.partition(":")[::2] for line in lines)
            self._answer(request.split(" ")[1], {name.lower(): value.strip() for name, value in named})

    def _answer(self, target: str, headers: dict[str, str]) -> None:
        path, _, query = target.partition("?")
        section, _, what = path[1:].partition("/")
        if section == "robots.txt":
            self._send("404 Not Found", b"", {})
        elif section == "feed":
            self._feed(int(what.removesuffix(".xml")), headers)
        elif section == "article":
            self._send("200 OK", self._outlets.page(what), {"Content-Type": "text/html; charset=utf-8"})
            self._stats["pages"] += 1
        else:
            answer = json.dumps(self._control(what, parse_qs(query)))
            self._send("200 OK", answer.encode(), {"Content-Type": "application/json"})

    def _feed(self, feed: int, headers: dict[str, str]) -> None:
        etag, modified = self._outlets.validators(feed)
        given = {"ETag": etag, "Last-Modified": modified}
        if headers.get("if-none-match", "") == etag or headers.get("if-modified-since", "") == modified:
            self._stats["unchanged"] += 1
            self._send("304 Not Modified", None, given)
        else:
            self._stats["documents"] += 1
            self._send(
                "200 OK", self._outlets.document(feed), given | {"Content-Type": "application/xml; charset=utf-8"}
            )

    def _control(self, what: str, query: dict[str, list[str]]) -> dict[str, float]:
        if what == "add":
            first, count, step = (int(query[name][0]) for name in ("first", "count", "step"))
            feeds = len(self._outlets.feeds)
            return dict(self._outlets.add((first + number * step) % feeds) for number in range(count))
        return dict(self._stats)

    def _send(self, status: str, body: bytes | None, headers: dict[str, str]) -> None:
        length = {} if body is None else {"Content-Length": str(len(body))}
        lines = "".join(f"{name}: {value}\r\n" for name, value in (headers | length).items())
        assert isinstance(self._transport, asyncio.Transport)
        self._transport.write(f"HTTP/1.1 {status}\r\n{lines}\r\n".encode("latin-1") + (body or b""))


async def serve(feeds: int, hosts: int, press: Press) -> None:
    loop, stats = asyncio.get_running_loop(), Counter[str]()
    made: list[Outlets] = []
    first = await loop.create_server(lambda: Server(made[0], stats), "127.0.0.1", 0, backlog=4096)
    port = first.sockets[0].getsockname()[1]
    made.append(Outlets(feeds=feeds, hosts=hosts, port=port, press=press))
    for host in range(2, hosts + 1):
        await loop.create_server(lambda: Server(made[0], stats), f"127.0.0.{host}", port, backlog=4096)
    made[0].document(0)
    print(json.dumps({"port": port, "feeds": [f"{made[0].base(n)}/feed/{n}.xml" for n in range(feeds)]}), flush=True)
    await asyncio.to_thread(sys.stdin.read)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--hosts", type=int, default=20, help="loopback addresses, up to 250")
    parser.add_argument("--share", type=float, default=0.0, help="of the entries, how many are news of a project")
    parser.add_argument("--later", type=float, default=0.0, help="the same of those that are added; as before if 0")
    parser.add_argument("--unheard", action="store_true", help="those of projects of which nothing was told before")
    parser.add_argument("--shown", type=int, default=30, help="entries that a feed shows at a time")
    arguments = parser.parse_args()
    later = arguments.later or arguments.share
    press = Press(share=arguments.share, later=later, first=arguments.shown, unheard=arguments.unheard)
    asyncio.run(serve(arguments.feeds, arguments.hosts, press))


if __name__ == "__main__":
    main()
