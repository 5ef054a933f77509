"""Links of news searches: from the service that was asked to the publisher who wrote, where that can be told."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from monitor.core.identity import article_key, canonical_url, is_service_link
from monitor.core.model import Entry, Feed
from monitor.errors import FetchError
from monitor.poll.article import Road
from monitor.ports import NO_VALIDATORS, Fetched, Fetcher, NotModified, Validators

#: Links that are followed in one poll; the articles of the others keep the service's address.
MAX_FOLLOWED = 20


@dataclass
class AtHand:
    """``ports.Fetcher`` that need not ask again for what was fetched on the way."""

    inner: Fetcher
    #: By the address under which it will be asked for; each is given once.
    answers: dict[str, Fetched] = field(default_factory=dict)

    async def fetch(
        self, url: str, *, validators: Validators = NO_VALIDATORS, is_page: bool = False
    ) -> Fetched | NotModified:
        return self.answers.pop(url, None) or await self.inner.fetch(url, validators=validators, is_page=is_page)


async def resolve(
    entries: Sequence[Entry], feed: Feed, road: Road, problems: list[str]
) -> tuple[Sequence[Entry], Road]:
    """These new entries with their publishers' addresses, and the road on which what was fetched for it is at hand.

    An address that a link carries is taken out of it by whoever looks at it (core.identity); other links of services
    are followed. Entries whose articles turn out to be known are left out. What cannot be told keeps the link.

    Args:
        entries: that may concern a project; none that was resolved before.
        feed: that brought them.
        road: of the poll.
        problems: takes what could not be followed.
    """
    links = {entry: canonical_url(entry.url) for entry in entries if entry.url}
    services = [entry for entry, link in links.items() if is_service_link(link)]
    if not services:
        return entries, road
    at_hand = AtHand(road.fetcher)
    found = dict[Entry, Entry]()
    for entry in services[:MAX_FOLLOWED]:
        try:
            found[entry] = await _follow(entry, links[entry], at_hand)
        except FetchError as error:
            problems.append(f"the publisher's address is not known, the link stands in: {error}")
    if (left := len(services) - MAX_FOLLOWED) > 0:
        problems.append(f"{left} links not followed to their publishers: at most {MAX_FOLLOWED} are in a poll")
    keys = {entry: article_key(led, feed=feed.url) for entry, led in found.items() if led is not entry}
    known = await asyncio.to_thread(road.ledger.known, tuple(keys.values()))
    kept = [found.get(entry, entry) for entry in entries if keys.get(entry) not in known]
    return kept, replace(road, fetcher=at_hand)


async def _follow(entry: Entry, link: str, fetcher: AtHand) -> Entry:
    """The entry with the address to which its link leads; as it is where that is still one of a service."""
    answer = await fetcher.inner.fetch(link, is_page=True)
    if not isinstance(answer, Fetched):
        return entry
    end = canonical_url(answer.url)
    led = entry if is_service_link(end) else replace(entry, url=end)
    fetcher.answers[led.url or ""] = answer
    return led
