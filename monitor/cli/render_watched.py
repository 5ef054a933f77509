"""The watched projects on a terminal, and what is doubtful about their words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.text import Text

from monitor.cli.render import NOTHING, lines, table, text
from monitor.core.model import Project
from monitor.core.reading.projects.cautions import Caution, Reason
from monitor.core.reading.projects.mention import Role

_REASONS: Mapping[Reason, str] = {
    Reason.COMMON: "common words, which texts about anything contain; write words of its own",
    Reason.PLACE: "names of places; they belong under where",
    Reason.SHORT: "short, and may stand for something else; list under not what it does not mean",
    Reason.SIBLING: "also under who of {others}; only what tells them apart",
    Reason.TWIN: "also under who of {others}, and nothing tells them apart; give each a what of its own",
    Reason.ELSEWHERE: "also under {keys} of {others}; its news would be taken for that of this project",
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
    by_reason: dict[tuple[Role, Reason, tuple[str, ...]], list[str]] = {}
    for each in found:
        by_reason.setdefault((each.role, each.reason, each.others), []).append(each.word)
    for (role, reason, others), words in by_reason.items():
        keys = "what or where" if role is Role.WHO else "who or where"
        yield f"{role}: {', '.join(words)}: {_REASONS[reason].format(others=', '.join(others), keys=keys)}"


def _some(words: Sequence[str], most: int = 3) -> Text:
    more = f" +{len(words) - most}" if len(words) > most else ""
    return Text.assemble(text(", ".join(words[:most]) or NOTHING), (more, "dim"))
