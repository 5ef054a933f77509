"""Every regular expression takes time in proportion to the text, whatever the text.

While one is matched no other thread runs, so one page that keeps it busy would stop the whole service. What is counted
is work (``backtracking``), on the worst texts that can be found (``pumping``).
"""

import random
import re
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.projects.forms import town_adjective
from monitor.core.reading.text import alternation
from monitor.core.reading.text import text as folding
from monitor.core.reading.text.alternation import Alternation
from monitor.logs import Redactor
from monitor.settings import lexicons
from tests.backtracking import Counter, TooMuchError
from tests.compiled import ROOT, Compiled, held, inline, of_modules, of_words
from tests.once import COMPILING
from tests.pumping import Worst, worst_texts

#: Characters of the two texts that are compared first; and of those that prove it, longer than what any pattern bounds.
_SHORT, _LONG = 60, 500
#: Steps at which counting ends: so many that a linear pattern never takes them for these texts.
_ENOUGH = 600_000
#: Work that grows with the square of the text is four times as much for twice the text.
_LINEAR = 2.4
_LANGUAGES = ("ar", "en", "es", "fr", "zh")


def _work(counter: Counter, text: Any, how: Compiled) -> int:
    counter.steps = 0
    try:
        if how.is_anchored:
            counter.match(text, whole=how.is_whole)
        else:
            counter.spans(text)
    except TooMuchError:
        pass
    return counter.steps


def _grows(counter: Counter, worst: Worst, characters: int, how: Compiled) -> bool:
    counter.limit = _ENOUGH * characters // _LONG
    once = _work(counter, worst.text(characters), how)
    return once > counter.limit or _work(counter, worst.text(2 * characters), how) > min(_LINEAR * once, counter.limit)


def _trouble(how: Compiled) -> Worst | None:
    """A text that takes more than linear time; None where none is found."""
    counter = Counter(how.pattern)
    return next(
        (
            worst
            for worst in worst_texts(how.pattern)
            if _grows(counter, worst, _SHORT, how) and _grows(counter, worst, _LONG, how)
        ),
        None,
    )


def _troubles(patterns: list[Compiled]) -> dict[str, tuple[str, Worst]]:
    once = {(how.pattern, how.is_anchored, how.is_whole): how for how in patterns}
    return {how.name: (str(how.pattern.pattern)[:200], worst) for how in once.values() if (worst := _trouble(how))}


def _searched(pattern: str | bytes, flags: int = 0) -> Compiled:
    return Compiled("example", re.compile(pattern, flags), is_anchored=False, is_whole=False)


# ------------------------------------------------------------ what is caught


