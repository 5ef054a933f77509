"""The monitors that the browser visits."""

from datetime import timedelta
from typing import Any

from monitor.app.build import App
from monitor.core.model import Claim, Fact, FactKind, Reading, State
from monitor.core.periods import Period
from monitor.ports import ReadArticle
from monitor.watch.watch import News, decider
from tests.browser.hostile import HOSTILE
from tests.browser.sheets import READER
from tests.browser.world import SETTINGS, World
from tests.builders import NOW, make_article, make_claim, make_fact, make_poll

LONG_WORD = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft"

# ------------------------------------------------------------------------------- a monitor that has worked for a while

_PROJECTS = f"""
projects:
  - id: plant
    name:
      en: Nemo cathode plant, Port Verne
      fr: Usine de cathodes Nemo, Port-Verne
      ar: مصنع نيمو للكاثود، ميناء فيرن
      zh: 尼莫正极材料工厂（凡尔纳港）
      es: Fábrica de cátodos de Nemo, Puerto Verne
    who: [Nemo]
    phases: [{{name: First line, words: [first line]}}, {{name: Second line, words: [second line]}}]
  - {{id: long, name: "{LONG_WORD} and its sister works by the river, for which no column has room", who: [Danube]}}
  - {{id: halted, name: {{en: Nautilus shipyard, ar: حوض نوتيلوس}}, who: [Nautilus]}}
  - {{id: running, name: {{en: Lidenbrock geothermal station, zh: 利登布洛克地热电站}}, who: [Lidenbrock]}}
  - {{id: unheard, name: {{en: Quiet harbour, fr: Port tranquille}}, who: [Harbour]}}
"""
_FEEDS = f"""
feeds:
  - {{url: 'https://daily.example/feed.xml?key=topsecret1', name: Example Daily}}
  - {{url: 'https://other.example/{"a-very-long-path/" * 8}feed.xml', name: The Other Example Daily, trust: 1}}
  - {{url: 'https://new.example/rss', name: صحيفة المثال}}
"""
_SUBSCRIBERS = """
subscribers:
  - name: Investment desk
    to: ['json://127.0.0.1:9/hook']
    projects: ['*']
    mute: {until: 2027-01-31, projects: [unheard]}
  - {name: مكتب الاستثمار, to: ['json://127.0.0.1:9/other'], projects: [plant], language: ar}
"""
_FRENCH = "Les travaux de l’usine de cathodes ont commencé en mars, a indiqué le ministre de l’industrie."
_ARABIC = "قال الوزير إن الإنتاج في المصنع سيبدأ في نهاية سنة 2026 بعد تأخر في تسليم المعدات."
_CHINESE = "尼莫公司宣布，凡尔纳港正极材料工厂预计于2027年第二季度投产。"


