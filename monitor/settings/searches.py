"""Expands the news searches of ``feeds.yaml`` to feeds. The rest of the program knows only feeds."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from monitor.core.model import Feed
from monitor.core.searches import ENGINES, PressEdition, address, feed_name
from monitor.errors import ConfigProblem
from monitor.settings.build import build_feed
from monitor.settings.checks import feed_identity
from monitor.settings.files import FEEDS
from monitor.settings.interpolation import Interpolator
from monitor.settings.models import FeedSettings, FeedsFile, SearchSettings
from monitor.settings.scalars import check_template, suggest
from monitor.settings.validate import Placed, validate_items
from monitor.settings.yaml_document import MAX_ITEMS, YamlDocument, parse_yaml

#: The longest address of a feed.
_LONGEST = 2_000


def engines(document: YamlDocument) -> Mapping[str, str]:
    """The templates of all engines: those that ship, and the valid ones of the operator, which take precedence."""
    written = document.value.get("engines") if isinstance(document.value, dict) else None
    own = dict[str, str]()
    for name, template in (written if isinstance(written, dict) else {}).items():
        with suppress(ValueError):  # reported with the other keys
            own[name] = check_template(str(template).strip())
    return {**ENGINES, **own}


def expanded(
    document: YamlDocument,
    searches: Sequence[Placed[SearchSettings]],
    templates: Mapping[str, str],
    feeds: Sequence[Placed[FeedSettings]],
    problems: list[ConfigProblem],
) -> tuple[Placed[FeedSettings], ...]:
    """The feeds of the searches, each with the place of its query.

    Args:
        document: ``feeds.yaml``.
        searches: its valid searches.
        templates: of all engines (``engines``).
        feeds: its valid feeds. A search must not give the address of one of them, or of another search.
        problems: searches that cannot be expanded are added here.
    """
    places = {feed_identity(placed.model.url): placed.path for placed in feeds}
    found: list[Placed[FeedSettings]] = []
    for placed in searches:
        for index, engine in enumerate(placed.model.engines):
            if engine not in templates:
                there = f"there are {', '.join(templates)}"
                message = f"there is no engine '{engine}'{suggest(engine, templates)}; {there}"
                problems.append(document.problem((*placed.path, "engines", index), message))
        for each in _feeds(placed, templates):
            if len(feeds) + len(found) >= MAX_ITEMS:
                message = f"is one feed too many: {MAX_ITEMS:,} are the most, those of searches included"
                problems.append(document.problem(each.path, message))
                return ()
            url = each.model.url
            first = places.setdefault(feed_identity(url), each.path)
            if len(url) > _LONGEST:
                message = f"gives an address of {len(url)} characters, and {_LONGEST} is the most; use fewer words"
                problems.append(document.problem(each.path, message))
            elif first != each.path:
                message = f"gives the address of line {document.line(first)} again; keep one"
                problems.append(document.problem(each.path, message))
            else:
                found.append(each)
    return tuple(found)


def _feeds(placed: Placed[SearchSettings], templates: Mapping[str, str]) -> Iterator[Placed[FeedSettings]]:
    search = placed.model
    for engine in dict.fromkeys(search.engines or templates):
        for edition, query in search.queries.items() if engine in templates else ():
            feed = FeedSettings.model_construct(
                url=address(templates[engine], query, edition),
                name=feed_name(engine, search.name, edition, search.queries),
                trust=search.trust,
                language=PressEdition.of(edition).language,
                every=search.every,
                page=None,
                paused=False,
            )
            yield Placed((*placed.path, "queries", edition), feed)


@dataclass(frozen=True, slots=True)
class WrittenSearch:
    """A search as it is written, and its feeds."""

    settings: SearchSettings
    feeds: tuple[Feed, ...]


def read_searches(folder: Path, env: Mapping[str, str]) -> tuple[WrittenSearch, ...]:
    """The searches of a valid folder, in the order of the file."""
    data = (folder / FEEDS).read_bytes() if (folder / FEEDS).exists() else b""
    document = Interpolator(folder, env).document(parse_yaml(FEEDS, data)[0])
    searches = validate_items(document, FeedsFile, "searches", SearchSettings, [])
    templates = engines(document)
    return tuple(
        WrittenSearch(placed.model, tuple(build_feed(feed.model) for feed in _feeds(placed, templates)))
        for placed in searches
    )
