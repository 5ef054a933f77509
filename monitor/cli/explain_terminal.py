"""An explained reading on a terminal: each sentence with coloured marks, and below it what they became."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from monitor.cli.render import in_a_row, lines, text
from monitor.core.model import Article
from monitor.core.page.notes import Note, Outcome, because, claim_words, fact_words, notes, reason, relevance
from monitor.core.plain import clean, visible
from monitor.core.reading.explanation import (
    DateMark,
    EventMark,
    ExplainedSentence,
    Explanation,
    HintMark,
    NameMark,
    Piece,
    QuantityMark,
)

#: A colour for each project, in the order of the configuration. Further projects use the colours again.
_PROJECTS = ("cyan", "magenta", "bright_blue", "bright_yellow", "bright_green", "bright_red")
_TONES = {"reached": "green", "expected": "yellow", "denied": "red"}
_SIGNS = {Outcome.READ: Text("✔", "green"), Outcome.DROPPED: Text("✘", "red")}
_SPACE = re.compile(r"\s")

LEGEND = Text.assemble(
    ("name", "reverse cyan"), " a project's word · ",
    ("event", "bold underline green"), " told · ",
    ("hint", "italic"), " of the vocabulary · ",
    ("date", "blue"), " · ",
    ("amount", "bright_magenta"), " · ✔ claimed ✘ not, and why",
)  # fmt: skip


def explanation(article_id: str, article: Article, explained: Explanation) -> RenderableType:
    """How an article was read: its claims and facts, then each sentence with its marks and notes."""
    colours = {project: _PROJECTS[n % len(_PROJECTS)] for n, project in enumerate(explained.projects)}
    parts: list[RenderableType] = [_head(article_id, article, explained, colours)]
    parts.append(_indented(("", line) for line in _summary(explained, colours)))
    for sentence in explained.sentences:
        parts += ["", _sentence(explained, sentence, colours), _indented(_notes(notes(explained, sentence), colours))]
    return Group(*parts, "")


def _indented(rows: Iterable[tuple[str | Text, Text]]) -> Table:
    grid = Table.grid(padding=(0, 1))
    for sign, line in rows:
        grid.add_row(" ", sign, line)
    return grid


def _head(article_id: str, article: Article, explained: Explanation, colours: Mapping[str, str]) -> Text:
    about = Text(", ").join(_project(project, colours) for project in explained.projects)
    return lines(
        in_a_row(text(article_id, "bold"), text(article.title, "bold")),
        in_a_row(
            Text(explained.language or "language unknown", "dim"),
            Text(f"published {explained.published}" if explained.published else "publication unknown", "dim"),
            about or Text("no project of the configuration", "dim"),
        ),
        Text(relevance(explained), "dim"),
        Text(reason(explained) or "", "yellow"),
    )


def _summary(explained: Explanation, colours: Mapping[str, str]) -> Iterator[Text]:
    for claim in explained.claims:
        yield in_a_row(
            _project(claim.project, colours),
            Text(claim_words(claim), _TONES[claim.state.value]),
            f"sure {claim.confidence:.2f}",
            Text(because(claim), "dim"),
        )
    for fact in explained.facts:
        yield in_a_row(
            _project(fact.project, colours), Text(fact_words(fact), "bright_magenta"), f"sure {fact.confidence:.2f}"
        )


def _project(project: str, colours: Mapping[str, str]) -> Text:
    return text(project, colours.get(project, ""))


# ---------------------------------------------------------------- a sentence


def _sentence(explained: Explanation, sentence: ExplainedSentence, colours: Mapping[str, str]) -> Text:
    shown = Text()
    for piece in sentence.pieces():
        shown.append(_SPACE.sub(" ", visible(explained.words(piece.place))), _style(piece, colours))
    return shown


def _style(piece: Piece, colours: Mapping[str, str]) -> str:
    """The style: names are reversed, events underlined, hints italic. Dates and amounts have their own colours."""
    styles: list[str] = []
    for mark in piece.marks:
        match mark:
            case NameMark():
                named = [colours[project] for project in mark.projects if project in colours]
                styles.append(f"reverse {named[0] if len(named) == 1 else ''}" if named else "")
            case EventMark():
                styles.append(f"bold underline {_event_colour(mark)}")
            case HintMark():
                styles.append("italic")
            case DateMark():
                styles.append("blue")
            case QuantityMark():
                styles.append("bright_magenta")
    return " ".join(styles)


def _event_colour(mark: EventMark) -> str:
    claimed = next((telling.claim.state for telling in mark.tellings if telling.claim), None)
    return _TONES[claimed.value] if claimed else "dim"


def _notes(found: Iterable[Note], colours: Mapping[str, str]) -> Iterator[tuple[Text, Text]]:
    """A line for each possible claim or fact, then one for each kind of helping mark."""
    helping: dict[str, list[Note]] = defaultdict(list)
    for note in found:
        if note.outcome is Outcome.HELPS:
            helping[note.kind].append(note)
        else:
            yield _SIGNS[note.outcome], _note(note, colours)
    for kind, same in helping.items():
        said = dict.fromkeys(f"“{clean(note.words)}” {clean(note.says)}" for note in same)
        yield Text("·", "dim"), Text(f"{kind}s: {'; '.join(said)}", "dim")


def _note(note: Note, colours: Mapping[str, str]) -> Text:
    return in_a_row(
        Text.assemble(f"“{clean(note.words)}” ", (clean(note.says), _TONES.get(note.tone, ""))),
        Text(", ").join(_project(project, colours) for project in note.projects),
        Text(clean(note.came), "" if note.outcome is Outcome.READ else "dim"),
    )
