"""What is finished to a share: "80% finished" means that works are under way."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from monitor.core.lifecycle import FINISHED, UNDER_WAY
from monitor.core.model import Fact, FactKind, State
from monitor.core.reading.events.events import Told
from monitor.core.reading.quantities.quantities import Quantity
from monitor.core.reading.text.document import Document, Span

_WHOLE = 100


def by_shares(told: Iterable[Told], measured: Sequence[tuple[Quantity, Fact]], document: Document) -> Iterator[Told]:
    """The events, in their order. What is finished becomes under way if its clause has a share of less than 100%."""
    shares = [quantity.span for quantity, fact in measured if fact.kind is FactKind.PROGRESS and fact.value < _WHOLE]
    clauses: dict[int, list[Span]] = defaultdict(list)
    for number, share in zip(document.sentences_at(shares), shares, strict=True):
        clauses[number] += (clause for clause in document.sentences[number].clauses if clause.contains(share))
    for each in told:
        is_finished = (each.stage, each.state) == (FINISHED, State.REACHED)
        if is_finished and any(clause.contains(each.head) for clause in clauses.get(each.sentence, ())):
            yield each._replace(stage=UNDER_WAY, is_of_part=True)
        else:
            yield each
