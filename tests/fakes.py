"""Fakes for the edges that a test does not want: in memory, and as strict as the real ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from typing import Any

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Article, Project, Reading
from monitor.core.news import Message
from monitor.core.polling.polling import Polling
from monitor.core.reading.projects.matching import Matcher
from monitor.errors import DisallowedError, FetchError
from monitor.feeds.language import LanguageDetector
from monitor.ports import NO_VALIDATORS, Fetched, NotModified, Outcome, SendResult, Validators
from monitor.watch import Watch
from tests.builders import VOICE, make_project


@dataclass
class FakeFetcher:
    """Serves documents by address, with an ETag each; what is not there is a 404."""

    documents: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    #: Address → where it has moved for good.
    moved: dict[str, str] = field(default_factory=dict)
    #: Address → the status with which it is refused.
    statuses: dict[str, int] = field(default_factory=dict)
    #: Addresses that fail for now.
    failing: set[str] = field(default_factory=set)
    #: Pages that their sites ask not to fetch.
    disallowed: set[str] = field(default_factory=set)
    #: Address → the hub and the topic that its headers name.
    hubs: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)

    async def fetch(
        self, url: str, *, validators: Validators = NO_VALIDATORS, is_page: bool = False
    ) -> Fetched | NotModified:
        self.asked.append(url)
        if is_page and url in self.disallowed:
            raise DisallowedError(url)
        if url in self.failing:
            raise FetchError(url, "failed (503)", transient=True, status=503)
        if url in self.statuses:
            raise FetchError(url, "refused", transient=False, status=self.statuses[url])
        moved_to = self.moved.get(url)
        body = self.documents.get(moved_to or url)
        if body is None:
            raise FetchError(url, "not found (404)", transient=False, status=404)
        etag = f'"{hash(body)}"'
        if validators.etag == etag:
            return NotModified(moved_to=moved_to)
        hub, topic = self.hubs.get(url, (None, None))
        return Fetched(
            url=moved_to or url,
            body=body,
            content_type="",
            validators=Validators(etag=etag),
            moved_to=moved_to,
            hub=hub,
            topic=topic,
        )


@dataclass
class FakeReader:
    """Reads what the test put down for an article's title."""

    readings: Mapping[str, Reading] = field(default_factory=dict)
    read_titles: list[str] = field(default_factory=list)

    def read(self, article: Article) -> Reading:
        self.read_titles.append(article.title)
        nothing = Reading(language=article.language, projects=(), claims=(), facts=())
        return self.readings.get(article.title, nothing)


@dataclass
class RecordingSender:
    """Records what it is given; answers with these results in turn, then always with success."""

    results: list[SendResult] = field(default_factory=list)
    sent: list[tuple[str, Message]] = field(default_factory=list)

    def send(self, url: str, message: Message) -> SendResult:
        self.sent.append((url, message))
        return self.results.pop(0) if self.results else SendResult(outcome=Outcome.SENT)


def make_watch(projects: Iterable[Project] = (make_project(),), **more: Any) -> Watch:
    """What watches these projects, and tells nobody, unless told otherwise."""
    watched = tuple(projects)
    watch = Watch(
        projects={project.id: project for project in watched},
        lifecycles={"industrial": INDUSTRIAL},
        subscribers=(),
        matcher=Matcher(watched),
        reader=FakeReader(),
        detector=LanguageDetector(("en",)),
        polling=Polling(),
        alert_horizon=timedelta(days=7),
        timezone=UTC,
        voice=VOICE,
    )
    return replace(watch, **more)
