"""A file that is not YAML is reported with the likeliest mistake, in the line where it was made."""

import pytest

from monitor.settings.yaml_document import parse_yaml

ITEM = " (in the item that begins in line 2)"
INDENT = "the line is not indented like the lines around it"
BRACKET = "a bracket is not closed; "
AGAIN = "a second ': ' behind one key; put the text in quotes, or a comma before the next key"
FURTHER = "text stands behind a closing quotation mark; between single ones, write an apostrophe twice"


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        pytest.param(
            '- id: a\n  name: "P\n  who: [A]\n- id: b\n  name: "Q"\n', 3, "a quotation mark is not closed", id="double"
        ),
        pytest.param("- id: a\n  name: 'P\n  who: [A]\n", 3, "a quotation mark is not closed", id="to the end"),
        pytest.param("- id: a\n  who: ['A', 'B]\n- id: 'b'\n", 3, "a quotation mark is not closed", id="in a list"),
        pytest.param("- id: a\n  name: 'L'usine'\n", 3, FURTHER, id="apostrophe"),
        pytest.param('- id: a\n  name: "P" plant\n', 3, FURTHER, id="text behind quotes"),
        pytest.param("- id: a\n  who: [A, B\n  what: [C]\n", 3, f"{BRACKET}']' is missing", id="bracket"),
        pytest.param("- id: a\n  name: {en: A, fr: B\n  what: [C]\n", 3, f"{BRACKET}'}}' is missing", id="brace"),
        pytest.param("- id: a\n  who: [A, B\n", 3, f"{BRACKET}']' is missing", id="bracket to the end"),
        pytest.param('- id: a\n  who: ["A" "B"]\n', 3, "a comma or ']' is missing", id="comma"),
        pytest.param('- id: a\n  who:\n    [A,\n    "B"\n    "C"]\n', 6, "a comma or ']' is missing", id="comma below"),
        pytest.param("- {id: a,\n     name: A: B, who: [C]}\n", 3, AGAIN, id="colon in braces below"),
        pytest.param("- id: a\n  who: [A: B: C]\n", 3, AGAIN, id="colon in brackets"),
        pytest.param("- id: a\n  who: [A, , B]\n", 3, "a value is missing before ','", id="two commas"),
        pytest.param("- id: a\n  who: [A]]\n", 3, "']' closes a bracket that is not open", id="two brackets"),
        pytest.param("- id: a\n  name: P\n    who: [A]\n", 4, INDENT, id="further in"),
        pytest.param("- id: a\n  name: P\n who: [A]\n", 4, INDENT, id="further out"),
        pytest.param("- id: a\n\tname: P\n", 3, "a tab stands where YAML wants spaces", id="tab"),
        pytest.param("- id: a\n  name: A: B\n", 3, "a second ': ' in one line; put the text in quotes", id="colon"),
        pytest.param("- id: a\n  name P\n  who: [A]\n", 3, "a key has no ': ' behind it", id="no colon"),
        pytest.param("- id: a\n  name: @A\n", 3, "a text must not begin with '@'; put it in quotes", id="at"),
        pytest.param("- id: a\n  what: *\n", 3, "a text must not begin with '*'; put it in quotes", id="asterisk"),
        pytest.param("- id: a\n  what: [& B]\n", 3, "a text must not begin with '&'; put it in quotes", id="ampersand"),
        pytest.param(
            '- id: a\n  name: "C:\\plant"\n',
            3,
            "a backslash stands between double quotation marks; write single ones",
            id="backslash",
        ),
    ],
)
def test_the_likeliest_mistake_is_named_with_its_item(text: str, line: int, told: str) -> None:
    _, (problem,) = parse_yaml("projects.yaml", f"projects:\n{text}".encode())

    assert (problem.line, problem.message) == (line, f"is not YAML: {told}{ITEM}")


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        pytest.param("projects:\n  -id: a\n   name: P\n", 2, "a space is missing behind '-'", id="dash"),
        pytest.param("projects:\n  - {id: a, name: A: B}\n", 2, AGAIN, id="colon in braces"),
        pytest.param("projects:\n  - {id: a name: A}\n", 2, AGAIN, id="comma before a key"),
        pytest.param("projects:\n - id: a\nweb: *\n", 3, "a text must not begin with '*'; put it in quotes", id="key"),
        pytest.param("projects:\n  - id: a\n - id: b\n", 3, INDENT, id="an item further out"),
        pytest.param("# first\n web: [a\n", 2, f"{BRACKET}']' is missing", id="no item"),
    ],
)
def test_a_mistake_outside_of_items_or_in_their_first_line_names_none(text: str, line: int, told: str) -> None:
    _, (problem,) = parse_yaml("projects.yaml", text.encode())

    assert (problem.line, problem.message) == (line, f"is not YAML: {told}")
