"""Where an article most likely tells about none of its projects, although their words stand around."""

from collections.abc import Iterable, Sequence
from itertools import dropwhile

from monitor.core.model import Project
from monitor.core.reading.projects.matching import Mention, MentionRole
from monitor.core.reading.projects.names import COMMA, NO_SPACES, Names
from monitor.core.reading.projects.pointers import Pointer, Pointers, Sense, Small
from monitor.core.reading.projects.purposes import OtherPlants, Purposes
from monitor.core.reading.text.text import Document, Sentence, Span

# Finds what an article tells of a plant in a country or town where none of its projects is ----------------------------


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
        places = [mention for mention in mentions if mention.role is MentionRole.WHERE]
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
        return any(mention.role is MentionRole.WHO for mention in self._names.mentioned(stretch))

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


# Outsiders: companies that none of the projects names, where an article tells about their plants ----------------------
#
# A rival in the same industrial park starts, halts or drops its plant. The place and the product are those of the
# project, and only whose plant it is tells them apart.


#: The most words that open a sentence before its subject.
_OPENING = 3
#: The most characters from a company to "own": Altavia, whose own works.
_CONTRAST = 40


class Outsiders:
    """The sentences of an article that are about the plant of an outsider.

    An outsider is the subject of a sentence about "its plant" that names no company of the projects. A name that stands
    beside such a company in some sentence is none, as it may be a subsidiary or a partner, unless it is called a rival.
    A headline without a company of the projects is about an outsider if it names one, or if the lead is about one.
    """

    def __init__(
        self, document: Document, mentions: Sequence[Mention], pointers: Sequence[Pointer], vocabulary: Pointers
    ) -> None:
        """Find them.

        Args:
            document: the article.
            mentions: of the projects that it may concern, in text order.
            pointers: its pointing words, in text order.
            vocabulary: the vocabulary that the pointers come from.
        """
        self._text = document.text
        self._vocabulary = vocabulary
        self._names = Names(document, pointers, mentions, vocabulary)
        strange = [each for each in document.sentences if not self._names_who(each.span)]
        ours = [each for each in document.sentences if self._names_who(each.span)]
        rivals = {
            word for s in document.sentences if self._is_on_rival(s.span) for word in self._names.capitals(s.span)
        }
        known = {word for s in ours for word in self._names.capitals(s.span)} - rivals
        told = {
            s.span: name
            for s in strange
            if (name := self._subject(s)) and name not in known and self._is_on_its_plant(s)
        }
        for each in ours:
            name = self._subject(each)
            if name and self._is_on_rival(each.span) and name in told.values():
                told[each.span] = name
            elif name and (before := self._before_contrast(each.span) or self._before_neighbour(each.span)):
                told[before] = name
        lead = document.sentences[document.opening].span
        titles = [s.span for s in strange if s.is_title and (lead in told or self._names_any(s.span, told.values()))]
        #: In text order.
        self._found = sorted({*titles, *told})

    def _before_contrast(self, sentence: Span) -> Span | None:
        """What precedes the first company of the projects, if the sentence goes on with what that company has itself.

        "Jingtuo has opened its plant, stealing a march on Altavia, whose own works are a building site."
        """
        who = next(mention.span for mention in self._names.mentioned(sentence) if mention.role is MentionRole.WHO)
        behind = Span(who.end, min(sentence.end, who.end + _CONTRAST))
        comma = COMMA.search(self._text.bare, *behind)
        is_relative = comma is not None and self._vocabulary.is_relative(self._text, comma.end())
        has_own = any(small is Small.OWN for _, small in self._names.smalls(behind))
        before = Span(sentence.start, who.start)
        return before if is_relative and has_own and self._names.plants(before) else None

    def _before_neighbour(self, sentence: Span) -> Span | None:
        """What precedes the first company of the projects, if that only says beside what a new plant is.

        "Umicore opened its plant next to that of Altavia".
        """
        who = next(mention.span for mention in self._names.mentioned(sentence) if mention.role is MentionRole.WHO)
        words = self._names.words(sentence.start, who.start)
        is_linked = bool(words) and self._vocabulary.behind_link(self._text, words[-1]) == who.start
        before = Span(sentence.start, who.start)
        plants = sorted(self._names.plants(before)) if is_linked else []
        is_new = plants and Small.INTRODUCING in self._names.determined(plants[0].start, before.start)[1]
        return before if is_new else None

    def _is_on_rival(self, span: Span) -> bool:
        return any(pointer.sense in {Sense.RIVAL, Sense.BESIDE} for pointer in self._names.pointing(span))

    def _names_any(self, span: Span, names: Iterable[str]) -> bool:
        return not set(self._names.capitals(span)).isdisjoint(names)

    def are_told(self, words: Span) -> bool:
        """Whether the sentence in which some words begin is about the plant of an outsider."""
        return any(sentence.start <= words.start < sentence.end for sentence in self._found)

    def _names_who(self, span: Span) -> bool:
        return any(mention.role is MentionRole.WHO for mention in self._names.mentioned(span))

    def _subject(self, sentence: Sentence) -> str | None:
        """The strange name that a sentence begins with."""
        words = list(self._names.smalls(sentence.clauses[0]))[: _OPENING + 1]
        opening = list(dropwhile(lambda word: self._is_before_subject(*word), words))
        # "Ciments du Zerrar" is a name that begins with a product.
        named = opening[2:] if opening and self._is_product(opening[0][0]) else opening
        first, small = next(iter(named), (0, Small.OPENER))
        return self._names.word(first) if small is None and self._names.is_foreign_subject(first) else None

    def _is_before_subject(self, start: int, small: Small | None) -> bool:
        is_nation = self._names.points(start, Sense.ADJECTIVE, Sense.NATIONAL)
        return small in {Small.OPENER, Small.ARTICLE} or is_nation

    def _is_product(self, start: int) -> bool:
        mentions = self._names.mentioned(Span(start, start + 1))
        return self._text.is_capital(start) and any(mention.role is MentionRole.WHAT for mention in mentions)

    def _is_on_its_plant(self, sentence: Sentence) -> bool:
        return any(
            self._names.word(self._names.determined(noun.start, sentence.span.start)[0]) in self._vocabulary.possessives
            for noun in self._names.plants(sentence.span)
        )


#: The most that a claim of such words is sure. The other plant may be a part of the project, and the other company a
#: partner. So the claim is not dropped, but alerts nobody by itself.
DOUBTFUL = 0.4


class Doubts:
    """What is told of a plant for something else or somewhere else, or of somebody else's plant."""

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
        """Find it.

        Args:
            document: the article.
            mentions: of the projects that it may concern, in text order.
            pointers: its pointing words, in text order.
            projects: these projects.
            purposes: the words for purposes in the language of the article.
            focus: the pointing words of that language.
        """
        projects = list(projects)
        self._others = OtherPlants(document, mentions, pointers, projects=projects, purposes=purposes, focus=focus)
        # Anybody may build a project whose company is not configured.
        are_known = all(project.who for project in projects)
        self._outsiders = Outsiders(document, mentions, pointers, focus) if are_known else None
        self._elsewhere = Elsewhere(document, mentions, pointers, projects, focus)

    def are_told(self, words: Span) -> bool:
        """Whether some words are about a plant for something else or somebody else's, and about no project."""
        return self._others.are_told(words) or (self._outsiders is not None and self._outsiders.are_told(words))

    def are_elsewhere(self, words: Span, project: str) -> bool:
        """Whether some words are about a plant in a place where the project is not."""
        return self._elsewhere.are_told(words, project)
