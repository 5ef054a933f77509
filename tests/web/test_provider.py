"""Logging in at a provider of the organisation (OpenID Connect), and what could go wrong there."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from monitor.core.access import Role
from monitor.settings.config import Provider
from tests.builders import NOW
from tests.fast_passwords import hash_fast
from tests.oidc import CLIENT, SECRET, OidcProvider, key, shared_key
from tests.servers import LoopbackServer, Reply, endless, redirect
from tests.web.people import Answer, Browser, Site, inhabited

PUBLIC = "http://localhost:9"


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    hash_fast(monkeypatch)


@pytest.fixture
def provider() -> Iterator[OidcProvider]:
    with LoopbackServer() as server:
        yield OidcProvider(server)


@asynccontextmanager
async def organised(
    folder: Path, provider: OidcProvider, allow: str = "Ada@Example.org: operator", issuer: str = ""
) -> AsyncIterator[Site]:
    oidc = f"issuer: '{issuer or provider.issuer}', client_id: {CLIENT}, client_secret: '{SECRET}', allow: {{{allow}}}"
    async with inhabited(folder / "c", more=f", public: '{PUBLIC}', oidc: {{{oidc}}}") as site:
        yield site


async def went_there(site: Site, provider: OidcProvider, **answer: str) -> tuple[Browser, Answer]:
    """A browser that went to the provider and came back with what it was answered."""
    browser = site.browser()
    away = await browser.get("/login/oidc?next=/projects/plant")
    assert away.status == 303, away.body
    return browser, await browser.get(provider.log_in(away.location, **answer))


async def test_who_is_vouched_for_and_listed_comes_in(tmp_path: Path, provider: OidcProvider) -> None:
    async with organised(tmp_path, provider) as site:
        shown = await site.browser().get("/login")
        browser, back = await went_there(site, provider)
        page = await browser.get(back.location)
        (account,) = site.app.accounts.all()
        entries = site.entries()

    assert 'href="/login/oidc?next=%2F"' in shown.body
    assert (back.status, back.location) == (303, "/projects/plant")
    assert page.status == 200
    assert "<bdi>ada@example.org</bdi>" in page.body
    assert (account.name, account.role, account.password) == ("ada@example.org", Role.OPERATOR, None)
    assert [(each.action, each.target) for each in entries] == [
        ("account.add", "ada@example.org"),
        ("session.open", "ada@example.org"),
    ]
    (sent,) = provider.sent
    assert sent["redirect_uri"] == f"{PUBLIC}/login/oidc/back"
    assert "errand" not in browser.cookies


async def test_the_browser_is_sent_away_with_a_challenge_and_values_of_its_own(
    tmp_path: Path, provider: OidcProvider
) -> None:
    async with organised(tmp_path, provider) as site:
        asked = [dict(parse_qsl(urlsplit((await site.browser().get("/login/oidc")).location).query)) for _ in range(2)]

    for each in asked:
        assert each["response_type"] == "code"
        assert each["code_challenge_method"] == "S256"
        assert each["client_id"] == CLIENT
        assert each["scope"] == "openid email"
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[0][name]) >= 40
        assert asked[0][name] != asked[1][name]


async def test_a_person_is_listed_by_subject_too(tmp_path: Path, provider: OidcProvider) -> None:
    provider.claims = {"email": None, "email_verified": None}
    async with organised(tmp_path, provider, allow="s-17: admin") as site:
        _, back = await went_there(site, provider)
        (account,) = site.app.accounts.all()

    assert back.status == 303
    assert (account.name, account.role) == ("s-17", Role.ADMIN)


async def refused(tmp_path: Path, provider: OidcProvider, **answer: str) -> str:
    """Why the provider's word is not believed. Nobody comes in."""
    async with organised(tmp_path, provider) as site:
        browser, back = await went_there(site, provider, **answer)
        page = await browser.get("/projects/plant")
        (entry,) = site.entries()

    assert (back.status, page.status) == (403, 303)
    assert "The provider did not let you in." in back.body
    assert (entry.actor, entry.action) == ("nobody", "session.refuse")
    assert str(entry.detail["reason"]) not in back.body
    return str(entry.detail["reason"])


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "https://other.example.org"}, "does not hold"),
        ({"iss": None}, "does not hold"),
        ({"aud": "another-client"}, "does not hold"),
        ({"aud": [CLIENT, "another"], "azp": "another"}, "does not hold"),
        ({"aud": None}, "does not hold"),
        ({"nonce": "of another login"}, "does not hold"),
        ({"nonce": None}, "does not hold"),
        ({"exp": 1_700_000_000}, "does not hold"),
        ({"exp": None}, "does not hold"),
        ({"sub": None}, "does not hold"),
        ({"email_verified": False}, "lists neither"),
        ({"email_verified": None}, "lists neither"),
        ({"email_verified": "true"}, "lists neither"),
        ({"email": "eve@example.org"}, "lists neither"),
        ({"email": ["ada@example.org"]}, "lists neither"),
        # A subject that looks like somebody's address.
        ({"email": None, "sub": "ada@example.org"}, "lists neither"),
    ],
)
async def test_a_token_that_says_something_else_lets_nobody_in(
    tmp_path: Path, provider: OidcProvider, claims: dict[str, Any], reason: str
) -> None:
    provider.claims = claims

    assert reason in await refused(tmp_path, provider)


