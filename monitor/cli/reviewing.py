"""``review``: lists claims and facts that need a look, and records an operator's decisions on them."""

import getpass
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir, Limit, known
from monitor.cli.output import show, show_json
from monitor.cli.render import UNVERIFIED, Blocks, in_a_row, instant, lines, proof, said, text
from monitor.cli.render_lists import move
from monitor.cli.session import consulted, opened
from monitor.contracts.status import open_claim_json, review_json, reviewed_json
from monitor.core.lifecycle import Condition
from monitor.core.message.tongue import Tongue
from monitor.core.model import Said, State
from monitor.core.news import Change, Mistake
from monitor.core.notes import objection_words
from monitor.core.periods import Period
from monitor.core.review import ClaimCorrection, Doubt, OpenClaim, Review, Ruling, claim_id
from monitor.core.state import Evidence, Source
from monitor.errors import InputError
from monitor.know.review import find_claim, make, undecided, undoing
from monitor.know.review import wrong_project as reject_whole

# Claims to decide on, and decisions, on a terminal --------------------------------------------------------------------


_VERDICT_STYLE = {Ruling.CONFIRM: "green", Ruling.REJECT: "red", Ruling.CORRECT: "cyan", Ruling.ASSIGN: "cyan"}
_DONE = {
    Ruling.CONFIRM: "confirmed",
    Ruling.REJECT: "rejected",
    Ruling.CORRECT: "corrected",
    Ruling.ASSIGN: "assigned",
}


def open_claims(items: Iterable[OpenClaim]) -> RenderableType:
    """Each claim by its id, with its doubts, sentence and source."""
    shown = Blocks()
    for item in items:
        why = [objection_words(item.claim.objection, Tongue.of({}, "en"))] if item.claim.objection else []
        named = [UNVERIFIED if doubt is Doubt.UNVERIFIED else doubt.value for doubt in item.doubts]
        doubts = Text("; ".join([*why, *named]), "yellow") if why or named else None
        copies = f"and {item.copies:,} more of the story" if item.copies else None
        shown.add_row(
            Text(claim_id(item.claim, item.source), "bold"),
            in_a_row(said(item.claim), doubts, f"sure {item.claim.confidence:.2f}", copies),
            *proof(Evidence(source=item.source, sentence=item.claim.evidence)),
        )
    return shown


def decisions(reviews: Iterable[Review], zone: tzinfo) -> RenderableType:
    """Each decision with its author, time and reason, and whether it was undone."""
    shown = Blocks()
    for review in reviews:
        undone = f"undone by {review.undone_by}, {instant(review.undone_at, zone)}" if review.undone_at else None
        shown.add_row(
            Text(claim_id(review.claim, review.source), "bold"),
            lines(
                in_a_row(_verdict(review), f"by {review.author}, {instant(review.at, zone)}"),
                text(review.reason),
                Text(undone, "yellow") if undone else None,
            ),
            *proof(Evidence(source=review.source, sentence=review.claim.evidence)),
        )
    return shown


def outcome(reviews: Iterable[Review], changes: Sequence[Change]) -> Text:
    """Decisions that were made or undone together, and the changes that they cause, one per line."""
    moved = [Text.assemble("  ", text(change.project), ": ", move(change)) for change in changes]
    return lines(*map(_head, reviews), *(moved or [Text("  nothing moves by it", "dim")]))


def _head(review: Review) -> Text:
    head = Text.assemble(("✔ ", "green"), (claim_id(review.claim, review.source), "bold"), " ")
    return head.append_text(Text("undone: ", "yellow") if review.undone_at else Text()).append_text(_verdict(review))


def _verdict(review: Review) -> Text:
    """``corrected: operating expected 2026 → operating expected 2026-09``."""
    told = Text.assemble((_DONE[review.verdict], _VERDICT_STYLE[review.verdict]), ": ", said(review.claim))
    if review.instead:
        told.append(" → ")
        if review.verdict is Ruling.ASSIGN:
            told.append(review.instead.project)
        else:
            told.append_text(said(review.instead))
    return told


if TYPE_CHECKING:
    from monitor.app.build import App

