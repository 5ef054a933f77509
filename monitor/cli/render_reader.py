"""What reads and what could, and what came of trying a language model, on a terminal."""

from collections.abc import Sequence

from rich.console import Group, RenderableType

from monitor.app.measuring import LEAST, PATIENCE, End, Outcome
from monitor.cli.render import NOTHING, count, table, text
from monitor.core.evaluation.trial import Advice, Month, Trial
from monitor.readers.endpoint import Cause, Failure
from monitor.readers.finding import USUAL, Served

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


def figures(trial: Trial, model: str, of: int) -> RenderableType:
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


def end(outcome: Outcome, of: int) -> str:
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
