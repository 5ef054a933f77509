"""The page on what reads: which reader, which language models could, and a trial of one of these."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated

from babel.numbers import format_decimal
from fastapi import APIRouter, Query, Request, Response

from monitor.app.build import App, edit
from monitor.app.trials import ABOUT_TOKENS, End, ModelTrials, Running, TrialOutcome
from monitor.contracts.labels import shipped_sample
from monitor.core.evaluation.trial import Advice, Month, ReaderTrial
from monitor.core.message.tongue import Tongue
from monitor.core.plain import clean
from monitor.errors import ConfigError
from monitor.logs import keep_secret, redact
from monitor.operate.edits import choosing_model, choosing_reader
from monitor.readers.endpoint import Cause, Served, served_here
from monitor.readers.plug import TRAINED
from monitor.settings.edits import is_reference
from monitor.settings.whole import checked
from monitor.web.access import actor_of, form_of
from monitor.web.pages.rendering import SHOW, page, routed, tongue_of, turned_to

_FORM, _LONGEST = 10_000, 1_000
_FIELDS = ("endpoint", "model", "api_key")
#: How a key is referred to.
_REFERENCES = "${NAME}, ${file:PATH}"
#: Seconds after which a page of a trial that runs is loaded again.
_AGAIN = "3"

Done = Annotated[str, Query(pattern="^[a-z]{0,20}$")]


class ModelPages:
    """The page of one monitor."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._trials = ModelTrials(app)

    def router(self) -> APIRouter:
        return routed(
            ("/reader", self.show, SHOW),
            ("/reader/try", self.try_model, _FORM),
            ("/reader/stop", self.stop, _FORM),
            ("/reader/use", self.use, _FORM),
        )

    def show(self, request: Request, done: Done = "") -> Response:
        """What reads and what could, and how a trial is doing."""
        return self._shown(request, done=done)

    async def try_model(self, request: Request) -> Response:
        """Try a language model in the background."""
        form, tongue = form_of(request), tongue_of(request, self._app.watch)
        typed = {key: clean(form.get(key, "")[:_LONGEST]).strip() for key in _FIELDS}
        errors = {key: tongue.say("Fill this in.") for key in ("endpoint", "model") if not typed[key]}
        if typed["api_key"] and not is_reference(typed["api_key"]):
            typed["api_key"] = ""
            errors["api_key"] = tongue.say(
                "Write where the key is kept, as {examples}. A key itself would stand in the file.",
                examples=tongue.foreign(_REFERENCES),
            )
        if not errors:
            change = choosing_model(**typed)
            folder = self._app.config.folder
            try:
                config = await asyncio.to_thread(lambda: checked(folder, change.texts(folder, os.environ), os.environ))
            except ConfigError as refused:
                errors = _refused(refused)
            else:
                keep_secret(config.secrets)
                if self._trials.start(shipped_sample(), change, config):
                    return turned_to(request, "/reader")
                errors = {"": tongue.say("Another trial is running.")}
        return await asyncio.to_thread(self._shown, request, typed=typed, errors=errors)

    def stop(self, request: Request) -> Response:
        """End the trial."""
        self._trials.stop()
        return turned_to(request, "/reader")

    async def use(self, request: Request) -> Response:
        """Let the model that was tried read, or the trained reader."""
        last = self._trials.last
        change = choosing_reader(TRAINED) if form_of(request).get("name") == TRAINED else last.edit if last else None
        if change is not None:
            try:
                await edit(self._app, change, actor_of(request))
            except ConfigError as refused:
                return await asyncio.to_thread(self._shown, request, errors=_refused(refused))
        return turned_to(request, "/reader", done="used" if change else "")

    def _shown(
        self,
        request: Request,
        *,
        done: str = "",
        typed: Mapping[str, str] | None = None,
        errors: Mapping[str, str] | None = None,
    ) -> Response:
        tongue, reader, last = tongue_of(request, self._app.watch), self._app.config.reader, self._trials.last
        is_running = last is not None and not last.is_over
        served = () if is_running else served_here()
        answer = page(
            request,
            "models.html.j2",
            tongue,
            status=HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK,
            reader=reader.use,
            llm=reader.llm,
            served=served,
            last=last,
            is_running=is_running,
            rows=_rows(last.trial, tongue) if last and last.trial else (),
            month=_month(last.month, tongue) if last and last.month else "",
            ended=_ended(last, tongue) if last and last.is_over else "",
            advice=_advice(last.trial.advice, tongue) if last and last.trial else "",
            typed=typed or {**dict.fromkeys(_FIELDS, ""), **_first(served)},
            errors=errors or {},
            done=done,
            references=tongue.foreign(_REFERENCES),
            total=_number(len(shipped_sample()), tongue),
            tokens=_number(ABOUT_TOKENS, tongue),
        )
        if is_running and not errors:
            answer.headers["Refresh"] = _AGAIN
        return answer


