"""The compiled vocabulary of one language. Everything that the engine knows about a language is here."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from monitor.core.reading.dates.datewords import Calendar
from monitor.core.reading.projects.pointers import Pointers
from monitor.core.reading.projects.purposes import Purposes
from monitor.core.reading.quantities.amounts import AmountWords
from monitor.core.reading.quantities.measures import QuantityWords
from monitor.core.reading.quantities.numerals import NumberWords
from monitor.core.reading.text.alternation import Alternation
from monitor.core.reading.text.phrases import Phrasebook, Slot, Subjects, Vocabulary, parse_phrase
from monitor.core.reading.text.text import Span, Text, bare
from monitor.core.reading.text.tokens import Tokens, Word
from monitor.core.reading.text.vocabulary import LexiconError, VocabularySection, merged

# The dateline: where, when and by which agency an article was sent. It dates the writing, not the news ----------------
#
# "RABAT, 12 mars (MAP) - …", "(April 27 – AFP) …", "LONDON (Reuters) – …", "新华社拉巴特3月12日电　…".


#: The greatest length of a dateline; no more is searched.
_LONGEST = 120
_HAN = "\u3400-\u9fff"
#: A word of a place, or of what precedes its date ("in", a day of the week).
_WORD = r"[^\W\d][^\s\d()/|:。!?؟]*+\s++"
#: What stands between a dateline and its news.
_MARK = r"\s*+(?:[.,،]\s*+)?(?:-++|[–—|:/])\s*+"


class Datelines:
    """Finds the datelines of a language by its months, the names of agencies, and what follows those."""

    def __init__(self, section: VocabularySection, months: Iterable[str]) -> None:
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


_SECTIONS = (
    "language", "abbreviations", "about", "clauses", "scope", "verbs", "nouns", "events", "cues", "focus", "numbers",
    "quantities", "amounts", "dates", "datelines", "land_deals", "purposes",
)  # fmt: skip


class Tone(StrEnum):
    """What a cue makes of what is told around it."""

    REACHED = "reached"
    EXPECTED = "expected"
    DENIED = "denied"
    #: Was once expected.
    SUPERSEDED = "superseded"
    #: A hypothesis, or about somebody else.
    UNREAL = "unreal"
    #: A time that is still to come, unless the verb after it is in the past: "once it opens", "once it opened".
    ONCE = "once"
    #: It precedes what the clause tells: "will open after approval".
    FOLLOWED = "followed"
    #: The decision itself has happened; what it is about is still to come ("decided to delay the start").
    DECIDED = "decided"
    #: Somebody else said it.
    HEARSAY = "hearsay"
    #: Any day now.
    IMMINENT = "imminent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The vocabulary of one language. Build it once; readers only look things up in it."""

    #: ISO 639-1
    language: str
    #: Words after which a full stop ends no sentence; in lower case, without the closing full stop.
    abbreviations: frozenset[str]
    #: Matches where a company begins to describe itself at the end of an article: ``About Nordcell: …``
    about: re.Pattern[str]
    #: Where a clause ends: at a mark (then a group of the match is set), or before a word that opens the next clause.
    clause_break: re.Pattern[str]
    #: Words that may stand between any two words of a phrase: a day of the week, "officially".
    interludes: Alternation[None]
    #: The part of a date that may follow a day of the week: the day of the month, perhaps with the year.
    days: re.Pattern[str]
    #: Phrases, with the stages and conditions that they may tell.
    events: Phrasebook[frozenset[str]]
    cues: Phrasebook[Tone]
    focus: Pointers
    numbers: NumberWords
    quantities: QuantityWords
    amounts: AmountWords
    dates: Calendar
    datelines: Datelines
    #: Agreements on land, which are no agreements on the plant.
    land_deals: Alternation[None]
    purposes: Purposes

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any], common: Mapping[str, Any]) -> Self:
        """Compile the data of a language file. ``common``, which all languages share, is read as if it were part of it.

        Raises:
            LexiconError: The data is invalid. Names the key.
        """
        root = VocabularySection(merged(common, mapping))
        root.only(*_SECTIONS)
        scope = root.section("scope")
        scope.only("few", "stretch", "proclitics")
        vocabulary = _vocabulary(root, scope)
        proclitics = tuple(bare(prefix) for prefix in scope.strings("proclitics"))
        dates = Calendar.from_section(root.section("dates"))
        subjects = _subjects(root.section("clauses"))
        return cls(
            language=root.text("language"),
            abbreviations=frozenset(word.casefold().removesuffix(".") for word in root.strings("abbreviations")),
            about=_about(root.strings("about")),
            clause_break=_clause_break(root.section("clauses")),
            interludes=Alternation.of(dict.fromkeys(root.section("clauses").strings("interludes"))),
            days=_days(dates.names["month"]),
            events=Phrasebook(_events(root, vocabulary), proclitics, subjects),
            cues=Phrasebook(_cues(root.section("cues"), vocabulary), proclitics),
            focus=Pointers.from_section(root.section("focus")),
            numbers=NumberWords.from_section(root.section("numbers")),
            quantities=QuantityWords.from_section(root.section("quantities")),
            amounts=AmountWords.from_section(root.section("amounts")),
            dates=dates,
            datelines=Datelines(root.section("datelines"), dates.names["month"]),
            land_deals=Alternation.of(dict.fromkeys(root.strings("land_deals"))),
            purposes=Purposes.from_section(root.section("purposes")),
        )

    def tokens(self, text: Text, names: Iterable[Span] = ()) -> Tokens:
        """The words of a text, prepared for finding phrases. ``names`` are the places that name watched projects."""
        interludes = (
            # "Lundi 9 mars": the date belongs to its day.
            Span(start, date.end() if (date := self.days.match(text.bare, end)) else end)
            for start, end, _ in self.interludes.find(text.bare, 0, len(text.bare))
        )
        return Tokens.of(text).naming(names).interspersed(interludes)