@pytest.mark.parametrize("forgery", ["another key", "shared secret", "no signature"])
async def test_a_token_that_the_provider_did_not_sign_lets_nobody_in(
    tmp_path: Path, provider: OidcProvider, forgery: str
) -> None:
    provider.signing, provider.algorithm = {
        "another key": (key(2), "RS256"),
        "shared secret": (shared_key(), "HS256"),
        "no signature": (key(1), "none"),
    }[forgery]

    assert "does not hold" in await refused(tmp_path, provider)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"state": "of another browser"}, "belongs to another login"),
        ({"iss": "https://other.example.org"}, "comes from another provider"),
        ({"code": "guessed"}, "does not hold"),
    ],
)
async def test_an_answer_that_does_not_fit_lets_nobody_in(
    tmp_path: Path, provider: OidcProvider, answer: dict[str, str], reason: str
) -> None:
    assert reason in await refused(tmp_path, provider, **answer)


async def test_an_answer_that_another_browser_fetched_lets_nobody_in(tmp_path: Path, provider: OidcProvider) -> None:
    async with organised(tmp_path, provider) as site:
        away = await site.browser().get("/login/oidc")
        back = provider.log_in(away.location)
        victim = site.browser()
        alone = await victim.get(back)
        forged = site.browser()
        forged.cookies["errand"] = "W10." + "0" * 64
        made_up = await forged.get(back)

    assert (alone.status, made_up.status) == (403, 403)
    assert provider.sent == []


async def test_an_answer_comes_once_and_in_time(tmp_path: Path, provider: OidcProvider) -> None:
    provider.claims = {"exp": int(NOW.timestamp()) + 7_200}
    async with organised(tmp_path, provider) as site:
        browser = site.browser()
        away = await browser.get("/login/oidc")
        back, kept = provider.log_in(away.location), dict(browser.cookies)
        first = await browser.get(back)
        browser.cookies = kept
        second = await browser.get(back)
        late = site.browser()
        away = await late.get("/login/oidc")
        site.now += timedelta(minutes=16)
        third = await late.get(provider.log_in(away.location))

    assert [each.status for each in (first, second, third)] == [303, 403, 403]


async def test_who_refuses_to_be_known_does_not_come_in(tmp_path: Path, provider: OidcProvider) -> None:
    async with organised(tmp_path, provider) as site:
        browser = site.browser()
        away = await browser.get("/login/oidc")
        state = dict(parse_qsl(urlsplit(away.location).query))["state"]
        back = await browser.get(f"/login/oidc/back?state={state}&error=access_denied")

    assert back.status == 403


async def test_no_login_at_the_provider_leads_elsewhere(tmp_path: Path, provider: OidcProvider) -> None:
    async with organised(tmp_path, provider) as site:
        browser = site.browser()
        away = await browser.get("/login/oidc?next=//evil.example")
        back = await browser.get(provider.log_in(away.location))

    assert back.location == "/"


async def test_a_local_account_of_the_same_name_is_not_taken_over(tmp_path: Path, provider: OidcProvider) -> None:
    async with organised(tmp_path, provider) as site:
        site.add("ada@example.org", role=Role.ADMIN)
        _, back = await went_there(site, provider)

    assert back.status == 403


