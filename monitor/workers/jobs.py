"""The jobs of a worker: everything that parses foreign text. No network, no database."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from monitor.core.explained import sentences
from monitor.core.lifecycle import Lifecycle
from monitor.core.model import Article, Entry, Feed, Project, Reading, Selectors
from monitor.core.reading.answered.answer import Answer, Dropped
from monitor.core.reading.overrules.phrase import Phrase
from monitor.core.reading.projects.matching import Matcher
from monitor.core.reading.text.text import Text
from monitor.feeds.discovery import named_feeds
from monitor.feeds.language import LanguageDetector
from monitor.feeds.page import PageText, extract_article
from monitor.feeds.parse import document_text, parse_feed, sitemap_index, sitemap_pages
from monitor.feeds.parsed import ParsedFeed
from monitor.feeds.sitemap import SitemapIndex
from monitor.logs import get_logger
from monitor.ports import Question, Reader
from monitor.readers.checked import Check, checked, checks
from monitor.readers.plug import DEFAULT, DeferredReader, explanation, reader_factory, survey
from monitor.settings.lexicons import load_lexicons
from monitor.workers.warming import steps

if TYPE_CHECKING:
    from monitor.readers.examiner import Examiner

log = get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedDocument:
    """A feed document. For each entry it has what is needed to decide whether the entry is of interest."""

    parsed: ParsedFeed
    #: For each entry, in order, the ids of the projects that it may concern.
    concerns: tuple[tuple[str, ...], ...]
    #: For each entry, in order, its language. None if it is not a configured language.
    languages: tuple[str | None, ...]


class ReadByWorker(NamedTuple):
    """The reading of an article by its reader, and the question for a language model (None if there is none)."""

    reading: Reading
    question: Question | None


#: The most characters of an article on trial that are explained. The notes on them are many times as long.
MOST_EXPLAINED = 30_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialReading:
    """What is read in an article on trial."""

    #: As in the configuration.
    reader: str
    reading: Reading
    #: How it came about (core.page.explained), for the first ``MOST_EXPLAINED`` characters. "" if nobody can say.
    explained: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a ``Bench`` is made from in another process."""

    projects: tuple[Project, ...]
    lifecycles: Mapping[str, Lifecycle]
    #: The name of the reader in the configuration. With a language model it is the reader that stands in for it.
    reader: str
    #: The language model's name at its endpoint. None if there is no model.
    model: str | None = None
    #: The folder of the trained reader's weights. None for the shipped ones.
    weights: Path | None = None
    #: The operator's phrases, which overrule the reader.
    phrases: tuple[Phrase, ...] = ()
    #: The configuration folder, which may contain the operator's own vocabulary.
    folder: Path
    #: What no log may show.
    secrets: frozenset[str]
    #: Fingerprint of everything that affects a reading, including that vocabulary.
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The jobs, with what they need. Each is deterministic and raises ``ParseError`` if it says so."""

    matcher: Matcher
    reader: Reader
    detector: LanguageDetector
    #: None if no language model is used.
    examiner: "Examiner | None" = None
    #: What any reading must pass.
    checks: Sequence[Check] = ()
    #: The reader's name in the configuration.
    name: str = DEFAULT
    #: Steps that prepare what jobs need later and what takes seconds. The template takes them while it is idle.
    todo: Iterator[Callable[[], object]] = field(default_factory=lambda: iter(()))
    #: Like ``todo``, but what they prepare does not survive a fork. Each worker takes them while it is idle.
    own: tuple[Callable[[], object], ...] = ()

    def prepare(self) -> bool:
        """Take the next step of the preparation. Returns False if none is left.

        A step that fails ends nothing. The job that needs its result fails in the same way, and reports it.
        """
        try:
            step = next(self.todo, None)
            if step is not None:
                step()
        except Exception as error:  # noqa: BLE001 - a damaged installation may fail in any way
            log.warning("worker.unprepared", reason=f"{type(error).__name__}: {error}")
            return True
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
    ) -> ParsedDocument:
        """Parse a feed document (see ``parse_feed``) and match its entries.

        Takes the arguments of ``parse_feed``, and the language of the feed for entries that name none.

        Raises:
            ParseError: the document is not a feed, or nothing in it can be read.
        """
        parsed = parse_feed(body, url=url, content_type=content_type, now=now, known=known, page=page)
        return ParsedDocument(
            parsed=parsed,
            concerns=tuple(map(self._concerns, parsed.entries)),
            languages=tuple(self._language(entry, language) for entry in parsed.entries),
        )

    def index(self, body: bytes, *, url: str, content_type: str) -> SitemapIndex | None:
        """The sitemaps that an index names. None if the document is not an index. Raises ParseError."""
        return sitemap_index(body, url=url, content_type=content_type)

    def pages(self, body: bytes, *, url: str, content_type: str) -> list[str]:
        """The elements of the pages that a sitemap names, as written. Raises ParseError."""
        return sitemap_pages(body, url=url, content_type=content_type)

    def extract(self, body: bytes, *, url: str, content_type: str) -> PageText:
        """Extract the article from its page. Raises ParseError."""
        return extract_article(body, url, content_type)

    def named_feeds(self, body: bytes, *, url: str, content_type: str) -> tuple[Feed, ...]:
        """The feeds that a page names for readers."""
        return named_feeds(body, url, content_type)

    def plain(self, body: bytes, *, url: str, content_type: str) -> str:
        """The text of a document, decompressed and decoded but not parsed. Raises ParseError."""
        return document_text(body, url=url, content_type=content_type)

    def read(self, article: Article, *, language: str | None) -> tuple[str | None, ReadByWorker]:
        """Detect the language of an article and read it.

        Args:
            article: its own language is ignored.
            language: the language that its publisher states.
        """
        found = self.detector.detect(f"{article.title}\n{article.text}", language)
        return found, self._read(replace(article, language=found))

    def try_out(self, article: Article, *, language: str | None) -> tuple[str | None, TrialReading]:
        """Detect the language of an article, read it and explain how. Takes the arguments of ``read``."""
        found = self.detector.detect(f"{article.title}\n{article.text}", language)
        known = replace(article, language=found)
        how = explanation(self.reader, known)
        reading = checked(self.checks, known, self.reader.read(known) if how is None else how.reading)
        explained = "" if how is None else sentences(how.checked(reading), name=self.name, most=MOST_EXPLAINED)
        return found, TrialReading(reader=self.name, reading=reading, explained=explained)

    def read_all(self, articles: Sequence[Article]) -> list[ReadByWorker]:
        """Read each of these articles, whose languages are known, on the projects that it may concern."""
        return [self._read_known(article) for article in articles]

    def conclude(self, article: Article, answer: Answer, reading: Reading) -> tuple[Reading, tuple[Dropped, ...]]:
        """Combine a model's answer with the reader's reading. Returns the result and the dropped parts of the answer.

        The language of the article must be known.
        """
        assert self.examiner is not None
        found, dropped = self.examiner.conclude(article, answer, reading)
        return checked(self.checks, article, found), dropped

    def conclude_all(
        self, answered: Sequence[tuple[Article, Answer, Reading]]
    ) -> list[tuple[Reading, tuple[Dropped, ...]]]:
        """Like ``conclude``, for several articles."""
        return [self.conclude(*each) for each in answered]

    def _read(self, article: Article) -> ReadByWorker:
        question = self.examiner.question(article) if self.examiner is not None else None
        return ReadByWorker(checked(self.checks, article, self.reader.read(article)), question)

    def _read_known(self, article: Article) -> ReadByWorker:
        if not self.matcher.may_concern(Text.of(f"{article.title}\n{article.text}")):
            return ReadByWorker(Reading(language=article.language, projects=(), claims=(), facts=()), None)
        return self._read(article)

    def _concerns(self, entry: Entry) -> tuple[str, ...]:
        return self.matcher.may_concern(Text.of(f"{entry.title}\n{entry.text}"))

    def _language(self, entry: Entry, language: str | None) -> str | None:
        return self.detector.detect(f"{entry.title}\n{entry.text}", entry.language or language)


def set_out(recipe: Recipe, *, warm: bool = False) -> Bench:
    """Make a bench. A warm one has steps that prepare it.

    Raises:
        ConfigError: the vocabulary of the folder cannot be read.
        ValueError: the reader of this name cannot be loaded.
    """
    lexicons = load_lexicons(recipe.folder)
    surveyor = survey(recipe.projects, lexicons)
    factory = reader_factory(recipe.reader, weights=recipe.weights, surveyor=surveyor)
    reader = factory(recipe.projects, lexicons, recipe.lifecycles)
    examiner = None
    if recipe.model is not None:
        # Loaded only if a language model is configured.
        from monitor.readers.examiner import Examiner  # noqa: PLC0415 - see above

        examiner = Examiner(surveyor, recipe.lifecycles, model=recipe.model)
    return Bench(
        matcher=surveyor.matcher,
        reader=reader,
        detector=LanguageDetector(tuple(lexicons)),
        examiner=examiner,
        checks=checks(recipe.phrases, surveyor, recipe.lifecycles),
        name=recipe.reader,
        todo=steps(lexicons) if warm else iter(()),
        # A trained reader starts threads.
        own=(reader.prepare,) if warm and isinstance(reader, DeferredReader) else (),
    )
