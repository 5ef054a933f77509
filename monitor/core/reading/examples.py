"""Tests a vocabulary: reads its examples and compares the result with what they say. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from monitor.core.lifecycle import PLANNED
from monitor.core.model import Article, State
from monitor.core.reading.events.echoes import spelt_out
from monitor.core.reading.events.events import tell
from monitor.core.reading.lexicon import Example, Lexicon
from monitor.core.reading.segment import segment

#: Any sentence on a plan says that there is a plan; the examples are about what goes beyond it.
_ALWAYS = f"{PLANNED} {State.REACHED}"


@dataclass(frozen=True, slots=True)
class Misreading:
    """An example that is read differently from what it says."""

    example: Example
    #: ``stage state`` each.
    missed: frozenset[str]
    invented: frozenset[str]


def misreadings(lexicon: Lexicon) -> Iterator[Misreading]:
    """The examples of a vocabulary that are read differently from what they say, in file order."""
    for example in lexicon.examples:
        read = _read(example.text, lexicon) - {_ALWAYS}
        wanted = example.claims - {_ALWAYS}
        if read != wanted:
            yield Misreading(example, missed=wanted - read, invented=read - wanted)


def _read(text: str, lexicon: Lexicon) -> frozenset[str]:
    article = Article(key="", url=None, title="", text=text, published=None, language=lexicon.language)
    document = segment(article, lexicon)
    told = spelt_out(tell(document, lexicon.tokens(document.text), lexicon))
    return frozenset(f"{event.stage} {event.state}" for event in told)
