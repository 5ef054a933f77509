"""Focus: which projects each part of an article is about."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from monitor.core.model import Project
from monitor.core.reading.projects.cast import Cast
from monitor.core.reading.projects.mention import Mention, Role
from monitor.core.reading.projects.pointers import Pointer, Pointers
from monitor.core.reading.projects.senses import Sense
from monitor.core.reading.projects.stretch import Stretch
from monitor.core.reading.text.document import Document, Sentence, Span

#: The number of projects that "both" and "the latter" refer to.
_PAIR = 2
#: The number of sentences of the body that say what a headline is about.
_LEAD = 2
#: What may stand between a name and an amount right after it.
_RIGHT_BEFORE = frozenset({"", " ", "(", " (", "（"})

_Projects = tuple[str, ...]


class Focus:
    """Decides which projects each part of an article is about.

    What a part names counts most: who, what and where in the part, then in its clause, then in its sentence. If it
    names nothing, the projects that were last in focus stay in focus. So they do for "the plant", "it" or no subject at
    all. A project leaves the focus for its sibling, for another company that the article concerns, or for the company's
    other plants abroad. Companies that the article does not concern, customers and bystanders, do not change what
    follows.
    """

    def __init__(
        self,
        document: Document,
        mentions: Sequence[Mention],
        concerned: Sequence[str],
        projects: Mapping[str, Project],
        pointers: Sequence[Pointer],
        *,
        vocabulary: Pointers,
    ) -> None:
        """Follow the focus through a document.

        Args:
            document: the article.
            mentions: of all projects, in text order (``Matcher.mentions``, ``with_adjectives``).
            concerned: the projects that the article concerns (``Matcher.concerns``).
            projects: by id; at least those that have a mention.
            pointers: the pointing words of the text, in text order (``Pointers.find``).
            vocabulary: the vocabulary that the pointing words come from.
        """
        cast = Cast(document, mentions, concerned, projects, pointers, vocabulary=vocabulary)
        body = [sentence for sentence in document.sentences if not sentence.is_title]
        # If the headline names no project, it is about the one that the body begins with, if any.
        lead = (told for sentence in body[:_LEAD] for _, told in _Walk(cast).through(sentence) if told)
        walk = _Walk(cast, focus=next(lead, ()))
        self._text = document.text.bare
        self._mentions = mentions
        self._concerned = tuple(concerned)
        self._parts: list[tuple[Span, _Projects]] = []
        speaking: set[int] = set()
        for number, sentence in enumerate(document.sentences):
            parts = list(walk.through(sentence))
            self._parts += parts
            if any(projects for _, projects in parts):
                speaking.add(number)
        #: The indices of the sentences about a project, and of the sentence before the first of them, which they may
        #: continue ("the one in Cartagena follows").
        self.sentences = frozenset({*speaking, min(speaking, default=0) - 1})
        self._starts = [span.start for span, _ in self._parts]

    def projects_at(self, span: Span) -> tuple[str, ...]:
        """The concerned projects that the text is about where the span begins, in configuration order."""
        index = bisect_right(self._starts, span.start) - 1
        spoken_of = self._parts[index][1] if index >= 0 else ()
        return tuple([project for project in self._concerned if project in spoken_of])

    def bearers_at(self, amount: Span) -> tuple[str, ...]:
        """The projects that an amount may belong to. Of several, the one named right before it: Sines (20 GWh)."""
        projects = self.projects_at(amount)
        if len(projects) < _PAIR:
            return projects
        last = bisect_right(self._mentions, amount.start, key=lambda mention: mention.span.start)
        for name in self._mentions[max(0, last - 1) : last]:
            is_behind = name.span.end <= amount.start
            is_right_before = is_behind and self._text[name.span.end : amount.start] in _RIGHT_BEFORE
            own = tuple([project for project in projects if project in name.projects])
            if is_right_before and len(own) == 1:
                return own
        return projects

    def part_at(self, span: Span) -> Span:
        """The clause, or the part of it between two commas, in which a span begins."""
        index = max(0, bisect_right(self._starts, span.start) - 1)
        return self._parts[index][0] if self._parts else span


# A tuple, because every clause creates some.
class _Part(NamedTuple):
    """A clause, or the part of it between two commas."""

    stretch: Stretch
    #: The projects that it names: empty if it is about something else, None if it names nothing.
    named: _Projects | None
    #: Said in passing: what follows continues what was before.
    is_aside: bool
    #: It is about a country that the projects are not in.
    is_abroad: bool = False


def _comes_back(part: _Part, first: _Part) -> bool:
    """Whether a part returns to the projects in a clause that began with something else.

    "In France, Norvik …" is about what the company has there.
    """
    return part.stretch.names(Role.WHERE) or (part.stretch.names(Role.WHO) and not first.is_abroad)


class _Walk:
    """One pass through an article; remembers what the text was last about."""

    def __init__(self, cast: Cast, focus: _Projects = ()) -> None:
        self._cast = cast
        self._focus = focus
        #: What was in focus when the clause began.
        self._topic: _Projects = ()
        #: What was in focus before something else was.
        self._before: _Projects = ()
        #: Something else came into focus only because somebody was named.
        self._is_on_actor = False
        #: The last two projects that one sentence was about, in its order.
        self._pair: _Projects = ()
        #: All projects of the last sentence that was about several.
        self._listed: _Projects = ()
        #: Families, the last named first. Before any is named, the first that the article will name.
        self._recent = list(cast.first_named)

    def through(self, sentence: Sentence) -> Iterator[tuple[Span, _Projects]]:
        """The parts of the next sentence, each with the projects that it is about."""
        whole = self._cast.stretch(sentence.span)
        is_aside_over = self._is_on_actor and not self._cast.goes_on(sentence.span)
        if not self._focus and (is_aside_over or Sense.FACILITY in whole.senses):
            # After a remark about something else, "the plant" is again the one that the article is about.
            self._focus = self._before
        told: dict[str, None] = {}
        last = self._focus
        for clause in sentence.clauses:
            said = self._topic = self._focus
            parts = list(self._parts(clause, whole))
            away = False
            if parts[0].named is None:
                # "With 50,000 tonnes a year, the plant of BTR …": the clause says only later what it is about.
                topics = (p.named for before, p in pairwise(parts) if self._is_topic(p, before, parts[0]))
                said = next(filter(None, topics), said)
            for part in parts:
                # If a clause begins with something else, the rest of it is about that too.
                is_first = part is parts[0] and not part.is_aside
                away = part.named == () if is_first else away and not _comes_back(part, parts[0])
                goes_on = part.named is None and self._cast.is_relative(part.stretch)
                projects = last if goes_on else said if part.named is None else part.named
                last = projects = () if away else projects
                # Something else within a sentence about a project is an aside too.
                if not (goes_on or (part.is_aside and (told or not projects))) and (projects or not told):
                    said = self._focus = projects
                    self._before = projects or self._before
                if part.named:
                    told.update(dict.fromkeys(part.named))
                yield part.stretch.span, projects
            # "Both" gives them no order.
            is_together = bool(whole.senses & {Sense.ALL, Sense.SEVERAL}) and set(told) == set(self._pair)
            if len(told) == _PAIR and not is_together:
                self._pair = tuple(told)
            if len(told) >= _PAIR:
                self._listed = tuple(told)
        self._is_on_actor = not self._focus and (self._is_on_actor or self._cast.is_on_actor(sentence.span))

    def _is_topic(self, part: _Part, before: _Part, first: _Part) -> bool:
        """Whether a part names who or what, and not in passing.

        After words that name nothing it continues the first part: "had signed, in March, an agreement for the plant".
        """
        goes_on = before is not first and before.named is None
        is_by_the_way = (part.is_aside and not goes_on) or self._cast.is_relative(part.stretch)
        return part.stretch.names(Role.WHO, Role.WHAT) and not is_by_the_way

    def _parts(self, clause: Span, sentence: Stretch) -> Iterator[_Part]:
        whole = self._cast.stretch(clause)
        if whole.is_empty and not self._cast.is_relative(whole):
            # Nothing distinguishes its parts.
            yield _Part(whole, None, is_aside=False)
            return
        for part, is_aside in self._cast.parts(clause):
            named = None if part.is_empty else self._named(part, whole, sentence)
            if named and not is_aside:
                self._focus = named
            yield _Part(part, named, is_aside, is_abroad=named == () and self._cast.is_abroad(part, self._focus))

    def _named(self, part: Stretch, clause: Stretch, sentence: Stretch) -> _Projects | None:
        companies = self._companies(part)
        self._recent = [*companies, *(family for family in self._recent if family not in companies)]
        families = companies or self._described(part)[:1]
        if pointed_at := self._together(families, part) or (() if families else self._other_of_family(part, sentence)):
            return pointed_at
        best = {family: self._cast.best(self._cast.members[family], part) for family in families}
        if not any(best.values()) and self._pair and part.senses & {Sense.FORMER, Sense.LATTER}:
            return self._pair[:1] if Sense.FORMER in part.senses else self._pair[1:]
        if not part.names(Role.WHERE) and self._cast.is_abroad(
            part, [p for family in families for p in best[family] or self._cast.members[family]] or self._focus
        ):
            return ()
        if Sense.OTHER in part.senses and self._focus:
            # "Another cells plant" is that of a sibling, or of no project in the article.
            others = {family: self._but_in_focus(members) for family, members in best.items()}
            if not (any(others.values()) or sentence.names(Role.WHERE)):
                return ()
            if part.names(Role.WHERE) is sentence.names(Role.WHERE) and any(others.values()):
                best = others
        if part.is_on_stranger and not part.names(Role.WHERE):
            return ()
        named: list[str] = []
        for family in families:
            if self._cast.are_joined(best[family], part):
                named += best[family]
            else:
                named += self._narrowed(best[family] or self._cast.members[family], clause, sentence)
        return tuple(named) or None

    def _other_of_family(self, part: Stretch, sentence: Stretch) -> _Projects:
        """The sibling of the projects in focus that a sentence goes on to describe: "a second plant, for anodes"."""
        if Sense.OTHER not in part.senses or self._cast.is_abroad(part, self._focus):
            return ()
        family = [p for project in self._focus for p in self._cast.members[self._cast.family[project]]]
        best = self._cast.best(family, sentence)
        return tuple(self._but_in_focus(best)) if len(best) == 1 else ()

    def _but_in_focus(self, projects: Iterable[str]) -> list[str]:
        return [project for project in projects if project in self._cast.concerned and project not in self._focus]

    def _companies(self, part: Stretch) -> list[str]:
        """The concerned families whose who is named; bystanders do not count."""
        named = (self._cast.family[mention.projects[0]] for mention in part.mentions if mention.role is Role.WHO)
        return [family for family in dict.fromkeys(named) if family in self._cast.concerned_families]

    def _described(self, part: Stretch) -> list[str]:
        """The families whose what or where is named, the likeliest first."""
        described = {self._cast.family[project] for project in part.words}
        in_focus = [self._cast.family[project] for project in self._focus]
        nameless = [project for project in part.words if not self._cast.projects[project].who]
        words = {family: self._cast.words_of(family, part) for family in described}
        fullest = {family for family in described if not any(words[family] < other for other in words.values())}
        return [family for family in (*in_focus, *self._recent, *nameless) if family in fullest]

    def _together(self, families: Sequence[str], part: Stretch) -> _Projects:
        """The projects that the text refers to as several: siblings, or those that one sentence was about together."""
        if Sense.FIRST_TWO in part.senses and len(self._listed) > _PAIR:
            return self._listed[:_PAIR]
        if not part.senses & {Sense.ALL, Sense.SEVERAL}:
            return ()
        for family in families or [self._cast.family[project] for project in self._focus]:
            members = [project for project in self._cast.members[family] if project in self._cast.concerned]
            meant = [project for project in members if project in part.words]
            if not families and len(self._focus) >= _PAIR:
                # "Those in Germany and Québec, which both may slip."
                return self._focus
            if len(members) >= _PAIR:
                return tuple(meant if len(meant) >= _PAIR else members)
        return () if families else self._pair

    def _narrowed(self, candidates: Sequence[str], *stretches: Stretch) -> Sequence[str]:
        """Narrow the candidates by the words around; then by topic, focus and concern, unless that leaves none."""
        if len(candidates) <= 1:
            return candidates
        for stretch in stretches:
            candidates = self._cast.best(candidates, stretch) or candidates
        for likely in (self._topic, self._focus, self._cast.concerned):
            candidates = [project for project in candidates if project in likely] or candidates
        if len(candidates) > 1:
            near = self._cast.near(self._focus)
            candidates = [project for project in candidates if project in near] or candidates
        return candidates
