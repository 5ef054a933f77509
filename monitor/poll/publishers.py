"""Links of news searches: from the search service to the publisher of the article."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from monitor.core.identity import article_key, canonical_url, is_service_link
from monitor.core.model import Entry
from monitor.errors import FetchError
from monitor.poll.context import PollContext
from monitor.ports import Fetched

#: Links followed in one poll. The articles of the others keep the address of the service.
MAX_FOLLOWED = 20


async def resolve(entries: Sequence[Entry], context: PollContext) -> Sequence[Entry]:
    """Return the entries with the addresses of their publishers.

    ``core.identity`` takes out an address that a link carries. Other links of services are followed, and the context
    keeps the pages behind them. Entries whose articles turn out to be known are left out. An entry whose publisher
    cannot be found keeps its link, and the context says why.

    Args:
        entries: new ones that may concern a project, none of them resolved before.
        context: of the poll.
    """
    links = {entry: canonical_url(entry.url) for entry in entries if entry.url}
    services = [entry for entry, link in links.items() if is_service_link(link)]
    if not services:
        return entries
    found = dict[Entry, Entry]()
    for entry in services[:MAX_FOLLOWED]:
        try:
            found[entry] = await _follow(entry, links[entry], context)
        except FetchError as error:
            context.problems.append(f"the publisher's address is not known, the link stands in: {error}")
    if (left := len(services) - MAX_FOLLOWED) > 0:
        context.problems.append(f"{left} links not followed to their publishers: at most {MAX_FOLLOWED} are in a poll")
    keys = {entry: article_key(led, feed=context.feed.url) for entry, led in found.items() if led is not entry}
    known = await asyncio.to_thread(context.road.ledger.known, tuple(keys.values()))
    return [found.get(entry, entry) for entry in entries if keys.get(entry) not in known]


async def _follow(entry: Entry, link: str, context: PollContext) -> Entry:
    """Return the entry with the address its link leads to, or as it is where that still belongs to a service."""
    answer = await context.road.fetcher.fetch(link, is_page=True)
    if not isinstance(answer, Fetched):
        return entry
    end = canonical_url(answer.url)
    led = entry if is_service_link(end) else replace(entry, url=end)
    context.pages[led.url or ""] = answer
    return led
