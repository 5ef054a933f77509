"""Loads a configuration folder as ``Config``, or reports every problem in it at once."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from monitor.core.news import Destination
from monitor.errors import ConfigError, Problem
from monitor.feeds.addresses import AddressPolicy
from monitor.settings import build, checks
from monitor.settings.addresses import Resolver
from monitor.settings.config import Config
from monitor.settings.files import (
    FEEDS,
    LIFECYCLES,
    MONITOR,
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
from monitor.settings.repeated import folded
from monitor.settings.searches import engines, expanded
from monitor.settings.validate import validate, validate_items
from monitor.settings.yaml_document import Document, KeyPath, parse_yaml


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
    problems: list[Problem] = []
    if PROJECTS not in contents:
        # The file may have another name. The warnings about unread files help to find it.
        problems += [Problem(file=str(folder / PROJECTS), line=None, key="", message=_NO_PROJECTS), *warnings]

    def document(name: str) -> Document:
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
    unset: list[Problem] = []
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
    document: Document, settings: MonitorFile | None, resolver: Resolver
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


def _in_order(problems: Iterable[Problem], interpolator: Interpolator) -> tuple[Problem, ...]:
    ordered = sorted(problems, key=lambda problem: (problem.file, problem.line or 0, problem.key))
    return tuple(replace(problem, message=interpolator.mask(problem.message)) for problem in folded(ordered))
