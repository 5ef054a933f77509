"""What a worker does: everything that takes foreign text apart. No network, no database."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from monitor.core.lifecycle import Lifecycle
from monitor.core.model import Article, Entry, Feed, Project, Reading, Selectors
from monitor.core.reading.answered.answer import Answer, Dropped
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.overrules.overrules import Overrules, Phrase
from monitor.core.reading.projects.matching import Matcher
from monitor.core.reading.text.text import Text
from monitor.feeds.discovery import named_feeds
from monitor.feeds.gathering import sitemap_index, sitemap_pages
from monitor.feeds.language import LanguageDetector
from monitor.feeds.page import PageText, extract_article
from monitor.feeds.parse import document_text, parse_feed
from monitor.feeds.parsed import ParsedFeed
from monitor.feeds.sitemap import SitemapIndex
from monitor.ports import Question, Reader
from monitor.readers.plug import DeferredReader, reader_factory
from monitor.settings.lexicons import load_lexicons
from monitor.workers.warming import steps

if TYPE_CHECKING:
    from monitor.readers.examiner import Examiner


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A feed document, with what is needed of each of its entries to tell whether it is worth a look."""

    parsed: ParsedFeed
    #: For each entry, in order, the ids of the projects that it may concern.
    concerns: tuple[tuple[str, ...], ...]
    #: For each entry, in order, its language; None where it is in none of the configured ones.
    languages: tuple[str | None, ...]


class Told(NamedTuple):
    """What an article says by its reader, and what a language model is to be asked about it; None where nothing is."""

    reading: Reading
    question: Question | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a ``Bench`` is made from, in another process."""

    projects: tuple[Project, ...]
    lifecycles: Mapping[str, Lifecycle]
    #: By the name that the configuration has for it; beside a language model the one that stands in for it.
    reader: str
    #: The language model's name at its endpoint; None where there is none.
    model: str | None = None
    #: The folder of the trained reader's weights; None for those that came with the program.
    weights: Path | None = None
    #: What the operator knows better than the reader.
    phrases: tuple[Phrase, ...] = ()
    #: The configuration folder, which may hold vocabulary of the operator's own.
    folder: Path
    #: What no log may show.
    secrets: frozenset[str]
    #: Of all that bears on a reading, that vocabulary included.
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The jobs, with what they need. Each is deterministic and raises ``ParseError`` where it says so."""

    matcher: Matcher
    reader: Reader
    detector: LanguageDetector
    #: None where no language model is asked.
    examiner: "Examiner | None" = None
    #: What the operator knows better than any reader; None where there is nothing of the kind.
    overrules: Overrules | None = None
    #: Steps of what jobs need sooner or later and takes seconds, to be taken while there is nothing else to do.
    todo: Iterator[Callable[[], object]] = field(default_factory=lambda: iter(()))

    def prepare(self) -> bool:
        """Take the next step of what is to be prepared; whether there was one."""
        step = next(self.todo, None)
        if step is not None:
            step()
        return step is not None

    def parse(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str,
        now: datetime,
        known: Collection[bytes],
        page: Selectors | None,
        language: str | None,
    ) -> Document:
        """Read a feed document (see ``parse_feed``) and match its entries.

        Takes what ``parse_feed`` takes, and the language of the feed for entries that name none.

        Raises:
            ParseError: the document is no feed, or nothing in it can be read.
        """
        parsed = parse_feed(body, url=url, content_type=content_type, now=now, known=known, page=page)
        return Document(
            parsed=parsed,
            concerns=tuple(map(self._concerns, parsed.entries)),
            languages=tuple(self._language(entry, language) for entry in parsed.entries),
        )

    def index(self, body: bytes, *, url: str, content_type: str) -> SitemapIndex | None:
        """The sitemaps that an index names; None where the document is no index. Raises ParseError."""
        return sitemap_index(body, url=url, content_type=content_type)

    def pages(self, body: bytes, *, url: str, content_type: str) -> list[str]:
        """The elements of the pages that a sitemap names, as written. Raises ParseError."""
        return sitemap_pages(body, url=url, content_type=content_type)

    def extract(self, body: bytes, *, url: str, content_type: str) -> PageText:
        """Take the article out of its page. Raises ParseError."""
        return extract_article(body, url, content_type)

    def named_feeds(self, body: bytes, *, url: str, content_type: str) -> tuple[Feed, ...]:
        """The feeds that a page names for readers."""
        return named_feeds(body, url, content_type)

    def plain(self, body: bytes, *, url: str, content_type: str) -> str:
        """The text of a document as it is, unpacked. Raises ParseError."""
        return document_text(body, url=url, content_type=content_type)

    def read(self, article: Article, *, language: str | None) -> tuple[str | None, Told]:
        """The language of an article, and what it says of the projects.

        Args:
            article: its own language is not looked at.
            language: what its publisher says.
        """
        found = self.detector.detect(f"{article.title}\n{article.text}", language)
        return found, self._read(replace(article, language=found))

    def read_all(self, articles: Sequence[Article]) -> list[Told]:
        """What each of these articles, whose languages are known, says of the projects that it may concern."""
        return [self._read_known(article) for article in articles]

    def conclude(self, article: Article, answer: Answer, reading: Reading) -> tuple[Reading, tuple[Dropped, ...]]:
        """The reading that comes of a model's answer and of the reader's reading, and what was dropped of the answer.

        The language of the article is known.
        """
        assert self.examiner is not None
        found, dropped = self.examiner.conclude(article, answer, reading)
        return self._overruled(article, found), dropped

    def conclude_all(
        self, answered: Sequence[tuple[Article, Answer, Reading]]
    ) -> list[tuple[Reading, tuple[Dropped, ...]]]:
        """The same of several articles."""
        return [self.conclude(*each) for each in answered]

    def _read(self, article: Article) -> Told:
        question = self.examiner.question(article) if self.examiner is not None else None
        return Told(self._overruled(article, self.reader.read(article)), question)

    def _overruled(self, article: Article, reading: Reading) -> Reading:
        return reading if self.overrules is None else self.overrules.applied(article, reading)

    def _read_known(self, article: Article) -> Told:
        if not self.matcher.may_concern(Text.of(f"{article.title}\n{article.text}")):
            return Told(Reading(language=article.language, projects=(), claims=(), facts=()), None)
        return self._read(article)

    def _concerns(self, entry: Entry) -> tuple[str, ...]:
        return self.matcher.may_concern(Text.of(f"{entry.title}\n{entry.text}"))

    def _language(self, entry: Entry, language: str | None) -> str | None:
        return self.detector.detect(f"{entry.title}\n{entry.text}", entry.language or language)


