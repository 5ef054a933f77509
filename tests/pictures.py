"""Makes the pictures of the documentation anew: ``python -m tests.pictures``. Needs Chromium and fonts of all scripts.

The mails tell of an invented plant, and say so. The page of a reading shows an article of the shipped chronicle. The
pages of the web server show what it says.
"""

import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import escape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from playwright.async_api import Browser

from monitor.app.build import App
from monitor.app.opening import load_folder
from monitor.core.message.compose import compose
from monitor.core.message.examples import EXAMPLES
from monitor.poll.poll import PollOutcome
from monitor.poll.push import Intake
from monitor.web.site import site
from tests.browser.chromium import chromium
from tests.builders import VOICE

ROOT = Path(__file__).parents[1]
#: The day after the last article of the chronicle.
TODAY = datetime(2025, 11, 1, 12, tzinfo=UTC)
ARTICLE = "Convention signée pour l'usine de cathodes de BTR à Tanger Tech"
_FRAMES = """<!DOCTYPE html><meta charset="utf-8">
<body style="margin:0;padding:16px 16px 10px;background:#d8dde6;font:14px/1.4 'Noto Sans',sans-serif">
<div style="display:flex;gap:16px">{frames}</div>
<p style="margin:10px 0 0;text-align:center;color:#333">{note}</p>
</body>"""
_FRAME = (
    '<iframe srcdoc="{mail}" style="width:440px;height:{height}px;border:0;border-radius:8px;background:#fff"></iframe>'
)
_NOTE = "An invented plant: neither it nor its town nor these outlets exist."


def mails() -> str:
    """One alert as a telephone shows it, in English and in Arabic."""
    zone = ZoneInfo("Africa/Casablanca")
    told = [compose(EXAMPLES["schedule, slipped"], voice=VOICE, language=each, zone=zone) for each in ("en", "ar")]
    frames = "".join(_FRAME.format(mail=escape(message.html), height=880) for message in told)
    return _FRAMES.format(frames=frames, note=_NOTE)


def reading() -> str:
    """What is found in one article of the chronicle."""
    items = ET.parse(ROOT / "config" / "history.xml").getroot().findall("channel/item")
    item = next(each for each in items if each.findtext("title") == ARTICLE)
    article = {
        "id": "chronicle",
        "title": ARTICLE,
        "text": item.findtext("description"),
        "url": item.findtext("link"),
        "published": parsedate_to_datetime(item.findtext("pubDate") or "").astimezone(UTC).isoformat(),
        "outlet": item.findtext("source") or "",
    }
    command = [sys.executable, "-m", "monitor", "read", "--html", "--config", str(ROOT / "config"), "-"]
    return subprocess.run(command, input=json.dumps(article), capture_output=True, text=True, check=True).stdout


@asynccontextmanager
async def chronicle() -> AsyncIterator[str]:
    """The address of a monitor that has read the shipped chronicle, and stands on the day after its last article."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "config"
        shutil.copytree(ROOT / "config", folder)
        feeds = "feeds:\n  - {url: 'file:history.xml', name: Chronicle}\n"
        (folder / "feeds.yaml").write_text(feeds, encoding="utf-8")
        app = App(*load_folder(folder), clock=lambda: TODAY)
        async with app.fetcher() as fetcher:
            (result,) = [result async for result in app.poller.poll(app.poller.feeds(), fetcher)]
        assert result.outcome is PollOutcome.READ, result.error
        server = site(app, Intake(1_000))
        await server.start()
        try:
            yield f"http://127.0.0.1:{server.port}"
        finally:
            await server.close()
            app.close()


async def photograph(browser: Browser, page: str, name: str, *, width: int, height: int, **preferences: Any) -> None:
    """Save what the browser shows of a page, given as HTML or by its address."""
    context = await browser.new_context(viewport={"width": width, "height": height}, **preferences)
    window = await context.new_page()
    if page.startswith("http:"):
        await window.goto(page)
    else:
        await window.set_content(page)
    await window.screenshot(path=ROOT / "docs" / f"{name}.png")
    await context.close()


async def main() -> None:
    """Make all pictures."""
    async with chromium() as browser, chronicle() as address:
        await photograph(browser, mails(), "img/mail", width=928, height=942)
        await photograph(browser, reading(), "reading", width=1000, height=1330)
        overview, project = f"{address}/", f"{address}/projects/btr-cathode"
        await photograph(browser, overview, "img/overview", width=1000, height=760)
        await photograph(browser, overview, "img/arabic", width=1000, height=760, locale="ar")
        await photograph(browser, project, "img/project", width=1000, height=1100)
        await photograph(browser, project, "img/dark", width=1000, height=1100, color_scheme="dark")
        await photograph(browser, project, "img/telephone", width=360, height=760)


if __name__ == "__main__":
    asyncio.run(main())
