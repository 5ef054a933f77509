"""What strangers write is shown, and never runs."""

import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import quote, urlsplit

from playwright.async_api import Browser

from monitor.web.pages.rendering import POLICY
from tests.browser.conftest import Serving, Visiting
from tests.browser.hostile import BREAKOUT, OVERRIDE, PROBES
from tests.browser.visits import Visit, visiting
from tests.servers import LoopbackServer, Reply

#: Where a walk through the hostile monitor begins. It goes on along the links.
BEGINNING = ("/", "/api/v1/projects", "/api/v1/projects/plant/timeline", "/api/v1/feeds", "/api/v1/deliveries")
#: What must be among the places that it comes to, with the hostile texts.
SHOWN = {*BEGINNING, "/projects/plant", "/changes", "/alerts", "/feeds", "/subscribers", "/changes.atom"}
#: Where an address has what somebody else has written into a link.
REFLECTED = (
    "/?q={}",
    "/?order={}",
    "/?lang={}",
    "/?number={}",
    "/projects/plant?as_of={}",
    "/projects/plant?published_by={}",
    "/projects/{}",
    "/changes?before={}",
    "/alerts?state={}",
    "/{}",
    "/static/{}",
    "/changes.atom?project={}",
    "/api/v1/projects/{}",
    "/api/v1/projects?as_of={}",
    "/api/v1/projects?published_by={}",
    "/api/v1/changes?after={}",
)


#: Pages that put an address into themselves as it is.
CARELESS = ("<p>{}</p>", '<input value="{}">', "<input value='{}'>", "<title>{}</title>", "<textarea>{}</textarea>")


async def watched(window: Visit) -> list[str]:
    """The names of the probes that run in this window, from now on."""
    fired: list[str] = []
    await window.page.expose_function("fired", lambda name: fired.append(name))  # noqa: PLW0108 - Playwright marks it
    return fired


async def test_each_probe_runs_where_nothing_stops_it(browser: Browser) -> None:
    pages = {name: probe.unsafe.replace("{}", probe.text) for name, probe in PROBES.items()}

    assert await run_by(browser, pages) == {name: [name] for name in PROBES}


async def test_a_careless_page_runs_what_its_address_says(browser: Browser) -> None:
    pages = {careless: careless.replace("{}", BREAKOUT) for careless in CARELESS}

    assert await run_by(browser, pages) == {careless: ["breakout"] for careless in CARELESS}


async def test_the_policy_alone_stops_each_probe(browser: Browser) -> None:
    pages = {name: probe.unsafe.replace("{}", probe.text) for name, probe in PROBES.items()}

    assert await run_by(browser, pages, {"Content-Security-Policy": POLICY}) == {name: [] for name in PROBES}


async def run_by(
    browser: Browser, pages: Mapping[str, str], headers: Mapping[str, str] | None = None
) -> dict[str, list[str]]:
    """What runs on each page by itself, and when its links are clicked."""
    ran: dict[str, list[str]] = {}
    with LoopbackServer() as server:
        async with visiting(browser, server.url("")) as window:
            fired = await watched(window)
            for name, page in pages.items():
                body = f"<!doctype html><body>{page}".encode()
                server.routes["/"] = Reply(body=body, headers={"Content-Type": "text/html", **(headers or {})})
                await window.open("/")
                for link in await window.page.query_selector_all("a"):
                    await link.click()
                await window.settle()
                ran[name], fired[:] = fired[:], []
    return ran


async def test_nothing_that_is_stored_runs(visit: Visiting) -> None:
    window = await visit("hostile")
    fired = await watched(window)
    waiting, shown, kinds = list(BEGINNING), set(), set()
    while waiting:
        path = waiting.pop(0)
        # One article is like another.
        kind = re.sub(r"/[^/]*\d[^/]*", "/*", path.replace("/v1/", "/"))
        if kind in kinds:
            continue
        kinds.add(kind)
        await window.open(path)

        # The feed is shown as it is written.
        text = unescape(await window.page.inner_text("body"))
        shown |= {path} if PROBES["script"].text in text else set()
        assert OVERRIDE not in text, path
        links: list[str] = await window.page.eval_on_selector_all(
            "[href]:not(use)", "links => links.map(each => each.href)"
        )
        assert {urlsplit(link).scheme for link in links} <= {"http", "https"}, path
        assert fired == [], path
        own = (urlsplit(link).path for link in links if link.startswith(f"{window.address}/"))
        waiting += [link for link in own if not link.startswith("/static/") and not link.endswith((".ics", ".opml"))]

    assert shown >= SHOWN
    assert len(kinds) > len(SHOWN)


async def test_nothing_that_an_address_says_runs(visit: Visiting) -> None:
    window = await visit("hostile")
    fired = await watched(window)
    for path in REFLECTED:
        await window.open(path.format(quote(BREAKOUT, safe="")))

        assert fired == [], path


async def test_no_page_is_shown_within_another(browser: Browser, serve: Serving) -> None:
    addresses = [await serve("working"), await serve("public")]
    pages = [
        f"{addresses[0]}/",
        f"{addresses[0]}/static/icon.svg",
        f"{addresses[1]}/unsubscribe/any",
        f"{addresses[0]}/none",
    ]
    frames = "".join(f'<iframe src="{page}"></iframe>' for page in pages)
    with LoopbackServer() as server:
        server.routes["/own"] = Reply(body=b"<p>shown</p>", headers={"Content-Type": "text/html"})
        own = f'<iframe src="{server.url("/own")}"></iframe>'
        server.routes["/"] = Reply(body=f"<!doctype html>{own}{frames}".encode(), headers={"Content-Type": "text/html"})
        async with visiting(browser, server.url("")) as window:
            await window.open("/")
            shown = [frame.url for frame in window.page.frames[1:]]
            refused = [each for each in window.complaints if "frame-ancestors" in each]

    assert shown == [server.url("/own"), *["chrome-error://chromewebdata/"] * len(pages)]
    assert len(refused) == len(pages)
