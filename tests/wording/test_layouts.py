"""Templates: those of the operator in the place of the shipped ones, and what happens when they fail."""

import pytest
from structlog.testing import capture_logs

from monitor.core.message.briefing import Voice
from monitor.core.message.compose import compose
from monitor.core.message.examples import EXAMPLES
from monitor.core.news import Message
from monitor.wording.catalogues import catalogues
from monitor.wording.layouts import NAMES, TemplateLayouts, faults, shipped_text

STATUS = EXAMPLES["status"]


def written(own: dict[str, str], failures: list[tuple[str, str]] | None = None) -> Message:
    def report(template: str, what: str) -> None:
        (failures if failures is not None else pytest.fail(what)).append((template, what))

    return compose(
        STATUS, voice=Voice(catalogues=catalogues(), layouts=TemplateLayouts(own, report=report)), language="en"
    )


def test_an_own_template_takes_the_place_of_the_shipped_one() -> None:
    own = written({"change.title": "[{{ told.change.project }}] {{ title }}", "change.txt": "{{ told.about[0] }}"})

    assert own.title == "[orvandel-anode] Orvandel anode plant, Port Alder: construction → suspended"
    assert own.body == "Since: August 2026"
    assert own.html == written({}).html


def test_every_shipped_template_can_be_an_own_one() -> None:
    own = {name: shipped_text(name) for name in NAMES}

    assert written(own) == written({})
    assert list(faults(own)) == []


def test_an_own_template_may_include_the_bars_and_nothing_else() -> None:
    bars = '{% set trend = told.trend %}{% set side = "left" %}{% include "trend.html" %}'
    failures: list[tuple[str, str]] = []

    assert written({"change.html": bars}).html in written({}).html
    assert written({"change.html": '{% include "change.txt" %}'}, failures).html == written({}).html
    assert [name for name, _ in failures] == ["change.html"]


def test_values_are_text_in_html_and_markdown_whatever_the_template() -> None:
    own = written({"change.html": "<p>{{ '<b>' }}</p>", "change.md": "{{ '*x*' }} {{ '*y*' | upper }} *z*"})

    assert own.html == "<p>&lt;b&gt;</p>"
    assert own.markdown == r"\*x\* \*Y\* *z*"


@pytest.mark.parametrize(
    "template",
    [
        "{{ told.nothing_such }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ told.quotes.append(1) }}",
        "{% for x in range(10 ** 9) %}{% endfor %}",
        "{{ 1 // 0 }}",
    ],
)
def test_a_template_that_fails_is_reported_and_the_shipped_one_used(template: str) -> None:
    failures: list[tuple[str, str]] = []

    message = written({"change.txt": template}, failures)

    assert message == written({})
    assert [name for name, _ in failures] == ["change.txt"]
    assert [problem.file for problem in faults({"change.txt": template})] == ["templates/change.txt"]


def test_a_template_that_is_none_is_reported_at_once_and_the_shipped_one_used() -> None:
    failures: list[tuple[str, str]] = []

    message = written({"change.txt": "{% if %}"}, failures)

    assert message == written({})
    assert [name for name, _ in failures] == ["change.txt"]


def test_of_a_template_that_fails_the_operator_is_told() -> None:
    with capture_logs() as logs:
        compose(
            STATUS,
            voice=Voice(catalogues=catalogues(), layouts=TemplateLayouts({"change.txt": "{{ x }}"})),
            language="en",
        )

    [line] = logs
    assert (line["log_level"], line["template"]) == ("warning", "templates/change.txt")
    assert "x" in line["error"]


def test_a_template_that_is_nested_without_end_is_a_fault() -> None:
    [problem] = faults({"change.txt": "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}"})

    assert "recursion" in problem.message


def test_a_check_names_file_and_line() -> None:
    [problem] = faults({"digest.md": "one\ntwo {{ }}\n"})

    assert (problem.file, problem.line) == ("templates/digest.md", 2)


def test_a_check_tries_digests_too() -> None:
    [problem] = faults({"digest.html": "{{ groups[0].no_such }}"})

    assert "no_such" in problem.message


def test_a_filter_that_does_not_exist_is_found() -> None:
    [problem] = faults({"change.txt": "{{ title | shout }}"})

    assert "shout" in problem.message


def test_a_check_knows_the_names_of_templates() -> None:
    [problem] = faults({"chang.txt": "x"})

    assert "change.txt" in problem.message
