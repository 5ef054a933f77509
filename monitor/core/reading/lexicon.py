"""The compiled vocabulary of one language. Everything that the engine knows about a language is here."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, NamedTuple, Self

from monitor.core.model import State
from monitor.core.reading.dates.datewords import Calendar
from monitor.core.reading.projects.pointers import Pointers
from monitor.core.reading.projects.purposes import Purposes
from monitor.core.reading.quantities.factwords import FactWords
from monitor.core.reading.quantities.measures import QuantityWords
from monitor.core.reading.quantities.numerals import NumberWords
from monitor.core.reading.text.alternation import Alternation
from monitor.core.reading.text.dateline import Datelines
from monitor.core.reading.text.document import Span
from monitor.core.reading.text.memo import Memo
from monitor.core.reading.text.phrases import Phrasebook, Slot, Subjects, Vocabulary, parse_phrase
from monitor.core.reading.text.spotting import Word
from monitor.core.reading.text.text import Text, bare
from monitor.core.reading.text.tokens import Tokens
from monitor.core.reading.text.vocabulary import LexiconError, Section, merged

_SECTIONS = (
    "language", "abbreviations", "about", "clauses", "scope", "verbs", "nouns", "tenses", "outcomes", "events", "steps",
    "cues", "examples", "focus", "numbers", "quantities", "facts", "dates", "datelines", "land_deals", "purposes",
)  # fmt: skip


class Tone(StrEnum):
    """What a cue makes of the events that it governs."""

    REACHED = "reached"
    EXPECTED = "expected"
    DENIED = "denied"
    #: Was once expected. Says nothing about now, unless the date is still to come.
    SUPERSEDED = "superseded"
    #: A hypothesis, or about somebody else: says nothing.
    UNREAL = "unreal"
    #: A time that is still to come, unless the verb after it is in the past: "once it opens", "once it opened".
    ONCE = "once"
    #: It precedes what the clause tells. It has happened, unless that is still to come ("will open after approval").
    FOLLOWED = "followed"
    #: The decision itself has happened; what it is about is still to come ("decided to delay the start").
    DECIDED = "decided"
    #: Somebody else said it: it does not outweigh a denial.
    HEARSAY = "hearsay"
    #: Any day now: an expectation in its sentence counts even without a date.
    IMMINENT = "imminent"
    #: Governs nothing, and blocks other cues.
    STOP = "stop"


class Side(StrEnum):
    """Where a cue stands relative to the events that it governs."""

    #: Somewhere before, in the same clause.
    BEFORE = "before"
    #: Right before.
    ADJACENT = "adjacent"
    #: Like ``ADJACENT``, even if other cues stand nearer.
    OVER = "over"
    #: Somewhere after, in the same clause.
    AFTER = "after"
    #: Anywhere in the sentence.
    ANYWHERE = "anywhere"


# A tuple, because it is compared very often.
class Cue(NamedTuple):
    """A word that decides whether an event has happened."""

    tone: Tone
    side: Side


class Form(StrEnum):
    """What the form of a verb says by itself."""

    EXPECTED = "expected"
    PAST = "past"
    #: Infinitive and the like: says nothing.
    OPEN = "open"
    PRESENT = "present"
    #: Present, and continues an expectation before it ("is to begin in March, enters service in May").
    CARRIED = "carried"


@dataclass(frozen=True, slots=True)
class Event:
    """What a phrase tells: for each state in which it is told, stages with their states."""

    outcomes: Mapping[State, tuple[tuple[str, State], ...]]
    #: The phrase means the same whatever negation or future words it contains: "will not go ahead for now !"
    is_fixed: bool = False
    #: All stages that it may tell, in any state.
    stages: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        stages = frozenset(stage for outcome in self.outcomes.values() for stage, _ in outcome)
        object.__setattr__(self, "stages", stages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """How many words a cue reaches."""

    before: int
    #: Before a verb whose form is past, which only its own auxiliaries can change.
    past: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A sentence, and what must be read in it. The tests use it to prove the phrases."""

    text: str
    #: ``stage state`` each.
    claims: frozenset[str]
    path: str


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
    #: Words that open a relative clause, in lower case with accents.
    relatives: frozenset[str]
    #: Words that may stand between any two words of a phrase: a day of the week, "officially".
    interludes: Alternation[None]
    #: The part of a date that may follow a day of the week: the day of the month, perhaps with the year.
    days: re.Pattern[str]
    scope: Scope
    events: Phrasebook[Event]
    #: Nouns that tell a stage by themselves, next to another stage that a verb tells.
    steps: Alternation[str]
    cues: Phrasebook[Cue]
    #: The endings of verbs, in groups named after their form.
    tenses: "Tenses"
    examples: tuple[Example, ...]
    focus: Pointers
    numbers: NumberWords
    quantities: QuantityWords
    facts: FactWords
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
        root = Section(merged(common, mapping))
        root.only(*_SECTIONS)
        scope = root.section("scope")
        scope.only("few", "stretch", "before", "past", "after", "proclitics")
        vocabulary = _vocabulary(root, scope)
        proclitics = tuple(bare(prefix) for prefix in scope.strings("proclitics"))
        dates = Calendar.from_section(root.section("dates"))
        subjects = _subjects(root.section("clauses"))
        return cls(
            language=root.text("language"),
            abbreviations=frozenset(word.casefold().removesuffix(".") for word in root.strings("abbreviations")),
            about=_about(root.strings("about")),
            clause_break=_clause_break(root.section("clauses")),
            relatives=subjects.relatives,
            interludes=Alternation.of(dict.fromkeys(root.section("clauses").strings("interludes"))),
            days=_days(dates.names["month"]),
            scope=Scope(**{name: int(scope.number(name, 0)) for name in ("before", "past", "after")}),
            events=Phrasebook(_events(root, vocabulary), proclitics, subjects),
            steps=_steps(root.section("steps"), proclitics),
            cues=Phrasebook(_cues(root.section("cues"), vocabulary), proclitics),
            tenses=_tenses(root.section("tenses")),
            examples=tuple(_examples(root.section("examples"))),
            focus=Pointers.from_section(root.section("focus")),
            numbers=NumberWords.from_section(root.section("numbers")),
            quantities=QuantityWords.from_section(root.section("quantities")),
            facts=FactWords.from_section(root.section("facts")),
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

    def is_carried(self, verb: str) -> bool:
        """Whether a verb continues an expectation before it.

        In a language without tenses, such as Chinese, all verbs do.
        """
        return self.form(verb) is Form.CARRIED or not self.tenses

    def form(self, verb: str) -> Form:
        """What the form of a verb says. The verb is in lower case with accents."""
        return self.tenses.forms[verb]


def _about(words: Sequence[str]) -> re.Pattern[str]:
    said = "|".join(re.escape(bare(word)) for word in words) or "(?!)"
    # A name, then a colon, a dash or the end of the line.
    return re.compile(
        rf"^[ \t]*(?:{said})(?=\W|[\u3400-\u9fff])(?! *\d)[^\n:.。]{{2,60}}(?:[:：]| [-–—] |$)", re.MULTILINE
    )


def _clause_break(clauses: Section) -> re.Pattern[str]:
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


def _subjects(clauses: Section) -> Subjects:
    return Subjects(
        *(
            frozenset(Text.of(word).lower for word in clauses.strings(key))
            for key in ("relatives", "auxiliaries", "turns")
        )
    )


def _vocabulary(root: Section, scope: Section) -> Vocabulary:
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


def _events(root: Section, vocabulary: Vocabulary) -> Iterator[tuple[tuple[Slot, ...], Event]]:
    named = root.section("outcomes")
    outcomes = {name: Event(_outcomes(named.section(name))) for name in named}
    events = root.section("events")
    for name in events:
        event = outcomes.get(name, Event({state: ((name, state),) for state in State}))
        fixed = replace(event, is_fixed=True)
        for index, phrase in enumerate(events.strings(name)):
            plain = phrase.removesuffix("!")
            for slots in parse_phrase(plain, vocabulary, f"{events.at(name)}[{index}]"):
                yield slots, event if plain == phrase else fixed


def _steps(section: Section, prefixes: Sequence[str]) -> Alternation[str]:
    return Alternation.of({word: stage for stage in section for word in section.strings(stage)}, prefixes)


def _outcomes(section: Section) -> Mapping[State, tuple[tuple[str, State], ...]]:
    section.only(*State)
    return {State(state): tuple(_stage_state(section, state)) for state in section}


def _stage_state(section: Section, state: str) -> Iterator[tuple[str, State]]:
    for text in section.strings(state):
        stage, _, result = text.partition(" ")
        if result not in set(State):
            raise LexiconError(section.at(state), f"{text!r}: write a stage and reached, expected or denied")
        yield stage, State(result)


def _cues(section: Section, vocabulary: Vocabulary) -> Iterator[tuple[tuple[Slot, ...], Cue]]:
    section.only(*Tone)
    for tone in section:
        sides = section.section(tone)
        sides.only(*Side)
        for side in sides:
            cue = Cue(Tone(tone), Side(side))
            for index, phrase in enumerate(sides.strings(side)):
                for slots in parse_phrase(phrase, vocabulary, f"{sides.at(side)}[{index}]"):
                    yield slots, cue


class Tenses:
    """What the endings of verbs say. False if there are none."""

    def __init__(self, endings: re.Pattern[str]) -> None:
        self._endings = endings
        #: A verb in lower case with accents → what its form says.
        self.forms: Mapping[str, Form] = Memo(self._form)

    def __bool__(self) -> bool:
        return bool(self._endings.groups)

    def _form(self, verb: str) -> Form:
        match = self._endings.fullmatch(verb)
        return Form(match.lastgroup) if match and match.lastgroup else Form.PRESENT


def _tenses(section: Section) -> Tenses:
    section.only(*Form)
    groups = []
    for name in section:
        endings = "|".join(re.escape(Text.of(ending).lower).replace(r"\*", ".*") for ending in section.strings(name))
        groups.append(f"(?P<{name}>{endings})")
    return Tenses(re.compile("|".join(groups) or "(?!)"))


def _examples(section: Section) -> Iterator[Example]:
    for text in section:
        yield Example(text=text, claims=frozenset(section.strings(text)), path=section.at(text))