async def test_who_is_disabled_or_taken_off_the_list_is_out_at_once(tmp_path: Path, provider: OidcProvider) -> None:
    async with organised(tmp_path, provider) as site:
        browser, _ = await went_there(site, provider)
        bearer = {"Authorization": f"Bearer {site.token('ada@example.org')}"}
        (account,) = site.app.accounts.all()
        before = [(await browser.get("/")).status, (await site.browser().get("/api/v1/feeds", **bearer)).status]
        config = site.app.config
        oidc = config.web.oidc
        assert isinstance(oidc, Provider)
        without = replace(config, web=replace(config.web, oidc=replace(oidc, allow={})))
        site.app.reconfigure(without, {})
        off = [(await browser.get("/")).status, (await site.browser().get("/api/v1/feeds", **bearer)).status]
        site.app.reconfigure(config, {})
        site.app.accounts.change(replace(account, is_disabled=True), ends_access=True)
        _, again = await went_there(site, provider)

    assert before == [200, 200]
    assert off == [303, 401]
    assert again.status == 403


async def test_who_is_put_on_the_list_comes_in_without_a_restart(tmp_path: Path, provider: OidcProvider) -> None:
    async with organised(tmp_path, provider, allow="bob@example.org: admin") as site:
        _, before = await went_there(site, provider)
        config = site.app.config
        oidc = config.web.oidc
        assert isinstance(oidc, Provider)
        listed = replace(oidc, allow={"ada@example.org": Role.VIEWER})
        site.app.reconfigure(replace(config, web=replace(config.web, oidc=listed)), {})
        _, after = await went_there(site, provider)

    assert (before.status, after.status) == (403, 303)


async def test_a_provider_that_takes_too_long_is_not_waited_for(
    tmp_path: Path, provider: OidcProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.web.pages.login._PATIENCE", 0.05)
    provider.server.routes["/.well-known/openid-configuration"] = Reply(delay=1.0, body=b"{}")
    async with organised(tmp_path, provider) as site:
        answer = await site.browser().get("/login/oidc")
        (entry,) = site.entries()

    assert answer.status == 403
    assert entry.detail["reason"] == "the provider takes too long"


@pytest.mark.parametrize(
    "broken",
    [
        Reply(status=500),
        Reply(body=b"no json"),
        Reply(body=b"[]"),
        Reply(body=b'{"issuer": "https://other.example.org"}'),
        redirect("https://example.org/"),
        endless(b" " * 10_000),
    ],
)
async def test_a_provider_that_describes_itself_wrongly_costs_only_the_login(
    tmp_path: Path, provider: OidcProvider, broken: Reply
) -> None:
    provider.server.routes["/.well-known/openid-configuration"] = broken
    async with organised(tmp_path, provider) as site:
        answer = await site.browser().get("/login/oidc")
        login = await site.browser().get("/login")

    assert (answer.status, login.status) == (403, 200)


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("address", [None, "file:///etc/passwd", "javascript:alert(1)", 7])
async def test_an_endpoint_is_an_address_of_the_web(
    tmp_path: Path, provider: OidcProvider, name: str, address: object
) -> None:
    provider.description = {name: address}
    async with organised(tmp_path, provider) as site:
        browser = site.browser()
        away = await browser.get("/login/oidc")
        back = await browser.get(provider.log_in(away.location)) if away.status == 303 else away

    assert back.status == 403


async def test_the_provider_leads_to_no_address_inside_the_network(tmp_path: Path, provider: OidcProvider) -> None:
    with LoopbackServer(host="127.0.0.2") as inside:
        inside.routes["/keys"] = inside.routes["/token"] = Reply(body=json.dumps({"keys": []}).encode())
        provider.description = {"token_endpoint": inside.url("/token")}
        async with organised(tmp_path, provider) as site:
            config = site.app.config
            fetch = replace(config.fetch, allow_private=(_only("127.0.0.1/32"),))
            site.app.reconfigure(replace(config, fetch=fetch), {})
            _, back = await went_there(site, provider)
            (entry,) = site.entries()

    assert back.status == 403
    assert "fetch.allow_private" in str(entry.detail["reason"])
    assert inside.requests == []


def _only(network: str) -> Any:
    from ipaddress import ip_network  # noqa: PLC0415 - used once

    return ip_network(network)


async def test_the_secret_of_the_client_is_shown_nowhere(tmp_path: Path, provider: OidcProvider) -> None:
    async with organised(tmp_path, provider) as site:
        _, back = await went_there(site, provider)

        assert back.status == 303
        assert SECRET in site.app.config.secrets
        assert SECRET not in repr(site.app.config)
        assert SECRET not in str(site.entries())
