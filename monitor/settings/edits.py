"""Edits of the reader, projects, feeds and subscribers, as texts of the files. The rest of a file stays as it is."""

import json
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

from monitor.core.model import Feed, Project
from monitor.core.searches import query_for
from monitor.errors import ConfigError, ConfigProblem, InputError
from monitor.settings import checks
from monitor.settings.editing import (
    EditError,
    flow_list,
    scalar,
    with_items,
    with_setting,
    with_values,
    without_item,
    without_setting,
    without_values,
)
from monitor.settings.files import FEEDS, MONITOR, PROJECTS, SUBSCRIBERS
from monitor.settings.interpolation import Interpolator
from monitor.settings.models import FeedSettings, FeedsFile, SubscriberSettings, SubscribersFile
from monitor.settings.searches import WrittenSearch
from monitor.settings.validate import validate_items
from monitor.settings.whole import read_text
from monitor.settings.yaml_document import parse_yaml

# Adds feeds to the list in ``feeds.yaml``. The rest of the file stays as the operator wrote it ------------------------


def what_is_wrong(feed: Feed, folder: Path) -> str:
    """The reason why the feed is invalid in this folder's file. "" if it is valid."""
    written, problems = parse_yaml(str(folder / FEEDS), with_items("", "feeds", [_item(feed)]).encode())
    interpolator = Interpolator(folder, {})
    document = interpolator.document(written)
    feeds = validate_items(document, FeedsFile, "feeds", FeedSettings, problems)
    found = [*problems, *checks.check_feeds(document, feeds, folder), *interpolator.problems]
    return "; ".join(f"{problem.key.rpartition('.')[2]}: {problem.message}" for problem in found)


def with_feeds(folder: Path, feeds: Sequence[Feed]) -> Mapping[str, str]:
    """The text of the folder's file with these feeds at the end of its list.

    Raises:
        ConfigError: the list cannot be extended at the end. Each item of it must start on its own line.
    """
    path = folder / FEEDS
    try:
        return {FEEDS: with_items(read_text(path), "feeds", [_item(feed) for feed in feeds])}
    except EditError as error:
        raise ConfigError([ConfigProblem(file=str(path), line=None, key="feeds", message=str(error))]) from error


def sifted(
    found: Iterable[Feed | InputError], present: Collection[str], folder: Path, *, source: str
) -> tuple[tuple[Feed, ...], tuple[InputError, ...]]:
    """Of feeds that a document lists, those that can be added, and why others cannot.

    Args:
        found: the feeds in the document, and its errors.
        present: the addresses that are configured already. They are left out silently.
        folder: the configuration folder.
        source: the name of the document, for error messages.
    """
    added, refused = list[Feed](), list[InputError]()
    for item in found:
        if isinstance(item, InputError):
            refused.append(item)
        elif item.url not in present:
            if reason := what_is_wrong(item, folder):
                refused.append(InputError(f"{source}: {item.name}: {reason}"))
            else:
                added.append(item)
    return tuple(added), tuple(refused)


def _item(feed: Feed) -> list[str]:
    every = f"{feed.every.total_seconds():.0f}s" if feed.every is not None else None
    said = {"url": feed.url, "name": feed.name, "trust": f"{feed.trust:g}", "language": feed.language, "every": every}
    # A number is written without quotes: editors check the file by the schema, which requires a number.
    lines = [f"{key}: {text if key == 'trust' else _quoted(text)}" for key, text in said.items() if text]
    if feed.page is not None:
        selectors = ", ".join(f"{key}: {_quoted(text)}" for key, text in asdict(feed.page).items() if text)
        lines.append(f"page: {{{selectors}}}")
    return lines


def _quoted(text: str) -> str:
    """The text as a JSON string, which is valid YAML. A dollar sign is doubled, since it would start a reference."""
    return json.dumps(text, ensure_ascii=False).replace("$", "$$")


# Edits of the reader in ``monitor.yaml``, as texts of the file --------------------------------------------------------


Texts = Mapping[str, str]
#: Where a key is, outside of the file.
_REFERENCE = re.compile(r"\$\{(?:[A-Za-z_][A-Za-z0-9_]*|file:[^{}]+)\}")


