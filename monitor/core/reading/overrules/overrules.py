"""Applies phrases that always or never mean a claim to the reading of any reader. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

from monitor.core.lifecycle import CONDITIONS, Lifecycle
from monitor.core.model import Article, Claim, Project, Reading, State
from monitor.core.periods import Period
from monitor.core.reading.dates.timex import TimeExpression
from monitor.core.reading.layout import Layout, Surveyor
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.overrules.phrase import Phrase, PhraseExample
from monitor.core.reading.projects.forms import Finder, forms
from monitor.core.reading.projects.matching import Matcher, Mention, MentionRole
from monitor.core.reading.segment import segment
from monitor.core.reading.text.text import Document, Span, Text

#: The confidence of a claim that an operator's phrase gives.
CONFIDENCE = 0.95

_Placed = TypeVar("_Placed", Mention, TimeExpression)
#: Claims of a reading with the same project, stage and state are the same.
_Key = tuple[str, str, State]


class Overrules:
    """The phrases of a configuration. Build it once; safe to share.

    "Never" takes precedence over "always", so that one phrase can make an exception to another.
    """

    def __init__(
        self,
        phrases: Sequence[Phrase],
        surveyor: Surveyor,
        lifecycles: Mapping[str, Lifecycle],
    ) -> None:
        """Prepare the phrases.

        Args:
            phrases: the operator's phrases.
            surveyor: lays the articles out.
            lifecycles: by name; at least those of the projects.
        """
        self._always = _finders(phrase for phrase in phrases if phrase.is_always)
        self._never = _finders(phrase for phrase in phrases if not phrase.is_always)
        self._lifecycles = {id_: lifecycles[project.lifecycle] for id_, project in surveyor.projects.items()}
        self._surveyor = surveyor

    def applied(self, article: Article, reading: Reading) -> Reading:
        """The reading with the claims that phrases always mean, and without those that they never mean.

        Only phrases of the reading's language apply.
        """
        given = self._given(article, reading)
        known = {_key(claim) for claim in reading.claims}
        claims = [
            replace(claim, confidence=max(claim.confidence, CONFIDENCE)) if _key(claim) in given else claim
            for claim in reading.claims
            if not self._is_never(claim, reading.language)
        ]
        claims += [claim for key, claim in given.items() if key not in known]
        return replace(reading, claims=tuple(claims))

    def _is_never(self, claim: Claim, language: str | None) -> bool:
        """Whether the evidence of the claim contains a phrase that never means it."""
        finder = self._never.get(language or "")
        if finder is None:
            return False
        found = finder.find(Text.of(claim.evidence))
        return any(phrase.is_about(claim) for _, phrases in found for phrase in phrases)

    def _given(self, article: Article, reading: Reading) -> Mapping[_Key, Claim]:
        """The claims that phrases in the article always mean, each from the first sentence that gives it."""
        finder = self._always.get(reading.language or "")
        layout = self._surveyor.lay_out(article) if finder is not None and reading.projects else None
        if finder is None or layout is None:
            return {}
        found, given = finder.find(layout.document.text), dict[_Key, Claim]()
        for told in self._told(layout, found, reading.projects):
            for phrase in told.phrases:
                for claim in self._claims(phrase, told, layout.document):
                    if _key(claim) not in given and not self._is_never(claim, reading.language):
                        given[_key(claim)] = claim
        return given

    def _told(
        self,
        layout: Layout,
        found: Sequence[tuple[Span, Sequence[Phrase]]],
        projects: Sequence[str],
    ) -> Iterator["_PhraseMatch"]:
        """The phrases in sentences about one of the projects, in text order."""
        document = layout.document
        placed = [
            (number, span, phrases)
            for number, (span, phrases) in zip(document.sentences_at(span for span, _ in found), found, strict=True)
            if document.sentences and document.sentences[number].span.contains(span)
        ]
        mentions, times = _by_sentence(document, layout.mentions), _by_sentence(document, layout.times)
        for number, span, phrases in placed:
            project = _told_of(projects, mentions[number])
            if project is not None:
                yield _PhraseMatch(
                    phrases=phrases,
                    span=span,
                    project=project,
                    phase=layout.phases.at(project, span),
                    evidence=document.quote(document.sentences[number].span),
                    times=times[number],
                )

    def _claims(self, phrase: Phrase, told: "_PhraseMatch", document: Document) -> Iterator[Claim]:
        lifecycle = self._lifecycles.get(told.project)
        has_stage = lifecycle is not None and (lifecycle.has(phrase.stage) or phrase.stage in CONDITIONS)
        if not has_stage or not phrase.holds_of(told.project):
            return
        for state in phrase.states:
            yield Claim(
                project=told.project,
                stage=phrase.stage,
                state=state,
                date=_date(told.times, state, document.published),
                confidence=CONFIDENCE,
                evidence=told.evidence,
                phase=told.phase,
                span=document.text.original_span(*told.span),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class _PhraseMatch:
    """Phrases with the same words at one place in a text."""

    phrases: Sequence[Phrase]
    span: Span
    #: The project that the sentence is about.
    project: str
    #: The phase of the project that the sentence names.
    phase: str | None
    #: The sentence, as published.
    evidence: str
    #: The time expressions in the sentence.
    times: Sequence[TimeExpression]


def _by_sentence(document: Document, found: Sequence[_Placed]) -> Mapping[int, Sequence[_Placed]]:
    """What was found in a text, by the index of its sentence."""
    placed: dict[int, list[_Placed]] = defaultdict(list)
    for number, each in zip(document.sentences_at(one.span for one in found), found, strict=True):
        placed[number].append(each)
    return placed


def _finders(phrases: Iterable[Phrase]) -> Mapping[str, Finder[Sequence[Phrase]]]:
    """One finder for each language, with all its phrases."""
    meanings: dict[str, dict[str, list[Phrase]]] = defaultdict(lambda: defaultdict(list))
    for phrase in phrases:
        for spelling in {form for word in phrase.words for form in forms(word, inflected=False)}:
            meanings[phrase.language][spelling].append(phrase)
    return {language: Finder(found) for language, found in meanings.items()}


def _key(claim: Claim) -> _Key:
    return claim.project, claim.stage, claim.state


def _told_of(projects: Sequence[str], mentions: Iterable[Mention]) -> str | None:
    """The project that a sentence is about: the only candidate, or the one that it names best by who and what.

    None if several are named equally well.
    """
    if len(projects) == 1:
        return projects[0]
    roles: dict[str, set[MentionRole]] = {project: set() for project in projects}
    for mention in mentions:
        if mention.role in {MentionRole.WHO, MentionRole.WHAT}:
            for project in roles.keys() & set(mention.projects):
                roles[project].add(mention.role)
    most = max(map(len, roles.values()))
    best = [project for project, named in roles.items() if len(named) == most]
    return best[0] if len(best) == 1 else None


def _date(times: Sequence[TimeExpression], state: State, published: Period | None) -> Period | None:
    """The date of a claim: the sentence's only time expression.

    None if the sentence has several, or if it lies in the future and the claim says that the stage is reached.
    """
    if len(times) != 1:
        return None
    date = times[0].period(state)
    is_ahead = state is State.REACHED and published is not None and date.start > published.end
    return None if is_ahead else date


# Tests an operator's phrases: reads their examples by the phrases alone. Pure -----------------------------------------


#: The only project that examples are about.
_NAMELESS = Project(id="", name={"": ""})


class Misread(NamedTuple):
    """An example that is read differently from what it says."""

    #: The index of the phrase, and the index of the example within the phrase.
    phrase: int
    example: int
    #: ``stage state`` each.
    read: frozenset[str]


def misread(phrases: Sequence[Phrase], lexicons: Mapping[str, Lexicon]) -> Iterator[Misread]:
    """The examples that are read differently from what they say, in the order of the phrases.

    Each example is an article about one project. All phrases apply to it that apply to every project of its own phrase.
    For a phrase that never means a claim, the reader is assumed to have read this claim in every sentence.

    Args:
        phrases: the operator's phrases.
        lexicons: the vocabulary, by language; at least the languages of the phrases.
    """
    lifecycle = Lifecycle(name=_NAMELESS.lifecycle, stages=tuple({phrase.stage: None for phrase in phrases}))
    surveyor = Surveyor([_NAMELESS], lexicons, Matcher([_NAMELESS]))
    for number, phrase in enumerate(phrases):
        own = [replace(other, projects=None) for other in phrases if _holds_of_all(other, phrase.projects)]
        overrules = Overrules(own, surveyor, {lifecycle.name: lifecycle})
        for index, example in enumerate(phrase.examples):
            read = _read(example, phrase, overrules, lexicons[phrase.language])
            if read != example.claims:
                yield Misread(number, index, read)


def _holds_of_all(phrase: Phrase, projects: Iterable[str] | None) -> bool:
    return phrase.projects is None or (projects is not None and set(projects) <= set(phrase.projects))


def _read(example: PhraseExample, phrase: Phrase, overrules: Overrules, lexicon: Lexicon) -> frozenset[str]:
    article = Article(key="", url=None, title="", text=example.text, published=None, language=lexicon.language)
    supposed = () if phrase.is_always else tuple(_supposed(example, phrase, article, lexicon))
    reading = Reading(language=lexicon.language, projects=(_NAMELESS.id,), claims=supposed, facts=())
    return frozenset(_said(claim) for claim in overrules.applied(article, reading).claims)


def _supposed(example: PhraseExample, phrase: Phrase, article: Article, lexicon: Lexicon) -> Iterator[Claim]:
    """A reader's claims that the phrase never means: one in each sentence.

    Their states are those that the example names, otherwise the first state of the phrase.
    """
    document = segment(article, lexicon)
    for sentence in document.sentences:
        claims = [
            Claim(
                project=_NAMELESS.id,
                stage=phrase.stage,
                state=state,
                date=None,
                confidence=0.5,
                evidence=document.quote(sentence.span),
            )
            for state in phrase.states
        ]
        yield from [claim for claim in claims if _said(claim) in example.claims] or claims[:1]


def _said(claim: Claim) -> str:
    return f"{claim.stage} {claim.state}"
