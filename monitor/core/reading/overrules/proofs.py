"""Tests an operator's phrases: reads their examples by the phrases alone. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from monitor.core.lifecycle import Lifecycle
from monitor.core.model import Article, Claim, Project, Reading
from monitor.core.reading.layout import Surveyor
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.overrules.overrules import Overrules
from monitor.core.reading.overrules.phrase import Phrase, PhraseExample
from monitor.core.reading.projects.matching import Matcher
from monitor.core.reading.segment import segment

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
