"""What plants are for, and where an article tells about a plant for something else.

A company that builds a hydrogen plant may also suspend a desalination plant in the same town. Then its name and its
place are no sign that the news is about the project.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import NamedTuple, Self

from monitor.core.model import Project
from monitor.core.reading.projects.forms import Finder, forms
from monitor.core.reading.projects.matching import Mention, MentionRole
from monitor.core.reading.projects.names import DETERMINERS, NO_SPACES, WORD
from monitor.core.reading.projects.pointers import Pointer, Pointers, Sense, Small
from monitor.core.reading.text.text import Document, Span, Text, apart
from monitor.core.reading.text.tokens import Memo
from monitor.core.reading.text.vocabulary import VocabularySection

#: The most characters before a plant that say where something is: "at its".
_BEFORE = 30
#: The most characters from the beginning of "extension" to that of the plant in "extension of its desalination plant".
_NEAR = 40
#: What may stand between a purpose and the noun before or after it: "solar-plant".
_JOINTS = " -"
#: The most characters from a plant to what is done to it, after it.
_BEHIND = 4
_start = attrgetter("start")


class _PurposeWord(NamedTuple):
    purpose: str
    #: It names a plant by itself: refinery. Otherwise it does so next to a word for a plant: hydrogen plant.
    is_alone: bool


@dataclass(frozen=True, slots=True)
class Purposes:
    """The words of one language for what plants are for. Build it once for a lexicon."""

    _finder: Finder[_PurposeWord]
    #: A name or a description → the purposes that it mentions.
    _of_words: Memo[frozenset[str]]

    @classmethod
    def from_section(cls, section: VocabularySection) -> Self:
        """Compile the ``purposes`` section of a vocabulary.

        Raises:
            LexiconError: The section is invalid. Names the key.
        """
        words: dict[str, _PurposeWord] = {}
        for purpose in section:
            of_purpose = section.section(purpose)
            of_purpose.only("alone", "beside")
            for key in of_purpose:
                for word in of_purpose.strings(key):
                    spellings = forms(word, inflected=True, singular=False)
                    words |= dict.fromkeys(spellings, _PurposeWord(purpose, key == "alone"))
        finder = Finder(words)
        return cls(finder, Memo(lambda text: frozenset(word.purpose for _, word in finder.find(Text.of(text)))))

    def of(self, project: Project) -> frozenset[str]:
        """The purposes that the names and whats of a project mention in this language.

        Empty for a project without a what: its plant may be of any kind.
        """
        words = (*project.name.values(), *project.what) if project.what else ()
        return frozenset(chain.from_iterable(map(self._of_words.__getitem__, words)))

    def plants(self, text: Text, facilities: Sequence[Span], vocabulary: Pointers) -> list[tuple[Span, str]]:
        """The plants of a known purpose that a text names, each with its purpose, in text order.

        Args:
            text: the text of the article.
            facilities: its words for plants of any kind, in text order.
            vocabulary: the pointing words of its language.
        """
        plants: list[tuple[Span, str]] = []
        for span, word in self._finder.find(text):
            near = _beginning_in(facilities, Span(span.start - _NEAR, span.end + len(_JOINTS)))
            beside = [noun for noun in near if _is_beside(noun, span, text, vocabulary)]
            if word.is_alone or beside:
                whole = (span, *beside)
                plants.append((Span(min(whole).start, max(part.end for part in whole)), word.purpose))
        return sorted(plants)


def _beginning_in(spans: Sequence[Span], stretch: Span) -> Sequence[Span]:
    """Those of some spans, in text order, that begin in a stretch."""
    first = bisect_left(spans, stretch.start, key=_start)
    return spans[first : bisect_left(spans, stretch.end, lo=first, key=_start)]


def _is_beside(noun: Span, word: Span, text: Text, vocabulary: Pointers) -> bool:
    """Whether a noun stands right before or after a word, perhaps with "of" between, or is a part of it."""
    if noun.overlaps(word):
        return True
    between = text.bare[min(noun.end, word.end) : max(noun.start, word.start)]
    return not between.strip(_JOINTS) or vocabulary.behind_link(text, noun.end) == word.start


class OtherPlants:
    """The plants of an article whose purpose is none of the purposes of its projects."""

    def __init__(
        self,
        document: Document,
        mentions: Sequence[Mention],
        pointers: Sequence[Pointer],
        *,
        projects: Iterable[Project],
        purposes: Purposes,
        focus: Pointers,
    ) -> None:
        """Find them.

        Args:
            document: the article.
            mentions: of the projects that it may concern, in text order.
            pointers: its pointing words, in text order.
            projects: these projects. If their purposes are unknown, no plant is another one.
            purposes: the words for purposes in the language of the article.
            focus: the pointing words of that language.
        """
        own = frozenset(chain.from_iterable(map(purposes.of, projects)))
        self._text = document.text
        self._focus = focus
        #: All in text order.
        self._clauses = [clause for sentence in document.sentences for clause in sentence.clauses]
        self._own: list[Span] = []
        #: In text order.
        self.plants: list[Span] = []
        self._facilities: list[Span] = []
        if own:
            self._facilities = [pointer.span for pointer in pointers if pointer.sense is Sense.FACILITY]
            plants = purposes.plants(document.text, self._facilities, focus)
            whats = [mention.span for mention in mentions if mention.role is MentionRole.WHAT]
            # "The Dakhla solar plant": the purpose next to a word for the project is its own.
            strange = set(apart((self._with_neighbours(plant) for plant, _ in plants), whats))
            own |= {purpose for plant, purpose in plants if self._with_neighbours(plant) not in strange}
            self._own = sorted([*whats, *(plant for plant, purpose in plants if purpose in own)])
            self.plants = [self._whole(plant) for plant in apart((plant for plant, _ in plants), self._own)]

    def _with_neighbours(self, plant: Span) -> Span:
        behind = self._focus.behind_link(self._text, plant.end)
        return Span(plant.start - len(_JOINTS), (plant.end if behind is None else behind) + len(_JOINTS))

    def _whole(self, plant: Span) -> Span:
        """A plant with what is done to it: "the extension of its desalination plant", "淡化厂扩建工程"."""
        start, end = plant
        for noun in _beginning_in(self._facilities, Span(plant.start - _NEAR, plant.end + _BEHIND)):
            link = self._focus.behind_link(self._text, noun.end)
            if link is not None and link <= plant.start and self._is_small(Span(link, plant.start)):
                start = min(start, noun.start)
            elif noun.start >= plant.end and self._is_right_behind(Span(plant.end, noun.start)):
                end = noun.end
        return Span(start, end)

    def _is_right_behind(self, between: Span) -> bool:
        words = self._text.bare[between.start : between.end].strip(_JOINTS)
        return not words or all(sign >= NO_SPACES and sign.isalnum() for sign in words)

    def _is_small(self, between: Span) -> bool:
        return all(self._focus.small(word.group()) in DETERMINERS for word in WORD.finditer(self._text.bare, *between))

    def are_told(self, words: Span) -> bool:
        """Whether the clause in which some words begin is about another plant.

        It is if it names one, and no plant that could be the project.
        """
        if not self.plants:
            return False
        clause = self._clauses[max(0, bisect_right(self._clauses, words.start, key=_start) - 1)]
        others = _beginning_in(self.plants, clause)
        if not any(map(self._is_meant, others)):
            return False
        facilities = _beginning_in(self._facilities, clause)
        return not _beginning_in(self._own, clause) and not apart(facilities, others)

    def _is_meant(self, plant: Span) -> bool:
        """Whether a plant is not only where something is, or whence it comes: "signed at its headquarters"."""
        start = max(0, plant.start - _BEFORE)
        words = list(WORD.finditer(self._text.bare, start, plant.start))
        while words and self._focus.small(words[-1].group()) in DETERMINERS:
            words.pop()
        before = Span(words[-1].end() if words else start, plant.end)
        is_oblique = bool(words) and self._focus.small(words[-1].group()) is Small.OBLIQUE
        return not (is_oblique or self._focus.is_at(self._text, before))
