"""Differences of texts and the lines of files, as pages show them."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.operate.difference import Sign, difference
from monitor.web.pages.configuration import LineNote, source_lines

LINES = st.lists(st.sampled_from("abc"), max_size=30)


def test_a_change_is_shown_with_two_lines_around_it() -> None:
    before = "".join(f"{number}\n" for number in range(20))

    assert difference(before, before.replace("9\n", "nine\n", 1)).text == "…\n 7\n 8\n-9\n+nine\n 10\n 11\n…"


def test_unchanged_lines_between_two_changes_are_left_out_if_there_are_many() -> None:
    near, far = (difference("a\n" + same + "z", "A\n" + same + "Z").text for same in ("1\n" * 4, "1\n" * 5))

    assert near == "-a\n+A\n" + " 1\n" * 4 + "-z\n+Z"
    assert far == "-a\n+A\n" + " 1\n" * 2 + "…\n" + " 1\n" * 2 + "-z\n+Z"


def test_texts_with_the_same_lines_do_not_differ() -> None:
    assert difference("a\nb", "a\r\nb\n").lines == ()


@given(LINES, LINES)
def test_a_difference_leads_from_one_text_to_the_other(before: list[str], after: list[str]) -> None:
    found = difference("\n".join(before), "\n".join(after))

    def count(lines: list[str], line: str) -> int:
        return lines.count(line)

    for line in "abc":
        added = sum(1 for each in found.lines if (each.sign, each.text) == (Sign.NEW, line))
        taken = sum(1 for each in found.lines if (each.sign, each.text) == (Sign.OLD, line))
        assert count(after, line) - count(before, line) == added - taken


def test_a_long_difference_is_cut_and_says_how_much_is_missing() -> None:
    found = difference("", "x\n" * 30, most=10)

    assert (len(found.lines), found.left_out) == (10, 20)


def test_very_long_texts_are_not_compared_line_by_line() -> None:
    before, after = ("\n".join(f"{name}{number}" for number in range(2_001)) for name in "ab")

    found = difference(before, after, most=10_000)

    assert [line.sign for line in found.lines] == [Sign.OLD] * 2_001 + [Sign.NEW] * 2_001


def test_each_note_is_at_its_line_and_those_behind_the_end_at_the_last() -> None:
    wrong, odd = LineNote("wrong", is_problem=True), LineNote("odd", is_problem=False)

    found = source_lines("a\nb\n", [(1, odd), (7, wrong), (0, odd)])

    assert [(line.number, line.text, line.notes, line.is_wrong) for line in found] == [
        (1, "a", (odd, odd), False),
        (2, "b", (wrong,), True),
    ]


def test_of_a_long_file_what_is_around_the_notes_is_shown() -> None:
    text = "x\n" * 5_000
    note = LineNote("wrong", is_problem=True)

    found = source_lines(text, [(2, note), (4_999, note)])

    assert [line.number for line in found] == [1, 2, 3, 4, 5, 4_996, 4_997, 4_998, 4_999, 5_000]
    assert [line.number for line in found if line.is_after_gap] == [4_996]
    assert [line.number for line in source_lines(text, [])] == [1, 2, 3, 4]
