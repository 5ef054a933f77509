"""Parts of a change: its id and the proof that it shows. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from itertools import chain

from monitor.core.news import Proof
from monitor.core.state import Evidence

#: A change names at most this many of its sources. The ledger keeps all of them.
MAX_EVIDENCE = 5


def change_id(*parts: object) -> str:
    """The first 128 bits of SHA-256 over what changed and its occasion. Always the same for the same parts."""
    text = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def proof_of(evidence: Iterable[Evidence]) -> tuple[Proof, ...]:
    """The proof that a change shows for this evidence, in its order.

    Leaves out what has neither sentence nor address.
    """
    shown = (Proof(sentence=e.sentence, url=e.source.url, outlet=e.source.outlet) for e in evidence)
    return tuple(dict.fromkeys(proof for proof in shown if proof.sentence or proof.url))


def foremost(evidence: Sequence[Evidence], article: str) -> list[Evidence]:
    """At most ``MAX_EVIDENCE`` pieces of evidence. Those of the article come first, because it made the difference."""
    own = (each for each in evidence if each.source.article == article)
    found: list[Evidence] = []
    for each in chain(own, evidence):
        if each not in found:
            found.append(each)
        if len(found) == MAX_EVIDENCE:
            break
    return found
