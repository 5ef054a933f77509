"""An edit is taken back, and later ones stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.operate.configuration import taken_back

BEFORE = "list:\n  - one\n  # the second\n  - two\n  - three\n"
AFTER = "list:\n  - one\n  - three\n"


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (AFTER, BEFORE),
        (AFTER + "  - four\n", BEFORE + "  - four\n"),
        (AFTER.replace("one", "ONE"), BEFORE.replace("one", "ONE")),
    ],
)
def test_what_was_removed_is_put_back_with_its_comments(now: str, then: str) -> None:
    assert taken_back(BEFORE, AFTER, now) == then


def test_the_last_of_a_list_comes_back_before_what_was_added_since() -> None:
    assert taken_back("- a\n- b\n", "- a\n", "- a\n- c\n") == "- a\n- b\n- c\n"


def test_an_edit_of_lines_that_have_changed_since_is_not_taken_back() -> None:
    assert taken_back("- a\n", "- b\n", "- c\n") is None


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")))
def test_without_later_edits_the_text_is_as_before(before: list[str], after: list[str]) -> None:
    one, other = ("".join(f"{each}\n" for each in lines) for lines in (before, after))

    assert taken_back(one, other, other) == one
