"""Time expressions: the dates and periods that a text names, each with the precision with which it was said."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.core.model import State
from monitor.core.periods import Period
from monitor.core.reading.datewords import Calendar
from monitor.core.reading.document import Document, Sentence, Span
from monitor.core.reading.reckoning import resolve


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeExpression:
    """A date or period named in a text."""

    span: Span
    #: What it means of something that has happened.
    behind: Period
    #: What it means of something still to come; the same unless the text left the year open.
    ahead: Period
    #: It was so planned once, and is no more: "initially planned for 2025", "from 2025 to 2026".
    is_superseded: bool = False

    def period(self, state: State) -> Period:
        """When it is, for something told in this state."""
        return self.ahead if state is State.EXPECTED else self.behind


def time_expressions(document: Document, calendar: Calendar) -> tuple[TimeExpression, ...]:
    """All that can be told to be a date, in the order of the text, without overlap; the longest reading wins.

    A relative expression is left out where the day of publishing is unknown, or known too coarsely for it.
    """
    found: list[TimeExpression] = []
    text = document.text.bare
    within = calendar.narrowed(text)
    for sentence in document.sentences:
        found.extend(_in_sentence(text, sentence, within, document.published))
    return tuple(found)


def _in_sentence(
    text: str, sentence: Sentence, calendar: Calendar, published: Period | None
) -> Iterator[TimeExpression]:
    candidates: list[tuple[int, Span, Period, Period]] = []
    for pattern in calendar.patterns_in(text[sentence.span.start : sentence.span.end]):
        for match in pattern.expression.finditer(text, sentence.span.start, sentence.span.end):
            if not pattern.edge.match(text, match.start()):
                continue
            periods = resolve(pattern.meaning, _named(match, calendar), published)
            if periods is not None:
                candidates.append((pattern.number, Span(match.start(), match.end()), *periods))
    chosen: list[tuple[Span, Period, Period]] = []
    # The longest first; of two as long the one whose pattern stands first.
    for _, span, behind, ahead in sorted(candidates, key=lambda c: (c[1].start - c[1].end, c[1].start, c[0])):
        if not any(span.overlaps(other) for other, _, _ in chosen):
            chosen.append((span, behind, ahead))
    chosen.sort(key=lambda c: c[0])
    slips = bool(calendar.slip.search(text, sentence.span.start, sentence.span.end))
    for index, (span, behind, ahead) in enumerate(chosen):
        following = chosen[index + 1][0] if index + 1 < len(chosen) else None
        yield TimeExpression(
            span=span,
            behind=behind,
            ahead=ahead,
            is_superseded=bool(
                calendar.superseded_before.search(text[sentence.span.start : span.start])
                or calendar.superseded_after.match(text[span.end : sentence.span.end])
                or (slips and following and calendar.span_link.fullmatch(text[span.end : following.start]))
            ),
        )


def _named(match: re.Match[str], calendar: Calendar) -> dict[str, int | str]:
    """The numbers (and the unit) that the groups of a match name."""
    found: dict[str, int | str] = {}
    for group, text in match.groupdict().items():
        if text is None:
            continue
        names = calendar.names.get(group)
        key = re.sub(r"\s+", " ", text)
        found[group] = names[key] if names and key in names else int(text)
    return found
