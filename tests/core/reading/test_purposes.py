"""News of a plant for something else is not news of the project, although its company and its town are named."""

from importlib.resources import files

import pytest
from ruamel.yaml import YAML

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Project
from monitor.core.reading.projects.doubts import DOUBTFUL
from monitor.core.reading.projects.purposes import Purposes
from monitor.core.reading.reader import RuleReader
from monitor.core.reading.text.vocabulary import LexiconError, Section
from tests.core.reading.texts import lexicons, make_text

WHO = ("Altavia", "ألتافيا", "阿尔塔维亚")
WHERE = ("Cartagena", "Carthagène", "قرطاجنة", "卡塔赫纳")
PLANT = Project(
    id="plant",
    name={"es": "Planta de Altavia"},
    who=WHO,
    what=("hydrogen", "hydrogène", "hidrógeno", "الهيدروجين", "氢能"),
    where=WHERE,
)


def sure_of(text: str, language: str, *, project: Project = PLANT, stage: str = "suspended") -> float:
    """How sure it is that the project is in a stage; 0 if that is not claimed."""
    reader = RuleReader([project], lexicons(), {"industrial": INDUSTRIAL})
    claims = reader.read(make_text(text, language=language)).claims
    return max((claim.confidence for claim in claims if claim.stage == stage), default=0)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Altavia has suspended its solar park in Cartagena. The hydrogen plant goes on."),
        ("en", "Altavia has suspended the expansion of its desalination plant in Cartagena."),
        ("en", "In Cartagena, Altavia has suspended the desalination plant expansion."),
        ("fr", "Altavia a suspendu l'extension de son usine de dessalement à Carthagène."),
        ("fr", "Altavia a suspendu le chantier de son parc solaire à Carthagène. L'usine d'hydrogène avance."),
        ("es", "Altavia ha suspendido la ampliación de su desaladora de Cartagena."),
        ("es", "Altavia ha suspendido las obras del parque eólico de Cartagena. La planta de hidrógeno sigue."),
        ("ar", "علقت ألتافيا توسعة محطة تحلية المياه في قرطاجنة. ويستمر العمل في مصنع الهيدروجين."),
        ("zh", "阿尔塔维亚暂停卡塔赫纳海水淡化厂扩建工程。氢能工厂按计划推进。"),
        ("zh", "阿尔塔维亚暂停卡塔赫纳光伏电站建设。"),
    ],
)
def test_a_halt_of_another_kind_of_plant_alerts_nobody_by_itself(language: str, text: str) -> None:
    assert sure_of(text, language) <= DOUBTFUL


@pytest.mark.parametrize(
    ("language", "text"),
    [
        # It names the kind of the project, or a plant of no kind.
        ("en", "Altavia has suspended its hydrogen plant in Cartagena."),
        ("en", "Altavia has suspended its plant in Cartagena."),
        ("en", "Altavia has suspended its ammonia plant in Cartagena."),
        ("en", "Altavia has suspended its plant in Cartagena and its solar park."),
        ("fr", "Altavia a suspendu le chantier à Carthagène."),
        ("es", "Altavia ha suspendido las obras de Cartagena."),
        ("ar", "علقت ألتافيا مصنع الهيدروجين في قرطاجنة."),
        ("zh", "阿尔塔维亚暂停卡塔赫纳氢能工厂建设。"),
        # The other plant is only where it was told, or whom it is for.
        ("en", "Altavia has suspended construction, it said at its headquarters in Cartagena."),
        ("en", "Altavia has suspended work with the desalination plant in Cartagena."),
        ("es", "Altavia ha suspendido las obras en el puerto de Cartagena, cerca de la desaladora."),
    ],
)
def test_a_halt_of_what_may_be_the_project_is_sure(language: str, text: str) -> None:
    assert sure_of(text, language) > DOUBTFUL


def test_a_part_that_is_named_together_with_the_project_belongs_to_it() -> None:
    text = "The solar park of hydrogen maker Altavia in Cartagena is ready. Altavia has suspended its solar park."

    assert sure_of(text, "en") > DOUBTFUL


@pytest.mark.parametrize("what", [(), ("Dorada",)])
def test_the_plant_of_a_project_of_no_known_kind_may_be_of_any(what: tuple[str, ...]) -> None:
    project = Project(id="plant", name={"": "Dorada"}, who=WHO, what=what, where=WHERE)

    assert sure_of("Altavia has suspended its solar park in Cartagena.", "en", project=project) > DOUBTFUL


def test_an_invalid_purpose_is_complained_of_by_its_path() -> None:
    with pytest.raises(LexiconError) as error:
        Purposes.from_section(Section({"power": {"near": ["solar"]}}, "purposes"))

    assert error.value.key == "purposes.power.near"


def test_the_languages_know_the_same_purposes() -> None:
    folder = files("monitor.lexicons")
    known = [
        set(YAML(typ="safe").load((folder / f"{language}.yaml").read_text())["purposes"]) for language in lexicons()
    ]

    assert known == [known[0]] * len(known)
