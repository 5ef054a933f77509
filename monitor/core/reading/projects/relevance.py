"""Relevance: which of the projects whose words an article contains it really concerns."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.core.model import Project
from monitor.core.reading.projects.bystanders import bystanders
from monitor.core.reading.projects.description import best_described, most_fully_described
from monitor.core.reading.projects.mention import Mention, Role, families
from monitor.core.reading.projects.pointers import Pointer
from monitor.core.reading.projects.senses import Sense
from monitor.core.reading.text.document import Document, Span

#: For a project without ``who``: the most sentences between its what and its where.
_NEAR = 1
#: The company that an article is about is named in its headline or in the two sentences after it.
_LEAD = 3


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Where an article names a project, by sentence index."""

    named: dict[Role, set[int]] = field(default_factory=lambda: defaultdict(set))
    #: The words for what and where in each sentence.
    words: dict[int, set[tuple[Role, Span]]] = field(default_factory=lambda: defaultdict(set))

    def add(self, number: int, mention: Mention) -> None:
        self.named[mention.role].add(number)
        if mention.role in {Role.WHAT, Role.WHERE}:
            self.words[number].add((mention.role, mention.span))

    @property
    def is_complete(self) -> bool:
        """Whether who, what and where are all named."""
        return all(self.named[role] for role in (Role.WHO, Role.WHAT, Role.WHERE))

    @property
    def spans(self) -> frozenset[tuple[Role, Span]]:
        """All the words for what and where."""
        return frozenset().union(*self.words.values())


@dataclass(frozen=True, slots=True)
class Concerned:
    """The projects that an article concerns."""

    projects: tuple[str, ...]
    #: Projects that count only if something is told about them. They are named next to a sibling and nowhere as a
    #: plant, or late and away from what and where, or without a place and by words that describe other, fully named
    #: projects.
    in_passing: frozenset[str]


def concerned(
    document: Document,
    mentions: Sequence[Mention],
    projects: Mapping[str, Project],
    pointers: Sequence[Pointer],
    possible: frozenset[str],
) -> Concerned:
    """The projects that the article concerns.

    A project is concerned if its ``who`` is named, and its what or where; without a ``who``, if its what and where
    stand near each other. A company in a place, or with a product, is not yet its project: some word must speak of a
    plant or of works. Siblings share a ``who``; of these, the ones are concerned that some sentence describes better
    than the others. Names that are only examples, or stand in a bare list of companies, do not count. Nor does a
    sentence with one of the project's ``not``.

    Args:
        document: the article.
        mentions: of all projects, in text order.
        projects: by id.
        pointers: the pointing words of the text, in text order (``Pointers.find``).
        possible: the projects that it may concern (``Matcher.possible``).
    """
    family = families(mentions)
    passed_by = bystanders(document.text, mentions, family, pointers)
    sentences = _by_sentence(document, mentions)
    on_plants = _on_plants(document, pointers)
    evidence = _evidence(sentences, passed_by, possible)
    subjects = _subjects(len(sentences), evidence, family)
    candidates: dict[str, list[str]] = defaultdict(list)
    for project, own in evidence.items():
        if _is_described(projects[project], own, is_on_plants=bool(on_plants)):
            candidates[family.get(project, project)].append(project)
    found: set[str] = set()
    in_passing: set[str] = set()
    for head, members in candidates.items():
        siblings = _told_apart({p: evidence[p] for p in members}, projects, subjects[head])
        found |= siblings
        passing = {p for p in siblings if on_plants.isdisjoint(_own_sentences(p, siblings, evidence, subjects[head]))}
        if passing < siblings:
            in_passing |= passing
        in_passing |= {project for project in siblings if _is_named_late(evidence[project])}
    placed = frozenset().union(
        *(own.spans for project, own in evidence.items() if project in found and own.is_complete)
    )
    in_passing |= {
        p for p in found if projects[p].where and not evidence[p].named[Role.WHERE] and evidence[p].spans <= placed
    }
    return Concerned(tuple(found), frozenset(in_passing))


def _on_plants(document: Document, pointers: Iterable[Pointer]) -> frozenset[int]:
    """The sentences with a word for a plant or for works."""
    starts = [sentence.span.start for sentence in document.sentences]
    at = (p.span.start for p in pointers if p.sense in {Sense.FACILITY, Sense.WORKS})
    return frozenset(bisect_right(starts, start) - 1 for start in at)


def _by_sentence(document: Document, mentions: Sequence[Mention]) -> list[list[Mention]]:
    rest = iter(mentions)
    mention = next(rest, None)
    sentences: list[list[Mention]] = []
    for sentence in document.sentences:
        inside: list[Mention] = []
        while mention is not None and mention.span.start < sentence.span.end:
            inside.append(mention)
            mention = next(rest, None)
        sentences.append(inside)
    return sentences


