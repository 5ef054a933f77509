"""Tries a language model, shows what came of it, and lets it read if the operator says yes."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import typer
from rich.text import Text

from monitor.app.measuring import MOST_TOKENS, End, ModelTrial, Outcome, news_of_a_month
from monitor.cli.options import must_ask
from monitor.cli.output import err, progress, show, show_json
from monitor.cli.render import count
from monitor.cli.render_reader import ADVICE, LOOKED_AT, end, failed, figures, money, month, served_lines
from monitor.cli.session import change, opened
from monitor.contracts.sample import shipped_sample
from monitor.contracts.trial import trial_json
from monitor.core.access import is_loopback
from monitor.core.evaluation.trial import Advice, Trial, Tried
from monitor.errors import InputError
from monitor.logs import keep_secret
from monitor.operate.configuration import Edit
from monitor.operate.edits import choosing_model, choosing_reader
from monitor.readers.endpoint import Cause, Endpoint, Failure
from monitor.readers.finding import Served, served_here
from monitor.readers.plug import MODEL
from monitor.settings.chosen import described_model, is_reference
from monitor.settings.config import Config, LanguageModel
from monitor.settings.writing import checked


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the operator wishes to try, as far as it was said."""

    endpoint: str | None = None
    model: str | None = None
    #: A reference to it.
    api_key: str | None = None
    #: Of a million tokens.
    price: float | None = None
    #: The most that the trial may cost.
    tokens: int = MOST_TOKENS


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """The model that is tried, and the edit that lets it read."""

    edit: Edit
    #: The lines to be shown before they are written.
    lines: tuple[str, ...]
    #: The whole configuration with the edit.
    config: Config
    llm: LanguageModel

    @property
    def is_here(self) -> bool:
        """Whether it is on this machine."""
        return is_loopback(urlsplit(self.llm.endpoint).hostname or "")


def use_model(folder: Path, wish: Wish, *, yes: bool, as_json: bool) -> None:
    """Try a language model, and let it read if the operator says yes.

    Raises:
        InputError: there is no model, or it cannot be measured.
        ConfigError: the configuration is invalid, or would be with it.
    """
    if wish.api_key is not None and not is_reference(wish.api_key):
        raise typer.BadParameter(
            "a key does not belong on the command line, where the history of the shell keeps it; set a variable where "
            "the monitor runs and write its name in single quotes, '${NAME}', or write '${file:PATH}'",
            param_hint="--api-key",
        )
    asks = must_ask(yes=yes)
    choice = _chosen(folder, wish)
    keep_secret(choice.config.secrets)
    with opened(folder, as_json=as_json) as app:
        trial = ModelTrial(
            shipped_sample(),
            app.setup().lexicons,
            choice.llm,
            weights=choice.config.reader.weights,
            most_tokens=wish.tokens,
        )
        _announce(trial, choice, wish, asks=asks)
        outcome = _run(trial)
        if not outcome.tried or all(each.fault for each in outcome.tried):
            raise InputError(_why(outcome, choice, len(trial)))
        found = Trial.of(outcome.tried)
        cost = found.month(news_of_a_month(app, choice.llm.model))
    if not as_json:
        show(figures(found, choice.llm.model, len(trial)))
        show(Text(month(cost, wish.price)))
    if outcome.end is End.FAILED:
        raise InputError(_why(outcome, choice, len(trial)))
    if outcome.end is not End.WHOLE:
        err.print(Text(end(outcome, len(trial))), soft_wrap=True)
    reads = _decides(folder, choice, found.advice, asks=asks)
    if as_json:
        llm = {"endpoint": choice.llm.endpoint, "name": choice.llm.model}
        show_json({**llm, "end": outcome.end, **trial_json(found, cost), "written": reads})
    elif reads:
        tell(MODEL, as_json=False)
    else:
        show("Nothing was written.")
    if not reads and not asks:
        raise InputError("--yes lets a model read only if it reads at least as well as the trained reader")


def tell(name: str, *, as_json: bool) -> None:
    """Say what reads from now on."""
    if as_json:
        show_json({"use": name})
    else:
        show(Text(f"From now on {name} reads. A running service takes it up in some seconds."))
        show("What it reads in the articles that are known: monitor rebuild")


# ---------------------------------------------------------------- which model


def _chosen(folder: Path, wish: Wish) -> _Choice:
    described = described_model(folder)
    if wish.endpoint is None and described is not None and wish.model in {None, described[1]} and wish.api_key is None:
        return _choice(folder, choosing_reader(MODEL), ["reader:", "  use: llm"])
    if wish.endpoint is not None:
        endpoint, model = wish.endpoint, wish.model or _one_of(_models_at(folder, wish, wish.endpoint))
    else:
        endpoint, model = _found_here(wish)
    key = wish.api_key or ""
    lines = ["reader:", "  use: llm", "  llm:", f"    endpoint: {endpoint}", f"    model: {model}"]
    return _choice(folder, choosing_model(endpoint, model, key), [*lines, *([f"    api_key: {key}"] if key else [])])


