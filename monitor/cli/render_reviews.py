"""Claims to decide on, and decisions, on a terminal."""

from collections.abc import Iterable, Sequence
from datetime import tzinfo

from rich.console import RenderableType
from rich.text import Text

from monitor.cli.render import UNVERIFIED, in_a_row, instant, lines, proof, said, text
from monitor.cli.render_blocks import Blocks
from monitor.cli.render_lists import move
from monitor.core.message.tongue import Tongue
from monitor.core.news import Change
from monitor.core.page.objections import objection_words
from monitor.core.review.doubts import Doubt, OpenClaim
from monitor.core.review.review import Review, Ruling, claim_id
from monitor.core.state import Evidence

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
