"""Which addresses may be connected to."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.addresses import AddressPolicy, is_public

PUBLIC = ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4007:80e::200e"]

INSIDE = [
    pytest.param("127.0.0.1", id="loopback"),
    pytest.param("127.255.255.254", id="all of loopback"),
    pytest.param("0.0.0.0", id="this host"),
    pytest.param("0.1.2.3", id="this network"),
    pytest.param("10.0.0.1", id="private a"),
    pytest.param("172.16.0.1", id="private b"),
    pytest.param("172.31.255.255", id="the end of private b"),
    pytest.param("192.168.1.1", id="private c"),
    pytest.param("169.254.169.254", id="cloud metadata"),
    pytest.param("100.64.0.1", id="carrier-grade NAT"),
    pytest.param("100.100.100.200", id="metadata on carrier-grade NAT"),
    pytest.param("168.63.129.16", id="metadata on a public number"),
    pytest.param("192.0.0.192", id="metadata among protocol assignments"),
    pytest.param("192.0.2.1", id="documentation"),
    pytest.param("198.18.0.1", id="benchmarks"),
    pytest.param("192.88.99.1", id="6to4 relay"),
    pytest.param("224.0.0.1", id="multicast"),
    pytest.param("239.255.255.250", id="multicast discovery"),
    pytest.param("240.0.0.1", id="reserved"),
    pytest.param("255.255.255.255", id="broadcast"),
    pytest.param("::", id="v6 unspecified"),
    pytest.param("::1", id="v6 loopback"),
    pytest.param("fe80::1", id="v6 link-local"),
    pytest.param("fe80::1%eth0", id="v6 link-local with its link"),
    pytest.param("fc00::1", id="v6 unique local"),
    pytest.param("fd00:ec2::254", id="v6 cloud metadata"),
    pytest.param("fec0::1", id="v6 site-local"),
    pytest.param("ff02::1", id="v6 multicast"),
    pytest.param("2001:db8::1", id="v6 documentation"),
    pytest.param("3fff::1", id="v6 documentation, the new"),
    pytest.param("::ffff:127.0.0.1", id="mapped loopback"),
    pytest.param("::ffff:10.0.0.1", id="mapped private"),
    pytest.param("::127.0.0.1", id="compatible loopback"),
    pytest.param("64:ff9b::7f00:1", id="NAT64 loopback"),
    pytest.param("64:ff9b::169.254.169.254", id="NAT64 metadata"),
    pytest.param("64:ff9b:1::7f00:1", id="NAT64 of the own network"),
    pytest.param("2002:7f00:1::", id="6to4 loopback"),
    pytest.param("2002:a9fe:a9fe::1", id="6to4 metadata"),
    pytest.param("2001:0:7f00:1::", id="Teredo with a server inside"),
    pytest.param("2001:0:808:808:0:0:80ff:fffe", id="Teredo with a client inside"),
    pytest.param("2001:20::1", id="hash identities"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_allowed_on_the_ports_of_the_web(address: str) -> None:
    policy = AddressPolicy()

    assert policy.refusal(address, 80) is None
    assert policy.refusal(address, 443) is None
    assert policy.refusal(address, 22) == "port 22 is not one of the web (80, 443)"


@pytest.mark.parametrize("address", PUBLIC)
def test_a_port_that_needs_no_permission_is_not_asked_about(address: str) -> None:
    assert AddressPolicy().refusal(address, None) is None
    assert AddressPolicy().refusal("127.0.0.1", None) is not None


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_refused_with_a_way_out(address: str) -> None:
    reason = AddressPolicy().refusal(address, 80)

    assert reason is not None
    assert address in reason
    assert "fetch.allow_private" in reason


@pytest.mark.parametrize("packed", ["::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"])
def test_a_public_address_in_the_packing_of_a_transition_mechanism_stays_public(packed: str) -> None:
    assert is_public(ip_address(packed))


def test_an_allowed_network_is_open_on_any_port_and_its_neighbours_stay_closed() -> None:
    policy = AddressPolicy((ip_network("127.0.0.1/32"), ip_network("fd00::/8")))

    assert policy.refusal("127.0.0.1", 8080) is None
    assert policy.refusal("::ffff:127.0.0.1", 8080) is None
    assert policy.refusal("fd00::7", 22) is None
    assert policy.refusal("127.0.0.2", 80) is not None
    assert policy.refusal("::1", 80) is not None


@pytest.mark.parametrize("address", ["localhost", "", "127.1", "2130706433", "0x7f.1", "1.2.3.4.5", "０.０.０.０"])
def test_what_is_no_plain_number_is_refused(address: str) -> None:
    assert AddressPolicy((ip_network("0.0.0.0/0"),)).refusal(address, 80) is not None


@given(st.integers(0, 2**32 - 1))
def test_packing_an_address_never_makes_it_more_public(number: int) -> None:
    plain = IPv4Address(number)
    packings = (0xFFFF << 32 | number, 0x64FF9B << 96 | number, 0x2002 << 112 | number << 80)

    assert [is_public(IPv6Address(packed)) for packed in packings] == [is_public(plain)] * 3


@given(st.integers(0, 2**128 - 1).map(IPv6Address).filter(lambda address: address not in ip_network("2000::/3")))
def test_outside_the_global_range_only_packed_public_addresses_are_public(address: IPv6Address) -> None:
    is_packed = address.ipv4_mapped is not None or address in ip_network("64:ff9b::/96")

    assert is_packed or not is_public(address)
