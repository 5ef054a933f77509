"""The project that is meant by an id, a name, or a part of one."""

import pytest
import typer

from monitor.cli.session import project_meant
from tests.builders import make_project

PROJECTS = {
    project.id: project
    for project in (
        make_project(id="btr-cathode", name={"en": "BTR cathode plant", "fr": "Usine de cathodes, Kénitra"}),
        make_project(id="btr-anode", name={"en": "BTR anode plant", "zh": "贝特瑞负极材料工厂"}),
        make_project(id="btr-cathode-2", name={"": "The second one"}),
    )
}


@pytest.mark.parametrize(
    ("words", "id_"),
    [
        ("btr-cathode", "btr-cathode"),
        ("btr-anode", "btr-anode"),
        ("BTR Anode Plant", "btr-anode"),
        ("ANODE", "btr-anode"),
        ("kenitra", "btr-cathode"),
        ("负极", "btr-anode"),
        ("second", "btr-cathode-2"),
        ("usine de cathodes", "btr-cathode"),
    ],
)
def test_a_project_is_found_by_id_name_or_a_part_of_one(words: str, id_: str) -> None:
    assert project_meant(words, PROJECTS) == id_


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("btr", "'btr' may be btr-cathode, btr-anode, btr-cathode-2; write more of it"),
        ("btr-anod3", "no project 'btr-anod3' in the configuration (did you mean btr-anode?); there are: btr-cathode,"),
        ("BTR anod plant", "(did you mean BTR anode plant?)"),
        ("-", "no project '-'"),
        ("", "no project ''"),
    ],
)
def test_no_project_or_several_are_answered_with_those_that_there_are(words: str, message: str) -> None:
    with pytest.raises(typer.BadParameter) as refused:
        project_meant(words, PROJECTS)

    assert message in refused.value.message
