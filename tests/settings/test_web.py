"""The settings of the web server: where it is reached, and who vouches for people."""

from pathlib import Path

import pytest

from monitor.core.access import Role
from monitor.settings import load
from tests.settings.test_loading import problems, write

OIDC = "{{issuer: '{issuer}', client_id: x, client_secret: '${{OIDC_SECRET}}', allow: {{{allow}}}}}"


def web(
    folder: Path, *, issuer: str = "https://login.example.org/", allow: str = "a@example.org: admin", more: str = ""
) -> Path:
    oidc = OIDC.format(issuer=issuer, allow=allow)
    return write(folder, monitor=f"web:\n  {more or 'public: https://monitor.example.org'}\n  oidc: {oidc}\n")


def test_a_provider_is_taken_as_it_is_written_and_its_secret_is_kept(tmp_path: Path) -> None:
    config = load(web(tmp_path, allow="Ada@Example.org: admin, '17': viewer"), {"OIDC_SECRET": "very secret"})

    assert config.web.oidc is not None
    assert config.web.oidc.issuer == "https://login.example.org/"
    assert config.web.oidc.allow == {"Ada@Example.org": Role.ADMIN, "17": Role.VIEWER}
    assert "very secret" in config.secrets
    assert "very secret" not in repr(config)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ({"issuer": "http://login.example.org"}, "web.oidc.issuer: must be encrypted"),
        ({"issuer": "https://u:p@login.example.org"}, "web.oidc.issuer: holds more than an address"),
        ({"issuer": "https://login.example.org?x=1"}, "web.oidc.issuer: holds more than an address"),
        ({"issuer": "login.example.org"}, "web.oidc.issuer: is not a web address"),
        ({"allow": ""}, "web.oidc.allow: must have at least 1 item"),
        ({"allow": "a@example.org: owner"}, "web.oidc.allow.a@example.org: must be one of"),
        ({"allow": "a@example.org: admin, A@Example.org: viewer"}, "is given twice"),
        ({"more": "port: 80"}, "web.oidc: needs web.public"),
    ],
)
def test_a_provider_that_cannot_work_is_a_problem(tmp_path: Path, written: dict[str, str], problem: str) -> None:
    (found,) = problems(web(tmp_path, **written), {"OIDC_SECRET": "very secret"})

    assert problem in found


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ("host: 0.0.0.0", "web.host"),
        ("host: 10.1.2.3", "web.host"),
        ("public: http://monitor.example.org", "web.public"),
        ("host: 0.0.0.0, public: https://monitor.example.org", ""),
        ("public: http://localhost:8080", ""),
        ("host: '::1'", ""),
    ],
)
def test_passwords_that_would_travel_unencrypted_are_warned_of(tmp_path: Path, settings: str, key: str) -> None:
    config = load(write(tmp_path, monitor=f"web: {{{settings}}}\n"), {})

    assert [each.key for each in config.warnings] == ([key] if key else [])
