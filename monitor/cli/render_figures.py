"""Amounts of a project on a terminal: what each is an amount of."""

from collections.abc import Iterable, Iterator

from monitor.core.model import FactKind
from monitor.core.page.amounts import quantity
from monitor.core.plain import clean
from monitor.core.state import KnownFact


def figure(fact: KnownFact) -> str:
    """``capacity``, or ``capacity of the first phase`` in the words of an article."""
    return f"{fact.kind.value} ({clean(fact.phase)})" if fact.phase else fact.kind.value


def figures(facts: Iterable[KnownFact]) -> Iterator[str]:
    """Each amount with its label. One of a part only if there is none of the whole.

    An investment that is told in several currencies is one figure: the value that most sources tell, then the others.
    """
    facts = list(facts)
    whole = {fact.kind for fact in facts if fact.phase is None}
    known = [fact for fact in facts if fact.phase is None or fact.kind not in whole]
    money = [fact for fact in known if fact.kind is FactKind.INVESTMENT and fact.phase is None]
    ranked = sorted(money, key=lambda fact: -fact.standing.sources)
    for fact in known:
        if fact not in money:
            yield f"{figure(fact)} {_value(fact)}{told_with(fact)}"
        elif fact is money[0]:
            others = f", also told: {', '.join(map(_value, ranked[1:]))}" if ranked[1:] else ""
            yield f"{figure(fact)} {_value(ranked[0])}{others}"


def told_with(fact: KnownFact) -> str:
    """`` (told with 694 million USD)``: the investment of the plan that the amount may belong to. "" if it is known."""
    return f" (told with {quantity(*fact.told_with, FactKind.INVESTMENT)})" if fact.told_with else ""


def _value(fact: KnownFact) -> str:
    return quantity(fact.value, fact.unit, fact.kind)
