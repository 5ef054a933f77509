"""``/api/v1/reviews``: what waits for a decision, the decisions, and making one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from monitor.app.build import App
from monitor.contracts.status import open_claim_json, review_json, reviewed_json
from monitor.core.lifecycle import CONDITIONS
from monitor.core.model import Said, State
from monitor.core.news import Mistake
from monitor.core.periods import Period
from monitor.core.plain import clean
from monitor.core.review import ClaimCorrection, Review, Ruling, claim_id
from monitor.core.state import Source
from monitor.errors import InputError
from monitor.know.review import find_claim, make, undecided, undoing, wrong_project
from monitor.ports import AuditEntry
from monitor.web.access import actor_of
from monitor.web.answers import PAGE, Limit, json_answer, page_json
from monitor.web.api.shapes import OpenClaimShape, Page, ReviewedShape, ReviewShape

#: The most bytes of a decision.
_BODY = 5_000

ProjectId = Annotated[str | None, Query(max_length=200, description="Only of this project.")]
After = Annotated[int, Query(ge=0, le=2**31, description="`next` of the page before; absent for the first.")]


class DecisionBody(BaseModel):
    """A decision on a claim or an amount."""

    model_config = ConfigDict(extra="forbid")

    claim: Annotated[str, Field(max_length=300, description="As `/reviews` names it.")]
    verdict: Literal["confirm", "reject", "correct", "assign", "wrong-project", "undo"]
    reason: Annotated[str, Field(max_length=500)] = ""
    because: Annotated[Mistake | None, Field(description="What was wrong, for those who were told of it.")] = None
    quiet: Annotated[bool, Field(description="Tell no subscriber what moves by it.")] = False
    stage: Annotated[str | None, Field(max_length=100, description="Of a claim, for `correct`.")] = None
    state: Annotated[State | None, Field(description="Of a claim, for `correct`.")] = None
    date: Annotated[str | None, Field(max_length=20, description="Of a claim, for `correct`: 2026, 2026-Q3.")] = None
    value: Annotated[float | None, Field(ge=0, allow_inf_nan=False, description="Of an amount, in full units.")] = None
    unit: Annotated[str | None, Field(min_length=1, max_length=20, description="Of an amount: MAD, t/yr.")] = None
    project: Annotated[str | None, Field(max_length=200, description="For `assign`: the right project.")] = None


@dataclass(frozen=True, slots=True)
class Reviews:
    """The routes of one monitor."""

    app: App

    def add_to(self, router: APIRouter, responses: Mapping[int | str, dict[str, object]]) -> None:
        """Add the routes. ``responses`` describes how requests are refused."""
        for path, route, shape, words in (
            ("/reviews", self.waiting, Page[OpenClaimShape], "The claims that wait for a decision, newest first"),
            ("/reviews/decided", self.decided, Page[ReviewShape], "The decisions, newest first"),
        ):
            router.add_api_route(
                path,
                route,
                methods=["GET"],
                summary=words,
                response_class=JSONResponse,
                responses={200: {"model": shape}},
            )
        router.add_api_route(
            "/reviews",
            self.decide,
            methods=["POST"],
            summary="Decide on a claim or an amount",
            response_class=JSONResponse,
            responses={**responses, 200: {"model": ReviewedShape}},
            max_body_size=_BODY,
        )

    def waiting(
        self,
        request: Request,
        *,
        limit: Limit = PAGE,
        after: After = 0,
        project: ProjectId = None,
        every: Annotated[bool, Query(alias="all", description="Also those that are not doubtful.")] = False,
    ) -> Response:
        """As `monitor review list --json`, newest first."""
        chosen = (self._known(project),) if project is not None else tuple(self.app.watch.projects)
        found = [each for each in undecided(chosen, self.app.watch, self.app.ledger) if every or each.doubts]
        found.sort(key=lambda each: (each.source.published_at, each.source.article), reverse=True)
        return json_answer(request, page_json(found, open_claim_json, after=after, limit=limit))

    def decided(self, request: Request, limit: Limit = PAGE, after: After = 0, project: ProjectId = None) -> Response:
        """As `monitor review list --decided --json`, newest first."""
        found = self.app.ledger.reviews(self._known(project) if project is not None else None)[::-1]
        return json_answer(request, page_json(found, review_json, after=after, limit=limit))

    def decide(self, request: Request, body: DecisionBody) -> Response:
        """As `monitor review confirm`, `reject`, `correct`, `assign`, `wrong-project` and `undo` with `--json`."""
        try:
            said, source = find_claim(body.claim, self.app.ledger)
        except InputError as error:
            raise HTTPException(HTTPStatus.NOT_FOUND, str(error)) from error
        try:
            reviews = self._reviews(body, said, source, actor_of(request).name)
        except InputError as error:
            raise HTTPException(HTTPStatus.CONFLICT, str(error)) from error
        review = next((each for each in reviews if each.claim == said), reviews[0])
        changes = make(reviews, self.app.watch, self.app.ledger, quiet=body.quiet)
        entry = AuditEntry(
            at=review.undone_at or review.at,
            actor=actor_of(request).name,
            action=f"claims.{body.verdict}",
            target=claim_id(said, source),
            detail={"reason": body.reason, "quiet": body.quiet, "changes": [change.id for change in changes]},
        )
        self.app.audit.add(entry)
        return json_answer(request, reviewed_json(review, changes))

    def _reviews(self, body: DecisionBody, said: Said, source: Source, by: str) -> Sequence[Review]:
        at, ledger = self.app.clock(), self.app.ledger
        if body.verdict == "undo":
            return undoing(said, source, ledger, by=by, at=at)
        if body.verdict == "wrong-project":
            reason = clean(body.reason)
            return wrong_project(said.project, source.article, ledger, by=by, at=at, reason=reason)
        instead: Said | None = None
        if body.verdict == "correct":
            try:
                date = Period.parse(body.date) if body.date is not None else None
                right = ClaimCorrection(stage=body.stage, state=body.state, date=date, value=body.value, unit=body.unit)
                instead = right.of(said, (*self.app.watch.lifecycle_of(said.project).stages, *CONDITIONS))
            except ValueError as error:
                raise InputError(str(error)) from error
        elif body.verdict == "assign":
            if body.project is None or body.project not in self.app.watch.projects or body.project == said.project:
                raise InputError("project: name another project that is watched")
            instead = replace(said, project=body.project, phase=None, confidence=1.0)
        review = Review(
            claim=said,
            source=source,
            verdict=Ruling(body.verdict),
            instead=instead,
            author=by,
            reason=clean(body.reason),
            because=body.because,
            at=at,
        )
        return [review]

    def _known(self, project: str) -> str:
        if project not in self.app.watch.projects:
            raise HTTPException(HTTPStatus.NOT_FOUND, f"There is no project {project!r}.")
        return project