def is_reference(api_key: str) -> bool:
    """Whether this is ``${NAME}`` or ``${file:PATH}``, and so not the key itself."""
    return _REFERENCE.fullmatch(api_key) is not None


def described_model(folder: Path) -> tuple[str, str] | None:
    """The endpoint and the name of the language model that is described, whether it reads or not. As written."""
    document = parse_yaml(MONITOR, read_text(folder / MONITOR).encode())[0].value
    reader = document.get("reader") if isinstance(document, dict) else None
    model = reader.get("llm") if isinstance(reader, dict) else None
    if not isinstance(model, dict):
        return None
    endpoint, name = model.get("endpoint"), model.get("model")
    return (endpoint, name) if isinstance(endpoint, str) and isinstance(name, str) else None


def with_reader(folder: Path, name: str) -> Texts:
    """The file with the reader of this name. Raises ConfigError."""
    return _edited(folder, lambda text: with_setting(text, ("reader", "use"), name))


def with_model(folder: Path, endpoint: str, model: str, api_key: str) -> Texts:
    """The file with this language model as the reader.

    What else is described of a language model stays, its key only if the endpoint is the same: no other may learn it.

    Raises:
        ConfigError: it cannot be written so.
    """
    described = described_model(folder)
    is_elsewhere = described is not None and described[0] != endpoint

    def edit(text: str) -> str:
        text = with_setting(text, ("reader", "use"), "llm")
        text = with_setting(text, ("reader", "llm", "endpoint"), scalar(endpoint))
        text = with_setting(text, ("reader", "llm", "model"), scalar(model))
        if api_key:
            return with_setting(text, ("reader", "llm", "api_key"), json.dumps(api_key, ensure_ascii=False))
        return without_setting(text, ("reader", "llm", "api_key")) if is_elsewhere else text

    return _edited(folder, edit)


def _edited(folder: Path, edit: Callable[[str], str]) -> Texts:
    try:
        return {MONITOR: edit(read_text(folder / MONITOR))}
    except EditError as error:
        raise ConfigError(
            [ConfigProblem(file=str(folder / MONITOR), line=None, key="reader", message=str(error))]
        ) from error


# Edits of the projects in ``projects.yaml`` and of their searches in ``feeds.yaml``, as texts of the files ------------


#: The values of a project, by key of ``projects.yaml``.
Value = str | Sequence["Value"] | Mapping[str, "Value"] | None
Fields = Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What becomes of the searches of a project that is removed."""

    #: Removed with it, for they are for no other project.
    removed: tuple[WrittenSearch, ...]
    #: They stay for other projects.
    kept: tuple[WrittenSearch, ...]


def slug(name: str) -> str:
    """An id made of a name. "" if it has no Latin letter or digit."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("-")


def new_id(name: str, words: Sequence[str], taken: Collection[str]) -> str:
    """An id for a new project: made of its name, else of the first of its words that has a Latin letter or digit."""
    base = next(filter(None, map(slug, (name, *words))), "project")
    numbered = (f"{base[:56].rstrip('-')}-{number}" for number in count(2))
    return base if base not in taken else next(each for each in numbered if each not in taken)


def plain_name(fields: Fields) -> str:
    """The name, or the first one of several languages."""
    name = fields["name"]
    return str(next(iter(name.values())) if isinstance(name, Mapping) else name)


def words_in(fields: Fields) -> list[str]:
    """The words that a project is described by."""
    return [str(word) for key in ("who", "what", "where") for word in fields.get(key) or ()]


def search_for(fields: Fields, editions: Sequence[str]) -> tuple[list[str], list[str]]:
    """The lines of the search for a new project, and the editions whose press writes none of its words."""
    who, what, where = (tuple(map(str, fields.get(key) or ())) for key in ("who", "what", "where"))
    project = Project(id=str(fields["id"]), name={"": plain_name(fields)}, who=who, what=what, where=where)
    found = queries(project, editions)
    lines = search_lines(plain_name(fields), project.id, found) if found else []
    return lines, [edition for edition in editions if edition not in found]


def usual_editions(searches: Sequence[WrittenSearch]) -> tuple[str, ...]:
    """The editions in which the searches that are there look for news; English if there are none."""
    found = dict.fromkeys(edition for search in searches for edition in search.settings.queries)
    return tuple(found) or ("en",)


