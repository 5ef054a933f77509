"""The parts that every explained reading has: marks for names, and sentences with everything found in them."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from monitor.core.model import Article
from monitor.core.reading.explanation import ExplainedSentence, Explanation, Focused, Mark, NameMark, Place, Reason
from monitor.core.reading.projects.mention import Mention, Role
from monitor.core.reading.segment import text_of
from monitor.core.reading.text.document import Document, Sentence, Span


def unread(article: Article, reason: Reason) -> Explanation:
    """The explanation of an article in which nothing is looked for."""
    text = text_of(article).original
    whole = ExplainedSentence(place=Place(0, len(text)), is_title=False, marks=(), focus=())
    return Explanation(
        text=text,
        language=article.language,
        published=article.published,
        projects=(),
        sentences=(whole,),
        claims=(),
        facts=(),
        reason=reason,
    )


def place_of(document: Document, span: Span) -> Place:
    """The place of a span of the folded text in the article as published."""
    return Place(*document.text.original_span(span.start, span.end))


def names(document: Document, mentions: Iterable[Mention]) -> Iterator[NameMark]:
    """The words by which projects are known, each once with all its projects."""
    projects: dict[tuple[Span, Role], dict[str, None]] = defaultdict(dict)
    words: dict[tuple[Span, Role], str] = {}
    for mention in mentions:
        projects[mention.span, mention.role].update(dict.fromkeys(mention.projects))
        words.setdefault((mention.span, mention.role), mention.word)
    for (span, role), named in projects.items():
        yield NameMark(place=place_of(document, span), role=role, word=words[span, role], projects=tuple(named))


def sentences(
    document: Document, marks: Sequence[Mark], focus: Callable[[Sentence], Iterable[Focused]] = lambda _: ()
) -> Iterator[ExplainedSentence]:
    """The sentences with their marks and, if known, the projects they are about."""
    ordered = sorted(marks, key=lambda mark: (mark.place.start, -mark.place.end))
    starts = [mark.place.start for mark in ordered]
    for sentence in document.sentences:
        place = place_of(document, sentence.span)
        yield ExplainedSentence(
            place=place,
            is_title=sentence.is_title,
            marks=tuple(ordered[bisect_left(starts, place.start) : bisect_left(starts, place.end)]),
            focus=tuple(focus(sentence)),
        )