def _first(served: Sequence[Served]) -> Mapping[str, str]:
    """What the form offers: the first model that was found."""
    return {"endpoint": served[0].endpoint, "model": served[0].models[0]} if served else {}


def _rows(trial: ReaderTrial, tongue: Tongue) -> tuple[tuple[str, str, str], ...]:
    """What is measured, of the model and of the trained reader."""
    model, beside = trial.model, trial.beside

    def row(words: str, one: float, other: float, pattern: str = "0.00") -> tuple[str, str, str]:
        return words, _number(one, tongue, pattern), _number(other, tongue, pattern)

    return (
        row(tongue.say("Right among its claims"), model.claims.precision, beside.claims.precision),
        row(tongue.say("Claims that it finds"), model.claims.recall, beside.claims.recall),
        row(tongue.say("Both together (F1)"), model.claims.f1, beside.claims.f1),
        row(tongue.say("With the right date"), model.dates.recall, beside.dates.recall),
        row(tongue.say("Seconds for an article"), model.seconds, beside.seconds, "0.0"),
        (tongue.say("Tokens for an article"), _number(trial.tokens_each, tongue), "–"),
    )


def _month(month: Month, tongue: Tongue) -> str:
    counted = {"n": _number(month.articles, tongue), "tokens": _number(month.tokens, tongue)}
    if month.is_own:
        return tongue.say("A month of your news, as the last 30 days: {n} requests, about {tokens} tokens.", **counted)
    return tongue.say(
        "No article of the last 30 days may concern a project. {n} articles would cost about {tokens} tokens.",
        **counted,
    )


def _ended(last: Running, tongue: Tongue) -> str:
    """Why a trial ended before its end, and what to do. "" if it did not."""
    outcome = last.outcome
    if outcome is None:
        return tongue.say("It could not run: {reason}", reason=tongue.foreign(last.error))
    ends = {
        End.WHOLE: "",
        End.STOPPED: tongue.say("It was stopped."),
        End.SLOW: tongue.say("It is too slow, so it was not tried on all articles."),
        End.COSTLY: tongue.say("It costs too many tokens, so it was not tried on all articles."),
        End.NONSENSE: tongue.say("It gave no usable answer to the first articles. It must know structured output."),
        End.FAILED: _failed(outcome, tongue),
    }
    return ends[outcome.end]


def _failed(outcome: TrialOutcome, tongue: Tongue) -> str:
    said = {
        Cause.KEY: tongue.say("The endpoint does not accept the key, or wants one."),
        Cause.MODEL: tongue.say(
            "The endpoint has no such model, or there is none at this address, which usually ends in /v1."
        ),
        Cause.CONNECTION: tongue.say(
            "There is no connection to the endpoint. Look whether it runs, and at its address."
        ),
    }
    cause = outcome.failure.cause if outcome.failure is not None else Cause.OTHER
    return said.get(cause) or tongue.say("The endpoint failed. Try it again later.")


def _advice(advice: Advice, tongue: Tongue) -> str:
    return {
        Advice.YES: tongue.say("It reads at least as well as the trained reader. Recommended."),
        Advice.NO: tongue.say("It reads worse than the trained reader. Not recommended."),
        Advice.UNKNOWN: tongue.say("Too few articles were read to tell whether it reads better."),
    }[advice]


def _number(value: float, tongue: Tongue, pattern: str | None = None) -> str:
    return format_decimal(value, pattern, locale=tongue.locale)


def _refused(error: ConfigError) -> dict[str, str]:
    """What is wrong, by field. "" stands for what no field shows. In English."""
    found: dict[str, str] = {}
    for problem in error.problems:
        key = next((each for each in _FIELDS if problem.key == f"reader.llm.{each}"), "")
        found.setdefault(key, clean(redact(problem.message)))
    return found
