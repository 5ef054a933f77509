"""Which configured words a text holds, which projects it may concern, and which it does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.model import Project
from monitor.core.reading.projects.matching import Matcher, Role
from monitor.core.reading.projects.relevance import Concerned
from monitor.core.reading.text.document import Document
from monitor.core.reading.text.text import Text
from tests.core.reading.layout import lay_out, lexicon

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


def mentions(text: str, role: Role) -> dict[str, tuple[str, ...]]:
    folded = Text.of(text)
    return {
        folded.quote(mention.span.start, mention.span.end): mention.projects
        for mention in MATCHER.mentions(folded)
        if mention.role is role
    }


def concerned(text: str, title: str = "") -> set[str]:
    document = lay_out(text, title=title)
    return set(concerns(document).projects)


def concerns(document: Document) -> Concerned:
    pointers = lexicon(document.language).focus.find(document.text)
    return MATCHER.concerns(document, MATCHER.mentions(document.text), pointers)


# ---------------------------------------------------------------- mentions


def test_a_mention_tells_where_which_role_and_whose() -> None:
    text = Text.of("À Tanger, BTR bâtit")
    where, who = MATCHER.mentions(text)

    assert (where.role, where.word, text.quote(where.span.start, where.span.end)) == (Role.WHERE, "Tanger", "Tanger")
    assert where.projects == ("cathode", "anode", "shinzoom", "hailiang")
    assert (who.role, who.word, who.projects) == (Role.WHO, "BTR", ("cathode", "anode", "java", "silicon"))


def test_the_longest_name_counts_once() -> None:
    assert mentions("BTR New Material builds", Role.WHO) == {"BTR New Material": ("cathode", "anode", "java")} | {
        "BTR New Material": ("silicon",)
    }


def test_a_name_inside_that_of_another_company_is_not_its_name() -> None:
    assert mentions("El Nasr Castings resumes", Role.WHO) == {"El Nasr Castings": ("nasr-castings",)}


def test_a_name_inside_that_of_a_subsidiary_is_still_the_company() -> None:
    hits = MATCHER.mentions(Text.of("Gotion Power Morocco"))

    assert {project for hit in hits if hit.role is Role.WHO for project in hit.projects} == {
        "kenitra",
        "michigan",
        "illinois",
    }


def test_a_finer_product_is_not_that_of_its_sibling() -> None:
    hits = MATCHER.mentions(Text.of("silicon anodes"))

    assert {p for hit in hits for p in hit.projects} == {"silicon", "shinzoom"}


def test_a_word_that_both_siblings_have_is_the_same_word_for_both() -> None:
    one = Project(id="one", name={}, who=("X",), what=("anode",))
    other = Project(id="other", name={}, who=("X",), what=("anode", "anode material"))
    hits = Matcher([one, other]).mentions(Text.of("anode material"))

    assert {hit.span for hit in hits} == {hits[0].span}
    assert {project for hit in hits for project in hit.projects} == {"one", "other"}


def test_a_name_inside_a_not_is_no_name() -> None:
    assert mentions("BTR-80 in Morocco", Role.WHO) == {"BTR": ("silicon",)}
    assert mentions("the Suez Canal", Role.WHO) == {}


def test_a_place_inside_a_longer_place_is_that_place() -> None:
    near = Project(id="near", name={}, where=("Tanger",))
    tech = Project(id="tech", name={}, where=("Tanger Tech",))
    hits = Matcher([near, tech]).mentions(Text.of("Tanger Tech"))

    assert {(hit.projects, hit.span.start, hit.span.end) for hit in hits} == {(("near",), 0, 11), (("tech",), 0, 11)}


def test_words_that_overlap_without_containing_each_other_count_both() -> None:
    assert mentions("硅基负极材料", Role.WHAT).keys() >= {"硅基负极"}


# ---------------------------------------------------------------- may concern


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("BTR signs", {"cathode", "anode", "java", "silicon"}, id="names who"),
        pytest.param("A cathode plant for Tangier", {"cathode"}, id="names what and where"),
        pytest.param("Gotion in Michigan", {"kenitra", "michigan", "illinois"}, id="siblings are told apart later"),
        pytest.param("Works at the port of Dakhla", {"port"}, id="without who: what and where"),
        pytest.param("A port", set(), id="only what"),
        pytest.param("News from Morocco", set(), id="only where"),
        pytest.param("BTR: build-to-rent booms", {"silicon"}, id="a not and no what"),
        pytest.param("BTR cathode, not build-to-rent", {"cathode", "silicon"}, id="a not, but what"),
        pytest.param("", set(), id="nothing"),
    ],
)
def test_an_entry_may_concern(text: str, expected: set[str]) -> None:
    assert set(MATCHER.may_concern(Text.of(text))) == expected


def test_projects_come_in_the_order_of_the_configuration() -> None:
    assert MATCHER.may_concern(Text.of("Hailiang and BTR")) == ("cathode", "anode", "java", "silicon", "hailiang")


# ---------------------------------------------------------------- concerns


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("BTR builds a cathode plant.", {"cathode"}, id="who and what"),
        pytest.param("BTR builds in Tangier.", {"cathode", "anode"}, id="who and where of two"),
        pytest.param("BTR buys a port in Tangier.", {"cathode", "anode"}, id="a facility in the place"),
        pytest.param("BTR opens a school in Tangier.", set(), id="a company in a place, and no plant"),
        pytest.param("BTR will produce in Tangier.", {"cathode", "anode"}, id="what is made in the place"),
        pytest.param("BTR builds.", set(), id="who alone"),
        pytest.param("A cathode plant opens in Tangier.", set(), id="what and where without who"),
        pytest.param("BTR builds a cathode plant in Tangier.", {"cathode"}, id="told apart by what"),
        pytest.param("BTR builds in Java.", {"java"}, id="told apart by where"),
        pytest.param("BTR makes anodes. It does so in Tangier.", {"anode"}, id="what here, where there"),
        pytest.param(
            "BTR runs an anode plant in Indonesia. It now builds a cathode plant in Tangier.",
            {"java", "cathode"},
            id="each product in its place",
        ),
        pytest.param("BTR builds a cathode plant and an anode plant in Tangier.", {"cathode", "anode"}, id="both"),
        pytest.param(
            "BTR builds a cathode plant in Tangier. Shinzoom plans anodes there.",
            {"cathode", "shinzoom"},
            id="the other company's product",
        ),
        pytest.param("Gotion halts its battery plant in Michigan.", {"michigan"}, id="a product that does not decide"),
        pytest.param("Gotion halts works in Michigan. Illinois goes on.", {"michigan", "illinois"}, id="two places"),
        pytest.param("Gotion builds a battery plant.", {"kenitra"}, id="a product that decides"),
        pytest.param(
            "Gotion builds in Kenitra. Firms such as BTR, Hailiang and Shinzoom may come to Morocco for copper.",
            {"kenitra"},
            id="a bare list of companies",
        ),
        pytest.param(
            "A port in Morocco helps firms such as BTR, said the minister.", set(), id="a company as an example"
        ),
        pytest.param("Morocco hails projects such as the anode plant of BTR.", {"anode"}, id="a project as an example"),
        pytest.param(
            "A port helps firms, such as those that the minister met in Tangier at BTR's anode plant.",
            {"anode"},
            id="no company right behind such as",
        ),
        pytest.param("BTR builds a cathode plant, such as", {"cathode"}, id="an example that is left out"),
        pytest.param("Masen met the press.", {"agency"}, id="a project that is only a company"),
        pytest.param("The Lobito corridor opens.", {"corridor"}, id="a project that is only a place"),
        pytest.param("Dakhla waits. Its port is half built.", {"port"}, id="no who: near each other"),
        pytest.param("Dakhla waits. It rains. Rain falls. A port elsewhere opens.", set(), id="no who: far apart"),
        pytest.param("BTR in Morocco: build-to-rent booms.", set(), id="not in the sentence"),
        pytest.param("BTR grows in Morocco. Build-to-rent is its business.", set(), id="not elsewhere, and no what"),
        pytest.param("BTR is no build-to-rent firm. BTR's cathode plant opens.", {"cathode"}, id="not, but what"),
        pytest.param(
            "Shinzoom builds in Tangier. BTR follows.", {"shinzoom", "cathode", "anode"}, id="where of another"
        ),
        pytest.param(
            "Orano plans a plant in Dunkirk. It also mines uranium.", {"orano"}, id="not beside a project by place"
        ),
        pytest.param("Orano mines uranium near Dunkirk.", set(), id="only in the sentence of the not"),
        pytest.param("Ganga Cement earns more.", set(), id="not by the product in its name"),
        pytest.param("Ganga Cement builds a cement plant.", {"ganga"}, id="by its product"),
        pytest.param(
            "BTR opens its cathode plant in Tangier. The battery partner of Gotion halts an anode plant in Java.",
            {"cathode", "java", "kenitra"},
            id="the places of who was named last, beside somebody else's name",
        ),
    ],
)
def test_an_article_concerns(text: str, expected: set[str]) -> None:
    assert concerned(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gotion builds a plant in Michigan. Illinois was not spoken of.", {"illinois"}),
        ("Gotion builds a plant in Michigan. The Illinois plant was not spoken of.", set()),
        ("Gotion halts Michigan, not Illinois. Works go on.", set()),
        ("Gotion spoke of Illinois.", set()),
        ("Ampera builds a plant in Illinois. It is big. It is new. Gotion is glad.", {"illinois"}),
        ("Ampera builds a plant in Illinois. It is big. It is new. Gotion is glad of its Illinois plant.", set()),
        ("Ampera builds a plant in Illinois. It is big. Gotion is glad.", set()),
        # Its product is that of a plant which has its place, and no place is its own.
        ("Shinzoom and BTR's customer build an anode plant in Indonesia.", {"shinzoom"}),
    ],
)
def test_a_project_is_named_in_passing_where_nothing_says_that_it_is_a_plant_or_whose(
    text: str, expected: set[str]
) -> None:
    assert concerns(lay_out(text)).in_passing == expected


def test_the_headline_names_who_for_the_body() -> None:
    assert concerned("The anode plant in Tangier will open late.", title="BTR disappoints") == {"anode"}


def test_the_one_who_is_named_late_is_spoken_of_before() -> None:
    assert concerned("The anode plant in Tangier opens. So says BTR.") == {"anode"}


WORDS = st.lists(
    st.sampled_from(
        [w for p in PROJECTS for w in (*p.who, *p.what, *p.where, *p.not_)] + [". ", ", ", "and", "\n", "的"]
    )
)


@settings(deadline=None)  # the first example loads the vocabularies
@given(WORDS, WORDS)
def test_an_article_concerns_only_projects_that_it_names(title: list[str], text: list[str]) -> None:
    document = lay_out(" ".join(text), title=" ".join(title))
    found = MATCHER.mentions(document.text)
    projects = concerns(document).projects

    assert set(projects) <= {project for mention in found for project in mention.projects}
    assert list(projects) == sorted(projects, key=[project.id for project in PROJECTS].index)


@settings(deadline=None)
@given(st.text())
def test_matching_never_raises(text: str) -> None:
    document = lay_out(text)

    concerns(document)
    MATCHER.may_concern(document.text)
