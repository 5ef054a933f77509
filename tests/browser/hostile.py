"""Texts that would run as scripts if a page let them, and a monitor that has them everywhere."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from monitor.app.build import App
from monitor.core.model import Reading, State
from monitor.core.periods import Period
from monitor.watch.watch import News, decider
from tests.browser.world import World
from tests.builders import NOW, make_article, make_claim, make_fact, make_poll

#: Turns the text after it around.
OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"


@dataclass(frozen=True, slots=True)
class Probe:
    """A text that calls ``fired`` with its own name, if it runs."""

    text: str
    #: A page that lets it run, with ``{}`` in its place.
    unsafe: str = "<p>{}</p>"


PROBES: Mapping[str, Probe] = {
    "script": Probe("<script>fired('script')</script>"),
    "image": Probe("<img src=x onerror=fired('image')>"),
    "drawing": Probe("<svg><animate onbegin=fired('drawing') attributeName=x dur=1s></svg>"),
    "frame": Probe('<iframe srcdoc="<script>fired(`frame`)</script>"></iframe>'),
    "opened": Probe("<details open ontoggle=fired('opened')><summary>x</summary></details>"),
    "double": Probe("\" autofocus onfocus=fired('double') x=\"", '<input value="{}">'),
    "single": Probe("' autofocus onfocus=fired('single') x='", "<input value='{}'>"),
    "title": Probe("</title><script>fired('title')</script>", "<title>{}</title>"),
    "style": Probe("</style><script>fired('style')</script>", "<style>{}</style>"),
    "link": Probe("javascript:fired('link')//", '<a href="{}">click</a>'),
    "data": Probe("data:text/html,<script>fired(`data`)</script>", '<iframe src="{}"></iframe>'),
}
#: A short one that leaves every place in which a page may put what its address says.
BREAKOUT = "\"'></title></textarea><img src=x onerror=fired('breakout')>"
#: All of them as one text.
EVERYTHING = f"{OVERRIDE}{''.join(probe.text for probe in PROBES.values())}"


def _fill(app: App) -> None:
    decide = decider(app.watch, News(since=NOW - timedelta(days=300), now=NOW))
    (feed,) = (feed.url for feed, _ in app.feeds())
    links = [probe.text for probe in PROBES.values()] + [f'https://x.example/"{EVERYTHING}']
    for number, link in enumerate(links):
        claims = (
            make_claim(stage="construction", date=Period.parse("2026-03"), evidence=EVERYTHING),
            make_claim(
                stage="operating", state=State.EXPECTED, date=Period.parse("2027"), evidence=EVERYTHING, phase="P"
            ),
        )
        reading = Reading(language="en", projects=("plant",), claims=claims, facts=(make_fact(evidence=EVERYTHING),))
        article = make_article(
            f"a{number}", day=number - 20, reading=reading, title=EVERYTHING, outlet=EVERYTHING, url=link
        )
        app.ledger.record(make_poll(article, feed=feed, polled_at=NOW, failures=1, last_error=EVERYTHING), decide)
    for bundle in app.outbox.acquire(worker="w", now=NOW, lease=timedelta(minutes=1), limit=100):
        ids = [each.id for each in bundle.deliveries]
        app.outbox.mark_sent(ids, message=bundle.id, now=NOW, outcome=EVERYTHING)


_NAME = json.dumps(EVERYTHING)
HOSTILE = World(
    files={
        "projects": "projects:\n"
        f"  - {{id: plant, name: {_NAME}, who: [Nemo], phases: [{{name: P, words: [p]}}]}}\n"
        f"  - {{id: long, name: {_NAME}, who: [Danube]}}\n",
        "feeds": f"feeds:\n  - {{url: 'https://x.example/?<script>fired(1)</script>', name: {_NAME}}}\n",
        "subscribers": f"subscribers:\n  - {{name: {_NAME}, to: ['json://127.0.0.1:9/<b>']}}\n",
    },
    fill=_fill,
)