def set_out(recipe: Recipe, *, warm: bool = False) -> Bench:
    """Make a bench; a warm one has something to prepare.

    Raises:
        ConfigError: the vocabulary of the folder cannot be read.
        ValueError: the reader of this name cannot be loaded.
    """
    lexicons = load_lexicons(recipe.folder)
    matcher = Matcher(recipe.projects)
    factory = reader_factory(recipe.reader, weights=recipe.weights, matcher=matcher)
    reader = factory(recipe.projects, lexicons, recipe.lifecycles)
    examiner = None
    if recipe.model is not None:
        # Who asks no model loads nothing of it.
        from monitor.readers.examiner import Examiner  # noqa: PLC0415 - as said

        examiner = Examiner(recipe.projects, lexicons, recipe.lifecycles, matcher=matcher, model=recipe.model)
    overrules = None
    if recipe.phrases:
        overrules = Overrules(
            recipe.phrases, projects=recipe.projects, lexicons=lexicons, lifecycles=recipe.lifecycles, matcher=matcher
        )
    return Bench(
        matcher=matcher,
        reader=reader,
        detector=LanguageDetector(tuple(lexicons)),
        examiner=examiner,
        overrules=overrules,
        todo=_todo(reader, lexicons) if warm else iter(()),
    )


def _todo(reader: Reader, lexicons: Mapping[str, Lexicon]) -> Iterator[Callable[[], object]]:
    if isinstance(reader, DeferredReader):
        yield reader.prepare
    yield from steps(lexicons)
