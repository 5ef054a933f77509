"""Words of a project that may bring it the news of something else."""

from collections.abc import Mapping

import pytest

from monitor.core.model import Project
from monitor.core.reading.projects.cautions import Caution, Reason, cautions
from monitor.core.reading.projects.mention import Role
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
        (Role.WHO, "The", Reason.COMMON, ()),
        (Role.WHO, "Groupe", Reason.COMMON, ()),
        (Role.WHO, "公司", Reason.COMMON, ()),
        (Role.WHO, "Nord", Reason.COMMON, ()),
        (Role.WHO, "Morocco", Reason.PLACE, ()),
        (Role.WHO, "LG", Reason.SHORT, ()),
        (Role.WHO, "Beiterui", Reason.SIBLING, ("cathode",)),
        (Role.WHO, "xeno", Reason.TWIN, ("bare",)),
        (Role.WHO, "Tanger Tech", Reason.ELSEWHERE, ("cathode",)),
        (Role.WHAT, "工厂", Reason.COMMON, ()),
    ],
)
def test_a_word_to_think_about_again(
    vocabularies: Mapping[str, Pointers], role: Role, word: str, reason: Reason, others: tuple[str, ...]
) -> None:
    who, what = ((word,), ("anode",)) if role is Role.WHO else (("Acme",), (word,))
    project = Project(id="new", name={"": "New"}, who=who, what=what)

    assert list(cautions(project, OTHERS, vocabularies)) == [Caution(role, word, reason, others)]


def test_siblings_and_twins_of_one_company_are_told_apart(vocabularies: Mapping[str, Pointers]) -> None:
    project = Project(id="new", name={"": "New"}, who=("BTR",), what=("cathodes foil", "foil"), not_=("BTR-80",))

    assert list(cautions(project, OTHERS, vocabularies)) == [
        Caution(Role.WHO, "BTR", Reason.TWIN, ("foil",)),
    ]
