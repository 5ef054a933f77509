"""The page on which an article is tried: what each reader reads in it, and what would follow. Nothing is stored."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlsplit

from babel.numbers import format_decimal
from fastapi import APIRouter, HTTPException, Path, Request, Response
from markupsafe import Markup

from monitor.app.build import App
from monitor.app.trials import ArticleTrial, Given, try_article, try_page
from monitor.core.articles import may_be_published
from monitor.core.explained import MarkedPiece, marked
from monitor.core.message.tongue import Tongue
from monitor.core.model import MAX_TEXT, Said
from monitor.core.periods import Period
from monitor.core.plain import clean
from monitor.errors import FetchError, HostileError, ParseError
from monitor.ports import ArticleRecord
from monitor.web.access import form_of
from monitor.web.pages.rendering import page, tongue_of, zone_of
from monitor.web.pages.throttle import WorkThrottle
from monitor.web.pages.what_if import AlertRow, alerts
from monitor.web.view.article import ArticleWords, ClaimView
from monitor.web.view.effect import Effect, effect
from monitor.workers.jobs import MOST_EXPLAINED

#: The most bytes of a form. What is longer than ``MAX_TEXT`` is not read anyway.
_MAX_FORM = 2_000_000
_MAX_LINE, _MAX_ADDRESS = 500, 2_000
#: Seconds that a reader of the page waits. A connection lives little longer.
_PATIENCE = 20.0
#: The trust in an official source, in the press, in an aggregator.
_TRUSTS = ("1.0", "0.5", "0.3")

Key = Annotated[str, Path(max_length=200)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed."""

    title: str = ""
    text: str = ""
    date: str = ""
    language: str = ""
    outlet: str = ""
    trust: str = "0.5"
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderShown:
    """What one reader reads, as the page shows it."""

    name: str
    claims: tuple[ClaimView, ...]
    title: tuple[tuple[MarkedPiece, ...], ...]
    text: tuple[tuple[MarkedPiece, ...], ...]
    effects: tuple[Effect, ...]
    alerts: tuple[AlertRow, ...]
    #: How it came about, as HTML. "" if the reader cannot say.
    explained: Markup


