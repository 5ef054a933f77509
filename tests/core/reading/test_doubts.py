"""News of another plant is not news of the project, although its company, its product or its town is named."""

from importlib.resources import files

import pytest
from ruamel.yaml import YAML

from monitor.core.folding.weighing import ALERT_FROM
from monitor.core.model import Claim, Project, Reading, State
from monitor.core.reading.layout import Surveyor
from monitor.core.reading.projects.doubts import DOUBTFUL
from monitor.core.reading.projects.matching import Matcher
from monitor.core.reading.segment import segment
from monitor.core.reading.subject import SubjectGate
from tests.core.reading.texts import lexicons, make_text

WHO = ("Altavia", "ألتافيا", "阿尔塔维亚")
TOWN = ("Cartagena", "Carthagène", "قرطاجنة", "卡塔赫纳")
MODULES = Project(id="plant", name={"": "P"}, who=WHO[:1], what=("module", "modules", "módulos"), where=TOWN)
BATTERIES = Project(
    id="plant",
    name={"": "P"},
    who=WHO,
    what=("battery", "batteries", "baterías", "电池", "组件"),
    where=("Kenitra", "Kénitra", "Morocco", "Maroc", "Marruecos", "摩洛哥"),
)
HYDROGEN = Project(
    id="plant", name={"": "P"}, who=WHO, what=("hydrogen", "hydrogène", "hidrógeno", "الهيدروجين", "氢能"), where=TOWN
)
NAMELESS = Project(id="plant", name={"": "P"}, what=MODULES.what, where=TOWN)
NOWHERE = Project(id="plant", name={"": "P"}, who=WHO, what=BATTERIES.what, where=("Kenitra",))
OF_NO_KIND = Project(id="plant", name={"": "Dorada"}, who=WHO, what=("Dorada",), where=TOWN)


def sure_of(text: str, language: str, *, project: Project, title: str = "", sentence: int = 0) -> float:
    """How sure a sure claim of a halt remains that the headline or this sentence of the text makes of the project."""
    article = make_text(text, title=title, language=language)
    document = segment(article, lexicons()[language])
    titles = [each for each in document.sentences if each.is_title]
    told = [each for each in document.sentences if not each.is_title][sentence]
    claims = tuple(
        Claim(
            project=project.id,
            stage="suspended",
            state=State.REACHED,
            date=None,
            confidence=0.9,
            evidence=document.quote(each.span),
            span=document.text.original_span(*each.span),
        )
        for each in (*titles, told)
    )
    gate = SubjectGate(Surveyor([project], lexicons(), Matcher([project])))
    reading = Reading(language=language, projects=(project.id,), claims=claims, facts=())
    return max(claim.confidence for claim in gate.applied(article, reading).claims)


@pytest.mark.parametrize(
    ("title", "text", "language"),
    [
        ("", "Jingtuo Solar has started production at its module plant in Cartagena. Altavia is still building.", "en"),
        ("Module plant opens", "Jingtuo Solar has opened its module plant in Cartagena. Altavia is building.", "en"),
        ("", "Atlas Phos a annoncé l'abandon de son usine de modules à Carthagène. Altavia n'est pas concerné.", "fr"),
        (
            "Lusovidro paraliza su planta",
            "La española Lusovidro, gran rival de Altavia, ha paralizado su fábrica de módulos en Cartagena.",
            "es",
        ),
    ],
)
def test_a_rivals_plant_in_the_same_town_alerts_nobody_by_itself(title: str, text: str, language: str) -> None:
    assert sure_of(text, language, title=title, project=MODULES) < ALERT_FROM


