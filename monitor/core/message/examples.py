"""An example of each kind of change, with the state of its project. Templates are tested with them.

The plants, their owners, their towns and the outlets are invented. None of them exists.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from monitor.core.changes.comparison import DENIED, DISPUTED, WITHDRAWN
from monitor.core.lifecycle import Condition
from monitor.core.message.briefing import Briefing, Unmoved
from monitor.core.model import Claim, FactKind, Project, State
from monitor.core.news import Change, ChangeType, Mistake, Proof, Retraction
from monitor.core.periods import Period
from monitor.core.state import (
    Confidence,
    Delay,
    KnownFact,
    Milestone,
    PhaseState,
    ProjectState,
    Source,
    Standing,
    Unverified,
)

ANODE = Project(
    id="orvandel-anode",
    name={
        "en": "Orvandel anode plant, Port Alder",
        "fr": "Usine d’anodes Orvandel, Port Alder",
        "ar": "مصنع الأنود Orvandel، بورت ألدر",
        "zh": "奥凡德尔负极工厂（阿尔德港）",
        "es": "Planta de ánodos de Orvandel, Port Alder",
    },
)
CATHODE = Project(
    id="orvandel-cathode",
    name={
        "en": "Orvandel cathode plant, Port Alder",
        "fr": "Usine de cathodes Orvandel, Port Alder",
        "ar": "مصنع الكاثود Orvandel، بورت ألدر",
        "zh": "奥凡德尔正极工厂（阿尔德港）",
        "es": "Planta de cátodos de Orvandel, Port Alder",
    },
)

_FRENCH = Proof(
    sentence="Les travaux de l’usine d’anodes sont à l’arrêt depuis août, selon une source proche du dossier.",
    url="https://gazette.example/2026/09/01/orvandel-anodes",
    outlet="Gazette de Port Alder",
    title="Anodes : le chantier d’Orvandel à l’arrêt",
    published=datetime(2026, 9, 1, 8, 30, tzinfo=UTC),
)
_ARABIC = Proof(
    sentence="توقفت أشغال بناء مصنع الأنود منذ غشت.",
    url="https://jarida.example/ar/123",
    outlet="جريدة بورت ألدر",
    title="توقف أشغال مصنع الأنود في بورت ألدر",
    published=datetime(2026, 8, 31, tzinfo=UTC),
)
_CHINESE = Proof(
    sentence="奥凡德尔负极项目自8月起停工。",
    url="https://ribao.example/2026/0901.html",
    outlet="阿尔德港日报",
    title="奥凡德尔负极项目停工",
    published=datetime(2026, 9, 1, 1, tzinfo=UTC),
)
#: What proves a later date.
_LATER = (
    replace(
        _FRENCH,
        sentence="La production d’anodes, attendue pour octobre, ne commencera qu’en 2027, indique le groupe.",
        title="Orvandel : pas d’anodes avant 2027",
    ),
    replace(
        _ARABIC,
        sentence="أعلنت المجموعة أن إنتاج الأنود لن يبدأ قبل سنة 2027.",
        title="تأجيل الإنتاج في بورت ألدر إلى سنة 2027",
    ),
)
_RESUMED = replace(
    _FRENCH,
    sentence="Les travaux de l’usine d’anodes ont repris lundi, annonce le groupe.",
    title="Anodes : le chantier d’Orvandel redémarre",
)


def _change(type_: ChangeType, **fields: object) -> Change:
    base = Change(
        id="5f2c9a1b7d3e4f60a1b2c3d4e5f60718",
        type=type_,
        project=ANODE.id,
        stage=None,
        from_=None,
        to=None,
        at=datetime(2026, 9, 1, 12, 5, tzinfo=UTC),
        effective=None,
        confidence=Confidence.REPORTED,
        sources=tuple(proof.url for proof in (_FRENCH, _ARABIC) if proof.url),
        evidence=(_FRENCH.sentence, _ARABIC.sentence),
        proof=(_FRENCH, _ARABIC),
    )
    return replace(base, **fields)  # type: ignore[arg-type]  # the examples name fields of Change


def _wrong(from_: str | float | None, because: Mistake | None) -> Retraction:
    """What a correction takes back."""
    at = datetime(2026, 8, 20, 12, 5, tzinfo=UTC)
    return Retraction(change="0a1b2c3d4e5f60718293a4b5c6d7e8f9", from_=from_, at=at, because=because)


def _milestone(stage: str, state: State, standing: Standing, **fields: str) -> Milestone:
    dates = {name: Period.parse(text) for name, text in fields.items()}
    return Milestone(
        stage=stage,
        state=state,
        baseline=dates.get("baseline"),
        forecast=dates.get("forecast"),
        actual=dates.get("actual"),
        promised=dates.get("promised"),
        standing=standing,
        evidence=(),
    )


_ONE = Standing(sources=1)
_OFFICIAL = Standing(confidence=Confidence.CONFIRMED, sources=1, official=1)
_THREE = Standing(confidence=Confidence.CONFIRMED, sources=3, official=1)
_KNOWN = Standing(known=True)
_CONTESTED = Standing(confidence=Confidence.CONFIRMED, sources=2, against=1, disputed=True)

_BUILDING = ProjectState(
    project=ANODE.id,
    status="construction",
    since=Period.parse("2025-03"),
    standing=_THREE,
    milestones=(
        _milestone("agreed", State.REACHED, _OFFICIAL, actual="2024-05-14"),
        _milestone("approved", State.REACHED, _OFFICIAL, baseline="2024-12", promised="2025-02", actual="2025-03-12"),
        _milestone("construction", State.REACHED, _THREE, baseline="2025-03", actual="2025-03"),
        _milestone("completed", State.EXPECTED, _ONE, baseline="2026-06", forecast="2026-12-15"),
        _milestone("operating", State.EXPECTED, _ONE, baseline="2026-09", forecast="2027"),
    ),
    facts=(
        KnownFact(kind=FactKind.CAPACITY, value=35000.0, undisputed=35000.0, unit="t/yr", standing=_THREE, evidence=()),
        KnownFact(kind=FactKind.INVESTMENT, value=4.284e9, undisputed=4.284e9, unit="MAD", standing=_ONE, evidence=()),
    ),
    phases=(
        PhaseState(
            phase="15,000 t",
            status="completed",
            milestones=(_milestone("completed", State.REACHED, _ONE, baseline="2026-06", actual="2026-08"),),
            facts=(),
        ),
    ),
)
_STOPPED = replace(
    _BUILDING, status="suspended", since=Period.parse("2026-08"), standing=Standing(sources=2), condition="suspended"
)
_DELAYED = replace(
    _BUILDING, condition="delayed", delay=Delay(since=None, by=date(2026, 8, 31), standing=_ONE, evidence=())
)
_SOMETIME = replace(
    _BUILDING, standing=replace(_ONE, confidence=Confidence.CONFIRMED, confirms_date=False), milestones=()
)
_BEGUN = replace(_BUILDING, since=None, by=date(2025, 3, 9))
_LATE = replace(
    _BUILDING,
    milestones=(
        *_BUILDING.milestones[:3],
        _milestone("completed", State.EXPECTED, _ONE, baseline="2026-06", forecast="2026-08"),
        _BUILDING.milestones[4],
    ),
)
_CONTRADICTED = replace(
    _BUILDING,
    standing=_CONTESTED,
    milestones=(_milestone("construction", State.REACHED, _CONTESTED), *_BUILDING.milestones[3:]),
)


def _doubted(stage: str, *readings: float) -> Unverified:
    """A claim that is reported and not verified."""
    at = datetime(2026, 9, 1, 7, tzinfo=UTC)
    url = f"https://courier.example/{stage}"
    return Unverified(
        said=Claim(
            project=ANODE.id,
            stage=stage,
            state=State.REACHED,
            date=None,
            confidence=readings[0],
            evidence="“That is how it looks from the road,” a neighbour of the site says.",
        ),
        source=Source(
            article=url,
            url=url,
            outlet="Alder Courier",
            trust=0.5,
            published_at=at,
            seen_at=at,
            story=url,
            title="The site",
        ),
        readings=tuple(sorted(readings, reverse=True)),
    )


def _told(change: Change, state: ProjectState | None = _BUILDING) -> Briefing:
    return Briefing(change=change, project=ANODE, state=state)


#: The examples, by what they show.
EXAMPLES: Mapping[str, Briefing] = {
    "status": _told(
        _change(
            ChangeType.STATUS,
            stage="suspended",
            from_="construction",
            to="suspended",
            effective=Period.parse("2026-08"),
        ),
        _STOPPED,
    ),
    "status, the first, of a project of which nothing else is known": _told(
        _change(
            ChangeType.STATUS,
            stage="agreed",
            to="agreed",
            effective=Period.parse("2024-05-14"),
            proof=(_CHINESE,),
        ),
        None,
    ),
    "status, since nobody says when": _told(
        _change(
            ChangeType.STATUS,
            stage="construction",
            from_="agreed",
            to="construction",
            confidence=Confidence.CONFIRMED,
        ),
        _BEGUN,
    ),
    "status, resumed": _told(
        _change(
            ChangeType.STATUS,
            stage=Condition.RESUMED,
            from_="suspended",
            to="construction",
            effective=Period.parse("2026-08-31"),
            evidence=(_RESUMED.sentence,),
            proof=(_RESUMED,),
        ),
        replace(_BUILDING, standing=_ONE),
    ),
    "status, resumed, and no stage is known": _told(
        _change(
            ChangeType.STATUS,
            stage=Condition.RESUMED,
            from_="suspended",
            to=Condition.RESUMED,
            evidence=(_RESUMED.sentence,),
            proof=(_RESUMED,),
        ),
        None,
    ),
    "milestone": _told(
        _change(
            ChangeType.MILESTONE,
            stage="approved",
            to="approved",
            effective=Period.parse("2025-03-12"),
            confidence=Confidence.CONFIRMED,
        )
    ),
    "milestone, of a phase, by an operator": _told(
        _change(
            ChangeType.MILESTONE,
            stage="completed",
            to="completed",
            effective=Period.parse("2026-08"),
            phase="15,000 t",
            by="zoe",
        )
    ),
    "schedule, first known": _told(
        _change(ChangeType.SCHEDULE, stage="operating", to="2026-H2", effective=Period.parse("2026-H2"))
    ),
    "schedule, slipped": _told(
        _change(
            ChangeType.SCHEDULE,
            stage="operating",
            from_="2026-10",
            to="2027",
            effective=Period.parse("2027"),
            evidence=tuple(proof.sentence for proof in _LATER),
            proof=_LATER,
        )
    ),
    "schedule, pulled in": _told(
        _change(
            ChangeType.SCHEDULE,
            stage="completed",
            from_="2027-H1",
            to="2026-12-15",
            effective=Period.parse("2026-12-15"),
        )
    ),
    "schedule, late without a date": _told(_change(ChangeType.SCHEDULE, stage="delayed"), _DELAYED),
    "overdue": _told(
        _change(
            ChangeType.OVERDUE,
            stage="completed",
            from_="2026-08",
            effective=Period.parse("2026-08"),
            proof=(_FRENCH,),
        ),
        _LATE,
    ),
    "fact, first known": _told(
        _change(ChangeType.FACT, to=35000.0, kind=FactKind.CAPACITY, unit="t/yr", confidence=Confidence.CONFIRMED)
    ),
    "fact, changed": _told(_change(ChangeType.FACT, from_=4.2e9, to=4.284e9, kind=FactKind.INVESTMENT, unit="MAD")),
    "fact, small amount": _told(_change(ChangeType.FACT, to=950000.0, kind=FactKind.INVESTMENT, unit="EUR")),
    "fact, jobs": _told(_change(ChangeType.FACT, from_=1500.0, to=2500.0, kind=FactKind.JOBS, unit="jobs")),
    "fact, area": _told(_change(ChangeType.FACT, to=37.5, kind=FactKind.AREA, unit="ha")),
    "fact, of a part": _told(
        _change(ChangeType.FACT, to=20000.0, kind=FactKind.CAPACITY, unit="t/yr", phase="première phase")
    ),
    "fact, progress": _told(_change(ChangeType.FACT, from_=29.0, to=57.5, kind=FactKind.PROGRESS, unit="%"), _LATE),
    "confirmed": _told(
        _change(
            ChangeType.CONFIRMED,
            stage="construction",
            from_="reported",
            to="confirmed",
            effective=Period.parse("2025-03"),
            confidence=Confidence.CONFIRMED,
        )
    ),
    "status, back to what the operator knows": _told(
        _change(
            ChangeType.STATUS,
            stage="agreed",
            from_="construction",
            to="agreed",
            effective=Period.parse("2024-08-20"),
        ),
        replace(_BUILDING, status="agreed", since=Period.parse("2024-08-20"), standing=_KNOWN),
    ),
    "disputed": _told(_change(ChangeType.DISPUTED, stage="construction", to=DISPUTED), _CONTRADICTED),
    "disputed, denied": _told(_change(ChangeType.DISPUTED, stage="cancelled", to=DENIED)),
    "disputed, withdrawn": _told(_change(ChangeType.DISPUTED, stage="completed", to=WITHDRAWN)),
    "correction": replace(
        _told(
            _change(
                ChangeType.STATUS,
                stage="cancelled",
                from_="cancelled",
                to="construction",
                at=datetime(2026, 9, 2, 8, 30, tzinfo=UTC),
                retracts=Retraction(
                    change="0a1b2c3d4e5f60718293a4b5c6d7e8f9",
                    from_="construction",
                    at=datetime(2026, 9, 1, 12, 5, tzinfo=UTC),
                    because=Mistake.PROJECT,
                ),
            )
        ),
        told_at=datetime(2026, 9, 1, 20, 18, tzinfo=UTC),
    ),
    "correction, moved on": _told(
        _change(
            ChangeType.STATUS, stage="cancelled", from_="cancelled", to="construction", retracts=_wrong("agreed", None)
        )
    ),
    "correction, expected again": _told(
        _change(
            ChangeType.STATUS,
            stage="operating",
            from_="operating",
            to="construction",
            retracts=_wrong("construction", Mistake.PROJECT),
        )
    ),
    "correction of a date": _told(
        _change(
            ChangeType.SCHEDULE, stage="operating", from_="2028", to="2027", retracts=_wrong("2026-09", Mistake.DATE)
        )
    ),
    "correction of a figure": _told(
        _change(
            ChangeType.FACT,
            from_=5000.0,
            to=50000.0,
            kind=FactKind.CAPACITY,
            unit="t/yr",
            retracts=_wrong(None, Mistake.AMOUNT),
        ),
        None,
    ),
    "confirmed, but not when": _told(
        _change(
            ChangeType.CONFIRMED,
            stage="construction",
            from_="reported",
            to="confirmed",
            confidence=Confidence.CONFIRMED,
        ),
        _SOMETIME,
    ),
    "quiet": _told(
        _change(
            ChangeType.QUIET, effective=Period.parse("2026-02-10"), evidence=(), proof=(replace(_FRENCH, sentence=""),)
        )
    ),
    "quiet, since nobody knows when": _told(_change(ChangeType.QUIET, sources=(), evidence=(), proof=()), None),
}

#: The examples that a digest is tested with.
#: Two outlets say that it is finished, and both together are not sure enough.
_DOUBTED = replace(_BUILDING, unverified=(_doubted("completed", 0.5, 0.55),))
TOGETHER = (
    EXAMPLES["status"],
    replace(
        EXAMPLES["schedule, slipped"],
        project=CATHODE,
        change=replace(EXAMPLES["schedule, slipped"].change, project=CATHODE.id),
    ),
    replace(EXAMPLES["fact, changed"], state=replace(_STOPPED, unverified=(_doubted(Condition.CANCELLED, 0.62),))),
)
UNMOVED = (
    Unmoved(project=Project(id="other", name={"": "Fenmoor, Lac-Ospère"}), state=_DOUBTED),
    Unmoved(project=Project(id="unknown", name={"": "Inkwater–Tallgrove"})),
)
