"""Relevance: which of the projects whose words an article holds it really concerns."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from monitor.core.description import Words, best_described
from monitor.core.mention import Mention, Role
from monitor.core.model import Project
from monitor.core.reading.document import Document, Span

#: So many companies or more with at most so many characters between them are a list of bystanders.
_LIST, _LIST_GAP = 3, 6
#: A project without ``who`` has its what and its where at most so many sentences apart.
_NEAR = 1

_DESCRIPTION = (Role.WHAT, Role.WHERE)

#: Where the words of a project stand: by role, (number of the sentence, span).
_Places = Mapping[Role, set[tuple[int, Span]]]


def concerned(
    document: Document, mentions: Sequence[Mention], projects: Mapping[str, Project], families: Mapping[str, str]
) -> set[str]:
    """The projects that the article concerns.

    A project is concerned when its ``who`` is named, and its what or where; without a ``who``, when its what and where
    stand near each other. Of siblings, which share a ``who``, those are concerned that some sentence describes better
    than the others. Names in a bare list of companies do not count, nor does a sentence with one of the project's
    ``not``.

    Args:
        document: the article.
        mentions: of all projects, in the order of the text.
        projects: by id.
        families: the name of the family of siblings that each project belongs to.
    """
    sentences = _by_sentence(document, mentions)
    places = _places(sentences, families)
    subjects = _subjects(sentences, places, families)
    candidates: dict[str, list[str]] = defaultdict(list)
    for project, where in places.items():
        if _is_described(projects[project], where):
            candidates[families[project]].append(project)
    return {
        project
        for family, members in candidates.items()
        for project in _told_apart(members, places, projects, [n for n, of in enumerate(subjects) if family in of])
    }


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


def _places(sentences: Sequence[Sequence[Mention]], families: Mapping[str, str]) -> Mapping[str, _Places]:
    """Where each project's words stand, but for what does not count."""
    places: dict[str, dict[Role, set[tuple[int, Span]]]] = defaultdict(lambda: defaultdict(set))
    for number, mentions in enumerate(sentences):
        vetoed = {project for mention in mentions if mention.role is Role.NOT for project in mention.projects}
        listed = list(_listed(mentions, families))
        for mention in mentions:
            for project in mention.projects:
                if mention.role is Role.NOT:
                    places[project][Role.NOT].add((number, mention.span))
                elif project not in vetoed and not any(span.contains(mention.span) for span in listed):
                    places[project][mention.role].add((number, mention.span))
    return places


def _listed(mentions: Iterable[Mention], families: Mapping[str, str]) -> Iterator[Span]:
    """The stretches of a sentence that only list companies."""
    run: list[Mention] = []
    for mention in [*(m for m in mentions if m.role is Role.WHO), None]:
        if run and (mention is None or mention.span.start - run[-1].span.end > _LIST_GAP):
            if len({families[m.projects[0]] for m in run}) >= _LIST:
                yield Span(run[0].span.start, max(m.span.end for m in run))
            run = []
        if mention is not None:
            run.append(mention)


def _is_described(project: Project, places: _Places) -> bool:
    what, where = places.get(Role.WHAT, set()), places.get(Role.WHERE, set())
    if places.get(Role.NOT) and project.what and not what:
        # The name may stand for the other thing in the whole article.
        return False
    if project.who:
        return bool(places.get(Role.WHO) and (what or where or not (project.what or project.where)))
    if project.what and project.where:
        return any(abs(one - other) <= _NEAR for one, _ in what for other, _ in where)
    return bool(what or where)


def _subjects(
    sentences: Sequence[Sequence[Mention]],
    places: Mapping[str, _Places],
    families: Mapping[str, str],
) -> list[list[str]]:
    """The families that each sentence describes.

    Those that it names, if it describes them; else the one that was named last of those that it describes.
    """
    named: list[dict[str, None]] = [{} for _ in sentences]
    described: list[set[str]] = [set() for _ in sentences]
    for project, roles in places.items():
        for number, _ in sorted(roles.get(Role.WHO, ())):
            named[number][families[project]] = None
        for role in _DESCRIPTION:
            for number, _ in roles.get(role, ()):
                described[number].add(families[project])
    first = next((family for families_named in named for family in families_named), None)
    recent = [first] if first else []
    subjects: list[list[str]] = []
    for here, of in zip(named, described, strict=True):
        recent = [*here, *(family for family in recent if family not in here)]
        subjects.append([f for f in here if f in of] or [f for f in recent if f in of][:1])
    return subjects


def _told_apart(
    members: Sequence[str], places: Mapping[str, _Places], projects: Mapping[str, Project], sentences: Iterable[int]
) -> set[str]:
    """Those of the siblings that the article concerns, from the sentences that describe their family."""
    if len(members) == 1:
        return set(members)
    singled_out: set[str] = set()
    ties: set[frozenset[str]] = set()
    for number in sentences:
        words = {p: _words(places[p], number) for p in members}
        best = best_described(words, projects)
        for project in best:
            rivals = frozenset(other for other in best if words[other] >= words[project])
            if rivals == {project}:
                singled_out.add(project)
            else:
                ties.add(rivals)
    if not singled_out and not ties:
        ties = {frozenset(members)}
    concerned = set(singled_out)
    for tie in ties:
        if tie.isdisjoint(singled_out):
            concerned |= {p for p in tie if places[p].get(Role.WHERE)} or tie
    if all(projects[p].what for p in concerned):
        return concerned
    # One of them is known by its place alone, so that only its place can tell another from it.
    return {p for p in concerned if places[p].get(Role.WHERE) or not projects[p].where}


def _words(places: _Places, number: int) -> Words:
    return frozenset((role, span) for role in _DESCRIPTION for at, span in places.get(role, ()) if at == number)