def queries(project: Project, editions: Sequence[str]) -> dict[str, str]:
    """A query for each of these editions, without those whose press writes none of the project's words."""
    return {edition: query for edition in editions if (query := query_for(project, edition))}


def project_lines(fields: Fields) -> list[str]:
    """The lines of a project in ``projects.yaml``."""
    return [f"{key}: {_written(value)}" for key, value in fields.items() if value]


def search_lines(name: str, project: str, found: Mapping[str, str]) -> list[str]:
    """The lines of a search in ``feeds.yaml``."""
    return [
        f"name: {scalar(name)}",
        f"projects: [{project}]",
        "queries:",
        *(f"  {edition}: {scalar(query)}" for edition, query in found.items()),
    ]


def with_project(folder: Path, fields: Fields, search: Sequence[str] = ()) -> Mapping[str, str]:
    """The files with a project at the end, and with a search for it if it has lines. Raises ConfigError."""
    texts = {
        PROJECTS: _edited_projects(folder, PROJECTS, lambda text: with_items(text, "projects", [project_lines(fields)]))
    }
    if search:
        texts[FEEDS] = _edited_projects(folder, FEEDS, lambda text: with_items(text, "searches", [search]))
    return texts


def with_fields(folder: Path, index: int, fields: Fields) -> Mapping[str, str]:
    """The files with these fields of a project changed. Raises ConfigError."""
    values = [(key, _written(value)) for key, value in fields.items()]
    return {PROJECTS: _edited_projects(folder, PROJECTS, lambda text: with_values(text, "projects", index, values))}


def removal(project: str, searches: Sequence[WrittenSearch]) -> Removal:
    """What becomes of the searches if this project is removed."""
    own = [search for search in searches if project in search.settings.projects]
    return Removal(
        removed=tuple(search for search in own if set(search.settings.projects) == {project}),
        kept=tuple(search for search in own if set(search.settings.projects) != {project}),
    )


def without_project(folder: Path, index: int, project: str, searches: Sequence[WrittenSearch]) -> Mapping[str, str]:
    """The files without a project, and without the searches that are for it alone. Raises ConfigError."""
    going = removal(project, searches)

    def without_searches(text: str) -> str:
        for number, search in reversed([*enumerate(searches)]):
            if search in going.removed:
                text = without_item(text, "searches", number)
            elif search in going.kept:
                rest = [each for each in search.settings.projects if each != project]
                text = with_values(text, "searches", number, [("projects", flow_list(rest))])
        return text

    texts = {PROJECTS: _edited_projects(folder, PROJECTS, lambda text: without_item(text, "projects", index))}
    if going.removed or going.kept:
        texts[FEEDS] = _edited_projects(folder, FEEDS, without_searches)
    return texts


def _edited_projects(folder: Path, name: str, edit: Callable[[str], str]) -> str:
    try:
        return edit(read_text(folder / name))
    except EditError as error:
        raise ConfigError([ConfigProblem(file=str(folder / name), line=None, key="", message=str(error))]) from error


def _written(value: Value) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{scalar(key)}: {_written(each)}' for key, each in value.items())}}}"
    return scalar(value or "") if value is None or isinstance(value, str) else f"[{', '.join(map(_written, value))}]"


# Edits of single items in the lists of ``feeds.yaml`` and ``subscribers.yaml``, as texts of the files -----------------


def with_feed(
    folder: Path,
    env: Mapping[str, str],
    url: str,
    *,
    name: str | None = None,
    trust: float | None = None,
    language: str | None = None,
    paused: bool | None = None,
) -> Texts:
    """The files with other settings of the feed with this address. None leaves a setting as it is.

    An empty language is removed, so that it is detected. What stays the same is not written anew. Raises ConfigError.
    """
    index = _feed(folder, env, url)
    now = _feeds(folder, env)[index]
    values = [("name", scalar(name))] if name is not None and name != now.name else []
    if trust is not None and trust != now.trust:
        values.append(("trust", f"{trust:g}"))
    if language:
        values.append(("language", scalar(language)))
    if paused is not None and paused != now.paused:
        values.append(("paused", json.dumps(paused)))

    def edit(text: str) -> str:
        text = with_values(text, "feeds", index, values)
        return without_values(text, "feeds", index, ["language"]) if language == "" else text

    return _edited_items(folder, FEEDS, edit)


