"""``projects list``: shows the watched projects."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.text import Text

from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir
from monitor.cli.output import show, show_json
from monitor.cli.render import NOTHING, lines, table, text
from monitor.contracts.status import project_json
from monitor.core.model import Project
from monitor.core.reading.projects.cautions import Caution, CautionReason
from monitor.core.reading.projects.matching import MentionRole
from monitor.logs import keep_secret
from monitor.settings import load
from monitor.settings.searches import read_searches

# The watched projects on a terminal, and what is doubtful about their words -------------------------------------------


_REASONS: Mapping[CautionReason, str] = {
    CautionReason.COMMON: "common words, which texts about anything contain; write words of its own",
    CautionReason.PLACE: "names of places; they belong under where",
    CautionReason.SHORT: "short, and may stand for something else; list under not what it does not mean",
    CautionReason.SIBLING: "also under who of {others}; only what tells them apart",
    CautionReason.TWIN: "also under who of {others}, and nothing tells them apart; give each a what of its own",
    CautionReason.ELSEWHERE: "also under {keys} of {others}; its news would be taken for that of this project",
}


def watched(projects: Sequence[Project], searches: Mapping[str, int]) -> RenderableType:
    """The projects with their words, and the number of feeds that search for each."""
    shown = table("Project", "Who", "What", "Where", "Searches")
    shown.columns[0].min_width = max((len(project.id) for project in projects), default=0)
    for project in projects:
        words = (_some(role) for role in (project.who, project.what, project.where))
        shown.add_row(
            lines(Text(project.id, "bold"), text(project.name_in("en"), "dim")),
            *words,
            str(searches[project.id]) if searches[project.id] else NOTHING,
        )
    return shown


def told(found: Iterable[Caution]) -> Iterator[str]:
    """A sentence for each reason, with the words that it holds for."""
    by_reason: dict[tuple[MentionRole, CautionReason, tuple[str, ...]], list[str]] = {}
    for each in found:
        by_reason.setdefault((each.role, each.reason, each.others), []).append(each.word)
    for (role, reason, others), words in by_reason.items():
        keys = "what or where" if role is MentionRole.WHO else "who or where"
        yield f"{role}: {', '.join(words)}: {_REASONS[reason].format(others=', '.join(others), keys=keys)}"


def _some(words: Sequence[str], most: int = 3) -> Text:
    more = f" +{len(words) - most}" if len(words) > most else ""
    return Text.assemble(text(", ".join(words[:most]) or NOTHING), (more, "dim"))


def list_projects(config: ConfigDir = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """List the watched projects: their words, and how many feeds search for each.

    Example:
        monitor projects list
    """
    found = load(config, os.environ, is_sending=False)
    keep_secret(found.secrets)
    projects = found.projects
    searches = read_searches(config, os.environ)
    if as_json:
        show_json([project_json(project, searches) for project in projects])
        return
    feeds = {
        project.id: sum(len(each.feeds) for each in searches if project.id in each.settings.projects)
        for project in projects
    }
    show(watched(projects, feeds))
