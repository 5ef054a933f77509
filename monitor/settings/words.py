"""Lists of words as people type them: with commas or line ends between them. Pure."""

import re
from collections.abc import Iterable

#: A word with a comma in it stands in quotation marks.
_WORD = re.compile(
    r"[ \t]*+(?:\"(?P<straight>[^\"\n]++)\"|“(?P<curved>[^“”\n]++)”|«(?P<angled>[^«»\n]++)»)[ \t]*+(?=[,،、，\n]|\Z)"
    r"|(?P<plain>[^,،、，\n]++)"
)
_COMMA = re.compile("[,،、，]")


def split_words(text: str) -> list[str]:
    """The words of a text, each once: ``Tozeur, Tunisie`` are two, ``"Tozeur, Tunisie"`` is one.

    Commas may be those of Latin, Arabic and Chinese keyboards.
    """
    found = (each[each.lastgroup or 0].strip() for each in _WORD.finditer(text.replace("\r", "\n")))
    return list(dict.fromkeys(word for word in found if word))


def joined_words(words: Iterable[str]) -> str:
    """The words in one line, so that ``split_words`` finds them again."""
    return ", ".join(f'"{word}"' if _COMMA.search(word) else word for word in words)
