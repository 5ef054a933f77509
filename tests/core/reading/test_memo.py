"""Remembering what a pure function gave."""

from monitor.core.reading.text.memo import Memo


def test_a_function_is_asked_once_for_each_key() -> None:
    asked: list[str] = []

    def length(word: str) -> int:
        asked.append(word)
        return len(word)

    lengths = Memo(length)

    assert [lengths["plant"], lengths["site"], lengths["plant"]] == [5, 4, 5]
    assert asked == ["plant", "site"]


def test_it_never_holds_more_than_it_may() -> None:
    lengths = Memo[int](len, most=3)

    for number in range(100):
        assert lengths["x" * number] == number
        assert len(lengths) <= 3


def test_what_is_no_word_is_not_remembered() -> None:
    lengths = Memo[int](len)

    assert lengths["x" * 200_000] == 200_000
    assert not lengths
