"""Which hosts are one site."""

import pytest

from monitor.feeds.sites import site_of


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("example.org", "example.org"),
        ("www.example.org", "example.org"),
        ("a.b.EXAMPLE.org.", "example.org"),
        ("www.bbc.co.uk", "bbc.co.uk"),
        ("one.blogspot.com", "one.blogspot.com"),
        ("a.one.blogspot.com", "one.blogspot.com"),
        ("co.uk", "co.uk"),
        ("localhost", "localhost"),
        ("intranet", "intranet"),
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("", ""),
    ],
)
def test_hosts_of_one_registrable_domain_are_one_site(host: str, site: str) -> None:
    assert site_of(host) == site
