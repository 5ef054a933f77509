"""A reader for tests of everything around it: what a sentence's phrases and cues say is what it reads, surely.

It needs no weights, and what it reads does not change with them: scores stand in for those of the encoder.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from monitor.core.lifecycle import Lifecycle
from monitor.core.model import Article, Project, Reading, State
from monitor.core.reading.explanation import DropReason, Explanation
from monitor.core.reading.flags import OF_STAGE, Flag
from monitor.core.reading.layout import Layout, Surveyor
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.projects.matching import Matcher, MentionRole
from monitor.core.reading.text.text import Sentence, Span
from monitor.core.reading.trained.decoding import Decoder
from monitor.core.reading.trained.explain import explain, unread
from monitor.core.reading.trained.pieces import Pieces
from monitor.core.reading.trained.scheme import CLAIMS, DISTANCES, KINDS, Trait
from monitor.core.reading.trained.scores import Calibration, Pooling, Scored, Scores

#: How it is named in a configuration.
HITS = "tests.readers.hits:HitReader"
BY_HITS = f"reader: {{use: '{HITS}'}}\n"
#: The size of keys and queries.
KEY = 2
#: A date in the sentence of a claim is its own.
POOLING = Pooling(
    claim_bias=np.zeros(len(CLAIMS), np.float32),
    relevance_bias=np.float32(0),  # type: ignore[arg-type]
    claim_query=np.zeros((len(CLAIMS), KEY), np.float32),
    no_date=np.zeros(KEY, np.float32),
    no_date_bias=np.zeros(3, np.float32),
    near=np.zeros(DISTANCES, np.float32),
    traits=np.array([[float(trait is Trait.SAME_SENTENCE) for trait in Trait]] * 3, np.float32),
)
_STAGES = {flag: stage for stage, flag in OF_STAGE.items()}
#: The state that a cue means, the strongest first.
_STATES = {Flag.UNREAL: None, Flag.DENIED: State.DENIED, Flag.EXPECTED: State.EXPECTED, Flag.ONCE: State.EXPECTED}


def nothing(pieces: Pieces, *, relevant: float = 5) -> Scores:
    """The scores of an article that says nothing."""
    size = len(pieces)
    amounts = np.zeros((size, 1 + len(KINDS)), np.float32)
    amounts[:, 0] = 5
    return Scores(
        claims=np.full((size, len(CLAIMS)), -9, np.float32),
        relevant=np.full(size, relevant, np.float32),
        amounts=amounts,
        keys=np.zeros((size, KEY), np.float32),
        queries=np.zeros((size, KEY), np.float32),
    )


class HitReader:
    """Reads the projects that an article names by who, or by what and where.

    Implements ``monitor.ports.Reader``.
    """

    def __init__(
        self, projects: Sequence[Project], lexicons: Mapping[str, Lexicon], lifecycles: Mapping[str, Lifecycle]
    ) -> None:
        self._lexicons = lexicons
        self._surveyor = Surveyor(projects, lexicons, Matcher(projects))
        self._lifecycles = {project.id: lifecycles[project.lifecycle] for project in projects}

    def read(self, article: Article) -> Reading:
        return self.explain(article).reading

    def explain(self, article: Article) -> Explanation:
        """How it reads an article."""
        if article.language not in self._lexicons:
            return unread(article, DropReason.NO_LEXICON)
        layout = self._surveyor.lay_out(article)
        return explain(article, list(_scored(layout)) if layout else [], Decoder(POOLING, Calibration()), self._called)

    def _called(self, project: str, stage: str) -> str | None:
        return self._lifecycles[project].called(stage)


def _scored(layout: Layout) -> Iterator[Scored]:
    pieces = Pieces(layout, [match.span() for match in re.finditer(r"\w|[^\w\s]", layout.document.text.original)])
    for project in layout.candidates:
        scores = nothing(pieces, relevant=5 if _is_named(layout, project) else -5)
        for sentence in layout.document.sentences:
            if project in _about(layout, sentence):
                _tell(layout, pieces, sentence, scores)
        yield Scored(project, layout, pieces, scores)


def _tell(layout: Layout, pieces: Pieces, sentence: Sentence, scores: Scores) -> None:
    """Score what a sentence says."""
    # The third of May is not what may be.
    days = [time.span for time in layout.times]
    hits = [hit for hit in layout.hits if sentence.span.contains(hit.span)]
    cues = {hit.flag for hit in hits if not any(map(hit.span.overlaps, days))}
    state = next((_STATES[flag] for flag in _STATES if flag in cues), State.REACHED)
    for span, flag in hits if state else ():
        if flag in _STAGES and state:
            words = _slice(pieces, span)
            # However many the words, together they are .95 sure.
            scores.claims[words, CLAIMS.index((_STAGES[flag], state))] = 3 - np.log(max(words.stop - words.start, 1))
    for amount in layout.amounts:
        if sentence.span.contains(amount.quantity.span):
            scores.amounts[_slice(pieces, amount.quantity.span), 1 + KINDS.index(amount.kind)] = 40


def _slice(pieces: Pieces, span: Span) -> slice:
    inside = pieces.of(span)
    return slice(inside.start, inside.stop)


def _is_named(layout: Layout, project: str) -> bool:
    roles = {mention.role for mention in layout.mentions if project in mention.projects}
    return MentionRole.WHO in roles or {MentionRole.WHAT, MentionRole.WHERE} <= roles


def _about(layout: Layout, sentence: Sentence) -> Sequence[str]:
    """The projects that a sentence names best; all where it names none."""
    inside = [mention for mention in layout.mentions if sentence.span.contains(mention.span)]
    named = {project: {m.role for m in inside if project in m.projects} for project in layout.candidates}
    most = max(map(len, named.values()))
    return [project for project, roles in named.items() if len(roles) == most]
