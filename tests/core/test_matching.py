"""Which configured words a text holds, and which projects it may concern."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.model import Project
from monitor.core.reading.projects.matching import Matcher, MentionRole
from monitor.core.reading.text.text import Text

BTR = ("BTR New Material", "BTR", "贝特瑞", "بي تي آر")
NOT_BTR = ("build-to-rent", "BTR-80")
MOROCCO = ("Morocco", "Maroc", "Tanger", "Tangier", "摩洛哥", "المغرب", "طنجة")
PROJECTS = (
    Project(id="cathode", name={}, who=BTR, what=("cathode", "正极", "كاثود"), where=MOROCCO, not_=NOT_BTR),
    Project(id="anode", name={}, who=BTR, what=("anode", "负极", "أنود"), where=MOROCCO, not_=NOT_BTR),
    Project(
        id="java", name={}, who=BTR, what=("anode", "负极", "أنود"), where=("Java", "Indonesia", "印尼"), not_=NOT_BTR
    ),
    Project(id="silicon", name={}, who=("BTR",), what=("silicon anode", "硅基负极"), where=("Guangming",)),
    Project(
        id="kenitra", name={}, who=("Gotion", "Gotion Power Morocco"), what=("battery",), where=("Kenitra", "Morocco")
    ),
    Project(id="michigan", name={}, who=("Gotion",), where=("Big Rapids", "Michigan")),
    Project(id="illinois", name={}, who=("Gotion",), where=("Manteno", "Illinois")),
    Project(id="shinzoom", name={}, who=("Shinzoom",), what=("anode",), where=MOROCCO),
    Project(id="hailiang", name={}, who=("Hailiang",), what=("copper",), where=MOROCCO),
    Project(id="nasr-cars", name={}, who=("El Nasr",), what=("cars",), where=("Egypt",)),
    Project(id="nasr-castings", name={}, who=("El Nasr Castings",), what=("castings",), where=("Egypt",)),
    Project(id="ganga", name={}, who=("Ganga Cement",), what=("cement",), where=("Palpa",)),
    Project(id="suez", name={}, who=("Suez",), what=("recycling",), where=("Dunkirk",), not_=("Suez Canal",)),
    Project(id="orano", name={}, who=("Orano",), where=("Dunkirk",), not_=("uranium",)),
    Project(id="port", name={}, what=("port", "harbour"), where=("Dakhla",)),
    Project(id="corridor", name={}, where=("Lobito corridor",)),
    Project(id="agency", name={}, who=("Masen",)),
)
MATCHER = Matcher(PROJECTS)


def mentions(text: str, role: MentionRole) -> dict[str, tuple[str, ...]]:
    folded = Text.of(text)
    return {
        folded.quote(mention.span.start, mention.span.end): mention.projects
        for mention in MATCHER.mentions(folded)
        if mention.role is role
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("BTR signs", {"cathode", "anode", "java", "silicon"}, id="names who"),
        pytest.param("A cathode plant for Tangier", {"cathode"}, id="names what and where"),
        pytest.param("Gotion in Michigan", {"kenitra", "michigan", "illinois"}, id="siblings are told apart later"),
        pytest.param("Works at the port of Dakhla", {"port"}, id="without who: what and where"),
        pytest.param("A port", set(), id="only what"),
    ],
)
def test_an_entry_may_concern(text: str, expected: set[str]) -> None:
    assert set(MATCHER.may_concern(Text.of(text))) == expected


WORDS = st.lists(
    st.sampled_from(
        [w for p in PROJECTS for w in (*p.who, *p.what, *p.where, *p.not_)] + [". ", ", ", "and", "\n", "的"]
    )
)


@given(WORDS)
def test_an_article_may_concern_only_projects_that_it_names(words: list[str]) -> None:
    text = Text.of(" ".join(words))
    projects = MATCHER.may_concern(text)

    assert set(projects) <= {project for mention in MATCHER.mentions(text) for project in mention.projects}
    assert list(projects) == sorted(projects, key=[project.id for project in PROJECTS].index)


@given(st.text())
def test_matching_never_raises(text: str) -> None:
    MATCHER.may_concern(Text.of(text))
