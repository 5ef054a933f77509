"""News searches: the address of the feed of a search, and the words to search for a project with."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote_plus

from monitor.core.model import Project

#: The engines that ship: the template of the address of a feed.
ENGINES: Mapping[str, str] = {
    "google": "https://news.google.com/rss/search?q={query}&hl={hl}&gl={country}&ceid={ceid}",
    "bing": "https://www.bing.com/news/search?q={query}&format=rss&mkt={mkt}",
}
#: What feeds of these engines are called. Another engine is called as the operator calls it.
TITLES: Mapping[str, str] = {"google": "Google News", "bing": "Bing News"}
#: The parts of an address that a template may leave open.
PLACES = ("query", "language", "country", "hl", "ceid", "mkt")
_PLACE = re.compile(r"\{([^{}]*)\}")
# The country of a language whose code is not that of a country.
_COUNTRIES: Mapping[str, str] = {
    "ar": "SA", "cs": "CZ", "da": "DK", "el": "GR", "en": "US", "fa": "IR", "he": "IL", "hi": "IN", "ja": "JP",
    "ko": "KR", "sv": "SE", "uk": "UA", "vi": "VN", "zh": "CN",
}  # fmt: skip
# Countries where Chinese is written in traditional characters.
_TRADITIONAL = frozenset({"HK", "MO", "TW"})
# The countries in which Bing has a market, of languages with several. A search elsewhere gets the main one.
_MARKETS: Mapping[str, str] = {
    "de": "AT CH DE", "en": "AU CA GB ID IN MY NZ PH US ZA", "es": "AR CL ES MX US", "fr": "BE CA CH FR", "nl": "BE NL",
    "pt": "BR PT", "zh": "CN HK TW",
}  # fmt: skip
# The scripts of languages that do not use the Latin one, as Unicode names them.
_SCRIPTS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("ar", "fa", "ur"), frozenset({"ARABIC"})),
    **dict.fromkeys(("be", "bg", "kk", "mk", "ru", "sr", "uk"), frozenset({"CYRILLIC"})),
    "el": frozenset({"GREEK"}),
    "he": frozenset({"HEBREW"}),
    "hi": frozenset({"DEVANAGARI"}),
    "ja": frozenset({"CJK", "HIRAGANA", "KATAKANA"}),
    "ko": frozenset({"HANGUL"}),
    "th": frozenset({"THAI"}),
    "zh": frozenset({"CJK"}),
}
_LATIN = frozenset({"LATIN"})
#: The most words of a project in one bracket of a query. Engines ignore what is beyond some thirty words.
_MOST = 8


class PressEdition(NamedTuple):
    """A language, and the country whose press is searched."""

    language: str
    country: str

    @classmethod
    def of(cls, text: str) -> "PressEdition":
        """The edition of ``fr`` or ``fr-MA``. Without a country it is the main one of the language."""
        language, _, country = text.partition("-")
        return cls(language, country or _COUNTRIES.get(language, language[:2].upper()))


def open_places(template: str) -> tuple[str, ...]:
    """The names of the parts that a template leaves open, in order."""
    return tuple(_PLACE.findall(template))


def address(template: str, query: str, edition: str) -> str:
    """The address of the feed of a query. The query is percent-encoded.

    Args:
        template: an address with some of ``PLACES`` in braces.
        query: the words, as one would type them into the engine.
        edition: a language, possibly with a country (``fr-MA``).
    """
    language, country = PressEdition.of(edition)
    script = ("zh-Hant" if country in _TRADITIONAL else "zh-Hans") if language == "zh" else language
    market = f"{language}-{country}"
    filled = {
        "query": quote_plus(query),
        "language": language,
        "country": country,
        "hl": market if language in {"en", "zh"} else language,
        "ceid": f"{country}:{script}",
        "mkt": market if country in _MARKETS.get(language, "") else "-".join(PressEdition.of(language)),
    }
    return _PLACE.sub(lambda place: filled[place[1]], template)


def feed_name(engine: str, search: str, edition: str, editions: Iterable[str]) -> str:
    """What the feed of a search is called: ``Google News, BTR (fr)``.

    Args:
        engine: the key of the engine.
        search: the name of the search.
        edition: the edition of the feed.
        editions: all editions of the search. If several share a language, the country is told too.
    """
    language = PressEdition.of(edition).language
    is_one = sum(PressEdition.of(each).language == language for each in editions) == 1
    return f"{TITLES.get(engine, engine)}, {search} ({language if is_one else edition})"


def query_for(project: Project, edition: str) -> str:
    """A query that finds what concerns a project: it names who, and what or where; without who both what and where.

    "" if the project has no word that the press of this language writes.
    """
    scripts = _SCRIPTS.get(PressEdition.of(edition).language, _LATIN)
    who, what, where = (_written(words, scripts) for words in (project.who, project.what, project.where))
    if not any(_script(word) in scripts for word in (*who, *what, *where)):
        return ""
    groups = (who, (*where[: _MOST // 2], *what[: _MOST // 2])) if who else (what, where)
    return " ".join(filter(None, map(_any_of, groups)))


def _written(words: Iterable[str], scripts: frozenset[str]) -> tuple[str, ...]:
    """The words in one of these scripts. If there are none, the Latin ones, which the whole press writes too."""
    words = tuple(words)
    own = tuple(word for word in words if _script(word) in scripts)
    return own or tuple(word for word in words if _script(word) == "LATIN")


def _script(word: str) -> str:
    """The script of the first letter, as Unicode names it. "" if there is no letter."""
    letter = next((char for char in word if char.isalpha()), "")
    return unicodedata.name(letter, "").partition(" ")[0] if letter else ""


def _any_of(words: Sequence[str]) -> str:
    terms = [f'"{word}"' if re.search(r"[^\w]", word) else word for word in (w.replace('"', "") for w in words[:_MOST])]
    return f"({' OR '.join(terms)})" if len(terms) > 1 else "".join(terms)