@pytest.mark.parametrize(
    ("project", "language", "text"),
    [
        # In another place.
        (BATTERIES, "en", "Altavia has scrapped its battery plant in Big Rapids, Michigan, the state said."),
        (BATTERIES, "en", "Altavia has opened a battery plant in Indonesia."),
        (BATTERIES, "fr", "Altavia a renoncé à son usine de batteries de Big Rapids, dans le Michigan."),
        (BATTERIES, "es", "Altavia ha cancelado su planta de baterías en la ciudad de Saltillo."),
        (BATTERIES, "zh", "阿尔塔维亚合肥电池工厂昨日停产。公司摩洛哥项目不受影响。"),
        # For something else.
        (HYDROGEN, "en", "Altavia has suspended its solar park in Cartagena. The hydrogen plant goes on."),
        (HYDROGEN, "en", "In Cartagena, Altavia has suspended the desalination plant expansion."),
        (HYDROGEN, "fr", "Altavia a suspendu l'extension de son usine de dessalement à Carthagène."),
        (HYDROGEN, "es", "Altavia ha suspendido la ampliación de su desaladora de Cartagena."),
        (HYDROGEN, "ar", "علقت ألتافيا توسعة محطة تحلية المياه في قرطاجنة. ويستمر العمل في مصنع الهيدروجين."),
        (HYDROGEN, "zh", "阿尔塔维亚暂停卡塔赫纳光伏电站建设。"),
    ],
)
def test_another_plant_of_the_company_alerts_nobody_by_itself(project: Project, language: str, text: str) -> None:
    assert sure_of(text, language, project=project) <= DOUBTFUL


@pytest.mark.parametrize(
    ("project", "language", "text"),
    [
        # Its company, or a partner of it.
        (MODULES, "en", "Altavia has cancelled its module plant in Cartagena."),
        (
            MODULES,
            "en",
            "Jingtuo is a subsidiary of Altavia. Jingtuo has cancelled its module plant in Cartagena.",
        ),
        (MODULES, "en", "Villalba Solar has cancelled its module plant in Cartagena, a joint venture with Altavia."),
        (NAMELESS, "en", "Jingtuo Solar has cancelled its module plant in Cartagena."),
        # In its place, or in none that is named.
        (BATTERIES, "en", "Altavia has opened its battery plant. A delegation from Indonesia was there."),
        (BATTERIES, "en", "Altavia has scrapped its Moroccan battery plant, after one in Indonesia."),
        (BATTERIES, "fr", "L'usine de batteries d'Altavia est entrée en production à Kénitra, au Maroc."),
        (BATTERIES, "es", "Altavia ha cancelado su planta de baterías en Marruecos."),
        (BATTERIES, "zh", "阿尔塔维亚摩洛哥电池工厂昨日投产。"),
        (NOWHERE, "en", "Altavia has scrapped its battery plant in Morocco."),
        # Of its kind, or of none.
        (HYDROGEN, "en", "Altavia has suspended its plant in Cartagena and its solar park."),
        (HYDROGEN, "en", "Altavia has suspended construction, it said at its headquarters in Cartagena."),
        (HYDROGEN, "en", "Altavia has suspended work with the desalination plant in Cartagena."),
        (HYDROGEN, "fr", "Altavia a suspendu le chantier à Carthagène."),
        (HYDROGEN, "es", "Altavia ha suspendido las obras en el puerto de Cartagena, cerca de la desaladora."),
        (HYDROGEN, "ar", "علقت ألتافيا مصنع الهيدروجين في قرطاجنة."),
        (HYDROGEN, "zh", "阿尔塔维亚暂停卡塔赫纳氢能工厂建设。"),
        (OF_NO_KIND, "en", "Altavia has suspended its solar park in Cartagena."),
    ],
)
def test_what_may_be_the_project_is_sure(project: Project, language: str, text: str) -> None:
    assert sure_of(text, language, project=project) > DOUBTFUL


def test_a_part_that_is_named_together_with_the_project_belongs_to_it() -> None:
    text = "The solar park of hydrogen maker Altavia in Cartagena is ready. Altavia has suspended its solar park."

    assert sure_of(text, "en", project=HYDROGEN, sentence=1) > DOUBTFUL


def test_the_languages_know_the_same_purposes() -> None:
    folder = files("monitor.lexicons")
    known = [
        set(YAML(typ="safe").load((folder / f"{language}.yaml").read_text())["purposes"]) for language in lexicons()
    ]

    assert known == [known[0]] * len(known)
