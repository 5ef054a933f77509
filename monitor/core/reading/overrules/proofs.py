"""The examples of an operator's phrases, read by the phrases alone: proof that they tell what they should. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from monitor.core.lifecycle import Lifecycle
from monitor.core.model import Article, Claim, Project, Reading
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.overrules.overrules import Overrules, Phrase, PhraseExample
from monitor.core.reading.projects.matching import Matcher
from monitor.core.reading.segment import segment

#: The one project that an example is about.
_NAMELESS = Project(id="", name={"": ""})


class Misread(NamedTuple):
    """An example that is not read as it says."""

    #: The number of the phrase, and of the example among those of the phrase.
    phrase: int
    example: int
    #: ``stage state`` each.
    read: frozenset[str]


def misread(phrases: Sequence[Phrase], lexicons: Mapping[str, Lexicon]) -> Iterator[Misread]:
    """The examples that are not read as they say, in the order of the phrases.

    Each is an article about one project of which all phrases hold that hold of the projects of its own phrase. Where
    the phrase never means something, a reader is supposed to have read just that in every sentence.

    Args:
        phrases: those of the operator.
        lexicons: the vocabulary, by language, at least of those of the phrases.
    """
    lifecycle = Lifecycle(name=_NAMELESS.lifecycle, stages=tuple({phrase.stage: None for phrase in phrases}))
    for number, phrase in enumerate(phrases):
        overrules = Overrules(
            [replace(other, projects=None) for other in phrases if _holds_of_all(other, phrase.projects)],
            projects=[_NAMELESS],
            lexicons=lexicons,
            lifecycles={lifecycle.name: lifecycle},
            matcher=Matcher([_NAMELESS]),
        )
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
    """What the phrase never means, read in each sentence: in the states that the example names, else in the first."""
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
