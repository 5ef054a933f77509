"""Articles laid out for the encoder, in pieces that are words."""

import re

from monitor.core.model import Project
from monitor.core.reading.layout import Layout, Surveyor
from monitor.core.reading.projects.matching import Matcher
from monitor.core.reading.trained.pieces import Pieces
from tests.core.reading.texts import lexicons, make_text

CATHODE = Project(id="cathode", name={"": "Cathode"}, who=("Volta",), what=("cathode",), where=("Tanger",))
ANODE = Project(id="anode", name={"": "Anode"}, who=("Volta",), what=("anode",), where=("Tanger",), not_=("toy",))
PLANTS = (CATHODE, ANODE)
NORVIK = Project(id="norvik", name={"": "N"}, who=("Norvik",), what=("separator",), where=("Jorf",))


def lay_out(
    text: str,
    *,
    title: str = "",
    language: str | None = "en",
    published: str | None = "2025-06-15",
    projects: tuple[Project, ...] = PLANTS,
) -> Layout | None:
    article = make_text(text, title=title, language=language, published=published)
    return Surveyor(projects, lexicons(), Matcher(projects)).lay_out(article)


def laid(
    text: str,
    *,
    title: str = "",
    published: str | None = "2025-06-15",
    projects: tuple[Project, ...] = PLANTS,
) -> tuple[Layout, Pieces, list[str]]:
    """An article that concerns something, its pieces, and their words."""
    layout = lay_out(text, title=title, published=published, projects=projects)
    assert layout is not None
    found = list(re.finditer(r"\w+|[^\w\s]", layout.document.text.original))
    return layout, Pieces(layout, [match.span() for match in found]), [match[0] for match in found]
