"""Finds amounts that are told only with another investment than the believed one: they may be of another plan."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from monitor.core.folding.amounts import Told
from monitor.core.folding.quantity import Quantity
from monitor.core.folding.statement import Order
from monitor.core.model import FactKind
from monitor.core.state import KnownFact


def with_plans(known: Iterable[KnownFact], amounts: Iterable[Quantity]) -> Iterator[KnownFact]:
    """The facts, each with the investment that its articles tell, if none of them tells a believed one.

    Args:
        known: all facts of a project, or of a phase.
        amounts: what they were computed from.
    """
    known = list(known)
    money = [fact for fact in known if fact.kind is FactKind.INVESTMENT and fact.phase is None]
    believed = {each.source.article for fact in money for each in fact.evidence}
    others = _others(amounts, believed)
    for fact in known:
        is_apart = fact.kind not in {FactKind.INVESTMENT, FactKind.PROGRESS} and fact.phase is None
        articles = {each.source.article for each in fact.evidence} if is_apart else set()
        told = [each for each in others if each.source.article in articles]
        is_of_other = bool(told) and articles.isdisjoint(believed)
        yield replace(fact, told_with=(told[0].fact.value, told[0].fact.unit)) if is_of_other else fact


def _others(amounts: Iterable[Quantity], believed: set[str]) -> list[Told]:
    """The investments in articles that tell no believed one, in order of publication."""

    def order(told: Told) -> Order:
        return told.order

    told = (each for amount in amounts for each in amount.told() if each.fact.kind is FactKind.INVESTMENT)
    return sorted((each for each in told if each.source.article not in believed), key=order)
