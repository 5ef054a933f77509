"""Parts of a change: its id and the proof that it shows. Pure."""

import hashlib
from collections.abc import Iterable

from monitor.core.folding.known import is_known
from monitor.core.news import Proof
from monitor.core.state import Evidence

#: A change names at most this many of its sources. The ledger keeps all of them.
MAX_EVIDENCE = 5


def change_id(*parts: object) -> str:
    """The first 128 bits of SHA-256 over what changed and its occasion. Always the same for the same parts."""
    text = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def proof_of(evidence: Iterable[Evidence], *, exact: bool = True) -> tuple[Proof, ...]:
    """The proof that a change shows for this evidence, in its order.

    Leaves out what has neither sentence nor address, unless the operator knew it.

    Args:
        evidence: the evidence.
        exact: whether it tells exactly what the change tells.
    """
    proofs = (_proof(each, exact=exact) for each in evidence)
    shown = [proof for proof in proofs if proof.sentence or proof.url or proof.known]
    # An operator's decision on an article repeats its sentence.
    found: dict[object, Proof] = {}
    for each in shown:
        found.setdefault((each.sentence, each.url, each.known), each)
    return tuple(found.values())


def _proof(evidence: Evidence, *, exact: bool) -> Proof:
    source = evidence.source
    # If an article does not say when it was published, the instant at which it was first seen stands for it.
    is_dated = source.published_at < source.seen_at
    return Proof(
        sentence=evidence.sentence,
        url=source.url,
        outlet=source.outlet,
        title=source.title,
        published=source.published_at if is_dated else None,
        language=source.language,
        known=is_known(source),
        exact=exact,
    )


def foremost(evidence: Iterable[Evidence]) -> list[Evidence]:
    """The first pieces of evidence, each once, at most ``MAX_EVIDENCE``."""
    found: list[Evidence] = []
    for each in evidence:
        if each not in found:
            found.append(each)
        if len(found) == MAX_EVIDENCE:
            break
    return found
