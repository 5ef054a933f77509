"""The page of one article: its text, what was read in it, and what the ledger makes of that."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, HTTPException, Path, Request, Response
from fastapi.responses import RedirectResponse

from monitor.app.build import App
from monitor.core.belief import WeighedSaying
from monitor.core.explained import marked
from monitor.core.message.tongue import Tongue
from monitor.core.model import MAX_TEXT
from monitor.core.plain import clean
from monitor.core.review import is_wrong_project
from monitor.errors import InputError
from monitor.know.queries import corrected, weighed
from monitor.know.review import make, undoing, wrong_project
from monitor.logs import redact
from monitor.ports import ArticleRecord, AuditEntry, Provisional, ReadFor
from monitor.web.access import actor_of, form_of
from monitor.web.pages.rendering import LANGUAGE, page, tongue_of, zone_of
from monitor.web.view.article import ArticleWords

#: The key of an article in the ledger.
Key = Annotated[str, Path(max_length=200)]


@dataclass(frozen=True, slots=True)
class Articles:
    """The articles of one monitor, each from the ledger alone."""

    app: App

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/articles/{article}", self.article, methods=["GET", "HEAD"], response_class=Response)
        return router

    def article(self, request: Request, article: Key) -> Response:
        """One article with everything that is known of it."""
        found = self.app.ledger.article(article)
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        watch, tongue = self.app.watch, tongue_of(request, self.app.watch)
        telling = ArticleWords(tongue, zone_of(request, watch), watch.projects, watch.policy.alert_from)
        read, source = found.read.article, found.read.source
        claims: list[WeighedSaying] = weighed(self.app.knowledge, found.read)
        sentences = [each.said.evidence for each in claims]
        lines = marked(read.text[:MAX_TEXT], sentences)
        title = marked(read.title, sentences)
        return page(
            request,
            "article.html.j2",
            tongue,
            article=read.key,
            title=title,
            name=tongue.foreign(read.title) or tongue.say("without a title"),
            place=telling.place(source),
            text=lines,
            text_language=clean(read.language or ""),
            is_dropped=found.read.is_dropped,
            shown={index for line in (*title, *lines) for piece in line for index in piece.sentences},
            claims=[telling.claim(each, source) for each in claims],
            about=list(_about(claims, telling)),
            feed=self._feed(found, tongue),
            trust=f"{source.trust:g}",
            published=tongue.date(read.published) if read.published else "",
            seen=telling.day(found.seen_at),
            readings=list(self._readings(found, telling)),
            copies=[(copy.article, telling.place(copy)) for copy in found.copies],
            corrections=[telling.withdrawn(each) for each in corrected(self.app.ledger, found)],
        )

    def _feed(self, found: ArticleRecord, tongue: Tongue) -> str:
        """The name of the feed, else its address without secrets."""
        named = {feed.url: feed.name for feed in self.app.config.feeds}
        return tongue.foreign(named.get(found.feed) or redact(found.feed))

    def _readings(self, found: ArticleRecord, telling: ArticleWords) -> Iterator[tuple[str, str, str]]:
        """The day, the reason and the reader of each reading, the newest first."""
        say = telling.tongue.say
        for each in reversed(found.readings):
            if each.reader.startswith((Provisional.NEWS.value, Provisional.HISTORY.value)):
                by = say("another reader stood in for the language model")
            elif each.reader == self.app.watch.fingerprint:
                by = say("by the present reader and configuration")
            elif each.reader:
                by = say("by an earlier reader or configuration")
            else:
                by = say("not recorded by which reader")
            yield telling.day(each.at), _why_read(each.reason, telling.tongue), by


def _about(claims: Sequence[WeighedSaying], telling: ArticleWords) -> Iterator[tuple[str, str, bool]]:
    """The projects that the article is about: id, name, and whether it was said to be about another one."""
    for project in dict.fromkeys(each.said.project for each in claims if each.said.project in telling.projects):
        reviews = [each.review for each in claims if each.said.project == project]
        is_rejected = all(review is not None and is_wrong_project(review) for review in reviews)
        yield project, telling.tongue.name(telling.projects[project]), is_rejected


def _why_read(reason: ReadFor, tongue: Tongue) -> str:
    match reason:
        case ReadFor.POLL:
            return tongue.say("read when the feed brought it")
        case ReadFor.CORRECTION:
            return tongue.say("read again: its publisher changed it")
        case ReadFor.PAGE:
            return tongue.say("read again: its page could be fetched")
        case ReadFor.REBUILD:
            return tongue.say("read again by the operator")
        case ReadFor.IMPORT:
            return tongue.say("imported")
        case ReadFor.MODEL:
            return tongue.say("read again: the language model answered")


# One click that says of a whole article that it is not about a project, and one that undoes it ------------------------


_FORM = 2_000


@dataclass(frozen=True, slots=True)
class WrongProject:
    """The decision that an article is not about a project."""

    app: App

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        router.add_api_route(
            "/articles/{article}/project",
            self.decide,
            methods=["POST"],
            response_class=Response,
            max_body_size=_FORM,
        )
        return router

    def decide(self, request: Request, article: Key) -> Response:
        """Reject all that the article says of the project, or undo that. Shows the article."""
        form, actor, at, ledger = form_of(request), actor_of(request), self.app.clock(), self.app.ledger
        project, is_undone = form.get("project", ""), bool(form.get("undo"))
        if project not in self.app.watch.projects or ledger.article(article) is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        try:
            if is_undone:
                made = [
                    each
                    for each in ledger.reviews(project)
                    if is_wrong_project(each) and each.is_in_force and each.source.article == article
                ]
                reviews = undoing(made[-1].claim, made[-1].source, ledger, by=actor.name, at=at) if made else []
            else:
                reviews = wrong_project(project, article, ledger, by=actor.name, at=at)
        except InputError:
            # Somebody else was faster.
            reviews = []
        if reviews:
            changes = make(reviews, self.app.watch, ledger, quiet=False)
            action = "claims.undo" if is_undone else "claims.wrong-project"
            detail = {"project": project, "claims": len(reviews), "changes": [change.id for change in changes]}
            self.app.audit.add(AuditEntry(at=at, actor=actor.name, action=action, target=article, detail=detail))
        kept = {LANGUAGE: request.query_params[LANGUAGE]} if LANGUAGE in request.query_params else {}
        path = f"/articles/{quote(article, safe='')}"
        return RedirectResponse(f"{path}?{urlencode(kept)}" if kept else path, HTTPStatus.SEE_OTHER)
