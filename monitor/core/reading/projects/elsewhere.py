"""Finds what an article tells of a plant in a country or town where none of its projects is."""

from collections.abc import Iterable, Sequence

from monitor.core.model import Project
from monitor.core.reading.projects.mention import Mention, Role
from monitor.core.reading.projects.names import NO_SPACES, Names
from monitor.core.reading.projects.pointers import Pointer, Pointers
from monitor.core.reading.projects.senses import Sense
from monitor.core.reading.text.document import Document, Span

_NATIONS = frozenset({Sense.COUNTRY, Sense.ADJECTIVE})
_PLACES = frozenset({Sense.COUNTRY, Sense.TOWN})
#: The most characters from a town to its plant, in a script without spaces.
_FROM_TOWN = 16
#: The most words from "in" to the name of a place: in the town of Ndola.
_TO_PLACE = 4
#: The most characters from a plant to the country of its town: in Hefei, eastern China.
_TO_COUNTRY = 60


class Elsewhere:
    """What an article tells of plants that are not where a project is.

    "Acme scraps its battery plant in Big Rapids" is hardly about a plant of Acme in Kenitra, Morocco, if the article
    names neither. If it does, a sentence without them is still about another plant if it names another country.
    A project is nowhere else if its country is not configured in the language of the article.
    """

    def __init__(
        self,
        document: Document,
        mentions: Sequence[Mention],
        pointers: Sequence[Pointer],
        projects: Iterable[Project],
        vocabulary: Pointers,
    ) -> None:
        """Find it.

        Args:
            document: the article.
            mentions: of the projects that it may concern, in text order.
            pointers: its pointing words, in text order.
            projects: these projects.
            vocabulary: the vocabulary that the pointers come from.
        """
        self._text = document.text
        self._vocabulary = vocabulary
        self._names = Names(document, pointers, mentions, vocabulary)
        #: Countries whose adjectives say where a company is from: "the Chinese plant" is then the company's.
        beside = set(vocabulary.beside(document.text, pointers))
        origins = {p for p in pointers if p.sense is Sense.ADJECTIVE and p not in beside}
        self._origins = {p.country for p in origins}
        places = [mention for mention in mentions if mention.role is Role.WHERE]
        #: By project: the sentences that are about a plant somewhere else.
        self._found: dict[str, Sequence[Span]] = {}
        for project in projects:
            if countries := vocabulary.countries_of(project.where):
                whence = {pointer.span for pointer in origins}
                own = [m.span for m in places if project.id in m.projects and m.span not in whence]
                nations = (p for p in pointers if p.sense in _NATIONS and p not in origins)
                own += [p.span for p in nations if p.country in countries]
                sentences = [sentence.span for sentence in document.sentences]
                clauses = [clause for sentence in document.sentences for clause in sentence.clauses]
                free = [clause for clause in clauses if not any(map(clause.overlaps, own))]
                if own:
                    whole = [span for span in sentences if self._names_who(span) and not any(map(span.overlaps, own))]
                    self._found[project.id] = [
                        *(clause for clause in free if self._is_abroad(clause, countries)),
                        *(span for span in whole if self._is_in_a_town(span)),
                    ]
                elif any(self._is_abroad(span, countries) or self._is_in_a_town(span) for span in sentences):
                    self._found[project.id] = sentences

    def are_told(self, words: Span, project: str) -> bool:
        """Whether the sentence in which some words begin is about a plant where the project is not."""
        return any(span.start <= words.start < span.end for span in self._found.get(project, ()))

    def _is_abroad(self, stretch: Span, countries: frozenset[str]) -> bool:
        """Whether a stretch says that a plant is in another country."""
        pointers = self._names.pointing(stretch)
        plants = self._names.plants(stretch)
        abroad = [p for p in pointers if p.country and p.country not in countries]
        return any(
            self._is_place_of(each, plant) for each in abroad if each.sense in _PLACES for plant in plants
        ) or any(
            self._is_beside(each.span, plant)
            for each in abroad
            if each.sense is Sense.ADJECTIVE and each.country not in self._origins
            for plant in plants
        )

    def _is_place_of(self, place: Pointer, plant: Span) -> bool:
        """Whether a place is that of a plant: "the plant in X", and "X plant" for a town or without a space."""
        is_before = place.sense is Sense.TOWN or self._text.bare[place.span.start] >= NO_SPACES
        if is_before and 0 <= plant.start - place.span.end <= _FROM_TOWN:
            return True
        is_behind = 0 <= place.span.start - plant.end <= _TO_COUNTRY
        return is_behind and (self._vocabulary.is_at(self._text, place.span) or self._is_named_behind(plant))

    def _names_who(self, stretch: Span) -> bool:
        return any(mention.role is Role.WHO for mention in self._names.mentioned(stretch))

    def _is_beside(self, word: Span, plant: Span) -> bool:
        """Whether only a space stands between two words: "its Slovak plant"."""
        return self._text.bare[min(word.end, plant.end) : max(word.start, plant.start)] == " "

    def _is_in_a_town(self, stretch: Span) -> bool:
        return any(map(self._is_named_behind, self._names.plants(stretch)))

    def _is_named_behind(self, plant: Span) -> bool:
        """Whether a strange name follows "in" or "of" right behind a plant."""
        behind = self._vocabulary.behind_link(self._text, plant.end)
        for start in self._names.words(behind, behind + _TO_COUNTRY)[:_TO_PLACE] if behind else ():
            if self._text.is_capital(start):
                name = Span(start, self._names.end(start))
                return self._names.small(start) is None and not self._names.mentioned(name)
        return False
