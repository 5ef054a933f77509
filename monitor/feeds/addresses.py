"""Decides which network addresses the monitor may connect to. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from publicsuffixlist import PublicSuffixList

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network

_WEB_PORTS = frozenset({80, 443})

_GLOBAL_IPV6 = ip_network("2000::/3")
_NAT64 = ip_network("64:ff9b::/96")

# All or some Python releases classify these networks as global.
_NOT_PUBLIC = tuple(
    map(
        ip_network,
        (
            "100.64.0.0/10",  # carrier-grade NAT (shared address space); cloud metadata at 100.100.100.200
            "168.63.129.16/32",  # cloud metadata at a public address
            "192.0.0.0/24",  # protocol assignments; cloud metadata at 192.0.0.192
            "192.88.99.0/24",  # 6to4 relays
            "198.18.0.0/15",  # benchmarks
            "2001::/23",  # protocol assignments
            "2001:db8::/32",  # documentation
            "3fff::/20",  # documentation
        ),
    )
)


def destinations(address: IPAddress) -> Iterable[IPAddress]:
    """Where a packet may end: at the address, or at the IPv4 addresses that a transition mechanism embeds in it."""
    if isinstance(address, IPv4Address):
        return (address,)
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address in _NAT64:
        return (IPv4Address(int(address) & 0xFFFF_FFFF),)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo
    return (address,)


def is_public(address: IPAddress) -> bool:
    """Whether the address belongs to a host on the public internet, in any notation."""
    return all(_is_public(destination) for destination in destinations(address))


def _is_public(address: IPAddress) -> bool:
    if isinstance(address, IPv6Address) and address not in _GLOBAL_IPV6:
        return False
    if address.is_multicast or address.is_reserved or any(address in network for network in _NOT_PUBLIC):
        return False
    return address.is_global


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """Allows public addresses on the web ports, and any port in the networks that the operator allows."""

    allow_private: tuple[IPNetwork, ...] = ()

    def refusal(self, address: str, port: int | None) -> str | None:
        """The reason to refuse a connection to this numeric address and port. None if it is allowed.

        If ``port`` is None, only the address is checked.
        """
        try:
            number = ip_address(address)
        except ValueError:
            return f"{address} is not an IP address"
        if self._is_allowed(number):
            return None
        if not is_public(number):
            return f"{address} is not on the public internet; if it is meant, add its network to fetch.allow_private"
        if port is not None and port not in _WEB_PORTS:
            return f"port {port} is not one of the web (80, 443)"
        return None

    def is_inside(self, host: str) -> bool:
        """Whether a host is a numeric address in a network that the operator allows: the operator's own server."""
        try:
            return self._is_allowed(ip_address(host))
        except ValueError:
            return False

    def _is_allowed(self, address: IPAddress) -> bool:
        return all(any(end in network for network in self.allow_private) for end in destinations(address))


# Groups hosts into sites: all hosts of one registrable domain are one site. Pure --------------------------------------


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
