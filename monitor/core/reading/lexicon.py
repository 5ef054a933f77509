"""The vocabulary of one language, compiled. The engine has no language in it: all that it knows of one is here."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, NamedTuple, Self

from monitor.core.model import State
from monitor.core.reading.dates.datewords import Calendar
from monitor.core.reading.projects.pointers import Pointers
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
    "cues", "examples", "focus", "numbers", "quantities", "facts", "dates", "datelines",
)  # fmt: skip


class Tone(StrEnum):
    """What a cue makes of the events that it governs."""

    REACHED = "reached"
    EXPECTED = "expected"
    DENIED = "denied"
    #: Was expected once; says nothing of now unless the date is still to come.
    SUPERSEDED = "superseded"
    #: A hypothesis, or somebody else's business: says nothing.
    UNREAL = "unreal"
    #: A time that is still to come, unless the verb behind tells of it in the past: "once it opens", "once it opened".
    ONCE = "once"
    #: It goes before what the clause tells: it has happened, unless that is still to come ("will open after approval").
    FOLLOWED = "followed"
    #: What befalls a project by decision has happened; what it befalls is still to come ("decided to delay the start").
    DECIDED = "decided"
    #: Somebody else's word for it: does not stand against a denial.
    HEARSAY = "hearsay"
    #: Any day now: an expectation in its sentence is told even without a date.
    IMMINENT = "imminent"
    #: Governs nothing and lets no other cue pass.
    STOP = "stop"


class Side(StrEnum):
    """Where a cue stands to the events that it governs."""

    #: Somewhere before, in the same clause.
    BEFORE = "before"
    #: Right before.
    ADJACENT = "adjacent"
    #: The same, whatever other cues stand nearer.
    OVER = "over"
    #: Somewhere behind, in the same clause.
    AFTER = "after"
    #: Anywhere in the sentence.
    ANYWHERE = "anywhere"


# A tuple, since it is compared so often.
class Cue(NamedTuple):
    """A word that decides whether what is told has happened."""

    tone: Tone
    side: Side


class Form(StrEnum):
    """What the form of a verb says by itself."""

    EXPECTED = "expected"
    PAST = "past"
    #: Infinitive and the like: says nothing.
    OPEN = "open"
    PRESENT = "present"
    #: The same, and goes on from an expectation before it ("is to begin in March, enters service in May").
    CARRIED = "carried"


@dataclass(frozen=True, slots=True)
class Event:
    """What a phrase tells, by the state in which it is told: stages with their states."""

    outcomes: Mapping[State, tuple[tuple[str, State], ...]]
    #: Told as it stands, whatever words of negation or future are in it: "will not go ahead for now !"
    is_fixed: bool = False
    #: All stages that may be told, in whatever state.
    stages: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        stages = frozenset(stage for outcome in self.outcomes.values() for stage, _ in outcome)
        object.__setattr__(self, "stages", stages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """How many words a cue reaches."""

    before: int
    #: Before a verb that is past by its form, which only its own auxiliaries can turn.
    past: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A sentence with what must be read in it: proof of the phrases, run by the tests."""

    text: str
    #: ``stage state`` each.
    claims: frozenset[str]
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The vocabulary of one language. Build it once; reading only looks things up in it."""

    #: ISO 639-1
    language: str
    #: In lower case, without the closing full stop: after one of these a full stop ends no sentence.
    abbreviations: frozenset[str]
    #: Where at the foot of an article a company begins to speak of itself: ``About Nordcell: …``
    about: re.Pattern[str]
    #: Where a clause ends: at a mark, which a group of the match then tells, or before a word that opens the next.
    clause_break: re.Pattern[str]
    #: What opens a relative clause, in lower case with its accents.
    relatives: frozenset[str]
    #: What may stand between any two words of a phrase: the day, "officially".
    interludes: Alternation[None]
    #: What of a date may stand behind a day of the week: the day of the month with it, perhaps the year.
    days: re.Pattern[str]
    scope: Scope
    events: Phrasebook[Event]
    #: Nouns that tell a stage by themselves, beside another that a verb tells.
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

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any], common: Mapping[str, Any]) -> Self:
        """Compile the data of a language file, with what all languages share (``common``) read as if it stood in it.

        Raises:
            LexiconError: something is wrong in the data; names the key.
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
        )

    def tokens(self, text: Text, names: Iterable[Span] = ()) -> Tokens:
        """The words of a text, laid out for finding phrases in it; ``names`` are where what is watched is named."""
        interludes = (
            # "Lundi 9 mars": the date goes with its day.
            Span(start, date.end() if (date := self.days.match(text.bare, end)) else end)
            for start, end, _ in self.interludes.find(text.bare, 0, len(text.bare))
        )
        return Tokens.of(text).naming(names).interspersed(interludes)

    def is_carried(self, verb: str) -> bool:
        """Whether a verb goes on from an expectation before it: all do in a language without tenses, as Chinese is."""
        return self.form(verb) is Form.CARRIED or not self.tenses

    def form(self, verb: str) -> Form:
        """What the form of a verb says; the verb in lower case with its accents."""
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
    # All begin with a plain character, so that the search skips at once to where one may stand.
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
    """What the endings of verbs say; false where there are none."""

    def __init__(self, endings: re.Pattern[str]) -> None:
        self._endings = endings
        #: A verb in lower case with its accents → what its form says.
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
