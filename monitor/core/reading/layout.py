"""An article laid out: its candidates, and where names, times, amounts, phrases and cues stand in it."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from monitor.core.model import Article, Project
from monitor.core.reading.dates.timex import TimeExpression, time_expressions
from monitor.core.reading.flags import OF_STAGE, Flag
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.projects.matching import Matcher, Mention, MentionRole, PhaseNames, PhasesTold
from monitor.core.reading.projects.names import Names
from monitor.core.reading.projects.pointers import Pointer, Sense
from monitor.core.reading.projects.purposes import OtherPlants
from monitor.core.reading.quantities.amounts import Amount, Portioned, amounts
from monitor.core.reading.quantities.quantities import quantities
from monitor.core.reading.segment import segment, text_of
from monitor.core.reading.text.text import Document, Span

#: The characters of a text that are read: some 2,500 words. What stands further down is not news.
LONGEST = 16_000
_OTHERS = frozenset(
    {Sense.OTHER, Sense.SECOND, Sense.RIVAL, Sense.ONE_OF, Sense.MANY, Sense.TURN, Sense.UNLIKE, Sense.ELSEWHERE,
     Sense.EXAMPLE, Sense.BESIDE}
)  # fmt: skip
_PLACES = frozenset({Sense.COUNTRY, Sense.ADJECTIVE, Sense.NATIONAL, Sense.TOWN})


class Hit(NamedTuple):
    """Words that the encoder is told something about, whichever the candidate."""

    span: Span
    flag: Flag


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """An article with everything that the grammars find in it."""

    document: Document
    mentions: tuple[Mention, ...]
    #: The words that point at projects without naming them, in text order.
    pointers: tuple[Pointer, ...]
    phases: PhasesTold
    times: tuple[TimeExpression, ...]
    #: The projects that it may concern, in configuration order. If there are none, nothing below is looked for.
    candidates: tuple[str, ...]
    amounts: tuple[Amount, ...] = ()
    #: Which of the amounts are of a part only. None if there are no candidates.
    portioned: Portioned | None = None
    #: Phrases, cues, and words for plants and for others.
    hits: tuple[Hit, ...] = ()
    #: Candidate → places that are not its own, and plants for another purpose.
    foreign: Mapping[str, Sequence[Hit]] = field(default_factory=dict)
    #: Where it names agreements on land, in text order.
    land_deals: tuple[Span, ...] = ()

    def phase(self, project: str, amount: Amount) -> str | None:
        """The phase or part of a project that an amount is of, in the words of the project or of the article.

        None if it is of the whole. A part without a name is a ``Portion``.
        """
        place = amount.quantity.span
        part = self.portioned.part(place, amount.kind) if self.portioned else None
        return self.phases.at(project, place) or part


class Surveyor:
    """Lays articles out, each once. Build one for a configuration, and let all share it that read or check."""

    def __init__(self, projects: Sequence[Project], lexicons: Mapping[str, Lexicon], matcher: Matcher) -> None:
        self.projects = {project.id: project for project in projects}
        self.lexicons = lexicons
        self.matcher = matcher
        self._phases = PhaseNames(projects)
        #: What was laid out last: a reading and its checks come one after the other.
        self._last: tuple[Article | None, Layout | None] = (None, None)

    def lay_out(self, article: Article) -> Layout | None:
        """The article with everything that the grammars find in it.

        None if it has no sentence, or is in a language without a lexicon.
        """
        known, layout = self._last
        if known is not article:
            layout = self._laid_out(article)
            self._last = article, layout
        return layout

    def _laid_out(self, article: Article) -> Layout | None:
        lexicon = self.lexicons.get(article.language or "")
        if lexicon is None:
            return None
        article = replace(article, text=article.text[:LONGEST])
        text = text_of(article)
        mentions = self.matcher.mentions(text)
        pointers = lexicon.focus.find(text)
        candidates = self.matcher.candidates(
            mentions,
            is_country=lambda place: bool(lexicon.focus.countries_of([place])),
            is_on_plants=lambda: any(pointer.sense in {Sense.FACILITY, Sense.WORKS} for pointer in pointers),
        )
        document = segment(article, lexicon, text)
        if not document.sentences:
            return None
        bare = Layout(
            document=document,
            mentions=mentions,
            pointers=tuple(pointers),
            candidates=candidates,
            phases=self._phases.within(document),
            times=time_expressions(document, lexicon.dates),
        )
        if not candidates:
            return bare
        places = [place for project in candidates for place in self.projects[project].where]
        found = quantities(document, lexicon.numbers, lexicon.quantities, places)
        return replace(
            bare,
            amounts=tuple(amounts(document, found, lexicon.amounts)),
            portioned=Portioned(document, pointers, [mention.span for mention in mentions], lexicon.amounts),
            hits=tuple(hits(document, lexicon, mentions, pointers)),
            foreign={
                project: tuple(_foreign(document, lexicon, mentions, pointers, self.projects[project]))
                for project in candidates
            },
            land_deals=tuple(
                Span(start, end) for start, end, _ in lexicon.land_deals.find(text.bare, 0, len(text.bare))
            ),
        )


def hits(
    document: Document, lexicon: Lexicon, mentions: Sequence[Mention] = (), pointers: Sequence[Pointer] = ()
) -> Iterator[Hit]:
    """What the vocabulary knows of an article's words, whichever project it is about."""
    yield from _phrases(document, lexicon, mentions)
    for pointer in pointers:
        if pointer.sense is Sense.FACILITY:
            yield Hit(pointer.span, Flag.FACILITY)
        elif pointer.sense in _OTHERS:
            yield Hit(pointer.span, Flag.OTHERS)
    names = Names(document, pointers, mentions, lexicon.focus)
    starts = (start for sentence in document.sentences for start in names.words(*sentence.span))
    yield from (Hit(Span(at, names.end(at)), Flag.STRANGER) for at in starts if names.is_foreign_subject(at))


def _phrases(document: Document, lexicon: Lexicon, mentions: Sequence[Mention]) -> Iterator[Hit]:
    """The phrases that tell a stage or condition, and the cues."""
    tokens = lexicon.tokens(document.text, [mention.span for mention in mentions])
    first = 0
    for sentence in document.sentences:
        last = bisect_left(tokens.starts, sentence.span.end, lo=first)
        for event in lexicon.events.within(tokens, first, last):
            span = tokens.span(event.start, event.end)
            yield from (Hit(span, OF_STAGE[stage]) for stage in event.value & OF_STAGE.keys())
        for cue in lexicon.cues.within(tokens, first, last):
            yield Hit(tokens.span(cue.start, cue.end), Flag[cue.value.upper()])
        first = last


def _foreign(
    document: Document, lexicon: Lexicon, mentions: Sequence[Mention], pointers: Sequence[Pointer], project: Project
) -> Iterator[Hit]:
    """The places in an article that are not those of a project, and its plants for another purpose."""
    own = [mention.span for mention in mentions if mention.role is MentionRole.WHERE and project.id in mention.projects]
    countries = lexicon.focus.countries_of(project.where)
    for pointer in pointers:
        if pointer.sense in _PLACES and pointer.country not in countries and not any(map(pointer.span.overlaps, own)):
            yield Hit(pointer.span, Flag.ABROAD)
    others = OtherPlants(
        document, mentions, pointers, projects=[project], purposes=lexicon.purposes, focus=lexicon.focus
    )
    yield from (Hit(plant, Flag.OTHER_PURPOSE) for plant in others.plants)
