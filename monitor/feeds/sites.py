"""Groups hosts into sites: all hosts of one registrable domain are one site. Pure."""

from functools import cache
from ipaddress import ip_address

from publicsuffixlist import PublicSuffixList


@cache
def _suffixes() -> PublicSuffixList:
    # Reads the package's own copy on first use: 70 ms.
    return PublicSuffixList()


def site_of(host: str) -> str:
    """The registrable domain of a host. The host itself if it has none, such as a number or an internal name.

    Blogs of one provider are separate sites if the provider registers this (publicsuffix.org).
    """
    name = host.rstrip(".").lower()
    if is_number(name):
        return name
    return _suffixes().privatesuffix(name) or name


def is_number(host: str) -> bool:
    """Whether the host is a numeric address, not a name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
