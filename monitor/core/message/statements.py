"""Claims and facts in the reader's words."""

from monitor.core.message import words
from monitor.core.message.tongue import Tongue
from monitor.core.model import Claim, Said


def statement(said: Said, tongue: Tongue) -> str:
    """A claim or fact in words: "start of operation: expected, September 2026"."""
    if isinstance(said, Claim):
        head, parts = words.status(tongue, said.stage), [words.state(tongue, said.state, said.stage)]
        if said.date:
            parts.append(tongue.date(said.date))
    else:
        head, parts = words.figure(tongue, said.kind), [tongue.value(said.value, said.kind, said.unit)]
    if said.phase:
        parts.append(tongue.part(said.phase))
    return tongue.say("{head}: {what}", head=head, what=tongue.listed(*parts))
