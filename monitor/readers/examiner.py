"""Builds a language model's questions about articles and checks its answers: the steps that parse foreign text."""

from collections.abc import Mapping

from monitor.core.lifecycle import Lifecycle
from monitor.core.model import Article, Reading
from monitor.core.reading.answered.agreement import agreed
from monitor.core.reading.answered.answer import Answer, Dropped
from monitor.core.reading.answered.check import Checker
from monitor.core.reading.layout import Surveyor
from monitor.ports import Question
from monitor.readers.question import question_about


class Examiner:
    """Builds questions about articles and checks the answers. Create one per configuration. Safe to share."""

    def __init__(
        self,
        surveyor: Surveyor,
        lifecycles: Mapping[str, Lifecycle],
        *,
        model: str,
    ) -> None:
        """Prepare to ask about the projects of a surveyor.

        Args:
            surveyor: lays the articles out.
            lifecycles: by name, at least those of the projects.
            model: the name of the model at the endpoint.
        """
        self._projects = surveyor.projects
        self._lifecycles = lifecycles
        self._surveyor = surveyor
        self._checker = Checker(tuple(self._projects.values()), lifecycles, surveyor.lexicons)
        self._model = model

    def question(self, article: Article) -> Question | None:
        """The question about an article. None if it can concern no project, or its language has no lexicon."""
        layout = self._surveyor.lay_out(article)
        if layout is None or not layout.candidates:
            return None
        candidates = [self._projects[project] for project in layout.candidates]
        stages = [self._lifecycles[project.lifecycle] for project in candidates]
        return question_about(article, candidates, stages, model=self._model)

    def conclude(self, article: Article, answer: Answer, other: Reading) -> tuple[Reading, tuple[Dropped, ...]]:
        """The reading from an answer and another reader's reading, and the parts of the answer that were dropped."""
        layout = self._surveyor.lay_out(article)
        if layout is None or not layout.candidates:
            return other, ()
        checked = self._checker.check(answer, layout)
        return agreed(checked, other, tuple(self._projects)), checked.dropped
