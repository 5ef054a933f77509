"""What sources say, and where, in the reader's words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from monitor.core.changes.raised import proof_of
from monitor.core.folding.known import is_known, is_operators
from monitor.core.folding.proof import proofs
from monitor.core.message import words
from monitor.core.message.statements import statement
from monitor.core.message.told import MAX_SENTENCE, Place, where_said
from monitor.core.message.tongue import Tongue
from monitor.core.model import FactKind, Said
from monitor.core.news import Proof
from monitor.core.periods import Period
from monitor.core.plain import clean, shorten
from monitor.core.state import Evidence, Source

#: The most quotes of one milestone or figure, the best first.
_MOST_QUOTES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A sentence with where it was published."""

    #: In quotation marks. "" if the source says it without one sentence.
    words: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class Citing:
    """Quotes sources for one reader."""

    tongue: Tongue
    #: The time zone of the days of publication.
    zone: tzinfo

    def quotes(
        self, evidence: Sequence[Evidence], told: Period | float | None, *, is_expected: bool = False
    ) -> tuple[Cited, ...]:
        """What proves this, the best first."""
        found = proofs(evidence, told, language=self.tongue.language, is_expected=is_expected)
        return tuple(map(self.cited, proof_of(found[:_MOST_QUOTES])))

    def each(self, evidence: Sequence[Evidence]) -> tuple[Cited, ...]:
        """These sentences in their order."""
        return tuple(map(self.cited, proof_of(evidence[:_MOST_QUOTES])))

    def cited(self, proof: Proof) -> Cited:
        return Cited(words=self.sentence(proof.sentence), place=where_said(proof, self.tongue, self.zone))

    def sentence(self, sentence: str) -> str:
        """In quotation marks. "" if there is none."""
        shown = shorten(clean(sentence), MAX_SENTENCE)
        return self.tongue.quoted(shown) if shown else ""

    def place(self, source: Source) -> Place | None:
        """The outlet and the title."""
        found = proof_of((Evidence(source=source, sentence=""),))
        return where_said(replace(found[0], published=None), self.tongue, self.zone) if found else None

    def published(self, source: Source) -> str:
        """The day of publication."""
        return self.tongue.say("known before") if is_known(source) else self.day(source.published_at)

    def day(self, at: datetime) -> str:
        return self.tongue.date(Period.day(at.astimezone(self.zone).date()))

    def said(self, said: Said) -> str:
        """A statement in words."""
        return statement(said, self.tongue)


def article_of(source: Source) -> str:
    """The key of the article. "" if it is the operator's own word, and no article."""
    return "" if is_operators(source) else source.article


def quantity(kind: FactKind, phase: str | None, tongue: Tongue) -> str:
    """What is measured, and of which part: "capacity (first phase)"."""
    label = words.figure(tongue, kind)
    return tongue.say("{news} ({phase})", news=label, phase=tongue.part(phase)) if phase else label
