"""The trained reader: reads claims and facts from the encoder's scores for each candidate project."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from monitor.core.lifecycle import CONDITIONS, Lifecycle
from monitor.core.model import Article, Project, Reading
from monitor.core.reading.explanation import Explanation, Reason
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.marks import unread
from monitor.core.reading.projects.matching import Matcher
from monitor.core.reading.reader import RuleReader
from monitor.core.reading.trained.decoding import Decoder, Found
from monitor.core.reading.trained.explain import explain
from monitor.core.reading.trained.layout import Pieces, Surveyor
from monitor.core.reading.trained.scheme import OWN
from monitor.core.reading.trained.scores import Scored, Scores, whole
from monitor.core.reading.trained.windows import chosen, windows
from monitor.readers.trained.encoder import Encoder
from monitor.readers.trained.weights import Weights


class TrainedReader:
    """Reads with learned weights. Create one per configuration. Safe to share between threads.

    Implements ``monitor.ports.Reader``. Grammar finds names, dates and amounts; the weights decide which of them belong
    together. The reading of the rules is one more input, weighted by its measured reliability.
    An article in a language without a lexicon is not read: its reading is empty.
    """

    def __init__(
        self,
        projects: Sequence[Project],
        lexicons: Mapping[str, Lexicon],
        lifecycles: Mapping[str, Lifecycle],
        *,
        weights: Weights,
        matcher: Matcher | None = None,
    ) -> None:
        """Prepare to read about these projects.

        Args:
            projects: the watched projects.
            lexicons: the vocabulary, by language.
            lifecycles: by name, at least those of the projects.
            weights: the learned weights.
            matcher: a matcher of the same projects, if available. One for thousands of projects takes megabytes.
        """
        self._lifecycles = {project.id: lifecycles[project.lifecycle] for project in projects}
        self._lexicons = lexicons
        matcher = matcher or Matcher(projects)
        self._surveyor = Surveyor(projects, lexicons, matcher)
        self._rules = RuleReader(projects, lexicons, lifecycles, matcher=matcher)
        self._encoder = Encoder(weights)
        self._decoder = Decoder(weights.pooling, weights.calibration)

    def read(self, article: Article) -> Reading:
        """Everything that the article says about the projects, in the order of the configuration."""
        found = [one for one in self.weigh(article) if one.is_relevant]
        return Reading(
            language=article.language,
            projects=tuple(one.project for one in found),
            claims=tuple(claim for one in found for claim in one.claims if self._has_stage(claim.project, claim.stage)),
            facts=tuple(fact for one in found for fact in one.facts),
        )

    def read_all(self, articles: Iterable[Article]) -> list[Reading]:
        """The readings of these articles."""
        return [self.read(article) for article in articles]

    def weigh(self, article: Article) -> list[Found]:
        """What the article says about each candidate, including those that it turns out not to concern."""
        return [self._decoder.decode(scored) for scored in self.score(article)]

    def explain(self, article: Article) -> Explanation:
        """How the article is read: what was found where, what it became, and with what confidence."""
        if article.language not in self._lexicons:
            return unread(article, Reason.NO_LEXICON)
        return explain(article, list(self.score(article)), self._decoder, self._has_stage)

    def score(self, article: Article) -> Iterator[Scored]:
        """The encoder's scores of the article for each candidate."""
        layout = self._surveyor.lay_out(article)
        if layout is None:
            return
        ids, offsets = self._encoder.tokenize(layout.document.text.original)
        pieces = Pieces(layout, offsets)
        cut = windows(len(ids), headline=pieces.headline)
        state = cache(lambda number: self._encoder.state(ids, cut[number]))
        rules = self._rules.read(article)
        for project in layout.candidates:
            flags = pieces.flags(project)
            read = {
                number: self._encoder.scores(state(number), flags, cut[number])
                for number in chosen(cut, flags[:, OWN].any(1), candidates=len(layout.candidates))
            }
            joined = whole(read, [window.counted for window in cut])
            yield Scored(project, layout, pieces, Scores.of(joined), rules)

    def _has_stage(self, project: str, stage: str) -> bool:
        return self._lifecycles[project].has(stage) or stage in CONDITIONS
