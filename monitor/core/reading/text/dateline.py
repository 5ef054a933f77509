"""The dateline: where, when and by which agency an article was sent. It dates the writing, not the news.

"RABAT, 12 mars (MAP) - …", "(April 27 – AFP) …", "LONDON (Reuters) – …", "新华社拉巴特3月12日电　…".
"""

import re
from collections.abc import Iterable

from monitor.core.reading.text.text import bare
from monitor.core.reading.text.vocabulary import Section

#: The greatest length of a dateline; no more is searched.
_LONGEST = 120
_HAN = "\u3400-\u9fff"
#: A word of a place, or of what precedes its date ("in", a day of the week).
_WORD = r"[^\W\d][^\s\d()/|:。!?؟]*+\s++"
#: What stands between a dateline and its news.
_MARK = r"\s*+(?:[.,،]\s*+)?(?:-++|[–—|:/])\s*+"


class Datelines:
    """Finds the datelines of a language by its months, the names of agencies, and what follows those."""

    def __init__(self, section: Section, months: Iterable[str]) -> None:
        """Compile the ``datelines:`` section of a lexicon.

        Raises:
            LexiconError: The section is invalid.
        """
        section.only("agencies", "closers")
        month = _any(map(bare, months))
        agency = _any(map(bare, section.strings("agencies")))
        closer = _any(map(bare, section.strings("closers")))
        day, of = r"\d{1,2}[^\W\d]{0,2}", r"(?:[^\W\d]{2}\s+)?"
        date = (
            rf"(?:{day}\.?\s+{of}{month}\.?|{month}\.?\s+{day})(?:,?\s+{of}\d{{4}})?"
            rf"|\d{{1,4}}[/.-]\d{{1,2}}[/.-]\d{{1,4}}|(?:\d{{1,2}}[{_HAN}])?\d{{1,2}}[{_HAN}]"
        )
        signed = rf"(?:\([^()\n]{{0,30}}?{agency}[^()\n]{{0,20}}\)|/\s?{agency}[^\s/]{{0,12}}\s?/)"
        aside = r"\s*\([^()\n]{0,20}\)"
        self._pattern = re.compile(
            rf"""\s*+(?:
              \((?=[^()\n]*(?:{agency}|{closer})|\s*(?:{date})\s*\))[^()\n]{{1,50}}\)(?:{_MARK})?
            | (?:{_WORD}){{0,3}}{signed}(?:{_MARK})?
            | (?:{_WORD}){{1,4}}(?:{date})[.,،]?\s*(?:{signed}(?:{_MARK})?|\s?/\s)
            | (?:{_WORD}){{0,2}}[^\W\d][^\s\d,]*,\s+(?:{_WORD}){{0,2}}(?:{date})[.,]?(?:{aside})?\s*(?:-+|[–—])\s+
            | [^\W\d]{{0,14}}(?:(?:{agency}|{date}){closer}(?:{aside}|[:,\s])|{agency}[^\W\d]{{0,8}}:)\s*
            | (?=[^\n|]*{agency})(?:{_WORD}){{1,6}}?\|\s+
            )""",
            re.VERBOSE,
        )

    def end(self, text: str, start: int) -> int:
        """Where the news begins after the dateline of a body; ``start`` if there is no dateline.

        Args:
            text: the text in bare form.
            start: the position where the body begins.
        """
        match = self._pattern.match(text, start, start + _LONGEST)
        return match.end() if match else start


def _any(words: Iterable[str]) -> str:
    """A pattern for any of these words; whole words if the script has spaces between words."""
    longest_first = sorted(words, key=len, reverse=True)
    spaced = "|".join(r"\s+".join(map(re.escape, word.split())) for word in longest_first if word < _HAN)
    joined = "|".join(re.escape(word) for word in longest_first if word >= _HAN)
    # The edges are checked once for all words, because a look-behind is slow.
    return rf"(?:(?<!\w)(?:{spaced or '(?!)'})(?!\w)|{joined or '(?!)'})"
