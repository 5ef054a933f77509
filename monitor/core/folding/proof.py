"""Chooses what proves a stage with its date, or an amount. Everything that shows a proof uses this choice. Pure."""

from collections.abc import Iterable

from monitor.core.folding.known import is_known
from monitor.core.periods import Period
from monitor.core.state import Evidence


def proofs(
    evidence: Iterable[Evidence],
    told: Period | float | None,
    *,
    language: str | None = None,
    is_expected: bool = False,
) -> tuple[Evidence, ...]:
    """The evidence that tells exactly this, the best first.

    An article with a sentence is better than one without, then one in the reader's language, then the earliest. Of what
    is still expected the latest is better. What the operator knew counts only if no article tells this.

    Args:
        evidence: the evidence for one stage in one state, or for one quantity, the earliest published first.
        told: the believed date or amount. None if no date is believed; then the evidence may tell any date or none.
        language: the reader's language, as ISO 639-1 with or without region. None for any.
        is_expected: whether it is still to come.
    """
    detail = str(told) if isinstance(told, Period) else told
    exact = [each for each in evidence if detail is None or each.tells == detail]
    articles = [each for each in exact if each.sentence or not is_known(each.source)]
    if is_expected:
        articles.reverse()
    if language is not None:
        articles.sort(key=lambda each: not is_read(each.source.language, language))
    quoted = [each for each in articles if each.sentence]
    return (*quoted, *(each for each in articles if not each.sentence)) if articles else tuple(exact)


def is_read(language: str | None, reader: str) -> bool:
    """Whether text in this language is in the reader's language. If its language is not known, it is not."""
    return language is not None and _bare(language) == _bare(reader)


def _bare(language: str) -> str:
    return language.partition("-")[0].lower()
