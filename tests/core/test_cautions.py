"""Words of a project that may bring it the news of something else."""

from collections.abc import Mapping

import pytest

from monitor.core.model import Project
from monitor.core.reading.projects.cautions import Caution, CautionReason, cautions
from monitor.core.reading.projects.matching import MentionRole
from monitor.core.reading.projects.pointers import Pointers
from monitor.settings.lexicons import load_pointers

OTHERS = (
    Project(id="cathode", name={"": "A"}, who=("BTR", "Beiterui"), what=("cathode",), where=("Tanger Tech",)),
    Project(id="bare", name={"": "B"}, who=("Xeno",)),
    Project(id="foil", name={"": "C"}, who=("BTR",), what=("foil",), where=("Oslo",)),
)


@pytest.fixture(scope="module")
def vocabularies(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Pointers]:
    return load_pointers(tmp_path_factory.mktemp("config"))


@pytest.mark.parametrize(
    ("role", "word", "reason", "others"),
    [
        (MentionRole.WHO, "The", CautionReason.COMMON, ()),
        (MentionRole.WHO, "Groupe", CautionReason.COMMON, ()),
        (MentionRole.WHO, "公司", CautionReason.COMMON, ()),
        (MentionRole.WHO, "Nord", CautionReason.COMMON, ()),
        (MentionRole.WHO, "Morocco", CautionReason.PLACE, ()),
        (MentionRole.WHO, "LG", CautionReason.SHORT, ()),
        (MentionRole.WHO, "Beiterui", CautionReason.SIBLING, ("cathode",)),
        (MentionRole.WHO, "xeno", CautionReason.TWIN, ("bare",)),
        (MentionRole.WHO, "Tanger Tech", CautionReason.ELSEWHERE, ("cathode",)),
        (MentionRole.WHAT, "工厂", CautionReason.COMMON, ()),
    ],
)
def test_a_word_to_think_about_again(
    vocabularies: Mapping[str, Pointers], role: MentionRole, word: str, reason: CautionReason, others: tuple[str, ...]
) -> None:
    who, what = ((word,), ("anode",)) if role is MentionRole.WHO else (("Acme",), (word,))
    project = Project(id="new", name={"": "New"}, who=who, what=what)

    assert list(cautions(project, OTHERS, vocabularies)) == [Caution(role, word, reason, others)]


def test_siblings_and_twins_of_one_company_are_told_apart(vocabularies: Mapping[str, Pointers]) -> None:
    project = Project(id="new", name={"": "New"}, who=("BTR",), what=("cathodes foil", "foil"), not_=("BTR-80",))

    assert list(cautions(project, OTHERS, vocabularies)) == [
        Caution(MentionRole.WHO, "BTR", CautionReason.TWIN, ("foil",)),
    ]