def _choice(folder: Path, edit: Edit, lines: Sequence[str]) -> _Choice:
    config = checked(folder, edit.texts(folder, os.environ), os.environ)
    assert config.reader.llm is not None, "the edit lets it read"
    return _Choice(edit=edit, lines=tuple(lines), config=config, llm=config.reader.llm)


def _found_here(wish: Wish) -> tuple[str, str]:
    served = served_here()
    for line in served_lines(served):
        err.print(Text(f"Found {line}"), soft_wrap=True)
    at: Mapping[str, Served] = {model: each for each in reversed(served) for model in each.models}
    if not at:
        raise InputError(
            f"no language model was found on this machine: {LOOKED_AT}; start one of these, or name another: "
            "monitor reader use llm --endpoint https://host/v1 --model NAME --api-key '${NAME}'"
        )
    if wish.model is not None and wish.model not in at:
        raise typer.BadParameter(f"no '{wish.model}' on this machine; there are: {', '.join(at)}", param_hint="--model")
    name = wish.model or _one_of([model for each in served for model in each.models])
    return at[name].endpoint, name


def _models_at(folder: Path, wish: Wish, endpoint: str) -> Sequence[str]:
    """The names of the models at an endpoint. Raises InputError if it does not say, or has none."""
    llm = _choice(folder, choosing_model(endpoint, "any", wish.api_key or ""), []).llm
    models = _ask(llm).models()
    if isinstance(models, Failure):
        if models.cause is Cause.MODEL:
            raise InputError(f"{endpoint}: it does not list its models; name one with --model, and look at the address")
        raise InputError(failed(models, endpoint, "", (), has_key=llm.api_key is not None))
    if not models:
        raise InputError(f"{endpoint}: it has no model; load one there")
    return models


def _ask(llm: LanguageModel) -> Endpoint:
    return Endpoint(llm.endpoint, api_key=llm.api_key or "", timeout=llm.timeout.total_seconds())


def _one_of(models: Sequence[str]) -> str:
    """The only model, or the one that the operator names on the terminal."""
    if len(models) == 1:
        return models[0]
    if not sys.stdin.isatty():
        raise typer.BadParameter(f"there are several: {', '.join(models)}; name one with --model")
    for number, model in enumerate(models, start=1):
        err.print(Text(f"{number:>3}  {model}"), soft_wrap=True)
    chosen = int(typer.prompt("Which one? Its number", type=int, err=True))
    if not 1 <= chosen <= len(models):
        raise typer.BadParameter(f"there is no number {chosen}")
    return models[chosen - 1]


# ---------------------------------------------------------------- the trial


def _announce(trial: ModelTrial, choice: _Choice, wish: Wish, *, asks: bool) -> None:
    llm, about = choice.llm, trial.estimate()
    if about > wish.tokens:
        err.print(Text(f"It may cost {wish.tokens:,} tokens, and would take about {about:,}: not all will be read."))
    said = (
        f"Tries {llm.model} at {llm.endpoint} on {count(len(trial), 'invented article')} in five languages, beside the "
        f"trained reader: about {about:,} tokens{money(about, wish.price)}. Ctrl-C ends it."
    )
    err.print(Text(said), soft_wrap=True)
    if asks and not choice.is_here:
        typer.confirm("Send them there?", default=True, abort=True, err=True)


def _run(trial: ModelTrial) -> Outcome:
    read: list[Tried] = []
    try:
        with progress("Reading articles", len(trial)) as advance:

            def heard(tried: Tried) -> None:
                read.append(tried)
                advance()

            return trial.run(heard)
    except KeyboardInterrupt:
        err.print(f"\nStopped after {len(read)} of {count(len(trial), 'article')}. Nothing was written.")
        raise typer.Exit(1) from None


def _why(outcome: Outcome, choice: _Choice, of: int) -> str:
    """Why the trial failed, and what to do."""
    llm, failure = choice.llm, outcome.failure
    if failure is None:
        return f"{llm.model} at {llm.endpoint}: {end(outcome, of)}"
    models = _ask(llm).models() if failure.cause is Cause.MODEL else ()
    names = models if isinstance(models, tuple) else ()
    return failed(failure, llm.endpoint, llm.model, names, has_key=llm.api_key is not None)


def _decides(folder: Path, choice: _Choice, advice: Advice, *, asks: bool) -> bool:
    """Let the model read, if the operator says yes. Returns whether it does."""
    err.print(Text(ADVICE[advice], "green" if advice is Advice.YES else "yellow"))
    wants = advice is Advice.YES
    if asks:
        err.print(Text("\n" + "\n".join(choice.lines) + "\n", "dim"), soft_wrap=True)
        wants = typer.confirm("Write this into monitor.yaml?", default=wants, err=True)
    if wants:
        change(folder, choice.edit)
    return wants