def _evidence(
    sentences: Iterable[Iterable[Mention]], passed_by: frozenset[Span], possible: frozenset[str]
) -> dict[str, _Evidence]:
    """The evidence for each possible project, without what does not count.

    Limited to ``possible``, because a word for what or where may belong to hundreds of projects whose company the
    article does not name.
    """
    evidence: dict[str, _Evidence] = defaultdict(_Evidence)
    for number, mentions in enumerate(sentences):
        vetoed = {project for mention in mentions if mention.role is Role.NOT for project in mention.projects}
        names = [mention.span for mention in mentions if mention.role is Role.WHO]
        for mention in mentions:
            if possible.isdisjoint(mention.projects) or (mention.role is Role.WHO and mention.span in passed_by):
                continue
            if mention.role is Role.WHAT and any(name.contains(mention.span) for name in names):
                continue
            for project in mention.projects:
                if project in possible and (mention.role is Role.NOT or project not in vetoed):
                    evidence[project].add(number, mention)
    return evidence


def _is_described(project: Project, evidence: _Evidence, *, is_on_plants: bool) -> bool:
    who, what, where, other = (evidence.named[role] for role in (Role.WHO, Role.WHAT, Role.WHERE, Role.NOT))
    if other and project.what and not what:
        # The name may mean the other thing in the whole article.
        return False
    if project.who:
        if project.where and bool(where) is not bool(what):
            return bool(who) and is_on_plants
        return bool(who and (what or where or not (project.what or project.where)))
    if project.what and project.where:
        return any(number + apart in where for number in what for apart in range(-_NEAR, _NEAR + 1))
    return bool(what or where)


def _own_sentences(
    project: str, siblings: Iterable[str], evidence: Mapping[str, _Evidence], sentences: Iterable[int]
) -> Iterator[int]:
    """The sentences with words for the project, unless all these words belong to a sibling too."""
    others = [evidence[sibling].words for sibling in siblings if sibling != project]
    for number in sentences:
        words = evidence[project].words.get(number)
        if words and not any(words <= other.get(number, set()) for other in others):
            yield number


def _is_named_late(evidence: _Evidence) -> bool:
    """Whether the company is named only far down, and in no sentence with what or where."""
    who = evidence.named[Role.WHO]
    return bool(who) and min(who) >= _LEAD and who.isdisjoint(evidence.words)


def _subjects(length: int, evidence: Mapping[str, _Evidence], family: Mapping[str, str]) -> dict[str, list[int]]:
    """For each family, the sentences that describe it.

    A sentence describes the families that it names, if it has words for them. Of the families that it does not name, it
    describes the one that was named last, if nothing else is described or only this one's place is there.
    """
    named: list[dict[str, None]] = [{} for _ in range(length)]
    described: list[set[str]] = [set() for _ in range(length)]
    placed: list[set[str]] = [set() for _ in range(length)]
    for project in family:
        for number in evidence[project].named[Role.WHO]:
            named[number][family[project]] = None
        for number in evidence[project].words:
            described[number].add(family[project])
        for number in evidence[project].named[Role.WHERE]:
            placed[number].add(family[project])
    recent = [head for here in named for head in here][:1]
    subjects: dict[str, list[int]] = defaultdict(list)
    for number, (here, of, at) in enumerate(zip(named, described, placed, strict=True)):
        recent = [*here, *(head for head in recent if head not in here)]
        meant = [f for f in here if f in of]
        if at.isdisjoint(meant):
            # "The venture of A and B halts its plant in C": neither A's nor B's.
            meant += [f for f in recent if f not in meant and f in (at if meant else of)][:1]
        for head in meant:
            subjects[head].append(number)
    return subjects


def _told_apart(
    evidence: Mapping[str, _Evidence], projects: Mapping[str, Project], sentences: Iterable[int]
) -> set[str]:
    """The siblings that the article concerns, from the sentences that describe their family."""
    if len(evidence) == 1:
        return set(evidence)
    singled_out: set[str] = set()
    ties: set[frozenset[str]] = set()
    for number in sentences:
        words = {p: frozenset(own.words.get(number, ())) for p, own in evidence.items()}
        best = best_described(words, projects)
        for project in best:
            rivals = frozenset(other for other in best if words[other] >= words[project])
            if rivals == {project}:
                singled_out.add(project)
            else:
                ties.add(rivals)
    if not singled_out and not ties:
        ties = {frozenset(evidence)}
    concerned = set(singled_out)
    in_all = {p: frozenset().union(*own.words.values()) for p, own in evidence.items()}
    for tie in ties:
        if tie.isdisjoint(singled_out):
            concerned |= most_fully_described({p: in_all[p] for p in tie}, projects)
    if all(projects[p].what for p in concerned):
        return concerned
    # One of them is known only by its place, so only places distinguish them.
    return {p for p in concerned if evidence[p].named[Role.WHERE] or not projects[p].where}
