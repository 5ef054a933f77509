"""Of which projects each part of an article speaks."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.model import Project
from monitor.core.reading.projects.adjectives import with_adjectives
from monitor.core.reading.projects.focus import Focus
from monitor.core.reading.projects.matching import Matcher
from monitor.core.reading.projects.mention import Mention
from monitor.core.reading.text.document import Document, Span
from monitor.core.reading.text.text import bare
from tests.core.reading.layout import lay_out, lexicon

VOLTARA = ("Voltara", "فولتارا", "沃尔塔拉")
CELLS = ("cells", "cellules", "celdas", "خلايا", "电芯")
SAGUNTO = ("Sagunto", "Sagonte", "Spain", "Espagne", "España", "إسبانيا", "西班牙")
PROJECTS = (
    Project(id="cells", name={}, who=("Voltara Iberia", *VOLTARA), what=CELLS, where=SAGUNTO),
    Project(
        id="recycling",
        name={},
        who=VOLTARA,
        what=("recycling", "recyclage", "reciclaje", "تدوير", "回收"),
        where=SAGUNTO,
    ),
    Project(
        id="gdansk",
        name={},
        who=VOLTARA,
        what=CELLS,
        where=("Gdansk", "Poland", "Pologne", "Polonia", "بولندا", "波兰"),
    ),
    Project(
        id="hydrogen",
        name={},
        who=("Nordfuel", "诺福"),
        what=("hydrogen", "hydrogène", "hidrógeno", "氢"),
        where=("Huelva", "Spain", "Espagne", "España", "韦尔瓦"),
    ),
    Project(id="cars", name={}, who=("Autonova",), what=("cars",), where=("Sines", "Portugal")),
    Project(id="buses", name={}, who=("Autonova",), what=("buses",), where=("Setubal",)),
    Project(id="heide", name={}, who=("Nordcell",), where=("Heide", "Germany")),
    Project(id="umea", name={}, who=("Nordcell",), where=("Umea", "Sweden")),
    Project(id="railway", name={}, what=("railway", "ligne"), where=("Dakar",)),
    Project(id="carmaker", name={}, who=("Motorix", "Motorix Cars"), what=("cars",), where=("Lyon",)),
)
MATCHER = Matcher(PROJECTS)
BY_ID = {project.id: project for project in PROJECTS}


def concerned(document: Document, mentions: Sequence[Mention]) -> tuple[str, ...]:
    return MATCHER.concerns(document, mentions, lexicon(document.language).focus.find(document.text)).projects


def follow(document: Document) -> Focus:
    vocabulary = lexicon(document.language).focus
    pointers = vocabulary.find(document.text)
    named = MATCHER.mentions(document.text)
    mentions = with_adjectives(document.text, pointers, named, BY_ID, MATCHER.possible(named), vocabulary=vocabulary)
    return Focus(document, mentions, concerned(document, mentions), BY_ID, pointers, vocabulary=vocabulary)


def spoken_of(text: str, at: str, *, title: str = "", language: str = "en") -> str:
    document = lay_out(text, title=title, language=language)
    start = document.text.bare.rindex(bare(at))
    return " ".join(follow(document).projects_at(Span(start, start + len(at))))


SIBLINGS = "Voltara builds a cells plant and a recycling plant in Sagunto. "
ABROAD = "Voltara builds a cells plant in Sagunto. It also runs a plant in Hungary with 900 staff. "


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        pytest.param("Voltara builds a cells plant in Sagunto for 2 bn.", "2 bn", "cells", id="named"),
        pytest.param("Voltara builds a cells plant in Spain. It costs 2 bn.", "2 bn", "cells", id="a pronoun"),
        pytest.param("Voltara's cells plant in Spain. Cost: 2 bn.", "2 bn", "cells", id="no subject"),
        pytest.param(SIBLINGS + "The recycling unit costs 2 bn.", "2 bn", "recycling", id="told apart by what"),
        pytest.param(
            SIBLINGS + "The recycling unit is small. It costs 2 bn.", "2 bn", "recycling", id="and carried on"
        ),
        pytest.param(
            SIBLINGS + "Cells will cost 2 bn and recycling 50 m.", "2 bn", "cells", id="two in one clause, the first"
        ),
        pytest.param(
            SIBLINGS + "Cells will cost 2 bn and recycling 50 m.",
            "50 m",
            "recycling",
            id="two in one clause, the second",
        ),
        pytest.param(SIBLINGS + "Cells and recycling cost 2 bn.", "2 bn", "cells recycling", id="in one breath"),
        pytest.param(SIBLINGS + "Both plants cost 2 bn.", "2 bn", "cells recycling", id="both"),
        pytest.param(SIBLINGS + "Both of them cost 2 bn.", "2 bn", "cells recycling", id="both of them"),
        pytest.param(SIBLINGS + "Both Spanish plants cost 2 bn.", "2 bn", "cells recycling", id="both, with a place"),
        pytest.param(
            "Voltara makes cells in Gdansk. " + SIBLINGS + "Both of them cost 2 bn.",
            "2 bn",
            "cells recycling",
            id="both of three, the last two",
        ),
        pytest.param(SIBLINGS + "The former costs 2 bn.", "2 bn", "cells", id="the former"),
        pytest.param(SIBLINGS + "The latter costs 2 bn.", "2 bn", "recycling", id="the latter"),
        pytest.param(
            "Voltara builds a cells plant in Sagunto after a plant in Gdansk. It costs 2 bn.",
            "2 bn",
            "cells",
            id="an aside",
        ),
        pytest.param(
            "Voltara sends to its cells plant in Sagunto 2 bn, meant once for a plant in Gdansk. It employs 900 staff.",
            "900 staff",
            "cells",
            id="what something was meant for is an aside",
        ),
        pytest.param(
            "Nordcell builds a plant in Heide and a plant in Umea. A halt holds for the German and the Swedish plant.",
            "halt",
            "heide umea",
            id="joined by a mere word",
        ),
        pytest.param(
            "Nordcell builds in Heide and in Umea. It halts its plant in Heide and its new cell plant in Umea.",
            "halts",
            "heide umea",
            id="joined by another plant with its article",
        ),
        pytest.param(
            "Nordcell builds in Heide and in Umea. Both the German cell plant and the mill in Umea rest.",
            "rest",
            "heide umea",
            id="the first of them behind its name",
        ),
        pytest.param(
            "Nordcell builds in Heide and in Umea. It halts its plant in Heide and the town helps the plant in Umea.",
            "halts",
            "heide",
            id="and somebody does something else to the other",
        ),
        pytest.param(
            "Voltara builds in Gdansk and plans cells in Sagunto. With 40 GWh a year, the Gdansk cells plant is big.",
            "40 GWh",
            "gdansk",
            id="what a sentence begins with belongs to what it then names",
        ),
        pytest.param(ABROAD, "900 staff", "", id="a plant abroad"),
        pytest.param(ABROAD + "They work in shifts.", "shifts", "", id="and what is said of it"),
        pytest.param(ABROAD + "The plant costs 2 bn.", "2 bn", "cells", id="the plant is again the one"),
        pytest.param(
            "Voltara builds a cells plant in Sagunto. In France, Voltara runs a plant with 900 staff.",
            "900 staff",
            "",
            id="abroad, whatever the company is called",
        ),
        pytest.param(
            "Voltara builds a cells plant in Sagunto, as it did in Hungary, for 2 bn.",
            "2 bn",
            "cells",
            id="abroad as an aside",
        ),
        pytest.param(
            "Voltara builds a cells plant in Sagunto. Another plant may follow with 12 GWh.",
            "12 GWh",
            "",
            id="another plant",
        ),
        pytest.param(
            "Autonova builds cars in Sines. In Portugal, Autonova has another plant for buses in Setubal since 2017.",
            "2017",
            "buses",
            id="another plant in a place of its own",
        ),
        pytest.param(
            "Voltara builds a cells plant in Sagunto. It puts 2 bn into another plant there, this time for recycling.",
            "2 bn",
            "recycling",
            id="another plant, told before the sentence says which",
        ),
        pytest.param(
            "Autonova builds buses in Setubal and cars in Sines. In Hungary its cars plant is idle since 2020.",
            "2020",
            "",
            id="abroad for the one that is described, whatever is known of its sibling",
        ),
        pytest.param(
            "Voltara builds plants in Sagunto. The recycling plant next to the cells plant is late.",
            "late",
            "recycling",
            id="what stands beside a sibling",
        ),
        pytest.param(
            "Voltara builds a cells plant in Sagunto. Motorix will buy 10 GWh.", "10 GWh", "", id="a customer"
        ),
        pytest.param(
            "Voltara builds a cells plant in Sagunto. Nordfuel makes hydrogen in Huelva for 3 bn. Voltara pays 2 bn.",
            "3 bn",
            "hydrogen",
            id="another company that the article concerns",
        ),
        pytest.param(
            "Voltara builds a cells plant in Sagunto. Nordfuel makes hydrogen in Huelva for 3 bn. Voltara pays 2 bn.",
            "2 bn",
            "cells",
            id="and back by name",
        ),
        pytest.param(
            "Voltara makes cells in Gdansk and Nordfuel hydrogen in Huelva. The cells cost 2 bn.",
            "2 bn",
            "gdansk",
            id="the product tells the company",
        ),
        pytest.param(
            "Nordcell builds in Heide and Voltara makes cells in Gdansk for 2 bn.", "2 bn", "gdansk", id="two companies"
        ),
        pytest.param(
            "Nordcell stops in Heide. The Swedish plant goes on with 900 staff.",
            "900",
            "umea",
            id="the adjective of a country",
        ),
        pytest.param(
            "Nordcell stops works in Heide. Batteries cost 2 bn.", "2 bn", "heide", id="known by its place alone"
        ),
        pytest.param(
            "The railway to Dakar costs 2 bn. The line opens in May.", "in May", "railway", id="nobody's project"
        ),
        pytest.param("The railway to Dakar costs 2 bn. Both lines do.", "Both", "railway", id="both of one"),
        pytest.param("It rains in Oslo.", "Oslo", "", id="of no project"),
    ],
)
def test_a_part_speaks_of(text: str, at: str, expected: str) -> None:
    assert spoken_of(text, at) == expected


def test_the_siblings_of_two_companies_are_together_only_where_both_are_meant() -> None:
    text = "Voltara makes cells in Gdansk, Nordfuel hydrogen in Huelva. The two plants cost 5 bn."

    assert spoken_of(text, "5 bn") == "gdansk hydrogen"
    assert spoken_of(text + " Both plants of Nordfuel cost 3 bn.", "3 bn") == "hydrogen"


def test_a_longer_name_of_one_of_the_siblings_makes_no_stranger_of_the_other() -> None:
    assert spoken_of("Voltara Iberia makes cells at a plant in Sagunto for 2 bn.", "2 bn") == "cells"


def test_a_headline_leaves_unsaid_what_the_body_begins_with() -> None:
    title = "Nordcell halts works"
    body = "The site in Heide is empty. Works in Umea go on."

    assert spoken_of(body, "halts", title=title) == "heide"
    assert spoken_of(body, "go on", title=title) == "umea"


def test_an_and_before_a_verb_parts_two_plants_and_one_between_names_does_not() -> None:
    apart = "Voltara builds cells plants. Voltara opens Sagunto and closes Gdansk."
    together = "Voltara opens its cells plants in Sagunto and in Gdansk."

    assert (spoken_of(apart, "opens"), spoken_of(apart, "closes")) == ("cells", "gdansk")
    assert spoken_of(together, "opens") == "cells gdansk"


@pytest.mark.parametrize(
    ("language", "text", "at"),
    [
        ("en", "It closes it for the tariffs of Poland.", "closes"),
        ("en", "It closes it for want of a Poland market.", "closes"),
        ("es", "La planta cierra por los aranceles de Polonia.", "cierra"),
        ("zh", "沃尔塔拉因波兰关税关闭该厂。", "关闭"),
    ],
)
def test_a_market_is_no_place_of_a_plant(language: str, text: str, at: str) -> None:
    lead = {
        "en": "Voltara has cells plants in Gdansk and Sagunto. Voltara's plant is in Sagunto. ",
        "es": "Voltara tiene plantas de celdas en Gdansk y en Sagunto. La planta de Voltara está en España. ",
        "zh": "沃尔塔拉在波兰和西班牙建设电芯工厂。沃尔塔拉在西班牙建设。",
    }

    assert spoken_of(lead[language] + text, at, language=language) == "cells"


def test_a_product_in_a_companys_name_tells_no_plants_apart() -> None:
    text = "Motorix Cars has a plant. Motorix Cars opens a line in Lyon."

    assert spoken_of(text, "opens") == "carmaker"


def test_before_the_text_nothing_is_spoken_of() -> None:
    assert follow(lay_out("")).projects_at(Span(0, 0)) == ()


#: Language, headline, body, and of which projects it speaks at which words.
OPPOSITE_NEWS = [
    (
        "en",
        "Voltara's Gdansk plant delayed",
        """
        The cells factory in Gdansk will open a year late, in 2028. Voltara also runs one in Hungary, a factory with 900
        workers. It employs them in two shifts. The project will cost 800 million zloty. Motorix, a customer, ordered
        10 GWh.
        """,
        {"2028": "gdansk", "900": "", "two shifts": "", "800 million": "gdansk", "10 GWh": ""},
    ),
    (
        "fr",
        "Voltara : feu vert à Sagonte, coup d'arrêt en Pologne",
        """
        Le groupe a obtenu le permis de son usine de cellules de Sagonte, qui produira 40 GWh. En revanche, l'usine
        polonaise est suspendue : 12 GWh étaient prévus. Le site espagnol, lui, ouvrira en 2027.
        """,
        {"40 GWh": "cells", "12 GWh": "gdansk", "2027": "cells"},
    ),
    (
        "fr",
        "Voltara construit à Sagonte",
        """
        Après l'usine de cellules, dont les travaux avancent, Voltara prévoit au même endroit une unité de recyclage de
        60 000 tonnes. Elle coûtera 90 millions d'euros. Les deux usines emploieront 3 000 personnes.
        """,
        {"60 000": "recycling", "90 millions": "recycling", "3 000": "cells recycling"},
    ),
    (
        "es",
        "Voltara para Polonia y sigue en Sagunto",
        """
        Voltara ha suspendido su planta de celdas de Gdansk, que iba a costar 800 millones. La planta de Sagunto sigue
        adelante y creará 3.000 empleos. Ambas plantas sumaban 52 GWh. Tiene además una fábrica en Hungría con 900
        trabajadores.
        """,
        {"800": "gdansk", "3.000": "cells", "52 GWh": "cells gdansk", "900": ""},
    ),
    (
        "ar",
        "فولتارا تعلق مصنعها في بولندا",
        """
        علقت شركة فولتارا مشروع مصنع الخلايا في بولندا الذي كان سيكلف 800 مليون يورو. أما مصنع إسبانيا فيتواصل بناؤه
        وسيوفر 3000 منصب شغل. وسينتج 40 جيغاواط ساعة سنويا. وتملك الشركة مصنعا في المجر يشغل 900 عامل.
        """,
        {"800": "gdansk", "3000": "cells", "40": "cells", "900": ""},
    ),
    (
        "zh",
        "沃尔塔拉暂停波兰工厂",
        """
        沃尔塔拉宣布暂停波兰电芯工厂，该项目原计划投资8亿欧元。西班牙电芯工厂仍按计划推进，将创造3000个就业岗位，
        年产能40GWh。公司在匈牙利还有一家工厂，员工900人。
        """,
        {"8亿": "gdansk", "3000": "cells", "40": "cells", "900": ""},
    ),
    (
        "zh",
        "沃尔塔拉与诺福签约",
        """
        沃尔塔拉将在西班牙建设电芯工厂和回收工厂。前者投资15亿欧元，后者投资8亿欧元。两个项目均于2027年投产。
        诺福在韦尔瓦的制氢项目规模为300MW。
        """,
        {"15亿": "cells", "8亿": "recycling", "2027": "cells recycling", "300": "hydrogen"},
    ),
]


@pytest.mark.parametrize(
    ("language", "title", "text", "at", "expected"),
    [
        pytest.param(language, title, text, at, expected, id=f"{language}: {at}")
        for language, title, text, places in OPPOSITE_NEWS
        for at, expected in places.items()
    ],
)
def test_opposite_news_in_one_text_is_kept_apart(language: str, title: str, text: str, at: str, expected: str) -> None:
    body = " ".join(text.split()) if language != "zh" else "".join(text.split())

    assert spoken_of(body, at, title=title, language=language) == expected


WORDS = [w for p in PROJECTS for w in (*p.who, *p.what, *p.where)]
POINTING = [
    "both plants",
    "the former",
    "another plant",
    "in Hungary",
    "German plant",
    "and",
    "after",
    ", ",
    ". ",
    "\n",
    "而",
]
ARTICLES = st.lists(st.sampled_from(WORDS + POINTING), max_size=30).map(" ".join)


@settings(deadline=None)  # the first example loads the vocabularies
@given(ARTICLES, ARTICLES, st.sampled_from(["ar", "en", "es", "fr", "zh"]))
def test_a_part_speaks_only_of_projects_that_the_article_concerns(title: str, text: str, language: str) -> None:
    document = lay_out(text, title=title, language=language)
    focus = follow(document)
    concerns = concerned(document, MATCHER.mentions(document.text))
    if "German" in title + text:
        # The adjective may bring in a project.
        concerns = tuple(BY_ID)

    for start in range(len(document.text.bare)):
        projects = focus.projects_at(Span(start, start + 1))
        assert set(projects) <= set(concerns)
        assert list(projects) == sorted(projects, key=list(BY_ID).index)


@settings(deadline=None)
@given(st.text(), st.text(), st.sampled_from(["ar", "en", "es", "fr", "zh"]))
def test_focus_never_raises(title: str, text: str, language: str) -> None:
    follow(lay_out(f"Voltara {text} Gdansk", title=title, language=language))


def test_words_between_commas_do_not_part_what_a_clause_goes_on_to_tell() -> None:
    text = (
        "Voltara plans a recycling plant in Sagunto. "
        "The company had already signed, in March 2024, an agreement with the state for a cells plant in the same zone."
    )
    document = lay_out(text)
    at = bare(text).index("had already")

    assert follow(document).projects_at(Span(at, at + 3)) == ("cells",)


def test_an_arabic_and_that_is_joined_to_a_verb_goes_on_with_another_plant() -> None:
    text = "جمدت فولتارا مصنع الخلايا في إسبانيا وسرعت مصنع بولندا."

    assert spoken_of(text, "جمدت", language="ar") == "cells"
    assert spoken_of(text, "سرعت", language="ar") == "gdansk"