def without_feed(folder: Path, env: Mapping[str, str], url: str) -> Texts:
    """The files without the feed with this address. Raises ConfigError."""
    index = _feed(folder, env, url)
    return _edited_items(folder, FEEDS, lambda text: without_item(text, "feeds", index))


def is_listed(folder: Path, env: Mapping[str, str], url: str) -> bool:
    """Whether ``feeds.yaml`` lists a feed with this address. Else it comes from a search."""
    return url in _addresses(folder, env)


def with_subscriber(folder: Path, lines: Sequence[str]) -> Texts:
    """The files with a subscriber of these lines at the end of the list. Raises ConfigError."""
    return _edited_items(folder, SUBSCRIBERS, lambda text: with_items(text, "subscribers", [lines]))


def with_mute(
    folder: Path, env: Mapping[str, str], names: Sequence[str], *, until: datetime, projects: Sequence[str]
) -> Texts:
    """The files with one more mute of these subscribers. Raises ConfigError."""
    return _muted(folder, env, names, lambda found: [*found, (until, tuple(projects))])


def without_mutes(
    folder: Path, env: Mapping[str, str], names: Sequence[str], *, until: datetime, projects: Sequence[str]
) -> Texts:
    """The files without this mute of these subscribers. Raises ConfigError."""
    ended = until, tuple(projects)
    return _muted(folder, env, names, lambda found: [each for each in found if each != ended])


def without_all_mutes(folder: Path, env: Mapping[str, str], name: str) -> Texts:
    """The files without any mute of this subscriber. Raises ConfigError."""
    return _muted(folder, env, [name], lambda _: [])


Mutes = Sequence[tuple[datetime, tuple[str, ...]]]


def _muted(folder: Path, env: Mapping[str, str], names: Sequence[str], change: Callable[[Mutes], Mutes]) -> Texts:
    document = Interpolator(folder, env).document(parse_yaml(SUBSCRIBERS, _bytes(folder, SUBSCRIBERS))[0])
    placed = validate_items(document, SubscribersFile, "subscribers", SubscriberSettings, [])
    chosen = [(number, each.model) for number, each in enumerate(placed) if each.model.name in names]
    if len(chosen) < len(set(names)):
        raise _problem(folder, SUBSCRIBERS, "has no subscriber of this name any more; load the page again")

    def edit(text: str) -> str:
        for number, model in chosen:
            mutes = change([(each.until, tuple(each.projects)) for each in model.mute])
            text = with_values(text, "subscribers", number, [("mute", _written_items(mutes))])
        return text

    return _edited_items(folder, SUBSCRIBERS, edit)


def _written_items(mutes: Mutes) -> str:
    items = (f"{{until: {until:%Y-%m-%d %H:%M}, projects: {flow_list(projects)}}}" for until, projects in mutes)
    return f"[{', '.join(items)}]"


def _feed(folder: Path, env: Mapping[str, str], url: str) -> int:
    """The number of the feed with this address in the list."""
    addresses = _addresses(folder, env)
    if url not in addresses:
        raise _problem(folder, FEEDS, "does not list this feed: it comes from a search, or was removed meanwhile")
    return addresses.index(url)


def _addresses(folder: Path, env: Mapping[str, str]) -> list[str]:
    return [feed.url for feed in _feeds(folder, env)]


def _feeds(folder: Path, env: Mapping[str, str]) -> list[FeedSettings]:
    document = Interpolator(folder, env).document(parse_yaml(FEEDS, _bytes(folder, FEEDS))[0])
    return [placed.model for placed in validate_items(document, FeedsFile, "feeds", FeedSettings, [])]


def _bytes(folder: Path, name: str) -> bytes:
    return read_text(folder / name).encode()


def _edited_items(folder: Path, name: str, edit: Callable[[str], str]) -> Texts:
    try:
        return {name: edit(read_text(folder / name))}
    except EditError as error:
        raise _problem(folder, name, str(error)) from error


def _problem(folder: Path, name: str, message: str) -> ConfigError:
    return ConfigError([ConfigProblem(file=str(folder / name), line=None, key="", message=message)])
