"""Whose server a request costs something: hosts of one registrable domain are one site. Pure."""

from functools import cache
from ipaddress import ip_address

from publicsuffixlist import PublicSuffixList


@cache
def _suffixes() -> PublicSuffixList:
    # Read from the package's own copy, once it is needed: 70 ms.
    return PublicSuffixList()


def site_of(host: str) -> str:
    """The registrable domain of a host; the host itself where it has none, as a number and a name inside.

    Blogs of one provider are sites of their own where the provider says so (publicsuffix.org).
    """
    name = host.rstrip(".").lower()
    if is_number(name):
        return name
    return _suffixes().privatesuffix(name) or name


def is_number(host: str) -> bool:
    """Whether this is an address already, and no name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
