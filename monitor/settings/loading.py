"""Loads a configuration folder as ``Config``, or reports every problem in it at once."""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from monitor.core.news import Destination
from monitor.errors import ConfigError, ConfigProblem
from monitor.feeds.addresses import AddressPolicy
from monitor.settings import build, checks
from monitor.settings.addresses import Resolver
from monitor.settings.build import database_address
from monitor.settings.config import Config
from monitor.settings.files import (
    FEEDS,
    LIFECYCLES,
    MONITOR,
    NAMES,
    PROJECTS,
    READING,
    SUBSCRIBERS,
    TEMPLATES,
    fingerprint,
    read_files,
    unread_files,
)
from monitor.settings.interpolation import Interpolator
from monitor.settings.models import (
    FeedSettings,
    FeedsFile,
    LifecyclesFile,
    MonitorFile,
    PhraseSettings,
    ProjectSettings,
    ProjectsFile,
    ReadingFile,
    SearchSettings,
    SubscriberSettings,
    SubscribersFile,
)
from monitor.settings.searches import engines, expanded
from monitor.settings.validate import validate, validate_items
from monitor.settings.yaml_document import KeyPath, YamlDocument, parse_yaml

# Folds problems: the first ten of each kind are told, and of all no more than anybody reads ---------------------------


#: As many problems of one kind are told.
_TOLD = 10
#: As many problems are told in all. Nobody reads more, and pages and logs have to hold them.
_MOST = 500
#: What differs between messages of one kind: what is quoted, suggested, or a number.
_OWN = re.compile(r"'[^']*'| \(did you mean [^?(]*\?\)|\d+")


def folded(problems: Sequence[ConfigProblem]) -> Iterator[ConfigProblem]:
    """The problems in their order, no more than ``_MOST`` and their number.

    Those of a kind beyond the tenth are counted, in the place of the first of them.
    """
    told = list(_by_kind(problems))
    yield from told[:_MOST]
    if rest := told[_MOST:]:
        yield ConfigProblem(file=rest[0].file, line=rest[0].line, key="", message=f"… and {len(rest)} more problems")


def _by_kind(problems: Sequence[ConfigProblem]) -> Iterator[ConfigProblem]:
    by_kind: dict[tuple[str, str, str], list[int]] = {}
    for number, problem in enumerate(problems):
        by_kind.setdefault(_kind(problem), []).append(number)
    counted: dict[int, ConfigProblem | None] = {}
    for numbers in by_kind.values():
        rest = numbers[_TOLD:]
        if len(rest) > 1:
            counted |= dict.fromkeys(rest)
            counted[rest[0]] = _more([problems[number] for number in rest])
    for number, problem in enumerate(problems):
        told = counted.get(number, problem)
        if told is not None:
            yield told


def _kind(problem: ConfigProblem) -> tuple[str, str, str]:
    # A key at the top of a file is no section: each of a thousand unknown ones would be a kind of its own.
    section, *inside = re.split(r"[.\[]", problem.key, maxsplit=1)
    return problem.file, section if inside else "", _OWN.sub("", problem.message)


def _more(rest: Sequence[ConfigProblem]) -> ConfigProblem:
    first, last = rest[0], rest[-1]
    until = f", up to line {last.line}" if last.line is not None and last.line != first.line else ""
    return ConfigProblem(file=first.file, line=first.line, key="", message=f"… and {len(rest)} more like this{until}")


