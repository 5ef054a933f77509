"""Strangers: plants and companies in an article other than the projects that it concerns."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise, takewhile
from operator import attrgetter

from monitor.core.reading.projects.actors import Actors
from monitor.core.reading.projects.mention import Mention, Role
from monitor.core.reading.projects.names import COMMA, DETERMINERS, NO_SPACES, PLANTS, Names
from monitor.core.reading.projects.pointers import Pointer, Pointers
from monitor.core.reading.projects.senses import MAY_BE_STRANGE, Sense, Small
from monitor.core.reading.projects.stretch import any_within, between_marks
from monitor.core.reading.text.document import Document, Sentence, Span

#: In a script without spaces, the most characters between a town and a noun after it.
_BESIDE_TOWN = 8
#: In other scripts, the most words between a noun and a town after it.
_BEFORE_TOWN = 4
#: The most words before the subject of a clause, and in a place ("In San Juan,").
_BEFORE_SUBJECT, _PLACE = 3, 4
#: The most characters between "one of its suppliers" and a name, and between a preposition and its noun.
_NEAR = 40
#: The most characters between a facility and a country after it.
_LONG = 60
#: The number of sentences, including the headline, that say what kind of facility an article is about.
_LEAD = 2
#: What stands between the words of "in Narvik, Norway".
_NO_MARK = re.compile(r"[\s,\u060c]*")
_ARABIC_ARTICLE = "\u0627\u0644"
#: What stands between a name and the thing that it owns.
_GENITIVE = frozenset({"'s ", "' ", "\u7684"})
#: The most characters between a word such as "several" and the facilities that it counts.
_COUNTED = 15
_span = attrgetter("span")


class Strangers:
    """Finds where an article is about something else.

    A facility with a strange name is something else if it is the subject or is introduced ("its plant in X", "also the
    mine of X"), but not if something only comes from it or is sold to it. Another company or several facilities are
    something else if they are the subject. So is everything that follows "In X," or "As for X,". So is what stands
    before the first place of a project that "the one in" or "as for the plant in" introduces.
    """

    def __init__(
        self,
        document: Document,
        pointers: Sequence[Pointer],
        mentions: Sequence[Mention],
        vocabulary: Pointers,
        abroad: Sequence[Pointer],
        *,
        towns: Sequence[Span],
        are_known: bool,
        are_described: bool,
    ) -> None:
        """Find the strangers.

        The arguments are those of ``Names``; ``abroad`` and ``towns``, the countries and towns with no project; and
        ``are_known`` of ``Actors``. ``are_described`` says that each project has a configured what: then a lead that
        names only who may be about something else of theirs.
        """
        self._abroad = {pointer.span.start for pointer in abroad}
        self._towns = towns
        self._names = Names(document, pointers, mentions, vocabulary)
        self._text = document.text
        self._vocabulary = vocabulary
        lead = (s.span for s in document.sentences[:_LEAD] if not (are_described and self._names_who_alone(s.span)))
        self._contrast = self._contrasted(mentions)
        self._own = [*lead, *(mention.span for mention in mentions)]
        actors = Actors(document, self._names, vocabulary, are_known=are_known)
        self._actors = actors.found
        self._asides = [aside.start for aside in actors.asides]
        plants = (s for sentence in document.sentences if not sentence.is_title for s in self._in_sentence(sentence))
        self._found = sorted([*self._actors, *plants])

    @cached_property
    def _own_kinds(self) -> frozenset[str]:
        """The kinds of facilities that the article is about."""
        return frozenset(self._kinds(self._own))

    def _kinds(self, spans: Iterable[Span]) -> Iterator[str]:
        """The words for kinds of facilities in some stretches, without those written like names."""
        return (
            word
            for span in spans
            for start in self._names.words(*span)
            if (word := self._names.word(start)) in self._vocabulary.kinds and not self._text.is_capital(start)
        )

    def _names_who_alone(self, span: Span) -> bool:
        return {mention.role for mention in self._names.mentioned(span)} == {Role.WHO}

    def within(self, span: Span) -> bool:
        """Whether a stretch is about a stranger."""
        return span.start < self._contrast or any_within(self._found, span)

    def _contrasted(self, mentions: Sequence[Mention]) -> int:
        """Where "the one in Cartagena" begins, if nothing before it names a place of the projects; otherwise 0."""
        place = next((mention.span.start for mention in mentions if mention.role is Role.WHERE), 0)
        near = self._names.pointing(Span(max(0, place - _NEAR), place))
        is_on_facility = any(pointer.sense is Sense.FACILITY for pointer in near)
        starts = [p.span.start for p in near if p.sense is Sense.THE_ONE or (p.sense is Sense.TURN and is_on_facility)]
        return starts[-1] if starts else 0

    def asides(self, span: Span) -> Sequence[int]:
        """Where words such as "after" in a stretch introduce a clause about somebody who is named once."""
        first = bisect_left(self._asides, span.start)
        return self._asides[first : bisect_left(self._asides, span.end, lo=first)]

    def is_on_actor(self, span: Span) -> bool:
        """Whether a stretch is about somebody who is named once, and not about their plant."""
        return any_within(self._actors, span)

    def _in_sentence(self, sentence: Sentence) -> Iterator[int]:
        clauses = [(clause, list(between_marks(self._text, clause))) for clause in sentence.clauses]
        yield from self._beside([part for _, parts in clauses for part in parts])
        with_nouns = [parts for clause, parts in clauses if self._may_hold_nouns(clause)]
        goes_on = with_nouns != [] and any(p.sense is Sense.ALSO for p in self._names.pointing(sentence.span))
        for parts in with_nouns:
            for number, part in enumerate(parts):
                if not number and (plant := self._elsewhere(part, parts[1:])) is not None:
                    yield from (part.start, plant)
                yield from self._in_part(part, goes_on=goes_on)

    def _beside(self, parts: Sequence[Span]) -> Iterator[int]:
        """Where a part is only about what a project is contrasted with, or continues what the part before ends with.

        "Unlike Ampera,", "of its plant in X, closed since", "from X, where a mine was opened".
        """
        for number, part in enumerate(parts):
            if self._is_set_against(part) or (number and self._goes_on_from(parts[number - 1], part)):
                yield part.start

    def _is_set_against(self, part: Span) -> bool:
        """Whether "unlike" begins or ends a part that is about another name or plant, not about a phase or a year."""
        pointers = self._names.pointing(part)
        senses = {pointer.sense for pointer in pointers}
        if Sense.UNLIKE not in senses or self._names.is_at_home(part) or senses & {Sense.PART, Sense.LATER_PART}:
            return False
        unlike = next(pointer.span for pointer in pointers if pointer.sense is Sense.UNLIKE)
        behind = self._names.words(unlike.end, part.end)
        is_name = any(map(self._text.is_capital, behind[:1]))
        is_all = unlike.start == part.start or not behind
        return is_all and (is_name or bool(senses & {Sense.FACILITY, Sense.OWNER, Sense.RIVAL}))

    def _goes_on_from(self, before: Span, part: Span) -> bool:
        """Whether a part that begins with "which" or a participle describes a stranger right before it.

        The stranger is a plant. It is any other name if a plant is introduced after it, or if "where" continues a town
        and "in" does not precede the town: "after Gävle, where production began".
        """
        is_relative = self._vocabulary.is_relative(self._text, part.start)
        if not (is_relative or self._vocabulary.is_participle(self._text, part.start)):
            return False
        if self._ends_on_stranger(before):
            return True
        name = [*takewhile(self._text.is_capital, reversed(self._names.words(*before)))][-1:]
        if not (is_relative and name and self._names.is_strange(name[0])):
            return False
        is_from = self._names.small(part.start) is Small.THERE and not self._vocabulary.is_at(
            self._text, Span(name[0], before.end)
        )
        return is_from or self._introduces_plant(part)

    def _introduces_plant(self, part: Span) -> bool:
        return any(
            noun.sense is Sense.FACILITY and Small.INTRODUCING in self._names.determined(noun.span.start, part.start)[1]
            for noun in self._nouns(part)
        )

    def _ends_on_stranger(self, part: Span) -> bool:
        """Whether a part ends with a facility and its strange name or place, or with "the existing works"."""
        noun = next(iter(self._nouns(part)[::-1]), None)
        if noun is None or noun.sense not in PLANTS:
            return False
        behind = self._names.words(noun.span.end, part.end)
        if not all(self._text.is_capital(word) or self._is_facility_or_small(word) for word in behind):
            return False
        if noun.sense is not Sense.FACILITY:
            return self._names.names_stranger(noun.span.end)
        is_named = not behind and self._names.strange_name_before(noun.span.start, part.start) is not None
        is_older = not behind and Small.STANDING in self._names.determined(noun.span.start, part.start)[1]
        return is_named or is_older or self._names.stands_for_another(noun.span.end)

    def _may_hold_nouns(self, clause: Span) -> bool:
        return any(pointer.sense in MAY_BE_STRANGE for pointer in self._names.pointing(clause)) or any(
            mention.role is Role.WHAT for mention in self._names.mentioned(clause)
        )

    def _in_part(self, part: Span, *, goes_on: bool) -> Iterator[int]:
        for noun in self._nouns(part):
            if self._is_stranger(noun, part, goes_on=goes_on):
                yield noun.span.start
            if noun.sense is Sense.FACILITY:
                # What follows the first facility belongs to it.
                break

    def _is_stranger(self, noun: Pointer, part: Span, *, goes_on: bool) -> bool:
        match noun.sense:
            case Sense.FACILITY:
                return self._is_strange(noun.span, part, goes_on=goes_on)
            case Sense.ONE | Sense.THE_ONE:
                return self._names.names_stranger(noun.span.end) and not self._is_by_the_way(noun.span.start, part)
            case Sense.RIVAL | Sense.MANY:
                is_rival = noun.sense is Sense.RIVAL
                is_meant = is_rival or self._are_many(noun.span, part)
                is_at_home = self._names.is_at_home(part) and not (is_rival and self._is_rival_of(noun.span, part))
                return is_meant and not is_at_home and self._is_subject(noun.span.start, part)
            case Sense.ONE_OF:
                return self._has_strange_name(noun.span)
            case Sense.ELSEWHERE:
                return self._opens_elsewhere(noun.span, part)
            case _:
                return self._turns_away(noun.span, part)

    def _is_rival_of(self, rival: Span, part: Span) -> bool:
        """Whether a part names the projects only to say whose rival it is about: "Voltara's competitor"."""
        own = [m.span for m in self._names.mentioned(part) if m.role in {Role.WHO, Role.WHERE}]
        behind = self._vocabulary.behind_link(self._text, rival.end)
        return all(name.start == behind or self._text.bare[name.end : rival.start] in _GENITIVE for name in own)

    def _nouns(self, part: Span) -> list[Pointer]:
        """The nouns in a part that may mean a stranger: facilities, products of the projects, and companies."""
        mentions = self._names.mentioned(part)
        names = [mention.span for mention in mentions if mention.role is Role.WHO]
        # The cement in "Ganga Cement" is not a product.
        products = [
            Pointer(mention.span, Sense.FACILITY)
            for mention in mentions
            if mention.role is Role.WHAT and not any(name.contains(mention.span) for name in names)
        ]
        pointers = [pointer for pointer in self._names.pointing(part) if pointer.sense in MAY_BE_STRANGE]
        nouns = sorted([*products, *pointers], key=_span) if products else pointers
        return [
            noun
            for noun in self._joined(nouns)
            if noun.sense is not Sense.FACILITY or not self._names.is_in_name(noun.span)
        ]

    def _joined(self, nouns: Sequence[Pointer]) -> Iterator[Pointer]:
        """The nouns; a product and the facility right after it become one: hydrogen plant."""
        last: Pointer | None = None
        for noun in nouns:
            if last and last.sense is noun.sense is Sense.FACILITY and self._is_right_behind(last.span, noun.span):
                last = Pointer(Span(last.span.start, max(last.span.end, noun.span.end)), Sense.FACILITY)
                continue
            if last:
                yield last
            last = noun
        if last:
            yield last

    def _is_right_behind(self, one: Span, other: Span) -> bool:
        return other.start <= one.end or self._text.bare[one.end : other.start] == " "

    def _is_strange(self, noun: Span, part: Span, *, goes_on: bool) -> bool:
        """Whether a facility has a strange name or place, and the part is about it."""
        name = self._names.strange_name_before(noun.start, part.start)
        first, said = self._names.determined(noun.start if name is None else name, part.start)
        if self._stands_abroad(noun.end) or self._stands_in_town(noun, part):
            return not self._is_oblique(first, part)
        is_introduced = Small.INTRODUCING in said
        kinds = list(self._kinds([noun]))
        is_spoken_of = self._is_subject(first, part) or (is_introduced and not self._is_oblique(first, part))
        if kinds and is_spoken_of and not self._own_kinds.issuperset(kinds):
            return True
        if name is not None or self._names.stands_for_another(noun.end):
            is_brought_in = goes_on or is_introduced or self._is_in_aside(first, part)
            return not self._is_oblique(first, part) if is_brought_in else self._is_subject(first, part)
        if Small.OWN in said and is_introduced:
            return not (self._names.is_at_home(part) or self._is_oblique(first, part))
        return Small.STANDING in said and self._is_subject(first, part, most=0)

    def _is_in_aside(self, noun: int, part: Span) -> bool:
        """Whether a part opens by making the noun an aside: "three years after the start of that plant"."""
        asides = (at for at, opens in self._vocabulary.joins(self._text, Span(part.start, noun)) if opens)
        return any(len(self._names.words(part.start, at)) < _BEFORE_SUBJECT for at in asides)

    def _are_many(self, many: Span, part: Span) -> bool:
        """Whether a word for many counts whole facilities, not parts of one."""
        around = self._names.pointing(Span(max(part.start, many.start - _COUNTED), min(part.end, many.end + _COUNTED)))
        return {p.sense for p in around if p.sense in {Sense.FACILITY, Sense.PART}} == {Sense.FACILITY}

    def _stands_abroad(self, noun: int) -> bool:
        """Whether a country with no project follows a noun, with only names and what the noun is part of between.

        "Its plant, in Narvik, Norway", "an extension of its plant in Dresden, Germany".
        """
        at = noun
        for word in self._names.words(noun, noun + _LONG) if self._abroad else ():
            if _NO_MARK.fullmatch(self._text.bare, at, word) is None:
                return False
            if word in self._abroad:
                return True
            if not (self._text.is_capital(word) or self._is_facility_or_small(word)):
                return False
            at = self._names.end(word)
        return False

    def _stands_in_town(self, noun: Span, part: Span) -> bool:
        """Whether a town with no project is next to a noun: after it, alone or with "in"; in Chinese before it.

        "Its plant for ammonia in Salalah"; in Arabic "the station of Laayoune".
        """
        first, last = (bisect_left(self._towns, Span(edge, edge)) for edge in part)
        towns = self._towns[first:last]
        if self._text.bare[noun.start] >= NO_SPACES:
            return any(
                0 <= noun.start - town.end <= _BESIDE_TOWN
                or (0 < town.start - noun.end <= _BESIDE_TOWN and self._vocabulary.is_at(self._text, town))
                for town in towns
            )
        for town in towns:
            between = len(self._names.words(noun.end, town.start))
            if noun.end <= town.start and between <= _BEFORE_TOWN:
                return between <= 1 or self._vocabulary.is_at(self._text, town)
        return False

    def _is_facility_or_small(self, word: int) -> bool:
        is_link = self._vocabulary.behind_link(self._text, word) is not None
        return is_link or self._names.small(word) in DETERMINERS or self._names.points(word, Sense.FACILITY)

    def _is_subject(self, noun: int, part: Span, *, most: int = _BEFORE_SUBJECT) -> bool:
        """Whether a noun begins a part, or what somebody says in it, with at most ``most`` words before it."""
        openings = (p.span.end for p in self._names.pointing(part) if p.sense is Sense.ALSO and p.span.end <= noun)
        words = self._names.words(max(openings, default=part.start), noun)
        sayings = (at for at, word in enumerate(words, 1) if self._names.small(word) is Small.SAYING)
        return len(words) - max(sayings, default=0) <= most and not self._is_oblique(noun, part)

    def _is_oblique(self, noun: int, part: Span) -> bool:
        """Whether a word right before a noun shows that the text is about something else: from, with."""
        before = self._names.words(max(part.start, noun - _NEAR), noun)
        turns = any(pointer.sense is Sense.TURN for pointer in self._names.pointing(Span(part.start, noun)))
        # "Said that the plant in Gdynia is": what somebody says starts anew.
        near = [self._names.small(word) for word in before[-3:]]
        anew = [None if one is Small.SAYING else small for one, small in pairwise([None, *near])]
        if anew[-1:] == [Small.SAYING]:
            anew.clear()
        # In a script without spaces the word is right before the noun.
        # If the noun has an article, only the word right before it counts: "fresh from opening a plant" is about the
        # plant.
        most = 1 if self._names.small(noun) in DETERMINERS else 2
        smalls = [*anew[-most:], self._vocabulary.small(self._text.bare[noun - 1])]
        # "Plans for a plant in Gdynia" are about that plant.
        is_on_it = any(self._names.small(word) is Small.ABOUT for word in before[-3:-1])
        return Small.OBLIQUE in smalls and not (turns or is_on_it)

    def _is_by_the_way(self, noun: int, part: Span) -> bool:
        """Whether a word right before a noun introduces it as an aside: with, after."""
        start = next(iter(self._names.words(max(part.start, noun - _NEAR), noun)[-1:]), noun)
        is_aside = any(opens_aside for _, opens_aside in self._vocabulary.joins(self._text, Span(start, noun)))
        return is_aside or self._is_oblique(noun, part)

    def _has_strange_name(self, one_of: Span) -> bool:
        """Whether a strange name follows between commas: one of its suppliers, Hengda."""
        comma = COMMA.search(self._text.bare, one_of.end, one_of.end + _NEAR)
        return comma is not None and any(
            map(self._names.is_strange, self._names.words(comma.end(), comma.end() + _NEAR)[:1])
        )

    def _elsewhere(self, part: Span, following: Sequence[Span]) -> int | None:
        """The start of the facility that the text after a strange place, "In Ohio,", is about."""
        place = self._vocabulary.behind_link(self._text, part.start)
        if place is None or not self._names.is_strange(place) or len(self._names.words(place, part.end)) > _PLACE:
            return None
        for behind in following:
            noun = next(iter(self._nouns(behind)), None)
            at = behind.end if noun is None else noun.span.start
            before = Span(behind.start, at)
            is_said = any(small is Small.SAYING for _, small in self._names.smalls(before))
            if any(mention.role is Role.WHERE or is_said for mention in self._names.mentioned(before)):
                # "In Oslo, Voltara said that the plant …"; but not: "In Oslo, Voltara runs a plant".
                return None
            if noun is not None:
                first, said = self._names.determined(at, behind.start)
                return at if Small.INTRODUCING in said or self._is_subject(first, behind) else None
        return None

    def _opens_elsewhere(self, opening: Span, part: Span) -> bool:
        """Whether a part begins with "elsewhere" and does not continue with the project ("elsewhere on the site")."""
        behind = self._names.pointing(Span(opening.end, min(part.end, opening.end + _NEAR)))
        is_here = any(pointer.sense is Sense.FACILITY for pointer in behind) or self._names.is_at_home(part)
        return opening.start == part.start and not is_here

    def _turns_away(self, turn: Span, part: Span) -> bool:
        """Whether a strange name or a rival follows "as for"; in Arabic, a facility of another name."""
        if any(p.sense is Sense.RIVAL for p in self._names.pointing(part)) and not self._names.is_at_home(part):
            return True
        words = self._names.words(turn.end, part.end)
        if not words or any(mention.span.end > self._names.end(words[0]) for mention in self._names.mentioned(part)):
            return False
        nouns = [p.span.start for p in self._names.pointing(part) if p.sense in {Sense.FACILITY, Sense.OWNER}]
        is_arabic = "\u0600" <= self._text.bare[words[0]] < "\u0780"
        is_named = is_arabic and nouns == words[:1] and not self._text.bare.startswith(_ARABIC_ARTICLE, words[0])
        return is_named or self._names.is_strange(words[0])
