"""Values as rows, and rows of earlier versions as values."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from monitor.core.news import Change, Proof
from monitor.ledger import rows
from tests.builders import make_change

PROOF = Proof(sentence="", url="https://example.org/k", outlet="Daily", language="fr", known=True, exact=False)


def read(change: Change, stored: int) -> Change:
    """The change as it is read if only this many values of each proof were stored."""
    values = rows.change_values(change)
    row: Any = SimpleNamespace(**values | {"proof": [each[:stored] for each in values["proof"]]})
    return rows.change(row)


@pytest.mark.parametrize(
    ("stored", "expected"),
    [(8, PROOF), (3, Proof(sentence=PROOF.sentence, url=PROOF.url, outlet=PROOF.outlet))],
    ids=["of this version", "of an earlier version"],
)
def test_a_proof_is_read_as_it_was_stored(stored: int, expected: Proof) -> None:
    change = make_change(proof=(PROOF,))

    assert read(change, stored) == replace(change, proof=(expected,))
