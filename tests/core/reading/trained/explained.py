"""Articles explained as if every phrase were right."""

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Article, Project
from monitor.core.reading.explanation import Explanation
from tests.core.reading.texts import lexicons
from tests.readers.hits import HitReader


def explained(article: Article, *projects: Project) -> Explanation:
    """How the article is read by its phrases and cues."""
    return HitReader(projects, lexicons(), {INDUSTRIAL.name: INDUSTRIAL}).explain(article)