@pytest.mark.parametrize(
    ("pattern", "flags"),
    [
        # Each of these has stopped the service.
        (r"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL),
        (r"\s*<\?xml[^>]*\?>", 0),
        (r"<title[^>]*>([^<]{1,500})", re.IGNORECASE),
        (r"<(?:pubDate|published|updated|dc:date)\b[^>]*>([^<]{4,100})<", 0),
        (r"(?<=[?&;])(?P<name>[\w.-]*(?:token|key|secret)[\w.-]*)=[^&#\s'\"]+", re.IGNORECASE),
        (r"[.!?\n](?:(?<=\.)\.*[\"')\]]*(?=\s|$)|(?<=\n))", 0),
        (r"\d[\d.,]*\s?(?:comments?|views)", 0),
        (r"build time (?:is |is estimated at |estimated at )*(?:about )?\d+ days", 0),
        (r"(?:delay\w*|push\w*\s+back)", 0),
        (rb"<meta[^>]+?charset=", 0),
        # And each of these does what such patterns are known for.
        (r"\s+$", 0),
        (r"(?:a+)+b", 0),
        (r"(?:a|a)*b", 0),
        (r"(?:a|ab|b)*c", 0),
        (r"\w+\d+x", 0),
        (r"x(?:\s*,\s*)*y", 0),
        (r"^(?:\W*\w*)*;", 0),
        (r"(?m)^\s*\|", 0),
        (r"x(?=[^\n]*y)", 0),
    ],
)  # fmt: skip
def test_a_pattern_that_takes_more_than_linear_time_is_caught(pattern: str | bytes, flags: int) -> None:
    assert _trouble(_searched(pattern, flags)) is not None


@pytest.mark.parametrize(
    "pattern",
    [
        r"<title[^<>]*>([^<]{1,500})",
        r"<!--.*?(?:-->|\Z)",
        r"(?<!\s)\s++$",
        r"(?<=[?&;])[\w.-]++=",
        r"word\s*$",
        r"a{1,9}b",
        r"(?<!\w)(?>\w+)\d",
        r"(?m)^ *\| *$",
    ],
)
def test_a_linear_pattern_is_not(pattern: str) -> None:
    assert _trouble(_searched(pattern, re.DOTALL)) is None


@pytest.mark.parametrize(
    ("pattern", "is_whole"),
    [(r"\s*(?:a|$)", False), (r"[a-z][a-z0-9+.-]*:\S", False), (r"\d{1,9}\s*/\s*h(our)?", True)],
)
def test_what_is_tried_at_one_place_need_not_be_quick_at_all(pattern: str, is_whole: bool) -> None:
    assert _trouble(Compiled("anchored", re.compile(pattern), is_anchored=True, is_whole=is_whole)) is None


def test_what_must_match_to_the_end_is_tried_to_the_end() -> None:
    pattern = re.compile(r"\W*-\W*")

    assert _trouble(Compiled("anchored", pattern, is_anchored=True, is_whole=False)) is None
    assert _trouble(Compiled("anchored", pattern, is_anchored=True, is_whole=True)) is not None


# ------------------------------------------------------------ what is counted is true


def test_work_is_counted_as_the_library_matches() -> None:
    chance = random.Random(0)
    for how in of_modules():
        pattern: re.Pattern[Any] = how.pattern
        said = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
        if len(said) > 1000:
            continue
        counter = Counter(pattern)
        texts = [worst.text(20) for worst, _ in zip(worst_texts(pattern), range(10), strict=False)]
        for _ in range(10):
            at = chance.randrange(len(said) + 1)
            text = "".join(chance.choices(said + ' a1-<>=\n"', k=20)) + said[at : at + 20].replace("\\", "")
            texts.append(text if isinstance(pattern.pattern, str) else text.encode("latin-1", "replace"))
        for text in texts:
            assert counter.spans(text) == [found.span() for found in pattern.finditer(text)], (how.name, text)
            whole = pattern.fullmatch(text)
            assert (counter.match(text, whole=True) is None) is (whole is None), (how.name, text)


# ------------------------------------------------------------ all patterns


def test_every_pattern_of_a_module_is_linear() -> None:
    assert _troubles(list(of_modules())) == {}


def test_every_pattern_that_is_written_where_it_is_used_is_linear() -> None:
    patterns = [
        Compiled(place, pattern, method in {"match", "fullmatch"}, method == "fullmatch")
        for place, method, pattern in inline()
        if pattern is not None
    ]

    assert len(patterns) > 10
    assert _troubles(patterns) == {}


@pytest.mark.slow
@pytest.mark.parametrize("language", _LANGUAGES)
def test_every_pattern_of_a_vocabulary_is_linear(language: str) -> None:
    known = lexicons.load_lexicons()
    assert sorted(known) == sorted(_LANGUAGES)

    patterns = list(held(known[language], "monitor.core.reading.lexicon", language, set()))

    assert len(patterns) > 50
    assert _troubles(patterns) == {}


@pytest.mark.parametrize("prefixes", [(), ("و", "ال")])
def test_words_of_a_vocabulary_are_looked_for_in_linear_time(prefixes: tuple[str, ...]) -> None:
    # All signs that mean something in them, joined in all ways.
    words = ("ab", "ab*", "a b", "ba* a", "ab*a b*", "签", "签署", "و")

    assert _troubles([*of_words(Alternation.of(dict.fromkeys(words, 0), prefixes))]) == {}


#: Those that are put together from what is no vocabulary.
_EXAMPLES: tuple[Callable[[], object], ...] = (
    lambda: Redactor(frozenset({"secret", "secrecy"})),
    lambda: town_adjective(("es", "in"), "Valencia"),
    lambda: folding._any_of.__wrapped__("ßﬁ"),
    lambda: alternation._compiled.__wrapped__("a"),
)


@pytest.mark.slow
def test_every_pattern_that_is_put_together_is_among_these(monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[tuple[str, int], list[re.Pattern[Any]]] = defaultdict(list)
    library = re.compile

    def noted(pattern: Any, flags: int = 0) -> re.Pattern[Any]:
        caller = sys._getframe(1)
        compiled = library(pattern, flags)
        made[caller.f_code.co_filename, caller.f_lineno].append(compiled)
        return compiled

    monkeypatch.setattr(Lexicon, "from_mapping", COMPILING)
    monkeypatch.setattr(re, "compile", noted)
    vocabulary = lexicons._compiled.__wrapped__("zh")
    examples = [example() for example in _EXAMPLES]
    monkeypatch.undo()

    places = {place for place, _, pattern in inline() if pattern is None}
    called = {f"{Path(file).relative_to(ROOT)}:{line}" for file, line in made if Path(file).is_relative_to(ROOT)}
    assert places <= called, "where a pattern is put together, this test wants an example of it"
    looked_at = {how.pattern for how in held(vocabulary, "monitor.core.reading.lexicon", "example", set())}
    others = [pattern for patterns in made.values() for pattern in patterns if pattern not in looked_at]
    assert len(others) == len(examples)
    assert _troubles([Compiled("example", pattern, is_anchored=False, is_whole=False) for pattern in others]) == {}
