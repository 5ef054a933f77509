"""Makes the pictures of the documentation anew: ``python -m tests.pictures``. Needs Chromium and fonts of all scripts.

The mails tell of an invented plant, and say so. The page of a reading shows an article of the shipped chronicle.
"""

import json
import subprocess
import sys
import tempfile
from datetime import UTC
from email.utils import parsedate_to_datetime
from html import escape
from pathlib import Path
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from monitor.core.message.compose import compose
from monitor.core.message.examples import EXAMPLES
from tests.builders import VOICE

ROOT = Path(__file__).parents[1]
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


def photograph(page: str, file: Path, *, width: int, height: int) -> None:
    """Save what Chromium shows of a page."""
    with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as written:
        written.write(page)
        written.flush()
        options = (
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--window-size={width},{height}",
        )
        subprocess.run(
            ["chromium", *options, f"--screenshot={file}", f"file://{written.name}"], check=True, capture_output=True
        )


def main() -> None:
    """Make both pictures."""
    photograph(mails(), ROOT / "docs" / "img" / "mail.png", width=928, height=942)
    photograph(reading(), ROOT / "docs" / "reading.png", width=1000, height=1330)


if __name__ == "__main__":
    main()
