"""The pages on which operators decide on claims: what waits, one claim, and what a decision would change."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from math import isfinite
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from monitor.app.build import App
from monitor.contracts.status import said_json
from monitor.core.lifecycle import CONDITIONS, Condition
from monitor.core.message import words
from monitor.core.message.told import statement
from monitor.core.message.tongue import Tongue
from monitor.core.model import Claim, Fact, Said, State
from monitor.core.news import Mistake
from monitor.core.notes import objection_words
from monitor.core.periods import Period
from monitor.core.plain import clean
from monitor.core.review import Doubt, OpenClaim, Review, Ruling, claim_id
from monitor.core.state import Source
from monitor.errors import InputError
from monitor.know.queries import Foreseen
from monitor.know.review import decision_on, find_claim, foresee, make, undecided, undoing
from monitor.ports import AuditEntry
from monitor.watch.watch import Watched
from monitor.web.access import actor_of, form_of
from monitor.web.pages.rendering import LANGUAGE, page, tongue_of, zone_of
from monitor.web.pages.what_if import alerts
from monitor.web.view.article import ArticleWords
from monitor.web.view.effect import effect

# The form of a decision on a claim: what was typed, and what is wrong with it -----------------------------------------


_MAX_REASON, _MAX_UNIT, _MAX_NUMBER = 500, 20, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionDraft:
    """A decision as it was typed."""

    #: A ``Ruling``, ``undo``, or "" for none yet.
    verdict: str = ""
    stage: str = ""
    state: str = ""
    date: str = ""
    value: str = ""
    unit: str = ""
    project: str = ""
    reason: str = ""
    because: str = ""
    quiet: bool = False
    #: What replaces the claim. None if nothing does, or if it is not understood.
    instead: Said | None = None
    #: By field, in the reader's words.
    errors: Mapping[str, str] = field(default_factory=dict)


def drafted(said: Said) -> DecisionDraft:
    """The form before anything was typed: with what was read."""
    if isinstance(said, Claim):
        return DecisionDraft(stage=said.stage, state=said.state.value, date=str(said.date) if said.date else "")
    return DecisionDraft(value=f"{said.value:.15g}", unit=said.unit)


def read_draft(form: Mapping[str, str], said: Said, watch: Watched, tongue: Tongue) -> DecisionDraft:
    """What was typed. It can be decided if it has no errors."""

    def typed(name: str) -> str:
        return form.get(name, "").strip()

    draft = DecisionDraft(
        verdict=typed("verdict"),
        stage=typed("stage"),
        state=typed("state"),
        date=typed("date"),
        value=typed("value"),
        unit=typed("unit"),
        project=typed("project"),
        reason=clean(form.get("reason", "")),
        because=typed("because"),
        quiet=bool(form.get("quiet")),
    )
    if draft.verdict == "undo":
        return draft
    errors: dict[str, str] = {}
    instead: Said | None = None
    if len(draft.reason) > _MAX_REASON:
        errors["reason"] = tongue.say("At most {n} characters, please.", n=_MAX_REASON)
    if draft.because and draft.because not in set(Mistake):
        errors["because"] = tongue.say("Choose what was wrong.")
    if draft.verdict not in set(Ruling):
        errors["verdict"] = tongue.say("Choose what is to become of it.")
    elif draft.verdict == Ruling.CORRECT:
        instead = _corrected(draft, said, watch, tongue, errors)
        if instead == replace(said, confidence=1.0) and not errors:
            errors["verdict"] = tongue.say("Nothing of it is changed. Change something, or confirm it.")
    elif draft.verdict == Ruling.ASSIGN:
        if draft.project in watch.projects and draft.project != said.project:
            instead = replace(said, project=draft.project, phase=None, confidence=1.0)
        else:
            errors["project"] = tongue.say("Choose another project.")
    return replace(draft, instead=instead, errors=errors)


def _corrected(draft: DecisionDraft, said: Said, watch: Watched, tongue: Tongue, errors: dict[str, str]) -> Said | None:
    """What is right instead. Problems are added to the errors."""
    if isinstance(said, Fact):
        return _amount(draft, said, tongue, errors)
    if not (watch.lifecycle_of(said.project).has(draft.stage) or draft.stage in CONDITIONS):
        errors["stage"] = tongue.say("Choose a stage or a condition.")
    if draft.state not in set(State):
        errors["state"] = tongue.say("Choose what is said of it.")
    date: Period | None = None
    try:
        date = Period.parse(draft.date) if draft.date else None
    except ValueError:
        errors["date"] = tongue.say("Write a date like 2026, 2026-H1, 2026-Q3, 2026-09 or 2026-09-30.")
    if errors:
        return None
    return replace(said, stage=draft.stage, state=State(draft.state), date=date, confidence=1.0)


def _amount(draft: DecisionDraft, said: Fact, tongue: Tongue, errors: dict[str, str]) -> Said | None:
    value = _number(draft.value)
    if value is None:
        errors["value"] = tongue.say("Write a number in full units, like 3000000000.")
    if not draft.unit or len(draft.unit) > _MAX_UNIT or clean(draft.unit) != draft.unit:
        errors["unit"] = tongue.say("Write a unit like MAD, t/yr or GWh/yr.")
    return None if value is None or errors else replace(said, value=value, unit=draft.unit, confidence=1.0)


def _number(text: str) -> float | None:
    try:
        value = float(text) if len(text) <= _MAX_NUMBER else -1.0
    except ValueError:
        return None
    return value if isfinite(value) and value >= 0 else None


#: The most bytes of a form: a reason of 500 letters in any script.
_MAX_FORM = 10_000
#: Claims or decisions of one page.
_CLAIMS = 50
#: The verdict that undoes a decision.
_UNDO = "undo"

ClaimId = Annotated[str, Path(max_length=200)]
Number = Annotated[int, Query(ge=1, le=100_000)]
ProjectId = Annotated[str, Query(max_length=200)]
#: Which claims are listed.
Which = Annotated[str, Query(pattern="^(doubtful|all|decided)$")]


@dataclass(frozen=True, slots=True)
class Reviewing:
    """Decisions on the claims of one monitor."""

    app: App

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/review", self.waiting, methods=["GET", "HEAD"], response_class=Response)
        router.add_api_route("/review/{claim}", self.show, methods=["GET", "HEAD"], response_class=Response)
        router.add_api_route(
            "/review/{claim}", self.decide, methods=["POST"], response_class=Response, max_body_size=_MAX_FORM
        )
        return router

    # ------------------------------------------------------------ what waits

    def waiting(
        self, request: Request, which: Which = "doubtful", project: ProjectId = "", number: Number = 1
    ) -> Response:
        """The claims that nobody has decided on, or the decisions, the newest first."""
        watch, tongue, telling = self.app.watch, self._tongue(request), self._telling(request)
        if project and project not in watch.projects:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        first = (number - 1) * _CLAIMS
        if which == "decided":
            made = self.app.ledger.reviews(project or None)[::-1]
            rows, total = [_decision_row(each, telling) for each in made[first : first + _CLAIMS]], len(made)
        else:
            found = undecided((project,) if project else tuple(watch.projects), watch, self.app.ledger)
            waiting = [each for each in found if which == "all" or each.doubts]
            waiting.sort(key=lambda each: (each.source.published_at, each.source.article), reverse=True)
            rows, total = [_open_row(each, telling) for each in waiting[first : first + _CLAIMS]], len(waiting)
        return page(
            request,
            "review.html.j2",
            tongue,
            which=which,
            project=project,
            projects={each.id: tongue.name(each) for each in watch.projects.values()},
            rows=rows,
            number=number,
            is_more=first + _CLAIMS < total,
        )

    # ------------------------------------------------------------ one claim

    def show(self, request: Request, claim: ClaimId) -> Response:
        """One claim, the decisions on it, and the form to decide."""
        said, source = self._find(claim)
        return self._page(request, said, source, drafted(said))

    def decide(self, request: Request, claim: ClaimId) -> Response:
        """Show what a decision would change. Make it if the form says that this was seen."""
        said, source = self._find(claim)
        form, actor, tongue = form_of(request), actor_of(request), self._tongue(request)
        draft = read_draft(form, said, self.app.watch, tongue)
        at = self.app.clock()
        if draft.verdict == _UNDO:
            try:
                reviews = undoing(said, source, self.app.ledger, by=actor.name, at=at)
            except InputError:
                # Somebody else was faster.
                return self._page(request, said, source, drafted(said))
        elif draft.errors:
            return self._page(request, said, source, draft, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        else:
            review = Review(
                claim=said,
                source=source,
                verdict=Ruling(draft.verdict),
                instead=draft.instead,
                author=actor.name,
                reason=draft.reason,
                because=Mistake(draft.because) if draft.because else None,
                at=at,
            )
            reviews = [review]
        if not form.get("sure"):
            seen = foresee(reviews, self.app.watch, self.app.ledger, quiet=draft.quiet)
            return self._page(request, said, source, draft, foreseen=seen)
        changes = make(reviews, self.app.watch, self.app.ledger, quiet=draft.quiet)
        self.app.audit.add(
            AuditEntry(
                at=at,
                actor=actor.name,
                action=f"claims.{draft.verdict}",
                target=claim_id(said, source),
                detail={
                    "said": _plain(said),
                    "instead": _plain(draft.instead) if draft.instead else None,
                    "reason": draft.reason,
                    "quiet": draft.quiet,
                    "changes": [change.id for change in changes],
                },
            )
        )
        kept = {LANGUAGE: request.query_params[LANGUAGE]} if LANGUAGE in request.query_params else {}
        path = f"/review/{quote(claim_id(said, source), safe=':')}"
        return RedirectResponse(f"{path}?{urlencode(kept)}" if kept else path, HTTPStatus.SEE_OTHER)

    def _find(self, claim: str) -> tuple[Said, Source]:
        try:
            said, source = find_claim(claim, self.app.ledger)
        except InputError as error:
            raise HTTPException(HTTPStatus.NOT_FOUND) from error
        if claim_id(said, source) != claim or said.project not in self.app.watch.projects:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return said, source

    def _page(
        self,
        request: Request,
        said: Said,
        source: Source,
        draft: DecisionDraft,
        *,
        foreseen: Foreseen | None = None,
        status: int = HTTPStatus.OK,
    ) -> Response:
        watch, tongue, telling = self.app.watch, self._tongue(request), self._telling(request)
        project, id_ = watch.projects[said.project], claim_id(said, source)
        history = [each for each in self.app.ledger.reviews(said.project) if claim_id(each.claim, each.source) == id_]
        stages = (*watch.lifecycle_of(said.project).stages, *Condition)
        return page(
            request,
            "decision.html.j2",
            tongue,
            status=status,
            claim=id_,
            words=statement(said, tongue),
            quote=tongue.quoted(said.evidence) if said.evidence else "",
            sure=tongue.share(said.confidence),
            place=telling.place(source),
            article=source.article,
            project=project.id,
            name=tongue.name(project),
            history=[_decision_row(each, telling) for each in history[::-1]],
            is_decided=decision_on(said, source, self.app.ledger) is not None,
            is_claim=isinstance(said, Claim),
            stages={stage: words.status(tongue, stage) for stage in stages},
            mistakes={each.value: words.mistake(tongue, each) for each in Mistake},
            states={state.value: words.state(tongue, state) for state in State},
            projects={each.id: tongue.name(each) for each in watch.projects.values() if each.id != said.project},
            draft=draft,
            effects=None
            if foreseen is None
            else [
                effect(watch.projects[each], before, after, foreseen.changes, tongue)
                for each, (before, after) in foreseen.states.items()
            ],
            alerts=()
            if foreseen is None
            else alerts(
                foreseen.outgoing,
                foreseen.changes,
                labels=self.app.labels,
                tongue=tongue,
                zone=zone_of(request, watch),
                now=self.app.clock(),
            ),
        )

    def _tongue(self, request: Request) -> Tongue:
        return tongue_of(request, self.app.watch)

    def _telling(self, request: Request) -> ArticleWords:
        watch = self.app.watch
        return ArticleWords(self._tongue(request), zone_of(request, watch), watch.projects, watch.policy.alert_from)


def _open_row(item: OpenClaim, telling: ArticleWords) -> dict[str, object]:
    return {
        **_row(item.claim, item.source, telling),
        "company": item.claim.objection.company if item.claim.objection else "",
        "doubts": [
            *([objection_words(item.claim.objection, telling.tongue)] if item.claim.objection else ()),
            *(_doubt(each, telling.tongue) for each in item.doubts),
        ],
        "copies": item.copies,
        "decision": "",
        "reason": "",
        "undone": "",
    }


def _decision_row(review: Review, telling: ArticleWords) -> dict[str, object]:
    undone = ""
    if review.undone_at is not None:
        by = telling.tongue.foreign(review.undone_by or "")
        undone = telling.tongue.say("Undone by {operator}, {day}", operator=by, day=telling.day(review.undone_at))
    return {
        **_row(review.claim, review.source, telling),
        "company": "",
        "doubts": [],
        "copies": 0,
        "decision": telling.decided(review),
        "reason": telling.tongue.foreign(review.reason),
        "undone": undone,
    }


def _row(said: Said, source: Source, telling: ArticleWords) -> dict[str, object]:
    tongue, project = telling.tongue, telling.projects.get(said.project)
    return {
        "id": claim_id(said, source) if project else "",
        "name": tongue.name(project) if project else tongue.foreign(said.project),
        "words": statement(said, tongue),
        "sure": tongue.share(said.confidence),
        "quote": tongue.quoted(said.evidence) if said.evidence else "",
        "place": telling.place(source),
        "article": source.article,
    }


def _doubt(doubt: Doubt, tongue: Tongue) -> str:
    match doubt:
        case Doubt.UNVERIFIED:
            return tongue.say("reported, not verified: its reader was not sure, and too few others say so")
        case Doubt.AHEAD:
            return tongue.say("ahead: a delay, a halt or an end is expected, which no status shows")
        case Doubt.DISPUTED:
            return tongue.say("disputed: credible sources contradict each other")
        case Doubt.BACKWARD:
            return tongue.say("backward: others reported it before")
        case Doubt.LONE:
            return tongue.say("alone: only an outlet of little trust says so")


def _plain(said: Said) -> dict[str, object]:
    """What was decided on, for the audit log: without its sentence, which stays with the claim."""
    return {name: value for name, value in said_json(said).items() if name not in {"evidence", "confidence"}}
