"""Whether this machine has a network, judged by the sites that can and cannot be reached. Pure.

One site that cannot be reached may be down. Several sites in a row, with no other reached in between, mean that the
network is gone.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from monitor.core.backoff import believed

#: The time between two attempts to reach the network.
PAUSE = timedelta(minutes=5)
#: So many sites in a row must be unreachable, or a quarter of a longer list.
_SEVERAL, _SHARE, _MOST = 5, 4, 20
#: With a single site, its outage and that of the network look the same.
_LEAST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """What is known of the network."""

    #: The sites that could not be reached since one was last reached.
    unreached: frozenset[str] = frozenset()
    #: Since when there is no network. None while there is one, as far as is known.
    lost_at: datetime | None = None
    #: When to try again. None while there is a network.
    again_at: datetime | None = None

    @property
    def is_lost(self) -> bool:
        return self.lost_at is not None


CONNECTED = Network()


def enough(watched: int) -> int:
    """How many unreachable sites mean that there is no network, if so many sites are watched."""
    return max(_LEAST, min(watched, max(_SEVERAL, min(watched // _SHARE, _MOST))))


def unreached(network: Network, site: str, now: datetime, *, watched: int) -> Network:
    """What is known once a site could not be reached.

    Args:
        network: what was known before.
        site: of the address that could not be reached.
        now: the present instant.
        watched: the number of sites that are watched.
    """
    if network.is_lost:
        return network
    sites = network.unreached | {site}
    if len(sites) < enough(watched):
        return Network(unreached=sites)
    return Network(unreached=sites, lost_at=now, again_at=now + PAUSE)


def tried(network: Network, now: datetime) -> Network:
    """What is known once another attempt to reach any site has failed."""
    return replace(network, again_at=now + PAUSE) if network.is_lost else network


def is_to_be_tried(network: Network, now: datetime) -> bool:
    """Whether it is time to try again. A time further away than ``PAUSE`` comes from a clock that was set back."""
    return network.again_at is not None and believed(network.again_at, now, PAUSE) <= now


def is_near(url: str) -> bool:
    """Whether an address needs no network: a file, this machine, or a numeric address that is not public."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme == "file" or host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return not ip_address(host.partition("%")[0]).is_global
    except ValueError:
        return False


# ---------------------------------------------------------------- in words


def lost_words(feeds: int) -> str:
    """What is told once, when the network is lost."""
    return f"No network: {_feeds(feeds)} not asked; trying again in {duration(PAUSE)}"


def back_words(lost_for: timedelta, due: int) -> str:
    """What is told once, when the network is back."""
    return f"Network is back after {duration(lost_for)}; {_feeds(due)} {'is' if due == 1 else 'are'} due"


def duration(time: timedelta) -> str:
    """A duration in the largest unit of which it has two: ``12 minutes``. 0 seconds if the clock was set back."""
    for unit, name in ((timedelta(days=1), "days"), (timedelta(hours=1), "hours"), (timedelta(minutes=1), "minutes")):
        if time >= 2 * unit:
            return f"{round(time / unit)} {name}"
    seconds = max(0, round(time.total_seconds()))
    return f"{seconds} second{'' if seconds == 1 else 's'}"


def _feeds(number: int) -> str:
    return f"{number:,} feed{'' if number == 1 else 's'}"