def _about(words: Sequence[str]) -> re.Pattern[str]:
    said = "|".join(re.escape(bare(word)) for word in words) or "(?!)"
    # A name, then a colon, a dash or the end of the line.
    return re.compile(
        rf"^[ \t]*(?:{said})(?=\W|[\u3400-\u9fff])(?! *\d)[^\n:.。]{{2,60}}(?:[:：]| [-–—] |$)", re.MULTILINE
    )


def _clause_break(clauses: VocabularySection) -> re.Pattern[str]:
    clauses.only("marks", "words", "relatives", "auxiliaries", "turns", "interludes")
    marks, words = (map(re.escape, map(bare, clauses.strings(key))) for key in ("marks", "words"))
    # A mark between digits is part of a number or a time.
    ends = [rf"{mark}(?!(?<=\d.)\d)()" for mark in marks]
    # Every alternative begins with a plain character, so that the search can skip to where one may stand.
    openings = [rf"{word}(?<!\w{word})(?!\w)" for word in words]
    return re.compile("|".join([*ends, *openings]) or "(?!)")


def _days(months: Iterable[str]) -> re.Pattern[str]:
    named = "|".join(map(re.escape, sorted(months, key=len, reverse=True)))
    return re.compile(rf" \d{{1,2}}(?:er|st|nd|rd|th)?(?: de)? (?:{named})(?!\w)(?: (?:de )?\d{{4}})?")


def _subjects(clauses: VocabularySection) -> Subjects:
    return Subjects(
        *(
            frozenset(Text.of(word).lower for word in clauses.strings(key))
            for key in ("relatives", "auxiliaries", "turns")
        )
    )


def _vocabulary(root: VocabularySection, scope: VocabularySection) -> Vocabulary:
    words: dict[str, frozenset[Word]] = {}
    for kind in ("verbs", "nouns"):
        section = root.section(kind)
        for name in section:
            if name in words:
                raise LexiconError(section.at(name), "listed under verbs and under nouns")
            words[name] = frozenset(
                Word.parse(entry, f"{section.at(name)}[{index}]")
                for index, text in enumerate(section.strings(name))
                for entry in text.split("|")
            )
    return Vocabulary(
        words, frozenset(root.section("verbs")), int(scope.number("few", 3)), int(scope.number("stretch", 8))
    )


def _events(root: VocabularySection, vocabulary: Vocabulary) -> Iterator[tuple[tuple[Slot, ...], frozenset[str]]]:
    """The phrases of each stage; the key of phrases that tell several has them all: ``suspended construction``."""
    events = root.section("events")
    for key in events:
        stages = frozenset(key.split())
        yield from ((slots, stages) for slots in _phrases(events, key, vocabulary))


def _cues(section: VocabularySection, vocabulary: Vocabulary) -> Iterator[tuple[tuple[Slot, ...], Tone]]:
    section.only(*Tone)
    for tone in section:
        yield from ((slots, Tone(tone)) for slots in _phrases(section, tone, vocabulary))


def _phrases(section: VocabularySection, key: str, vocabulary: Vocabulary) -> Iterator[tuple[Slot, ...]]:
    for index, phrase in enumerate(section.strings(key)):
        yield from parse_phrase(phrase, vocabulary, f"{section.at(key)}[{index}]")