ClaimId = Annotated[str, typer.Argument(metavar="CLAIM", help="As monitor review shows it.")]
ClaimIds = Annotated[list[str], typer.Argument(metavar="CLAIM", help="As monitor review shows them.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept with the decision.")]
Author = Annotated[
    str | None,
    typer.Option("--by", metavar="NAME", envvar="MONITOR_AUTHOR", help="Who decides; the user's name when absent."),
]
Because = Annotated[
    Mistake | None,
    typer.Option("--because", help="What was wrong; those who were told the mistake read it in their language."),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Tell no subscriber what moves by it.")]


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def list_claims(
    project: Annotated[str | None, typer.Option("--project", metavar="ID", help="Of this project only.")] = None,
    limit: Limit = 20,
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    every: Annotated[bool, typer.Option("--all", help="All that nobody has decided on, doubtful or not.")] = False,
    decided: Annotated[bool, typer.Option("--decided", help="The decisions that were made, instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """List claims and amounts that need a look, newest last, each with its sentence, source and doubts.

    A claim is reported, not verified (its reader is not sure and too few others say so: it moves nothing yet), ahead
    (it expects a delay, a halt or an end, which no status shows), disputed (credible sources contradict each other),
    backward (it denies or still expects what was reported before), or lone (only an outlet of little trust says that it
    happened).

    Examples:
        monitor review list
        monitor review list --project btr-cathode --all
        monitor review list --decided --json
    """
    with consulted(config) as app:
        chosen = (known("project", project, app.watch.projects),) if project else tuple(app.watch.projects)
        if decided:
            made = app.ledger.reviews(project)[-limit:]
        else:
            found = [each for each in undecided(chosen, app.watch, app.ledger) if every or each.doubts]
            found = sorted(found, key=lambda each: (each.source.published_at, each.source.article))[-limit:]
    if decided:
        if as_json:
            for review in made:
                show_json(review_json(review))
        else:
            show(decisions(made, app.watch.timezone) if made else "No decisions yet.")
    elif as_json:
        for each in found:
            show_json(open_claim_json(each))
    else:
        show(open_claims(found) if found else "Nothing is doubtful.")


def confirm(
    claims: ClaimIds,
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    reason: Reason = "",
    by: Author = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Confirm that claims are true. Each then counts as if an official source had said it too.

    Example:
        monitor review confirm btr-cathode:98831941 --reason "Seen on site"
    """
    with _Desk.opened(config, by, quiet=quiet, as_json=as_json) as desk:
        desk.decide(desk.find(claims), Ruling.CONFIRM, reason)


def reject(
    claims: ClaimIds,
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    because: Because = None,
    reason: Reason = "",
    by: Author = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Reject claims that are false or that nobody makes. They no longer affect what is known.

    Everybody who was told of them gets one correction.

    Example:
        monitor review reject btr-cathode:615baaf4 --because date --reason "Announced before"
    """
    with _Desk.opened(config, by, quiet=quiet, as_json=as_json) as desk:
        desk.decide(desk.find(claims), Ruling.REJECT, reason, because=because)


def wrong_project(
    claim: ClaimId,
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    reason: Reason = "",
    by: Author = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Say that the article of a claim is not about its project. All that it says of that project is rejected at once.

    Everybody who was told of it gets one correction. monitor review undo undoes all of it.

    Example:
        monitor review wrong-project btr-cathode:615baaf4
    """
    with _Desk.opened(config, by, quiet=quiet, as_json=as_json) as desk:
        desk.reject_article(desk.find([claim])[0], reason)


def correct(
    claim: ClaimId,
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    stage: Annotated[str | None, typer.Option("--stage", help="The stage or condition that is meant.")] = None,
    state: Annotated[State | None, typer.Option("--state", help="What is said of it.")] = None,
    date: Annotated[
        Period | None, typer.Option("--date", parser=_period, metavar="DATE", help="As fine as known: 2026, 2026-Q3.")
    ] = None,
    value: Annotated[float | None, typer.Option("--value", help="Of an amount: in full units.")] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="Of an amount: MAD, t/yr, GWh/yr, …")] = None,
    because: Because = None,
    reason: Reason = "",
    by: Author = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Correct a claim or an amount. The correction replaces it, as if an official source had said it.

    Examples:
        monitor review correct btr-cathode:8e934e47 --date 2024-04
        monitor review correct btr-cathode:a0b8a7ec --value 3000000000 --unit MAD
    """
    right = ClaimCorrection(stage=stage, state=state, date=date, value=value, unit=unit)
    if right == ClaimCorrection():
        raise typer.BadParameter("say what is right: --stage, --state or --date; of an amount --value or --unit")
    with _Desk.opened(config, by, quiet=quiet, as_json=as_json) as desk:
        [(wrong, _)] = found = desk.find([claim])
        stages = (*desk.app.watch.lifecycle_of(wrong.project).stages, *Condition)
        try:
            instead = right.of(wrong, stages)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error
        desk.decide(found, Ruling.CORRECT, reason, instead, because)


def assign(
    claim: ClaimId,
    project: Annotated[str, typer.Argument(metavar="PROJECT", help="The id of the project that it is about.")],
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    reason: Reason = "",
    by: Author = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Assign a claim to another project. It counts there, with the weight of the outlet that made it.

    Example:
        monitor review assign btr-cathode:1bfeaab5 btr-anode
    """
    with _Desk.opened(config, by, quiet=quiet, as_json=as_json) as desk:
        known("project", project, desk.app.watch.projects)
        [(wrong, _)] = found = desk.find([claim])
        right = replace(wrong, project=project, phase=None, confidence=1.0)
        desk.decide(found, Ruling.ASSIGN, reason, right)


def undo(
    claims: ClaimIds,
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    by: Author = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Undo the last decision on claims. It stays on record.

    Example:
        monitor review undo btr-cathode:615baaf4
    """
    with _Desk.opened(config, by, quiet=quiet, as_json=as_json) as desk:
        desk.undo(desk.find(claims))


@dataclass(frozen=True, slots=True)
class _Desk:
    """Records the decisions of one operator, those of a command together, and shows them."""

    app: "App"
    author: str
    quiet: bool
    as_json: bool

    @classmethod
    @contextmanager
    def opened(cls, config: Path, by: str | None, *, quiet: bool, as_json: bool) -> "Iterator[_Desk]":
        with opened(config, as_json=as_json) as app:
            yield cls(app, by or getpass.getuser(), quiet, as_json)

    def find(self, names: Iterable[str]) -> Sequence[tuple[Said, Source]]:
        """The claims with these ids, or prefixes of ids, each once. All are found before anything is decided."""
        for name in names:
            known("project", name.partition(":")[0], self.app.watch.projects)
        with _understood():
            return list(dict.fromkeys(find_claim(name, self.app.ledger) for name in names))

    def decide(
        self,
        claims: Iterable[tuple[Said, Source]],
        verdict: Ruling,
        reason: str,
        instead: Said | None = None,
        because: Mistake | None = None,
    ) -> None:
        at = self.app.clock()
        made = (
            Review(
                claim=claim,
                source=source,
                verdict=verdict,
                instead=instead,
                author=self.author,
                reason=reason,
                because=because,
                at=at,
            )
            for claim, source in claims
        )
        self._commit(list(made))

    def reject_article(self, claim: tuple[Said, Source], reason: str) -> None:
        said, source = claim
        at = self.app.clock()
        with _understood():
            made = reject_whole(said.project, source.article, self.app.ledger, by=self.author, at=at, reason=reason)
        self._commit(made)

    def undo(self, claims: Iterable[tuple[Said, Source]]) -> None:
        at = self.app.clock()
        with _understood():
            undone = [each for claim in claims for each in undoing(*claim, self.app.ledger, by=self.author, at=at)]
        self._commit(list(dict.fromkeys(undone)))

    def _commit(self, reviews: Sequence[Review]) -> None:
        changes = make(reviews, self.app.watch, self.app.ledger, quiet=self.quiet)
        if self.as_json:
            *before, last = reviews
            for review in before:
                show_json(reviewed_json(review, ()))
            show_json(reviewed_json(last, changes))
        else:
            show(outcome(reviews, changes))


@contextmanager
def _understood() -> Iterator[None]:
    """Turn an argument that is not understood into wrong use."""
    try:
        yield
    except InputError as error:
        raise typer.BadParameter(str(error)) from error
