"""One click that says of a whole article that it is not about a project, and one that undoes it."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, HTTPException, Path, Request, Response
from fastapi.responses import RedirectResponse

from monitor.app.build import App
from monitor.core.review.review import is_wrong_project
from monitor.errors import InputError
from monitor.know.review import make, undoing, wrong_project
from monitor.ports import AuditEntry
from monitor.web.access import actor_of, form_of
from monitor.web.pages.rendering import LANGUAGE

_FORM = 2_000
Key = Annotated[str, Path(max_length=200)]


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
