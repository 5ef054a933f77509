"""Splits an article into sentences and clauses. The marks are universal; the words come from the lexicon."""

import re
from collections.abc import Iterator

from monitor.core.model import MAX_TEXT, Article
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.text.text import Document, Sentence, Span, Text

#: Longer "sentences" are not prose (a table without line breaks, an attack). They are cut, so that work stays linear.
MAX_SENTENCE = 1500

_CJK = "\u3040-\u30ff\u3400-\u9fff"
# A full stop ends a sentence before white space or the end of the text; the other marks also where the script writes
# no spaces. The class of all marks comes first, so that the search can skip to where one stands. A row of marks is
# examined once, from its first mark on.
_END = re.compile(
    rf"""[.!?؟。\n](?:
        (?<=\.)(?<!\.\.)\.*+["'»”)\]]*+(?=\s|$)
      | (?<=[!?؟。])(?<![!?؟。]{{2}})[!?؟。]*+["'»”)\]」』]*(?=[\s{_CJK}「『“«"(]|$)
      | (?<=。)["'»”)\]」』]*
      | (?<=\n)
    )""",
    re.VERBOSE,
)
#: Separates the clauses of a headline in a script that writes no spaces.
_APART_IN_HEADLINE = re.compile(rf"(?<=[{_CJK}])\s+(?=[{_CJK}])")
_VISIBLE = re.compile(r"\S")
_APART = re.compile(r"[\s(«“\"'/]")


def text_of(article: Article) -> Text:
    """Headline and body as one folded text, cut after the ``MAX_TEXT`` characters that are read."""
    title = article.title.strip()
    return Text.of((f"{title}\n{article.text}" if title else article.text)[:MAX_TEXT])


def segment(article: Article, lexicon: Lexicon, text: Text | None = None) -> Document:
    """Lay an article out: the headline first, then the sentences of the body, each with its clauses.

    Every character except white space belongs to exactly one sentence, and the clauses of a sentence cover it. The body
    begins after the dateline (``dateline``). It ends before the paragraph in which a company describes itself ("About
    Nordcell: …"): that paragraph and everything below it is not news.

    Args:
        article: what was published.
        lexicon: the lexicon of its language.
        text: ``text_of(article)``, if the caller has it already.
    """
    text = text_of(article) if text is None else text
    title_end = min(text.folded(len(article.title.strip())), len(text.lower))
    spans = ((span, span.start < title_end) for span in _sentences(text, title_end, lexicon))
    return Document(
        text=text,
        sentences=tuple(
            Sentence(span=span, clauses=tuple(_clauses(text, span, lexicon, is_title=is_title)), is_title=is_title)
            for span, is_title in spans
        ),
        language=lexicon.language,
        published=article.published,
    )


def _sentences(text: Text, title_end: int, lexicon: Lexicon) -> Iterator[Span]:
    # The headline is one sentence, whatever it contains.
    yield from _pieces(text.lower, 0, title_end)
    start = lexicon.datelines.end(text.bare, title_end)
    about = lexicon.about.search(text.bare, title_end)
    end = about.start() if about else len(text.lower)
    for match in _END.finditer(text.lower, start, end):
        if match[0].startswith(".") and not _is_full_stop(text, match, lexicon):
            continue
        yield from _pieces(text.lower, start, match.end())
        start = match.end()
    yield from _pieces(text.lower, start, end)


def _is_full_stop(text: Text, match: re.Match[str], lexicon: Lexicon) -> bool:
    """Whether dots before white space end a sentence: not after an abbreviation or before a lower-case letter."""
    word = _APART.split(text.lower[max(0, match.start() - 20) : match.start()])[-1]
    is_lone = not match[0].startswith("..")
    if is_lone and (word in lexicon.abbreviations or (len(word) == 1 and word.isalpha())):
        return False
    following = _VISIBLE.search(text.lower, match.end(), match.end() + 3)
    if following is None or "\n" in text.lower[match.end() : following.start()]:
        return True
    at = text.original_span(following.start(), following.start() + 1)[0]
    return not text.original[at].islower()


def _pieces(lower: str, start: int, end: int) -> Iterator[Span]:
    """The span without surrounding white space, cut where it is too long for a sentence."""
    while end - start > MAX_SENTENCE:
        cut = lower.rfind(" ", start + 1, start + MAX_SENTENCE)
        cut = cut if cut > start else start + MAX_SENTENCE
        yield from _pieces(lower, start, cut)
        start = cut
    piece = lower[start:end]
    start += len(piece) - len(piece.lstrip())
    if start < (end := start + len(piece.strip())):
        yield Span(start, end)


def _clauses(text: Text, sentence: Span, lexicon: Lexicon, *, is_title: bool) -> Iterator[Span]:
    # A mark ends its clause; a word begins the next one.
    breaks = lexicon.clause_break.finditer(text.bare, sentence.start, sentence.end)
    cuts = [match.end() if match.lastindex else match.start() for match in breaks]
    if is_title:
        cuts += (match.end() for match in _APART_IN_HEADLINE.finditer(text.bare, sentence.start, sentence.end))
    start = sentence.start
    for cut in sorted(cuts):
        if cut < sentence.end and text.bare[start:cut].strip():
            yield Span(start, cut)
            start = cut
    yield Span(start, sentence.end)
