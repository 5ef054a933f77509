"""What a judgement of events rests on: a sentence laid out with its cues; and the verdict on an event."""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import NamedTuple, Self

from monitor.core.model import State
from monitor.core.reading.lexicon import Cue, Event, Lexicon, Side, Tone
from monitor.core.reading.text.document import Span
from monitor.core.reading.text.phrases import Match
from monitor.core.reading.text.tokens import Tokens

#: Question marks in a bare text.
_QUESTION = "?؟"
#: The sides of cues that govern what stands after them.
BEFORE = frozenset({Side.BEFORE, Side.ADJACENT, Side.OVER})


class Verdict(NamedTuple):
    """The state of an event."""

    #: None if it says nothing.
    state: State | None
    #: 0 to 1
    sureness: float
    #: It was once expected: it counts only if its date is still to come.
    superseded: bool = False
    #: It rests on a cue or the form of the verb, not on the default.
    is_grounded: bool = True


#: An event with its verdict.
Judged = tuple[Match[Event], Verdict]


class Scene(NamedTuple):
    """A sentence with its cues, laid out for judging."""

    tokens: Tokens
    #: The part of it that is a question; empty if none is.
    asked: Span
    #: For each token of the text, the index of its clause; clauses of different sentences differ.
    clause_of: Sequence[int]
    #: In text order.
    cues: Sequence[Match[Cue]]
    #: The tones of the cues.
    tones: frozenset[Tone]
    #: The cues that govern what stands after them, the last to end first.
    leading: Sequence[Match[Cue]]
    #: The cues that govern what stands before them, in text order.
    trailing: Sequence[Match[Cue]]
    #: Where the verbs of its events begin.
    verbs: frozenset[int]
    lexicon: Lexicon

    @classmethod
    def of(
        cls,
        tokens: Tokens,
        sentence: Span,
        clause_of: Sequence[int],
        *,
        events: Iterable[Match[Event]],
        cues: Sequence[Match[Cue]],
        lexicon: Lexicon,
    ) -> Self:
        """Lay out a sentence with its events and its cues, which are in text order."""
        tones = frozenset([cue.value.tone for cue in cues])
        leading = sorted([cue for cue in cues if cue.value.side in BEFORE], key=attrgetter("end"), reverse=True)
        trailing = [cue for cue in cues if cue.value.side is Side.AFTER]
        return cls(
            tokens=tokens,
            asked=_asked(tokens.text.bare, sentence),
            clause_of=clause_of,
            cues=cues,
            tones=tones,
            leading=leading,
            trailing=trailing,
            verbs=frozenset([event.head_start for event in events if event.is_verb]),
            lexicon=lexicon,
        )


def _asked(text: str, sentence: Span) -> Span:
    """The text before the last question mark of a sentence; it begins at the full stop that a headline may contain."""
    end = max(text.rfind(mark, *sentence) for mark in _QUESTION)
    if end < 0:
        return Span(sentence.start, sentence.start)
    return Span(max(sentence.start, text.rfind(". ", sentence.start, end)), end)
