"""What a list of projects says to programs."""

import json

from monitor.core.folding.fold import fold
from monitor.core.folding.listing import Listed, brief, state_fields
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import State
from monitor.core.periods import Period
from monitor.core.state import Report
from tests.builders import make_article, make_claim, make_fact

SOURCE = make_article().source
CLAIMS = (
    make_claim(date=Period.parse("2024-03")),
    make_claim(stage="operating", state=State.EXPECTED, date=Period.parse("2027"), phase="second"),
)
STATE = fold(
    "plant",
    [Report(source=SOURCE, claims=CLAIMS, facts=(make_fact(value=3e9, unit="MAD"),))],
    INDUSTRIAL,
    phases=("first", "second"),
)


def test_a_phase_is_listed_with_what_is_its_own() -> None:
    [phase] = json.loads(json.dumps(state_fields(STATE)))["phases"]

    assert (phase["phase"], phase["status"]) == ("second", None)
    assert [(each["stage"], each["forecast"], each["sources"]) for each in phase["milestones"]] == [
        ("operating", "2027", [SOURCE.url])
    ]


def test_a_project_is_listed_for_people_and_for_programs_alike() -> None:
    listed = Listed.of(STATE)

    assert listed.brief == brief(STATE)
    assert (listed.fields["status"], listed.fields["since"]) == ("agreed", "2024-03")
    assert json.dumps(listed.fields["facts"]).startswith('[{"kind": "investment", "value": 3000000000, "unit": "MAD"')


def test_a_delay_and_what_nobody_dates_are_listed_with_the_day_of_the_first_article() -> None:
    claims = (make_claim(date=None), make_claim(stage="delayed", date=None))
    fields = json.loads(json.dumps(state_fields(fold("plant", [Report(source=SOURCE, claims=claims)], INDUSTRIAL))))

    assert (fields["since"], fields["by"], fields["milestones"][0]["by"]) == (None, "2026-11-24", "2026-11-24")
    assert fields["delay"] == {
        "since": None,
        "by": "2026-11-24",
        "sources": [SOURCE.url],
        "confidence": "reported",
        "independent": 1,
        "official": 0,
        "against": 0,
        "known": False,
        "confirms_date": True,
        "implied": 0,
        "readings": [],
    }


def test_another_word_for_a_date_is_listed_as_a_rival_with_what_stands_for_it() -> None:
    told = [
        Report(
            source=make_article(key, story=key, outlet=key).source,
            claims=(make_claim(stage="operating", state=State.EXPECTED, date=Period.parse(date)),),
        )
        for key, date in (("a", "2027"), ("b", "2027"), ("c", "2029"))
    ]

    fields = json.loads(json.dumps(state_fields(fold("plant", told, INDUSTRIAL))))
    [milestone] = [each for each in fields["milestones"] if each["stage"] == "operating"]
    [rival] = milestone["rivals"]
    assert (milestone["forecast"], rival["value"], rival["independent"]) == ("2027", "2029", 1)
