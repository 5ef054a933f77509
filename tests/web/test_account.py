"""One's own account, who did what, and what goes wrong, as pages."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from starlette.requests import Request

from monitor.access.registry import MOST_TOKENS
from monitor.access.secrets import digest_of, is_password
from monitor.core.access import Role
from monitor.ports import AuditEntry
from monitor.web.pages.rendering import zone_of
from tests.builders import NOW
from tests.fast_passwords import hash_fast
from tests.web.people import PASSWORD, Answer, Browser, inhabited

NEW = "quite another one"


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    hash_fast(monkeypatch)


async def change(browser: Browser, current: str = PASSWORD, new: str = NEW, again: str = "") -> Answer:
    return await browser.submit("/account", "/account/password", current=current, new=new, again=again or new)


async def test_a_new_password_ends_all_but_a_new_session_here(tmp_path: Path) -> None:
    async with inhabited(tmp_path / "c") as site:
        site.add()
        bearer = {"Authorization": f"Bearer {site.token()}"}
        here, elsewhere = site.browser(), site.browser()
        await here.log_in()
        await elsewhere.log_in()
        before = here.cookies["session"]
        changed = await change(here)
        page = await here.get(changed.location)
        account = site.app.accounts.find("ada")
        after = [
            (await elsewhere.get("/")).status,
            (await site.browser().get("/api/v1/feeds", **bearer)).status,
            (await site.browser().log_in(password=PASSWORD)).status,
            (await site.browser().log_in(password=NEW)).status,
        ]
        logged = [each.action for each in site.entries("account")]

    assert (changed.status, changed.location) == (303, "/account?done=password")
    assert "The password is changed." in page.body
    assert here.cookies["session"] != before
    assert account is not None
    assert is_password(account.password, NEW)
    assert after == [303, 401, 422, 303]
    assert logged == ["account.password"]


@pytest.mark.parametrize(
    ("current", "new", "again", "field"),
    [
        ("a wrong password", NEW, NEW, "current"),
        (PASSWORD, NEW, NEW + "!", "again"),
        (PASSWORD, "short", "short", "new"),
        (PASSWORD, "x" * 1_001, "x" * 1_001, "new"),
    ],
)
async def test_a_password_is_changed_only_by_who_knows_it_and_to_a_good_one(
    tmp_path: Path, current: str, new: str, again: str, field: str
) -> None:
    async with inhabited(tmp_path / "c") as site:
        before = site.add()
        browser = site.browser()
        await browser.log_in()
        refused = await change(browser, current, new, again)
        after = site.app.accounts.find("ada")

    assert refused.status == 422
    assert f'id="problem-{field}"' in refused.body
    assert f'name="{field}" required' in refused.body
    assert f'aria-describedby="problem-{field}"' in refused.body
    assert after == before


async def test_a_stolen_session_cannot_guess_the_password_quickly(tmp_path: Path) -> None:
    async with inhabited(tmp_path / "c") as site:
        site.add()
        browser = site.browser()
        await browser.log_in()
        said = [(await change(browser, f"wrong password {number}")).body for number in range(7)]

    assert ["This is not your password." in each for each in said] == [True] * 5 + [False] * 2
    assert "Too many attempts." in said[-1]


async def test_sessions_are_listed_and_ended_but_only_ones_own(tmp_path: Path) -> None:
    async with inhabited(tmp_path / "c") as site:
        site.add()
        site.add("bob")
        secret, _ = site.session("bob")
        first, second, third, bob = (site.browser() for _ in range(4))
        for each in (first, second, third):
            await each.log_in()
        bob.cookies["session"] = secret
        second_digest = digest_of(second.cookies["session"])
        (of_bob,) = site.app.accounts.sessions("bob")
        shown = await first.get("/account")
        await first.submit("/account", "/account/sessions", session=of_bob.digest)
        await first.submit("/account", "/account/sessions", session=second_digest)
        one_less = len(site.app.accounts.sessions("ada"))
        others = await first.submit("/account", "/account/sessions")
        left = [(await each.get("/")).status for each in (first, second, third, bob)]

    assert shown.body.count("this one") == 1
    assert shown.body.count('name="session" value=') == 2
    assert one_less == 2
    assert others.location == "/account?done=sessions"
    assert left == [200, 303, 303, 200]


async def test_a_token_is_made_shown_once_and_revoked(tmp_path: Path) -> None:
    async with inhabited(tmp_path / "c") as site:
        site.add(role=Role.OPERATOR)
        browser = site.browser()
        await browser.log_in()
        made = await browser.submit("/account", "/account/tokens", scope="write", days="30")
        secret = made.body.partition("<code>")[2].partition("</code>")[0]
        bearer = {"Authorization": f"Bearer {secret}"}
        (token,) = site.app.accounts.tokens("ada")
        used = await site.browser().get("/api/v1/feeds", **bearer)
        again = await browser.get("/account")
        for number in (str(token.id), str(token.id), "x", "9" * 40):
            await browser.submit("/account", "/account/tokens/revoke", token=number)
        after = await site.browser().get("/api/v1/feeds", **bearer)
        logged = [each.action for each in site.entries("token")]
        entries = str(site.entries())

    assert secret.startswith("mmt_")
    assert token.expires_at == NOW + timedelta(days=30)
    assert secret not in again.body
    assert [used.status, after.status] == [200, 401]
    assert logged == ["token.add", "token.revoke"]
    assert secret not in entries


async def test_nobody_revokes_the_token_of_somebody_else(tmp_path: Path) -> None:
    async with inhabited(tmp_path / "c") as site:
        site.add()
        site.add("bob")
        site.token("bob")
        (token,) = site.app.accounts.tokens("bob")
        browser = site.browser()
        await browser.log_in()
        await browser.submit("/account", "/account/tokens/revoke", token=str(token.id))

        assert site.app.accounts.tokens("bob") == [token]


@pytest.mark.parametrize(
    ("scope", "days"), [("write", "0"), ("read", "-1"), ("read", "٣"), ("read", "9" * 5000), ("all", "1"), ("", "")]
)
async def test_a_token_that_cannot_be_is_refused(tmp_path: Path, scope: str, days: str) -> None:
    async with inhabited(tmp_path / "c") as site:
        site.add()
        browser = site.browser()
        await browser.log_in()
        refused = await browser.submit("/account", "/account/tokens", scope=scope, days=days)

        assert refused.status == 422
        assert 'id="problem-days"' in refused.body
        assert site.app.accounts.tokens() == []


async def test_tokens_are_bounded(tmp_path: Path) -> None:
    async with inhabited(tmp_path / "c") as site:
        site.add()
        for _ in range(MOST_TOKENS):
            site.token()
        browser = site.browser()
        await browser.log_in()
        refused = await browser.submit("/account", "/account/tokens", scope="read", days="")

        assert refused.status == 422
        assert len(site.app.accounts.tokens("ada")) == MOST_TOKENS


async def test_the_reader_chooses_a_language_and_a_time_zone(tmp_path: Path) -> None:
    async with inhabited(tmp_path / "c") as site:
        site.add()
        browser = site.browser()
        await browser.log_in()
        utc = await browser.get("/account")
        chosen = await browser.submit("/account", "/account/preferences", lang="fr", zone="Asia/Tokyo")
        tokyo = await browser.get("/account")
        asked = await browser.get("/account?lang=es")
        wrong = await browser.submit("/account", "/account/preferences", lang="fr", zone="../../etc/passwd")
        unknown = await browser.submit("/account", "/account/preferences", lang="xx", zone="")
        await browser.submit("/account", "/account/preferences", lang="", zone="")
        back = await browser.get("/account")

    assert chosen.location == "/account?done=preferences"
    assert "12:00" in utc.body
    assert "21:00" in tokyo.body
    assert '<html lang="fr"' in tokyo.body
    assert '<html lang="es"' in asked.body
    assert [wrong.status, unknown.status] == [422, 422]
    assert "12:00" in back.body
    assert '<html lang="en"' in back.body


async def test_a_person_without_an_account_chooses_too(tmp_path: Path) -> None:
    async with inhabited(tmp_path / "c") as site:
        browser = site.browser()
        shown = await browser.get("/account")
        chosen = await browser.submit("/account", "/account/preferences", lang="ar", zone="Africa/Casablanca")
        page = await browser.get("/")
        made = await browser.submit("/account", "/account/tokens", scope="read", days="1")

        assert "Your choices" in shown.body
        assert "Change the password" not in shown.body
        assert chosen.status == 303
        assert '<html lang="ar" dir="rtl">' in page.body
        assert made.status == 422
        assert site.app.accounts.tokens() == []


@pytest.mark.parametrize("zone", ["", "Mars/Phobos", "../UTC", "/etc/localtime", "Europe\\Paris", "x" * 5000, '"'])
async def test_a_time_zone_that_does_not_exist_is_that_of_the_monitor(tmp_path: Path, zone: str) -> None:
    async with inhabited(tmp_path / "c") as site:
        headers = [(b"cookie", f"zone={zone}".encode())]
        request = Request({"type": "http", "headers": headers, "path": "/", "query_string": b""})

        assert zone_of(request, site.app.watch) == ZoneInfo("UTC")


async def test_instants_are_those_of_the_readers_zone(tmp_path: Path) -> None:
    async with inhabited(tmp_path / "c") as site:
        request = Request({"type": "http", "headers": [(b"cookie", b"zone=Asia/Tokyo")], "path": "/"})

        assert zone_of(request, site.app.watch) == ZoneInfo("Asia/Tokyo")


async def test_who_did_what_is_shown_to_administrators_page_by_page(tmp_path: Path) -> None:
    async with inhabited(tmp_path / "c") as site:
        site.add(role=Role.ADMIN)
        entry = AuditEntry(at=NOW, actor="<b>eve</b>", action="feeds.add", target="https://u:pw@example.org/<i>")
        for number in range(120):
            site.app.audit.add(replace(entry, detail={"number": number, "key": "<script>"}))
        browser = site.browser()
        await browser.log_in()
        seen, path = [], "/audit"
        while path:
            page = (await browser.get(path)).body
            seen += [part.partition(" · ")[0] for part in page.split("number: ")[1:]]
            more = re.search(r'href="(/audit\?before=\d+)" rel="next"', page)
            path = more[1] if more else ""

    assert seen == [str(number) for number in reversed(range(120))]
    assert "<b>eve" not in page
    assert "<script>" not in page
    assert ":pw@" not in page


async def test_what_goes_wrong_is_told_in_the_language_of_the_reader(tmp_path: Path) -> None:
    html = {"Accept": "text/html,*/*", "Accept-Language": "fr"}
    async with inhabited(tmp_path / "c") as site:
        site.add()
        browser = site.browser()
        await browser.log_in()
        missing = await browser.get("/projects/other", **html)
        nowhere = await browser.get("/nowhere", **html)
        refused = await browser.get("/audit", **html)
        invalid = await browser.get("/?order=sideways", **html)
        plain = await browser.get("/nowhere")
        api = await browser.get("/api/v1/projects?limit=x", **html)

    pages = (missing, nowhere, refused, invalid)
    assert [each.status for each in pages] == [404, 404, 403, 422]
    assert all('<html lang="fr" dir="ltr">' in each.body for each in pages)
    assert all("default-src 'none'" in each.headers["Content-Security-Policy"] for each in pages)
    # With "no-referrer" a browser would not say where our own forms come from.
    assert {each.headers["Referrer-Policy"] for each in pages} == {"same-origin"}
    assert "Il faut le rôle administrateur ; le vôtre est lecteur." in refused.body
    assert "<bdi>ada</bdi>" in refused.body
    assert plain.body == "There is nothing here.\n"
    assert api.headers["Content-Type"] == "application/problem+json"
