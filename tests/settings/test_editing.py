"""One value of a file is changed, and everything else stays as it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from monitor.settings.editing import (
    EditError,
    flow_list,
    scalar,
    with_items,
    with_values,
    without_item,
    without_values,
)
from monitor.settings.yaml_document import parse_yaml

ITEM = [["id: b", "who: [x]"]]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("", "a:\n  - id: b\n    who: [x]\n", id="nothing"),
        pytest.param("# c\n", "# c\na:\n  - id: b\n    who: [x]\n", id="comment"),
        pytest.param("z: 1\n", "z: 1\na:\n  - id: b\n    who: [x]\n", id="another key"),
        pytest.param("a:\n# none\n", "a:\n# none\n  - id: b\n    who: [x]\n", id="no items"),
        pytest.param("a:\nz: 1\n", "a:\n  - id: b\n    who: [x]\nz: 1\n", id="no items, and a key"),
        pytest.param("a: []  # none\n", "a:  # none\n  - id: b\n    who: [x]\n", id="an empty list"),
        pytest.param("a:\n- id: 1\n", "a:\n- id: 1\n- id: b\n  who: [x]\n", id="not indented"),
        pytest.param(
            "a:\n    - {id: 1}  # c\n\n# z\nz: 1",
            "a:\n    - {id: 1}  # c\n    - id: b\n      who: [x]\n\n# z\nz: 1",
            id="before a key",
        ),
        pytest.param(
            "a:\n  - id: 1\n\n  - id: 2\n# end",
            "a:\n  - id: 1\n\n  - id: 2\n# end\n\n  - id: b\n    who: [x]\n",
            id="gaps",
        ),
    ],
)
def test_an_item_is_added_at_the_end_of_its_list(before: str, after: str) -> None:
    assert with_items(before, "a", ITEM) == after


def test_what_is_added_and_taken_out_again_leaves_no_trace() -> None:
    text = "# c\na:\n  - id: 1\n\n  - id: 2\nz: 1\n"

    assert without_item(with_items(text, "a", ITEM), "a", 2) == text


def test_a_list_in_brackets_is_not_added_to() -> None:
    with pytest.raises(EditError, match="write each item on a line of its own"):
        with_items("a: [{id: 1}]\n", "a", ITEM)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("a:\n  - who: [x]  # c\n", "a:\n  - who: [n]  # c\n", id="in brackets"),
        pytest.param("a:\n  - who: [x,\n      y]\n    z: 1\n", "a:\n  - who: [n]\n    z: 1\n", id="over lines"),
        pytest.param("a:\n  - who:\n      - x\n      - y\n    z: 1\n", "a:\n  - who: [n]\n    z: 1\n", id="a list"),
        pytest.param("a:\n  - who: # c\n    - x  # d\n# e\n", "a:\n  - who: [n] # c  # d\n# e\n", id="comments"),
        pytest.param("a:\n  - who:\n    z: 1\n", "a:\n  - who: [n]\n    z: 1\n", id="nothing"),
        pytest.param("a:\n  - z: 1\n  # c\n  - y: 2\n", "a:\n  - z: 1\n    who: [n]\n  # c\n  - y: 2\n", id="no key"),
        pytest.param("a:\n  -   z: 1", "a:\n  -   z: 1\n      who: [n]", id="wide dash"),
        pytest.param("a:\n  - {z: 1, who: x}\n", "a:\n  - {z: 1, who: [n]}\n", id="in braces"),
        pytest.param("a:\n  - {z: 1, }\n", "a:\n  - {z: 1, who: [n], }\n", id="in braces, no key"),
        pytest.param("a: [{'who': x}]\n", "a: [{'who': [n]}]\n", id="quoted key"),
        pytest.param("a:\n  - {z: &w [1], who: *w}\n", "a:\n  - {z: &w [1], who: [n]}\n", id="an alias"),
        pytest.param("a:\n  - who: &w [x]\n", "a:\n  - who: [n]\n", id="an anchor that nobody uses"),
    ],
)
def test_a_value_is_changed(before: str, after: str) -> None:
    assert with_values(before, "a", 0, [("who", "[n]")]) == after


def test_an_item_is_taken_out_and_the_rest_stays() -> None:
    text = "a:\n  # one\n  - id: 1  # c\n    who:\n      - x\n  # two\n  - {id: 2}\nz: 1\n"

    assert without_item(text, "a", 0) == "a:\n  # two\n  - {id: 2}\nz: 1\n"
    assert without_item(text, "a", 1) == "a:\n  # one\n  - id: 1  # c\n    who:\n      - x\nz: 1\n"
    assert without_item("a:\n- id: 1", "a", 0) == "a:\n"
    assert without_item("a:\n- id: 1\n\n- id: 2\n\n- id: 3\n", "a", 1) == "a:\n- id: 1\n\n- id: 3\n"
    assert without_item("a:\n- id: 1\n\n- id: 2\n", "a", 1) == "a:\n- id: 1\n"


@pytest.mark.parametrize(
    ("text", "after"),
    [
        pytest.param("# a\n\na:\n  # b\n  # c\n  - id: 1\n", "# a\n\na:\n", id="directly above"),
        pytest.param("a:\n# b\n  - id: 1\n", "a:\n# b\n", id="above, of the list"),
        pytest.param("a:\n  # b\n\n  - id: 1\n", "a:\n  # b\n", id="above an empty line"),
        pytest.param("a:\n  - id: 1\n    # x: 2\n    # y: 3\n  # b\n", "a:\n  # b\n", id="inside"),
        pytest.param("a:\n  - id: 1\n#    x: 2\n#      - y\n# b", "a:\n# b", id="keys that are commented out"),
        pytest.param("a:\n- id: 1\n#  x: 2\n# b\nz: 1\n", "a:\n# b\nz: 1\n", id="no indentation"),
        pytest.param("a:\n  - {id: 1}\n\n    # x\n", "a:\n\n    # x\n", id="below an empty line"),
        pytest.param("a:\n  - id: 1\n    # x: 2", "a:\n", id="inside, no line end"),
    ],
)
def test_the_comments_of_an_item_go_with_it(text: str, after: str) -> None:
    assert without_item(text, "a", 0) == after


def test_the_comments_inside_the_item_before_stay() -> None:
    text = "a:\n  - id: 1\n    # x: 2\n#    y: 3\n  # two\n  - id: 2\n"

    assert without_item(text, "a", 1) == "a:\n  - id: 1\n    # x: 2\n#    y: 3\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [{id: 1}, {id: 2}]\n", "shares its line with another"),
        ("a:\n  - {id: &x 1}\n  - {id: 2, z: *x}\n", r"others share by \*x; write &x at one of these first"),
    ],
)
def test_an_item_that_others_depend_on_is_not_taken_out(text: str, told: str) -> None:
    with pytest.raises(EditError, match=told):
        without_item(text, "a", 0)


@given(st.lists(st.text(min_size=1).filter(lambda text: text == text.strip() and text.isprintable()), max_size=4))
def test_any_text_is_read_as_it_was_written(texts: list[str]) -> None:
    document, problems = parse_yaml("a", f"a: {flow_list(texts)}\n".encode())

    assert problems == []
    assert document.value == {"a": [text.replace("$", "$$") for text in texts]}


@pytest.mark.parametrize("text", ["no", "Yes", "null", "123", "1.5", "~", "a: b", "a #b", "- a", "[a]", "it's", '"a"'])
def test_editors_read_a_text_as_a_text(text: str) -> None:
    assert YAML(typ="safe", pure=True).load(f"a: {scalar(text)}")["a"] == text


@pytest.mark.parametrize(
    "text", ["Acme", "Acme Corp.", "X-1 (new)", "贝特瑞", "بي تي آر", "L'Économiste", "C++", "4680X"]
)
def test_plain_texts_need_no_quotes(text: str) -> None:
    assert scalar(text) == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("a:\n  - x: 1\n    who: [n]  # c\n    y: 2\n", "a:\n  - x: 1\n    y: 2\n", id="between"),
        pytest.param("a:\n  - x: 1\n    who:\n      - n\n      - m\n# d\n", "a:\n  - x: 1\n# d\n", id="last, a list"),
        pytest.param("a:\n  - who: [n]\n    y: 2\n", "a:\n  - y: 2\n", id="first"),
        pytest.param("a:\n  - {x: 1, who: [n], y: 2}\n", "a:\n  - {x: 1, y: 2}\n", id="between, in braces"),
        pytest.param("a:\n  - {x: 1, who: [n]}\n", "a:\n  - {x: 1}\n", id="last, in braces"),
        pytest.param("a:\n  - {who: [n], x: 1}\n", "a:\n  - {x: 1}\n", id="first, in braces"),
        pytest.param("a:\n  - x: 1\n    who:\n", "a:\n  - x: 1\n", id="nothing written"),
        pytest.param("a:\n  - x: 1\n    who: [n]", "a:\n  - x: 1\n", id="no line end"),
        pytest.param("a:\n  - x: 1\n", "a:\n  - x: 1\n", id="not there"),
    ],
)
def test_a_key_is_taken_out_of_an_item(before: str, after: str) -> None:
    assert without_values(before, "a", 0, ["who"]) == after


def test_a_value_that_others_share_is_not_taken_out() -> None:
    with pytest.raises(EditError, match="shared with others by &w"):
        without_values("a:\n  - x: 1\n    who: &w [n]\n  - who: *w\n", "a", 0, ["who"])


def test_the_only_key_of_an_item_is_not_taken_out() -> None:
    with pytest.raises(EditError, match="nothing would be left"):
        without_values("a:\n  - who: [n]\n", "a", 0, ["who"])