def load(
    folder: Path,
    env: Mapping[str, str],
    *,
    instead: Mapping[str, bytes] = MappingProxyType({}),
    is_sending: bool = True,
) -> Config:
    """Read and check the whole folder.

    Args:
        folder: the folder.
        env: the environment that ``${VAR}`` refers to.
        instead: contents that count in place of files, by name.
        is_sending: False if nothing will be sent. Addresses are then not resolved, and nobody has destinations.

    Raises:
        ConfigError: with every problem, ordered by file and line, without secrets.
    """
    contents = {**read_files(folder), **instead}
    interpolator = Interpolator(folder, env)
    warnings = list(unread_files(folder))
    problems: list[ConfigProblem] = []
    if PROJECTS not in contents:
        # The file may have another name. The warnings about unread files help to find it.
        problems += [ConfigProblem(file=str(folder / PROJECTS), line=None, key="", message=_NO_PROJECTS), *warnings]

    def document(name: str) -> YamlDocument:
        written, found = parse_yaml(str(folder / name), contents.get(name, b""))
        problems.extend(found)
        return interpolator.document(written)

    monitor, lifecycles_file, feeds_file = document(MONITOR), document(LIFECYCLES), document(FEEDS)
    projects_file, subscribers_file, reading_file = document(PROJECTS), document(SUBSCRIBERS), document(READING)
    settings = validate(monitor, MonitorFile, problems)
    own_lifecycles = validate(lifecycles_file, LifecyclesFile, problems)
    feeds = validate_items(feeds_file, FeedsFile, "feeds", FeedSettings, problems)
    searches = validate_items(feeds_file, FeedsFile, "searches", SearchSettings, [])
    # If the file itself is missing, a problem with its missing key adds nothing.
    told = problems if PROJECTS in contents else []
    projects = validate_items(projects_file, ProjectsFile, "projects", ProjectSettings, told)
    subscribers = validate_items(subscribers_file, SubscribersFile, "subscribers", SubscriberSettings, problems)
    phrases = validate_items(reading_file, ReadingFile, "phrases", PhraseSettings, problems)

    problems += checks.check_feeds(feeds_file, feeds, folder)
    found = expanded(feeds_file, searches, engines(feeds_file), feeds, problems)
    problems += checks.check_projects(projects_file, projects)
    problems += checks.check_subscribers(subscribers_file, subscribers)
    if own_lifecycles is not None:
        lifecycles = build.build_lifecycles(own_lifecycles)
        default = settings.lifecycle if settings is not None else None
        problems += checks.check_lifecycles(lifecycles_file, own_lifecycles)
        problems += checks.check_monitor(monitor, settings, lifecycles, folder) if settings is not None else ()
        problems += checks.check_stages(projects_file, projects, lifecycles, default)
        problems += checks.check_wanted_stages(subscribers_file, subscribers, lifecycles.values())
        problems += checks.check_phrases(reading_file, phrases, lifecycles.values(), folder)
    refusal = AddressPolicy(tuple(settings.fetch.allow_private)).refusal if settings is not None else None
    unset: list[ConfigProblem] = []
    resolver = Resolver(
        problems=problems,
        unset=unset,
        interpolator=interpolator,
        refusal=refusal,
        is_sending=is_sending,
        account=_mail_account(settings),
    )
    ways = [resolver.ways(subscribers_file, subscriber) for subscriber in subscribers]
    operator, sender = _accounts(monitor, settings, resolver)

    # An unresolved reference usually causes other problems at its key. One problem is enough.
    unresolved = {(problem.file, problem.key) for problem in interpolator.problems}
    problems = [problem for problem in problems if (problem.file, problem.key) not in unresolved]
    problems += (problem for problem in interpolator.problems if problem not in unset)
    if problems or settings is None or own_lifecycles is None:
        raise ConfigError(_in_order((*problems, *dict.fromkeys(unset)), interpolator))
    warnings += interpolator.warnings
    watched = [placed.model for placed in projects]
    warnings += (
        *checks.no_projects(projects_file, projects),
        *checks.still_to_come(projects_file, projects, datetime.now(ZoneInfo(settings.timezone)).date()),
        *checks.idle_patterns(subscribers_file, subscribers, watched),
        *checks.closed_feeds(feeds_file, feeds, AddressPolicy(tuple(settings.fetch.allow_private)).refusal),
        *checks.unread_languages(feeds_file, feeds, folder),
        *checks.untranslated(subscribers_file, subscribers),
        *checks.idle_searches(feeds_file, searches, watched),
        *checks.idle_phrases(reading_file, phrases, watched),
        *checks.open_keys(monitor, settings),
        *checks.idle_settings(monitor, settings),
        *checks.open_passwords(monitor, settings.web),
    )
    database = build.database_address(settings.database, folder)
    reader = build.build_reader(settings.reader, folder)
    llm, oidc = settings.reader.llm, settings.web.oidc
    for secret in (urlsplit(database).password, llm and llm.api_key, oidc and oidc.client_secret):
        interpolator.remember(secret or "", as_="***")
    return Config(
        folder=folder,
        database=database,
        timezone=settings.timezone,
        lifecycles=lifecycles,
        polling=build.build_polling(settings.polling),
        fetch=build.build_fetch(settings.fetch),
        workers=build.build_workers(settings.workers),
        alert_horizon=settings.alert_horizon,
        keep_texts=settings.retention.texts,
        weighing=build.build_weighing(settings.weighing, alert_from=settings.alert_from),
        web=build.build_web(settings.web, sender),
        reader=reader,
        phrases=tuple(build.build_phrase(placed.model, watched) for placed in phrases),
        operator=operator,
        feeds=tuple(build.build_feed(placed.model) for placed in (*feeds, *found)),
        projects=tuple(build.build_project(project, lifecycle=settings.lifecycle) for project in watched),
        subscribers=tuple(
            build.build_subscriber(placed.model, where, timezone=settings.timezone)
            for placed, where in zip(subscribers, ways, strict=True)
        ),
        templates=_templates(contents),
        warnings=_in_order(warnings, interpolator),
        unset=_in_order(dict.fromkeys(unset), interpolator),
        secrets=interpolator.secrets(),
        fingerprint=fingerprint(contents),
    )