def _work(app: App) -> None:
    """Record what a year of news brings: slips, figures, phases, rivals, doubt, and alerts with every outcome."""
    app.configuration.notice()
    decide = decider(app.watch, News(since=NOW - timedelta(days=300), now=NOW))
    daily, other, _ = (feed.url for feed, _ in app.feeds())

    def expected(date: str, evidence: str, stage: str = "operating", **more: Any) -> Claim:
        return make_claim(stage=stage, state=State.EXPECTED, date=Period.parse(date), evidence=evidence, **more)

    def reached(stage: str, date: str, evidence: str, **more: Any) -> Claim:
        return make_claim(stage=stage, date=Period.parse(date), evidence=evidence, **more)

    def read(
        key: str, day: int, *said: Claim, language: str = "en", facts: tuple[Fact, ...] = (), **more: Any
    ) -> ReadArticle:
        projects = tuple({claim.project: None for claim in said})
        reading = Reading(language=language, projects=projects, claims=said, facts=facts)
        return make_article(key, day=day, reading=reading, language=language, **more)

    signed = reached("agreed", "2025-03-29", "Nemo and the port signed the agreement on 29 March.")
    first = read(
        "signed", -280, signed, expected("2026-06", "Production is to start in June 2026."), facts=(make_fact(),)
    )
    building = reached("construction", "2026-03", _FRENCH, phase="First line")
    second = read("begun", -200, building, language="fr", outlet="L’Exemple quotidien", trust=1.0)
    slip = expected("2026-09", _ARABIC)
    third = read(
        "slipped",
        -120,
        slip,
        expected("2026-03", "The hall is to be finished in March.", stage="completed"),
        language="ar",
        outlet="صحيفة المثال",
    )
    capacity = make_fact(
        kind=FactKind.CAPACITY, value=50_000, unit="t/yr", evidence="It will make 50,000 tonnes a year."
    )
    rival = make_fact(value=3.6e9, evidence="The investment is now put at 3.6 billion dirhams.")
    fourth = read(
        "later", -40, expected("2027-Q2", _CHINESE), language="zh", outlet="样本日报", facts=(capacity, rival)
    )
    doubt = expected("2028", "Some doubt that it opens before 2028.", confidence=0.3)
    fifth = read(
        "doubt",
        -3,
        doubt,
        expected("2027-01", "The second line follows in January 2027.", phase="Second line"),
        url=f"https://daily.example/{'long/' * 40}",
        outlet="The Example Observer of Industry and Trade",
    )
    sixth = read(
        "long",
        -2,
        reached("announced", "2026-11-20", f"The {LONG_WORD} announced its works.", project="long"),
        expected("2027-01", "Building is to start in January 2027.", stage="construction", project="long"),
        expected("2028-03", "The works are to open in March 2028.", project="long"),
    )
    halt = reached("suspended", "2026-11-21", "Work on the shipyard is suspended.", project="halted")
    seventh = read(
        "halt", -2, reached("construction", "2026-01", "The shipyard is under construction.", project="halted"), halt
    )
    eighth = read(
        "runs",
        -1,
        reached("operating", "2026-11-22", "The station went into operation on Sunday.", project="running"),
        expected("2028-10", "The works are to open in October 2028, not in March.", project="long"),
    )
    for at, article in enumerate((first, second, third, fourth, fifth, sixth, seventh, eighth)):
        app.ledger.record(
            make_poll(article, feed=daily, polled_at=NOW - timedelta(hours=9 - at), last_entries=40), decide
        )
    app.ledger.record(
        make_poll(
            feed=other, polled_at=NOW, failures=3, last_error=f"{other}: the server answered 503 Service Unavailable"
        ),
        decide,
    )
    for turn in range(4):
        for bundle in app.outbox.acquire(worker="w", now=NOW, lease=timedelta(minutes=1), limit=2):
            ids = [each.id for each in bundle.deliveries]
            if turn % 2:
                app.outbox.mark_failed(
                    ids,
                    worker="w",
                    message=bundle.id,
                    now=NOW,
                    outcome="refused: 410 Gone",
                    retry_at=None,
                    may_have_arrived=False,
                )
            else:
                app.outbox.mark_sent(ids, message=bundle.id, now=NOW, outcome="accepted: 202 Accepted")


WORKING = World(files={"projects": _PROJECTS, "feeds": _FEEDS, "subscribers": _SUBSCRIBERS}, fill=_work)

# --------------------------------------------------------------------------------------- a monitor that is just set up

FRESH = World(files={"projects": "projects:\n  - {id: plant, name: Plant, who: [Nemo]}\n"})

# ------------------------------------------------------------------------------------------- a monitor on the internet

_MAIL = "mailtos://m:p@mail.example/?from=m@mail.example"


def _invite(app: App) -> None:
    """Give a reader of mails the token of the own subscription."""
    (subscriber,) = app.watch.subscribers
    (destination,) = subscriber.destinations
    app.departures.token(subscriber.name, destination.id, READER)


PUBLIC = World(
    files={
        "projects": "projects:\n  - {id: plant, name: Plant, who: [Nemo]}\n",
        "subscribers": f"subscribers:\n  - {{name: Desk, to: ['{_MAIL}&to=desk@mail.example']}}\n",
        "monitor": SETTINGS.replace(
            "port: 0",
            "port: 0, public: 'https://monitor.example', "
            f"subscribe: {{from: '{_MAIL}', domains: [desk.example], projects: [plant]}}",
        ),
    },
    fill=_invite,
)

WORLDS = {"working": WORKING, "fresh": FRESH, "public": PUBLIC, "hostile": HOSTILE}
