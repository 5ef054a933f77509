"""``read --explain``, ``read --html``: shows how articles are read, on the terminal or as a page."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from importlib import resources
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from monitor.app.opening import build_app, load_folder
from monitor.cli.documents import articles, opened_file
from monitor.cli.output import complain, show, show_page, warn
from monitor.cli.render import in_a_row, lines, text
from monitor.core.explained import section
from monitor.core.model import Article
from monitor.core.notes import MarkOutcome, Note, because, claim_words, fact_words, notes, reason, relevance
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
from monitor.errors import InputError
from monitor.logs import redact
from monitor.readers.plug import TRAINED, explainer

# An explained reading on a terminal: each sentence with coloured marks, and below it what they became -----------------


#: A colour for each project, in the order of the configuration. Further projects use the colours again.
_PROJECTS = ("cyan", "magenta", "bright_blue", "bright_yellow", "bright_green", "bright_red")
_TONES = {"reached": "green", "expected": "yellow", "denied": "red"}
_SIGNS = {MarkOutcome.READ: Text("✔", "green"), MarkOutcome.DROPPED: Text("✘", "red")}
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
        if note.outcome is MarkOutcome.HELPS:
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
        Text(clean(note.came), "" if note.outcome is MarkOutcome.READ else "dim"),
    )


# The page of ``monitor read --html``: a self-contained document around explained readings -----------------------------


#: What is on the pages of the web server too, then what this page alone needs.
_STYLES = (("monitor.web.static", "explained.css"), ("monitor.cli", "explain.css"))
_START = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>How articles are read</title>
<style>
{style}</style>
</head>
<body class="explained">
<h1>How articles are read</h1>
<details class="legend" open>
<summary>Legend</summary>
<ul>
<li><span class="m name p0">name</span> a word by which a project is known, in the project's colour;
<span class="m name shared">name</span> of several,
<span class="m name other">name</span> of none that the article concerns</li>
<li><span class="chip focus p0">project</span> of which the text speaks from here on</li>
<li><span class="m event reached head">event</span> <span class="m event expected head">event</span>
<span class="m event denied head">event</span> claimed as reached, expected, denied;
<span class="m event">event</span> not claimed, for the reason beside it</li>
<li><span class="m cue t-expected">cue</span> a word that decides in which state an event is told</li>
<li><span class="m date">date</span>, <span class="m amount">amount</span>;
<span class="m amount dropped">amount</span> that is not a fact of a project</li>
<li>Numbers lead to the notes. Hover over a mark, or open “found here”, for the rest.</li>
</ul>
</details>
"""
_END = "</body>\n</html>\n"


def page_start() -> str:
    """The part before the first article."""
    style = (resources.files(package) / name for package, name in _STYLES)
    return _START.format(style="".join(file.read_text(encoding="utf-8") for file in style))


def page_end() -> str:
    """The part after the last article."""
    return _END


def show_explained(file: str, folder: Path, *, as_html: bool) -> bool:
    """Show how the trained reader reads the articles of a file, each as soon as it is read.

    Returns:
        Whether every line is a valid article. Errors in other lines are shown, and valid articles are shown anyway.
    """
    config, lexicons = load_folder(folder)
    if config.reader.llm or config.reader.use != TRAINED:
        warn("this is how the trained reader reads; the configuration has another beside it or in its place")
    if config.phrases:
        warn("the phrases of reading.yaml are not shown; they are laid over what is read here")
    explain = explainer(config.projects, lexicons, config.lifecycles, weights=config.reader.weights)
    good, bad = 0, 0
    with opened_file(file) as lines, closing(build_app(config, lexicons)) as app:
        if as_html:
            show_page(page_start())
        for item in articles(app, file, lines):
            if isinstance(item, InputError):
                complain(item)
                bad += 1
                continue
            good += 1
            explained = explain(item.article)
            if as_html:
                show_page(section(redact(item.id), _redacted(item.article), explained, number=good))
            else:
                show(explanation(item.id, item.article, explained))
        if as_html:
            show_page(page_end())
        elif good:
            show(LEGEND)
    return not bad


def _redacted(article: Article) -> Article:
    """The article without secrets in what its head shows: an address may contain a key."""
    return replace(
        article, title=redact(article.title), outlet=redact(article.outlet), url=redact(article.url or "") or None
    )
