"""Companies that are called by a word for an event."""

import pytest

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Project
from monitor.core.reading.reader import RuleReader
from tests.core.reading.texts import lexicons, make_text

PLANT = Project(id="plant", name={"": "Plant"}, who=("Voltara",), what=("cells", "cellules"), where=("Sagunto",))
READER = RuleReader([PLANT], lexicons(), {"industrial": INDUSTRIAL})


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("Start-up Voltara on Thursday unveiled a cells plant in Sagunto.", False),
        ("Voltara has celebrated the start-up of its cells plant in Sagunto.", True),
        ("At the cells plant in Sagunto, Voltara has started production.", True),
    ],
)
def test_a_start_up_that_is_named_has_started_nothing(text: str, starts: bool) -> None:
    claims = READER.read(make_text(text, language="en", published="2025-03-10")).claims

    assert any(claim.stage == "operating" for claim in claims) is starts
