"""Explained readings as HTML: no script, font, picture or external resource. Pure."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, groupby, pairwise
from math import inf
from xml.etree.ElementTree import TreeBuilder, tostring

from monitor.core.model import Article, Claim, Fact
from monitor.core.notes import MarkOutcome, Note, because, claim_words, fact_words, notes, reason, relevance
from monitor.core.plain import clean, is_plain_address
from monitor.core.reading.explanation import (
    DateMark,
    EventMark,
    ExplainedSentence,
    Explanation,
    HintMark,
    Mark,
    NameMark,
    Piece,
    QuantityMark,
)

# A text as published, with the sentences marked that say something, and what is hidden in it made visible -------------


#: Control characters, overrides of text direction, and characters that cannot be encoded.
_HIDDEN = re.compile(
    "([\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedPiece:
    """A stretch of one line. Nothing in its words is hidden or turns the direction of the text."""

    words: str
    #: The name of the character that the words stand for. "" if they are the words of the text.
    hidden: str = ""
    #: The indices of the sentences that it belongs to.
    sentences: tuple[int, ...] = ()


def revealed(text: str, sentences: tuple[int, ...] = ()) -> Iterator[MarkedPiece]:
    """The text in pieces of these sentences, with each hidden character as its code point."""
    for index, part in enumerate(_HIDDEN.split(text)):
        if index % 2:
            name = unicodedata.name(part, "control character")
            yield MarkedPiece(words=f"U+{ord(part):04X}", hidden=name, sentences=sentences)
        elif part:
            yield MarkedPiece(words=part, sentences=sentences)


def marked(text: str, sentences: Sequence[str]) -> tuple[tuple[MarkedPiece, ...], ...]:
    """The lines of the text that are not empty, each in pieces.

    A sentence is marked where it stands first. One that does not stand in the text is not marked.
    """
    opening: dict[int, list[int]] = defaultdict(list)
    closing: dict[int, list[int]] = defaultdict(list)
    for index, sentence in enumerate(sentences):
        start = text.find(sentence) if sentence else -1
        if start >= 0:
            opening[start].append(index)
            closing[start + len(sentence)].append(index)
    within: dict[int, None] = {}
    lines: list[list[MarkedPiece]] = [[]]
    for start, end in pairwise(sorted({0, len(text), *opening, *closing})):
        for index in closing[start]:
            del within[index]
        within |= dict.fromkeys(opening[start])
        first, *others = text[start:end].split("\n")
        lines[-1] += revealed(first, tuple(within))
        lines += (list(revealed(line, tuple(within))) for line in others)
    return tuple(tuple(line) for line in lines if any(piece.hidden or piece.words.strip() for piece in line))


# Explained readings as HTML: no script, font, picture or external resource. ``explained.css`` gives it its looks ------
#
# Every text of an article is hostile. It goes through an element tree, which escapes it. Characters that would change
# the text direction of the page are shown as code points instead.


#: The number of project colours. Further projects use the colours again.
_COLOURS = 6


def section(article_id: str, article: Article, explained: Explanation, *, number: int) -> str:
    """One article, with its head. ``number`` makes its anchors unique."""
    page = _HtmlTree()
    told = _ArticleWriter(page, explained, f"a{number}")
    with page.element("section", class_="explained", id=f"a{number}"):
        told.head(article_id, article)
        told.summary()
        told.sentences()
    return f"{page.html()}\n"


def sentences(explained: Explanation, *, name: str, most: int) -> str:
    """The first sentences of an article with their notes, for a page that has the rest of it.

    Args:
        explained: the explained reading.
        name: makes the anchors unique on the page.
        most: the characters that the sentences may have together.
    """
    page = _HtmlTree()
    with page.element("div", class_="explained", lang="en", dir="ltr"):
        _ArticleWriter(page, explained, name).sentences(most)
    return page.html()


class _HtmlTree:
    """A tree of nested elements and text. The text is escaped on output."""

    def __init__(self) -> None:
        self._builder = TreeBuilder()

    @contextmanager
    def element(self, tag: str, **attributes: str) -> Iterator[None]:
        """An element around all content added in the ``with`` block. ``class_`` stands for ``class``."""
        given = {name.rstrip("_"): value for name, value in attributes.items() if value}
        self._builder.start(tag, given)
        yield
        self._builder.end(tag)

    def add(self, tag: str, text: str, **attributes: str) -> None:
        with self.element(tag, **attributes):
            self.text(text)

    def text(self, text: str) -> None:
        """Add text as published. Hidden characters are made visible."""
        for piece in revealed(text):
            if piece.hidden:
                with self.element("span", class_="hidden", title=piece.hidden):
                    self._builder.data(piece.words)
            else:
                self._builder.data(piece.words)

    def html(self) -> str:
        return tostring(self._builder.close(), encoding="unicode", method="html")


class _ArticleWriter:
    """Writes the parts of one article into a page."""

    def __init__(self, page: _HtmlTree, explained: Explanation, anchor: str) -> None:
        self._page = page
        self._explained = explained
        self._anchor = anchor
        self._colour = {project: str(n % _COLOURS) for n, project in enumerate(explained.projects)}
        self._language = clean(explained.language or "")
        self._numbers = count(1)
        #: The anchor of each sentence by its words, as claims and facts quote them.
        self._anchors: dict[str, str] = {}
        for index, sentence in enumerate(explained.sentences):
            self._anchors.setdefault(explained.words(sentence.place).strip(), f"{anchor}-s{index}")

    def head(self, article_id: str, article: Article) -> None:
        page, explained = self._page, self._explained
        published = f"published {explained.published}" if explained.published else "publication unknown"
        said = (article_id, article.outlet, explained.language or "language unknown", published)
        with page.element("p", class_="meta"):
            page.text(" · ".join(clean(part) for part in said if part))
            url = article.url or ""
            if is_plain_address(url):
                page.text(" · ")
                page.add("a", url, href=url, rel="noreferrer noopener nofollow")
        page.add("h2", clean(article.title), dir="auto", lang=self._language)
        with page.element("p"):
            for project in explained.projects:
                self._chip(project)
                page.text(" ")
        if weighed := relevance(explained):
            page.add("p", weighed, class_="meta")
        if why := reason(explained):
            page.add("p", why, class_="why")

    def summary(self) -> None:
        explained = self._explained
        if not (explained.claims or explained.facts):
            return
        with self._page.element("ul", class_="summary"):
            for claim in explained.claims:
                self._row(claim, claim_words(claim), claim.state.value, because(claim))
            for fact in explained.facts:
                self._row(fact, fact_words(fact), "amount")

    def sentences(self, most: float = inf) -> None:
        for index, sentence in enumerate(self._explained.sentences):
            if sentence.place.end > most:
                return
            self._sentence(sentence, f"{self._anchor}-s{index}")

    def _row(self, read: Claim | Fact, says: str, tone: str, more: str = "") -> None:
        page = self._page
        with page.element("li"):
            self._chip(read.project)
            page.add("a", says, class_=f"says {tone}", href=f"#{self._anchors[read.evidence]}")
            page.add("span", f"sure {read.confidence:.2f}{f' · {more}' if more else ''}", class_="came")

    def _chip(self, project: str) -> None:
        self._page.add("span", clean(project), class_=f"chip{self._tint(project)}", dir="ltr")

    def _tint(self, project: str) -> str:
        colour = self._colour.get(project)
        return f" p{colour}" if colour else ""

    # ------------------------------------------------------------ a sentence

    def _sentence(self, sentence: ExplainedSentence, anchor: str) -> None:
        page = self._page
        found = notes(self._explained, sentence)
        of = {mark: tuple(same) for mark, same in groupby(found, key=lambda note: note.mark)}
        numbered = {m: next(self._numbers) for m, said in of.items() if said[0].outcome is not MarkOutcome.HELPS}
        kind = f"{' headline' if sentence.is_title else ''}{'' if numbered else ' plain'}"
        with page.element("div", class_=f"sentence{kind}", id=anchor):
            with page.element("p", class_="text", dir="auto", lang=self._language):
                for piece in sentence.pieces():
                    self._piece(piece, of, numbered)
            self._notes(of, numbered)

    def _piece(self, piece: Piece, of: Mapping[Mark, Sequence[Note]], numbered: Mapping[Mark, int]) -> None:
        page = self._page
        words = self._explained.words(piece.place)
        marks = [mark for mark in piece.marks if mark in of]
        if not marks:
            page.text(words)
            return
        says = "\n".join(dict.fromkeys(_in_short(note) for mark in marks for note in of[mark]))
        number = next((numbered[mark] for mark in marks if mark in numbered), None)
        classes = " ".join(dict.fromkeys(name for mark in marks for name in self._classes(mark)))
        target = f"#{self._anchor}-n{number}" if number else ""
        page.add("a" if number else "span", words, class_=f"m {classes}", title=says, href=target)
        for mark in marks:
            if mark in numbered and mark.place.end == piece.place.end:
                page.add("sup", str(numbered[mark]), class_="ref")

    def _classes(self, mark: Mark) -> Iterator[str]:
        match mark:
            case NameMark():
                tints = [self._tint(project) for project in mark.projects if project in self._colour]
                yield f"name{(tints[0] if len(tints) == 1 else ' shared') if tints else ' other'}"
            case EventMark():
                claimed = [telling.claim.state.value for telling in mark.tellings if telling.claim]
                yield " ".join(("event", *claimed[:1]))
            case HintMark():
                yield "hint"
            case DateMark():
                yield "date dropped" if mark.is_superseded else "date"
            case QuantityMark():
                yield "amount" if mark.facts else "amount dropped"

    def _notes(self, of: Mapping[Mark, Sequence[Note]], numbered: Mapping[Mark, int]) -> None:
        page = self._page
        if numbered:
            with page.element("ul", class_="notes"):
                for mark, number in numbered.items():
                    with page.element("li", id=f"{self._anchor}-n{number}"):
                        page.add("sup", str(number), class_="ref")
                        page.add("bdi", f"“{clean(of[mark][0].words)}”", lang=self._language)
                        for note in of[mark]:
                            self._note(note)
        helping: dict[str, dict[str, None]] = defaultdict(dict)
        for said in of.values():
            for note in said:
                if note.outcome is MarkOutcome.HELPS:
                    helping[note.kind][f"“{clean(note.words)}” {clean(note.says)}"] = None
        if helping:
            with page.element("details", class_="helps"):
                page.add("summary", "found here")
                with page.element("dl"):
                    for kind, lines in helping.items():
                        page.add("dt", f"{kind}s")
                        for line in lines:
                            page.add("dd", line)

    def _note(self, note: Note) -> None:
        page = self._page
        tone = "amount" if note.kind == "amount" else note.tone
        with page.element("div", class_=note.outcome.value):
            page.add("span", clean(note.says), class_=f"says {tone}")
            for project in note.projects:
                page.text(" ")
                self._chip(project)
            page.add("span", f" · {clean(note.came)}" if note.came else "", class_="came")


def _in_short(note: Note) -> str:
    """A note on one line, for a tooltip."""
    return " · ".join(clean(part) for part in (f"{note.kind}: {note.says}", *note.projects, note.came) if part)
