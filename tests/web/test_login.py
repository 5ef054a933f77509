"""Coming in by a password, and what strangers try instead."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from argon2 import PasswordHasher

from monitor.access import secrets
from monitor.access.secrets import hash_password
from monitor.core.access import ABSOLUTE, IDLE, OF_STRANGERS, Role, Scope
from monitor.errors import LedgerError
from tests.fast_passwords import hash_fast
from tests.web.people import PASSWORD, Answer, Browser, inhabited

NEW = "quite another one"


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    hash_fast(monkeypatch)


async def test_who_logs_in_comes_to_the_page_that_was_asked_for(tmp_path: Path) -> None:
    async with inhabited(tmp_path / "c") as site:
        site.add()
        browser = site.browser()
        asked = await browser.get("/projects/plant?lang=fr")
        shown = await browser.get(asked.location)
        entered = await browser.log_in("ADA ", next="/projects/plant?lang=fr")
        page = await browser.get(entered.location)
        logged = [each.action for each in site.entries()]

    assert (asked.status, asked.location) == (303, "/login?next=%2Fprojects%2Fplant%3Flang%3Dfr&lang=fr")
    assert 'name="next" value="/projects/plant?lang=fr"' in shown.body
    assert '<html lang="fr"' in shown.body
    assert (entered.status, entered.location) == (303, "/projects/plant?lang=fr")
    assert page.status == 200
    assert "Nemo plant" in page.body
    assert "<bdi>ada</bdi>" in page.body
    assert logged == ["session.open"]


async def test_a_login_in_chinese_asks_for_the_name_of_a_user(tmp_path: Path) -> None:
    async with inhabited(tmp_path / "c") as site:
        site.add()
        shown = await site.browser().get("/login?lang=zh")

    assert "<label>用户名 <input" in shown.body


@pytest.mark.parametrize(
    "to", ["//evil.example", "/\\evil.example", "https://evil.example/", "/%09/evil.example", "javascript:alert(1)"]
)
async def test_no_login_leads_elsewhere(tmp_path: Path, to: str) -> None:
    async with inhabited(tmp_path / "c") as site:
        site.add()
        shown = await site.browser().get(f"/login?next={quote(to, safe='%')}")
        entered = await site.browser().log_in(next=to.replace("%09", "\t"))

    assert 'name="next" value="/"' in shown.body
    assert (entered.status, entered.location) == (303, "/")


async def test_the_cookie_of_a_session_is_for_this_host_alone(tmp_path: Path) -> None:
    async with inhabited(tmp_path / "a") as site:
        site.add()
        here = await site.browser().log_in()
    async with inhabited(tmp_path / "b" / "c", more=", public: 'https://monitor.example.org'") as site:
        site.add()
        public = await site.browser().log_in()

    (cookie,) = [each for each in here.set_cookies if each.startswith("session=")]
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    (cookie,) = [each for each in public.set_cookies if each.startswith("__Host-session=")]
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


async def test_a_secret_is_stored_nowhere_and_the_hash_opens_nothing(tmp_path: Path) -> None:
    async with inhabited(tmp_path / "c") as site:
        site.add()
        browser = site.browser()
        await browser.log_in()
        secret = browser.cookies["session"]
        (session,) = site.app.accounts.sessions("ada")
        thief = site.browser()
        thief.cookies["session"] = session.digest
        answer = await thief.get("/")

    assert secret not in str(session)
    assert len(secret) >= 43
    assert answer.status == 303


async def test_each_login_opens_a_new_session_and_ends_the_one_before(tmp_path: Path) -> None:
    async with inhabited(tmp_path / "c") as site:
        site.add()
        browser = site.browser()
        browser.cookies["session"] = "fixed-by-a-stranger"
        await browser.log_in()
        first = browser.cookies["session"]
        await browser.log_in()
        second = browser.cookies["session"]
        number = len(site.app.accounts.sessions("ada"))

    assert "fixed-by-a-stranger" != first != second
    assert number == 1


async def test_wrong_names_and_passwords_are_answered_alike(tmp_path: Path) -> None:
    async with inhabited(tmp_path / "c") as site:
        site.add()
        site.add("eve", password=None)
        site.app.accounts.change(replace(site.add("bob"), is_disabled=True), ends_access=True)
        wrong = [
            await site.browser().log_in("ada", "x" * 12),
            await site.browser().log_in("nobody", PASSWORD),
            await site.browser().log_in("bob", PASSWORD),
            await site.browser().log_in("eve", PASSWORD),
        ]
        refused = site.entries("session.refuse")

    assert [each.status for each in wrong] == [422] * 4
    assert all("The name or the password is wrong." in each.body for each in wrong)
    assert not [each for each in wrong if any("session" in cookie for cookie in each.set_cookies)]
    # A password that was typed in place of a name is not kept.
    assert [(each.actor, each.target) for each in refused] == [
        ("nobody", "ada"), ("nobody", ""), ("nobody", "bob"), ("nobody", "eve"),
    ]  # fmt: skip
    assert {each.detail["address"] for each in refused} == {"127.0.0.1"}


async def test_a_name_that_nobody_has_costs_as_much_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    verified = []
    hasher = secrets._HASHER

    class Counting:
        def verify(self, hashed: str, password: bytes) -> bool:
            verified.append(hashed)
            return hasher.verify(hashed, password)

        def __getattr__(self, name: str) -> object:
            return getattr(hasher, name)

    async with inhabited(tmp_path / "c") as site:
        site.add()
        monkeypatch.setattr(secrets, "_HASHER", Counting())
        for name in ("ada", "nobody"):
            await site.browser().log_in(name, "x" * 12)

    assert len(verified) == 2


async def test_guessing_becomes_slow_and_then_passes(tmp_path: Path) -> None:
    async with inhabited(tmp_path / "c") as site:
        site.add()
        tried = [(await site.browser().log_in("ada", f"wrong password {number}")).status for number in range(7)]
        right = await site.browser().log_in()
        site.now += timedelta(seconds=2)
        later = await site.browser().log_in()
        refused = site.entries("session.refuse")

    assert tried == [422] * 5 + [429, 429]
    assert right.status == 429
    assert right.headers["Retry-After"] == "1"
    assert "Too many attempts" in right.body
    assert later.status == 303
    assert len(refused) == 5


async def test_guesses_at_the_same_time_are_counted_before_they_are_checked(tmp_path: Path) -> None:
    async with inhabited(tmp_path / "c") as site:
        site.add()
        browsers = [site.browser() for _ in range(12)]
        tried = await asyncio.gather(*(each.log_in("ada", "a wrong password") for each in browsers))

    assert sorted(each.status for each in tried) == [422] * 5 + [429] * 7


async def test_strangers_who_guess_make_no_known_browser_wait(tmp_path: Path) -> None:
    async with inhabited(tmp_path / "c") as site:
        site.add()
        site.add("bob")
        browser = site.browser()
        await browser.log_in()
        for number in range(8):
            await site.browser().log_in("ada", f"wrong password {number}")
        stranger = await site.browser().log_in()
        known = await browser.log_in()
        # The mark is of one account alone, and cannot be made up.
        other, forged = site.browser(), site.browser()
        other.cookies = {"mark": browser.cookies["mark"]}
        forged.cookies = {"mark": "x." + "0" * 64}
        for number in range(6):
            await other.log_in("bob", f"wrong password {number}")
        of_other = await other.log_in("bob")
        of_forged = await forged.log_in()

    assert [each.status for each in (stranger, known, of_other, of_forged)] == [429, 303, 429, 429]


async def test_one_password_tried_on_many_names_becomes_slow_and_keeps_nobody_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = replace(OF_STRANGERS, first=timedelta(seconds=0.01), longest=timedelta(seconds=0.04))
    monkeypatch.setattr("monitor.access.door.OF_STRANGERS", replace(short, line=timedelta(seconds=0.3)))
    async with inhabited(tmp_path / "c") as site:
        site.add()
        site.add("bob")
        known = site.browser()
        await known.log_in("bob")
        browser = site.browser()
        tried = [(await browser.log_in(f"name{number}", "password1234")).status for number in range(51)]
        fresh = await site.browser().log_in()
        many = await asyncio.gather(*(site.browser().log_in(f"one{number}", "password1234") for number in range(20)))
        of_known = await known.log_in("bob")

    assert tried == [422] * 51
    assert fresh.status == 303
    assert {each.status for each in many} == {422, 429}
    assert of_known.status == 303


async def test_a_password_is_hashed_anew_when_the_parameters_have_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with inhabited(tmp_path / "c") as site:
        before = site.add()
        monkeypatch.setattr(secrets, "_HASHER", PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
        entered = await site.browser().log_in()
        after = site.app.accounts.find("ada")

    assert entered.status == 303
    assert after is not None
    assert before.password != after.password
    assert "t=2" in (after.password or "")


async def test_a_session_ends_when_it_is_idle_and_in_any_case_after_a_week(tmp_path: Path) -> None:
    async with inhabited(tmp_path / "c") as site:
        site.add()
        idle, busy = site.browser(), site.browser()
        await idle.log_in()
        await busy.log_in()
        seen = []
        for _ in range(14):
            site.now += IDLE - timedelta(minutes=6)
            seen.append((await busy.get("/")).status)
        ended = (await idle.get("/")).status

    number = int(ABSOLUTE / (IDLE - timedelta(minutes=6)))
    assert seen == [200] * number + [303] * (14 - number)
    assert ended == 303


async def test_who_logs_out_is_out(tmp_path: Path) -> None:
    async with inhabited(tmp_path / "c") as site:
        site.add()
        browser = site.browser()
        await browser.log_in()
        secret = browser.cookies["session"]
        forged = await browser.ask("POST", "/logout", {})
        out = await browser.submit("/", "/logout")
        thief = site.browser()
        thief.cookies["session"] = secret
        again = await thief.get("/")
        logged = [each.action for each in site.entries()]

    assert forged.status == 403
    assert (out.status, out.location) == (303, "/login")
    assert "session" not in browser.cookies
    assert again.status == 303
    assert logged == ["session.open", "session.close"]


async def test_another_site_cannot_log_anybody_in(tmp_path: Path) -> None:
    async with inhabited(tmp_path / "c") as site:
        site.add()
        right = {"name": "ada", "password": PASSWORD}
        alone = await site.browser().ask("POST", "/login", right)
        stranger = site.browser()
        await stranger.get("/login")
        guessed = await stranger.ask("POST", "/login", {**right, "csrf": "0" * 64})
        elsewhere = await _from(site.browser(), Origin="https://evil.example")
        fetched = await _from(site.browser(), Sec_Fetch_Site="cross-site")
        text = await site.browser().ask("POST", "/login", None, Content_Type="text/plain")

    assert [each.status for each in (alone, guessed, elsewhere, fetched)] == [403] * 4
    assert text.status == 403


async def _from(browser: Browser, **headers: str) -> Answer:
    """Log in with these headers."""
    shown = await browser.get("/login")
    token = shown.body.partition('name="csrf" value="')[2].partition('"')[0]
    return await browser.ask("POST", "/login", {"csrf": token, "name": "ada", "password": PASSWORD}, **headers)


async def test_a_proxy_may_change_the_host_but_nobody_else_the_origin(tmp_path: Path) -> None:
    async with inhabited(tmp_path / "c", more=", public: 'https://monitor.example.org'") as site:
        site.add()
        public = await _from(site.browser(), Origin="https://monitor.example.org")
        other = await _from(site.browser(), Origin="https://other.example.org")

    assert (public.status, other.status) == (303, 403)


async def test_only_our_own_proxy_tells_where_somebody_comes_from(tmp_path: Path) -> None:
    forwarded = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
    async with inhabited(tmp_path / "a" / "c") as site:
        site.add()
        await _from(site.browser(), **forwarded)
        (direct,) = site.entries()
    async with inhabited(tmp_path / "b" / "c", more=", public: 'https://monitor.example.org'") as site:
        site.add()
        await _from(site.browser(), **forwarded)
        (through_proxy,) = site.entries()

    assert direct.detail["address"] == "127.0.0.1"
    assert through_proxy.detail["address"] == "198.51.100.7"


async def test_a_program_sends_a_token(tmp_path: Path) -> None:
    async with inhabited(tmp_path / "c") as site:
        site.add(role=Role.OPERATOR)
        secret, short = site.token(), site.token(days=1)
        browser = site.browser()

        async def status(authorization: str, path: str = "/api/v1/projects") -> int:
            return (await browser.get(path, Authorization=authorization)).status

        good = [await status(f"Bearer {secret}"), await status(f"bearer  {short}")]
        site.now += timedelta(days=1)
        bad = [
            await status(f"Bearer {short}"),
            await status(f"Bearer {secret}x"),
            await status(f"Basic {secret}"),
            await status(secret),
            await status("Bearer"),
            await status(""),
        ]
        answer = await browser.get("/api/v1/projects")
        page = await status(f"Bearer {secret}", "/projects/plant")
        (token, _) = site.app.accounts.tokens("ada")

    assert good == [200, 200]
    assert bad == [401] * 6
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert page == 200
    assert token.used_at == site.now


async def test_no_token_opens_what_is_for_people(tmp_path: Path) -> None:
    async with inhabited(tmp_path / "c") as site:
        site.add(role=Role.ADMIN)
        bearer = f"Bearer {site.token()}"
        browser = site.browser()
        seen = await browser.get("/account", Authorization=bearer)
        made = await browser.ask("POST", "/account/tokens", {"scope": "write"}, Authorization=bearer)
        reading = await browser.get("/audit", Authorization=f"Bearer {site.token(scope=Scope.READ)}")
        writing = await browser.get("/audit", Authorization=bearer)

    assert [each.status for each in (seen, made, reading, writing)] == [403, 403, 403, 200]


async def test_from_the_first_account_on_this_machine_is_not_trusted(tmp_path: Path) -> None:
    async with inhabited(tmp_path / "c") as site:
        before = await site.browser().get("/")
        with_token = await site.browser().get("/api/v1/projects", Authorization="Bearer mmt_wrong")
        site.add()
        after = await site.browser().get("/")
        site.app.accounts.remove("ada")
        removed = await site.browser().get("/")

    assert [each.status for each in (before, with_token, after, removed)] == [200, 401, 303, 303]


async def test_while_the_database_refuses_nobody_comes_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with inhabited(tmp_path / "c") as site:
        site.add()
        browser = site.browser()
        await browser.log_in()

        def refuse(*_: object) -> None:
            raise LedgerError("locked")

        monkeypatch.setattr(site.app.accounts, "session", refuse)
        page, api = await browser.get("/", Accept="text/html"), await browser.get("/api/v1/projects")

    assert (page.status, api.status) == (503, 503)
    assert page.headers["Retry-After"] == api.headers["Retry-After"] == "60"
    assert "<h1>Not now</h1>" in page.body


async def test_an_old_password_opens_no_session_while_it_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with inhabited(tmp_path / "c") as site:
        account = site.add()
        check = secrets.is_password

        def slow(hashed: str | None, password: str) -> bool:
            right = check(hashed, password)
            site.app.accounts.change(replace(account, password=hash_password(NEW)), ends_access=True)
            return right

        monkeypatch.setattr("monitor.access.door.is_password", slow)
        entered = await site.browser().log_in()
        sessions = site.app.accounts.sessions("ada")

    assert entered.status == 422
    assert sessions == []
