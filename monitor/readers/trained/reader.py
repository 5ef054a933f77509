"""The trained reader: reads claims and facts from the encoder's scores for each candidate project."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache

from monitor.core.lifecycle import Lifecycle
from monitor.core.model import Article, Reading
from monitor.core.reading.explanation import Explanation, Reason
from monitor.core.reading.flags import OWN
from monitor.core.reading.layout import Surveyor
from monitor.core.reading.trained.decoding import Decoder, Found
from monitor.core.reading.trained.explain import explain, unread
from monitor.core.reading.trained.pieces import Pieces
from monitor.core.reading.trained.scores import Scored, Scores, whole
from monitor.core.reading.trained.windows import chosen, windows
from monitor.readers.trained.encoder import Encoder
from monitor.readers.trained.weights import Weights


class TrainedReader:
    """Reads with learned weights. Create one per configuration. Safe to share between threads.

    Implements ``monitor.ports.Reader``. Grammar finds names, dates and amounts, the vocabulary phrases and cues; the
    weights decide what they tell together.
    An article in a language without a lexicon is not read: its reading is empty.
    """

    def __init__(
        self,
        surveyor: Surveyor,
        lifecycles: Mapping[str, Lifecycle],
        weights: Weights,
    ) -> None:
        """Prepare to read about the projects of a surveyor.

        Args:
            surveyor: lays the articles out.
            lifecycles: by name, at least those of the projects.
            weights: the learned weights.
        """
        self._lifecycles = {id_: lifecycles[project.lifecycle] for id_, project in surveyor.projects.items()}
        self._surveyor = surveyor
        self._encoder = Encoder(weights)
        self._decoder = Decoder(weights.pooling, weights.calibration)

    def read(self, article: Article) -> Reading:
        """Everything that the article says about the projects, in the order of the configuration."""
        found = [one for one in self.weigh(article) if one.is_relevant]
        return Reading(
            language=article.language,
            projects=tuple(one.project for one in found),
            claims=tuple(
                replace(claim, stage=stage)
                for one in found
                for claim in one.claims
                if (stage := self._called(claim.project, claim.stage))
            ),
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
        if article.language not in self._surveyor.lexicons:
            return unread(article, Reason.NO_LEXICON)
        return explain(article, list(self.score(article)), self._decoder, self._called)

    def score(self, article: Article) -> Iterator[Scored]:
        """The encoder's scores of the article for each candidate."""
        layout = self._surveyor.lay_out(article)
        if layout is None or not layout.candidates:
            return
        ids, offsets = self._encoder.tokenize(layout.document.text.original)
        pieces = Pieces(layout, offsets)
        cut = windows(len(ids), headline=pieces.headline)
        state = cache(lambda number: self._encoder.state(ids, cut[number]))
        for project in layout.candidates:
            flags = pieces.flags(project)
            read = {
                number: self._encoder.scores(state(number), flags, cut[number])
                for number in chosen(cut, flags[:, OWN].any(1), candidates=len(layout.candidates))
            }
            joined = whole(read, [window.counted for window in cut])
            yield Scored(project, layout, pieces, Scores.of(joined))

    def _called(self, project: str, stage: str) -> str | None:
        return self._lifecycles[project].called(stage)
