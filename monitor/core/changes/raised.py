"""A change as it is raised: its id, and the proof that it shows. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from itertools import chain

from monitor.core.news import Proof
from monitor.core.state import Evidence

#: A change names this many of the sources that bear it out; the ledger keeps them all.
MAX_EVIDENCE = 5


def change_id(*parts: object) -> str:
    """128 bits of SHA-256 over what changed and the occasion that told it: the same whenever it is computed."""
    text = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def proof_of(evidence: Iterable[Evidence]) -> tuple[Proof, ...]:
    """What a change shows of the evidence that bears it out, in its order; what shows nothing is left out."""
    shown = (Proof(sentence=e.sentence, url=e.source.url, outlet=e.source.outlet) for e in evidence)
    return tuple(dict.fromkeys(proof for proof in shown if proof.sentence or proof.url))


def foremost(evidence: Sequence[Evidence], article: str) -> list[Evidence]:
    """A few of these: the article's own word first, for it is what made the difference."""
    own = (each for each in evidence if each.source.article == article)
    found: list[Evidence] = []
    for each in chain(own, evidence):
        if each not in found:
            found.append(each)
        if len(found) == MAX_EVIDENCE:
            break
    return found
