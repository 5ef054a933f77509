"""What is reported and not verified, in the reader's words. It stands beside what is known and never looks like it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo

from monitor.core.changes.raised import proof_of
from monitor.core.message.statements import statement
from monitor.core.message.sureness import together
from monitor.core.message.told import MAX_SENTENCE, Quote, where_said
from monitor.core.message.tongue import Tongue
from monitor.core.plain import clean, shorten
from monitor.core.state import Evidence, Unverified


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A claim or an amount that moves nothing yet."""

    #: What it says: "suspended: reached, February 2026".
    words: str
    #: How sure it is: "sure: 50%", or with others "75% from 2 sources: 50%, 50%".
    sure: str
    #: Its sentence, and where it stands.
    quote: Quote


def in_words(found: Iterable[Unverified], tongue: Tongue, zone: tzinfo) -> tuple[Waiting, ...]:
    """What waits, in the same order."""
    return tuple(
        Waiting(words=statement(each.said, tongue), sure=how_sure(each, tongue), quote=_quote(each, tongue, zone))
        for each in found
    )


def how_sure(each: Unverified, tongue: Tongue) -> str:
    """How sure it is: alone, or with the others that say so."""
    if len(each.readings) > 1:
        return together(each.readings, tongue)
    return tongue.say("sure: {share}", share=tongue.share(each.said.confidence))


def _quote(each: Unverified, tongue: Tongue, zone: tzinfo) -> Quote:
    sentence = shorten(clean(each.said.evidence), MAX_SENTENCE)
    told = proof_of((Evidence.of(each.said, each.source),))
    places = tuple(place for proof in told if (place := where_said(proof, tongue, zone)))
    return Quote(words=tongue.quoted(sentence) if sentence else "", places=places)