class Playground:
    """Trials of articles with the configuration of one monitor."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._throttle: WorkThrottle[ArticleTrial] = WorkThrottle(app.clock)

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/playground", self.show, methods=["GET", "HEAD"], response_class=Response)
        router.add_api_route(
            "/playground", self.try_text, methods=["POST"], response_class=Response, max_body_size=_MAX_FORM
        )
        router.add_api_route(
            "/playground/page", self.try_address, methods=["POST"], response_class=Response, max_body_size=10_000
        )
        router.add_api_route("/articles/{article}/reading", self.read_again, methods=["POST"], response_class=Response)
        return router

    def show(self, request: Request) -> Response:
        return self._page(request, Typed())

    async def try_text(self, request: Request) -> Response:
        """Try the text that was typed."""
        tongue = self._tongue(request)
        typed, given, errors = self._read_form(form_of(request), tongue)
        if errors or given is None:
            return await self._refused(request, typed, errors)
        return await self._try(request, typed, lambda: try_article(self._app, given))

    async def try_address(self, request: Request) -> Response:
        """Try the page at the address that was typed."""
        tongue = self._tongue(request)
        address = form_of(request).get("address", "").strip()[: _MAX_ADDRESS + 1]
        typed = Typed(address=address)
        if not _is_web(address):
            errors = {"address": tongue.say("Write an address that begins with https:// or http://.")}
            return await self._refused(request, typed, errors)

        async def fetch_and_try() -> ArticleTrial:
            return await try_article(self._app, await try_page(self._app, address))

        return await self._try(request, typed, fetch_and_try)

    async def read_again(self, request: Request, article: Key) -> Response:
        """Try the text of a stored article."""
        found = await asyncio.to_thread(self._app.ledger.article, article)
        if found is None or found.read.is_dropped:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        given = _given(found)
        typed = Typed(
            title=given.title,
            text=given.text,
            date=str(given.published or ""),
            language=given.language or "",
            outlet=given.outlet,
        )
        return await self._try(request, typed, lambda: try_article(self._app, given))

    async def _try(
        self, request: Request, typed: Typed, work: Callable[[], Coroutine[Any, Any, ArticleTrial]]
    ) -> Response:
        tongue, field_ = self._tongue(request), "address" if typed.address else "text"
        if not self._throttle.has_room():
            said = tongue.say(
                "Another trial is running, or there were many in the last minute. Try it again in a minute."
            )
            return await self._refused(request, typed, {field_: said}, HTTPStatus.TOO_MANY_REQUESTS)
        try:
            trial = await self._throttle.run(work(), _PATIENCE)
        except TimeoutError:
            said = tongue.say("A limit was hit: reading takes longer than {n} seconds.", n=round(_PATIENCE))
        except HostileError as error:
            said = tongue.say("A limit was hit: {reason}", reason=tongue.foreign(str(error.__cause__ or error.reason)))
        except (FetchError, ParseError) as error:
            said = tongue.say("It could not be read: {reason}", reason=tongue.foreign(error.reason))
        else:
            return await asyncio.to_thread(self._page, request, typed, trial=trial)
        return await self._refused(request, typed, {field_: said})

    async def _refused(
        self,
        request: Request,
        typed: Typed,
        errors: Mapping[str, str],
        status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
    ) -> Response:
        return await asyncio.to_thread(self._page, request, typed, errors=errors, status=status)

    # ------------------------------------------------------------ the form

    def _read_form(self, form: Mapping[str, str], tongue: Tongue) -> tuple[Typed, Given | None, Mapping[str, str]]:
        """What was typed, the article, and what is wrong, by field."""
        line = {name: clean(form.get(name, "")[:_MAX_LINE]) for name in ("title", "date", "language", "outlet")}
        trust = form.get("trust", "")
        typed = Typed(
            title=line["title"],
            text=form.get("text", "")[: 2 * MAX_TEXT + 2].replace("\r\n", "\n")[: MAX_TEXT + 1],
            date=line["date"],
            language=line["language"],
            outlet=line["outlet"],
            trust=trust if trust in _TRUSTS else "0.5",
        )
        errors: dict[str, str] = {}
        published: Period | None = None
        if not (typed.title or typed.text.strip()):
            errors["text"] = tongue.say("Write or paste a text.")
        if typed.language and typed.language not in self._languages():
            errors["language"] = tongue.say("Choose a language.")
        try:
            published = Period.parse(typed.date) if typed.date else None
        except ValueError:
            published = None
            errors["date"] = tongue.say("Write a date like 2026, 2026-H1, 2026-Q3, 2026-09 or 2026-09-30.")
        if published is not None and not may_be_published(published.since, self._app.clock()):
            errors["date"] = tongue.say("No article has this date.")
        given = Given(
            title=typed.title,
            text=typed.text[:MAX_TEXT],
            published=published,
            language=typed.language or None,
            outlet=typed.outlet,
            trust=float(typed.trust),
        )
        return typed, None if errors else given, errors

    def _languages(self) -> tuple[str, ...]:
        return tuple(self._app.setup().lexicons)

    # ------------------------------------------------------------ the page

    def _page(
        self,
        request: Request,
        typed: Typed,
        *,
        trial: ArticleTrial | None = None,
        errors: Mapping[str, str] | None = None,
        status: int = HTTPStatus.OK,
    ) -> Response:
        tongue = self._tongue(request)
        watch = self._app.watch
        telling = ArticleWords(tongue, zone_of(request, watch), watch.projects, watch.policy.alert_from)
        return page(
            request,
            "playground.html.j2",
            tongue,
            status=status,
            typed=replace(typed, text=typed.text[:MAX_TEXT]),
            errors=errors or {},
            language_codes=self._languages(),
            trusts=dict(
                zip(_TRUSTS, (tongue.say("official"), tongue.say("press"), tongue.say("aggregator")), strict=True)
            ),
            is_cut=len(typed.text) > MAX_TEXT,
            most=format_decimal(MAX_TEXT, locale=tongue.locale),
            most_explained=format_decimal(MOST_EXPLAINED, locale=tongue.locale),
            has_model=self._app.config.reader.llm is not None,
            trial=trial,
            text_language=clean(trial.article.language or "") if trial else "",
            reader=self._shown(trial, telling) if trial else None,
        )

    def _shown(self, trial: ArticleTrial, telling: ArticleWords) -> ReaderShown:
        watch, article, tongue = self._app.watch, trial.article, telling.tongue
        tried, foreseen = trial.tried, trial.foreseen
        said: list[Said] = [*tried.reading.claims, *tried.reading.facts]
        sentences = [each.evidence for each in said]
        return ReaderShown(
            name=tongue.foreign(tried.reader),
            claims=tuple(telling.read(each) for each in said),
            title=marked(article.title, sentences),
            text=marked(article.text, sentences),
            effects=tuple(
                effect(watch.projects[each], before, after, foreseen.changes, tongue)
                for each, (before, after) in foreseen.states.items()
            ),
            alerts=alerts(
                foreseen.outgoing,
                foreseen.changes,
                labels=self._app.labels,
                tongue=tongue,
                zone=telling.zone,
                now=self._app.clock(),
            ),
            explained=Markup(tried.explained),  # noqa: S704 - built by an element tree, which escapes every text
        )

    def _tongue(self, request: Request) -> Tongue:
        return tongue_of(request, self._app.watch)


def _given(found: ArticleRecord) -> Given:
    article, source = found.read.article, found.read.source
    return Given(
        title=article.title,
        text=article.text,
        published=article.published,
        language=article.language,
        url=article.url,
        outlet=source.outlet,
        trust=source.trust,
    )


def _is_web(address: str) -> bool:
    try:
        return urlsplit(address).scheme in {"http", "https"} and len(address) <= _MAX_ADDRESS
    except ValueError:
        return False
