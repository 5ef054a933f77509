"""``reader``: shows what reads the articles, and chooses it."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from monitor.app.opening import load_folder
from monitor.app.trials import LEAST, MOST_TOKENS, PATIENCE, End, ModelTrial, TrialOutcome, news_of_a_month
from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir, must_ask, to_repeat
from monitor.cli.output import err, progress, show, show_json
from monitor.cli.render import NOTHING, count, table, text
from monitor.cli.session import change, opened
from monitor.contracts.labels import shipped_sample
from monitor.contracts.operating import served_json, trial_json
from monitor.core.access import is_loopback
from monitor.core.evaluation.trial import Advice, Month, ReaderTrial, TriedArticle
from monitor.errors import InputError
from monitor.logs import keep_secret
from monitor.operate.configuration import Edit
from monitor.operate.edits import choosing_model, choosing_reader
from monitor.readers.endpoint import USUAL, Cause, Endpoint, Failure, Served, served_here
from monitor.readers.plug import MODEL, TRAINED
from monitor.settings.config import Config, LanguageModel
from monitor.settings.edits import described_model, is_reference
from monitor.settings.whole import checked

# What reads and what could, and what came of trying a language model, on a terminal -----------------------------------


#: The share of the claims that is found: by the trained reader, and with a good language model (docs/model-card.md).
TO_BE_HAD = (
    "trained: on this machine, without anything else. It finds about seven claims in ten.",
    "llm: a language model of your own or of a service. A good one finds more than nine in ten.",
)
#: Where it is looked for models.
LOOKED_AT = ", ".join(
    f"{program} ({endpoint.removeprefix('http://').removesuffix('/v1')})" for endpoint, program in USUAL.items()
)
_MINUTE = 60


def served_lines(served: Sequence[Served]) -> list[str]:
    """One line for each program that serves models on this machine."""
    return [f"{each.program} at {each.endpoint}: {', '.join(each.models)}" for each in served]


def figures(trial: ReaderTrial, model: str, of: int) -> RenderableType:
    """How well and how quickly the model reads, beside the trained reader."""
    rows = table("Of its claims", text(model).plain, "trained", whole=3)
    pair = trial.model, trial.beside
    rows.add_row("right (precision)", *(f"{each.claims.precision:.2f}" for each in pair))
    rows.add_row("found (recall)", *(f"{each.claims.recall:.2f}" for each in pair))
    rows.add_row("both together (F1)", *(f"{each.claims.f1:.2f}" for each in pair))
    rows.add_row("with the right date", *(f"{each.dates.recall:.2f}" for each in pair))
    rows.add_row("seconds an article", *(f"{each.seconds:.1f}" for each in pair))
    rows.add_row("tokens an article", f"{trial.tokens_each:,}", NOTHING)
    said = f"Measured on {trial.articles} of {count(of, 'labelled article')}."
    if trial.unanswered:
        said += f" {trial.unanswered} had no usable answer; there the trained reader's reading counts."
    return Group(rows, said)


def month(found: Month, price: float | None) -> str:
    """What a month of news would cost."""
    cost = f"{count(found.articles, 'request')}, about {found.tokens:,} tokens{money(found.tokens, price)}"
    if found.is_own:
        return f"A month of your news, as the last 30 days: {cost}."
    return (
        f"No article of the last 30 days may concern a project. {count(found.articles, 'article')} would cost {cost}."
    )


def money(tokens: int, price: float | None) -> str:
    """``, 0.64 at 1 per million``. "" without a price."""
    return f", {tokens * price / 1e6:,.2f} at {price:g} per million" if price is not None else ""


def end(outcome: TrialOutcome, of: int) -> str:
    """Why a trial ended early. "" if it did not."""
    read = len(outcome.tried)
    if outcome.end is End.SLOW:
        spent = sum(each.seconds + each.seconds_beside for each in outcome.tried)
        whole = max(1, round(spent / read * of / _MINUTE))
        if all(each.fault for each in outcome.tried):
            return (
                f"It is too slow: {outcome.tried[-1].fault}, for each of the first {LEAST} articles, so {of} would "
                f"take more than {count(whole, 'minute')}. A longer time is reader.llm.timeout in monitor.yaml."
            )
        said = f"It is slow: {of} articles would take {count(whole, 'minute')}"
        return f"{said}, and after {PATIENCE / _MINUTE:g} minutes {read} of them were read."
    if outcome.end is End.COSTLY:
        tokens = sum(each.tokens for each in outcome.tried)
        return (
            f"It costs too much: {count(read, 'article')} took {tokens:,} tokens, so {of} would take "
            f"{round(tokens / read * of):,}. --tokens allows more."
        )
    if outcome.end is End.NONSENSE:
        return (
            f"It gave no usable answer to the first {LEAST} articles: {outcome.tried[-1].fault}. "
            "Try another model; it must know structured output (response_format with json_schema)."
        )
    return ""


def failed(failure: Failure, endpoint: str, model: str, models: Sequence[str], *, has_key: bool) -> str:
    """Why the endpoint failed, and what to do."""
    return f"{endpoint}: {failure.reason}; {_remedy(failure, model, models, has_key=has_key)}"


def _remedy(failure: Failure, model: str, models: Sequence[str], *, has_key: bool) -> str:
    if failure.cause is Cause.KEY:
        return (
            "look at the key that --api-key refers to, and whether it may use this model"
            if has_key
            else "give a key: --api-key '${NAME}', with the variable NAME set where the monitor runs"
        )
    if failure.cause is Cause.MODEL:
        return (
            f"it has no '{model}', but {', '.join(models)}: give one with --model"
            if models and model not in models
            else "look at --model and at the address, which usually ends in /v1"
        )
    if failure.cause is Cause.CONNECTION:
        return "look whether it runs, and at the address"
    return "try again later"


ADVICE = {
    Advice.YES: "It reads at least as well as the trained reader. Recommended.",
    Advice.NO: "It reads worse than the trained reader. Not recommended.",
    Advice.UNKNOWN: "Too few articles were read to tell whether it reads better than the trained reader.",
}


# Tries a language model, shows what came of it, and lets it read if the operator says yes -----------------------------


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
class _ModelChoice:
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
        found = ReaderTrial.of(outcome.tried)
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


def _chosen(folder: Path, wish: Wish) -> _ModelChoice:
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


def _choice(folder: Path, edit: Edit, lines: Sequence[str]) -> _ModelChoice:
    config = checked(folder, edit.texts(folder, os.environ), os.environ)
    assert config.reader.llm is not None, "the edit lets it read"
    return _ModelChoice(edit=edit, lines=tuple(lines), config=config, llm=config.reader.llm)


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


def _announce(trial: ModelTrial, choice: _ModelChoice, wish: Wish, *, asks: bool) -> None:
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


def _run(trial: ModelTrial) -> TrialOutcome:
    read: list[TriedArticle] = []
    try:
        with progress("Reading articles", len(trial)) as advance:

            def heard(tried: TriedArticle) -> None:
                read.append(tried)
                advance()

            return trial.run(heard)
    except KeyboardInterrupt:
        err.print(f"\nStopped after {len(read)} of {count(len(trial), 'article')}. Nothing was written.")
        raise typer.Exit(1) from None


def _why(outcome: TrialOutcome, choice: _ModelChoice, of: int) -> str:
    """Why the trial failed, and what to do."""
    llm, failure = choice.llm, outcome.failure
    if failure is None:
        return f"{llm.model} at {llm.endpoint}: {end(outcome, of)}"
    models = _ask(llm).models() if failure.cause is Cause.MODEL else ()
    names = models if isinstance(models, tuple) else ()
    return failed(failure, llm.endpoint, llm.model, names, has_key=llm.api_key is not None)


def _decides(folder: Path, choice: _ModelChoice, advice: Advice, *, asks: bool) -> bool:
    """Let the model read, if the operator says yes. Returns whether it does."""
    err.print(Text(ADVICE[advice], "green" if advice is Advice.YES else "yellow"))
    wants = advice is Advice.YES
    if asks:
        err.print(Text("\n" + "\n".join(choice.lines) + "\n", "dim"), soft_wrap=True)
        wants = typer.confirm("Write this into monitor.yaml?", default=wants, err=True)
    if wants:
        change(folder, choice.edit)
    return wants


def show_reader(config: ConfigDir = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """Show what reads, which language models were found on this machine, and how well each kind reads.

    Examples:
        monitor reader
        monitor reader show --json
    """
    found, _ = load_folder(config)
    model, served = found.reader.llm, served_here()
    if as_json:
        chosen = {"endpoint": model.endpoint, "model": model.model} if model else None
        name = MODEL if model else found.reader.use
        show_json({"use": name, "llm": chosen, "found": [served_json(each) for each in served]})
        return
    if model:
        show(Text(f"A language model reads: {model.model} at {model.endpoint}, beside {found.reader.use}."))
    else:
        show(Text(f"The reader is {found.reader.use}."))
        if described := described_model(config):
            show(Text(f"Described, but not used: {described[1]} at {described[0]}."))
    show("\nThere are to be had:")
    for line in TO_BE_HAD:
        show(Text(f"  {line}"))
    show(Text(f"\nOn this machine ({LOOKED_AT}):"))
    for line in served_lines(served) or ["no language model was found"]:
        show(Text(f"  {line}"))
    show(Text(f"\nTry one, then decide: monitor reader use llm{to_repeat(config)}"))


def use(
    name: Annotated[str, typer.Argument(metavar="NAME", help="llm, for a language model; or trained.")],
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    endpoint: Annotated[
        str | None, typer.Option("--endpoint", metavar="URL", help="Its base address; looked for on this machine.")
    ] = None,
    model: Annotated[str | None, typer.Option("--model", metavar="NAME", help="Its name at the endpoint.")] = None,
    api_key: Annotated[
        str | None,
        typer.Option("--api-key", metavar="REFERENCE", help="Where its key is: '${NAME}' or '${file:PATH}'."),
    ] = None,
    price: Annotated[
        float | None, typer.Option("--price", metavar="N", min=0, help="Of a million tokens, in any currency.")
    ] = None,
    tokens: Annotated[
        int, typer.Option("--tokens", metavar="N", min=1, help="The most tokens that trying it may cost.")
    ] = MOST_TOKENS,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask: write it if it reads at least as well as the trained reader.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Choose what reads: llm or trained. A language model is first tried on labelled articles.

    Without --endpoint, the model that monitor.yaml describes is tried, else one that is found on this machine. It reads
    40 invented articles in five languages, and so does the trained reader. The result shows how well and how quickly
    both read, and what a month of your news would cost. Nothing is written unless you say yes. Ctrl-C ends it.

    Examples:
        monitor reader use llm
        monitor reader use llm --endpoint https://llm.example.org/v1 --model large --api-key '${LLM_KEY}' --price 0.6
        monitor reader use trained
    """
    wish = Wish(endpoint=endpoint, model=model, api_key=api_key, price=price, tokens=tokens)
    if name == MODEL:
        use_model(config, wish, yes=yes, as_json=as_json)
    elif name == TRAINED:
        if wish != Wish(tokens=tokens):
            raise typer.BadParameter("takes none of the options of a language model", param_hint=TRAINED)
        change(config, choosing_reader(TRAINED))
        tell(TRAINED, as_json=as_json)
    else:
        message = f"there are llm and trained; for another reader write reader: {{use: {name}}} in monitor.yaml"
        raise typer.BadParameter(message, param_hint="NAME")