def _accounts(
    document: YamlDocument, settings: MonitorFile | None, resolver: Resolver
) -> tuple[tuple[Destination, ...], tuple[Destination, ...]]:
    """Where the operator is told, and the account that writes to those who subscribe alone."""
    if settings is None:
        return (), ()
    operators = settings.operator.to if settings.operator is not None else []
    offer = settings.web.subscribe
    written: Mapping[KeyPath, str | None] = {
        ("web", "subscribe", "from"): offer.from_ if offer is not None else None,
        ("mail",): settings.mail,
    }
    found = {path: resolver.plain(document, path, [each] if each else []) for path, each in written.items()}
    for path, accounts in found.items():
        resolver.problems.extend(checks.check_sender(document, accounts, path))
    return resolver.plain(document, ("operator", "to"), operators), found["web", "subscribe", "from"]


def _mail_account(settings: MonitorFile | None) -> str:
    """The address of the account that writes to plain mail addresses. "" if there is none."""
    offer = settings.web.subscribe if settings is not None else None
    return (settings.mail if settings is not None else None) or (offer.from_ if offer is not None else "")


def _templates(contents: Mapping[str, bytes]) -> Mapping[str, str]:
    """The templates by name. Invalid UTF-8 becomes U+FFFD, and shows where the template is used."""
    inside = f"{TEMPLATES}/"
    return {
        name.removeprefix(inside): data.decode("utf-8", "replace")
        for name, data in contents.items()
        if name.startswith(inside)
    }


_NO_PROJECTS = "is missing, and the only file that is needed; write it, or make one with: monitor init DIR"


def _in_order(problems: Iterable[ConfigProblem], interpolator: Interpolator) -> tuple[ConfigProblem, ...]:
    ordered = sorted(problems, key=lambda problem: (problem.file, problem.line or 0, problem.key))
    return tuple(replace(problem, message=interpolator.mask(problem.message)) for problem in folded(ordered))


# The configuration that the service took last, for commands that only read while an edit is invalid -------------------
#
# It is a file beside the SQLite database, readable by its owner alone: the files may contain passwords. For PostgreSQL
# nothing is kept.


def keep(config: Config) -> None:
    """Keep the files of this configuration, unless they were edited since it was loaded.

    Raises:
        OSError: the file cannot be written.
    """
    file = _file(config.database)
    contents = read_files(config.folder)
    if file is None or fingerprint(contents) != config.fingerprint:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.new")
    new.touch(0o600)
    new.write_text(json.dumps({name: contents[name].decode() for name in NAMES if name in contents}))
    new.replace(file)


def recall(folder: Path, env: Mapping[str, str], *, is_sending: bool = True) -> Config | None:
    """The configuration that was kept for this folder. None if there is none, or if it is not valid any more.

    Args:
        folder: the folder, whose files are invalid now.
        env: the environment that ``${VAR}`` refers to.
        is_sending: as of ``load``.
    """
    file = _file(_database(folder, env))
    if file is None:
        return None
    try:
        kept = json.loads(file.read_bytes())
        return load(folder, env, instead={name: kept.get(name, "").encode() for name in NAMES}, is_sending=is_sending)
    except (OSError, ValueError, AttributeError, ConfigError):
        return None


def _database(folder: Path, env: Mapping[str, str]) -> str:
    """The address of the database. It is found in a file that is invalid elsewhere, too."""
    try:
        lines = (folder / MONITOR).read_text("utf-8", "replace").splitlines()
    except OSError:
        lines = []
    line = next((line for line in lines if line.startswith("database:")), "")
    value = Interpolator(folder, env).document(parse_yaml(MONITOR, line.encode())[0]).value
    written = value.get("database") if isinstance(value, dict) else None
    address = written if isinstance(written, str) else MonitorFile.model_fields["database"].default
    return database_address(address, folder)


def _file(database: str) -> Path | None:
    prefix = "sqlite:///"
    path = database.removeprefix(prefix).partition("?")[0]
    if not database.startswith(prefix) or not os.path.isabs(path):  # noqa: PTH117 - the text may be no path
        return None
    return Path(f"{path}.configuration")
