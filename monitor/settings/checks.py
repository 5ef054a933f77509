"""Checks across items: whether the files agree with each other and with the folder."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit

from monitor.core.access import is_loopback, name_of
from monitor.core.alerting.plan import TAG, answers
from monitor.core.lifecycle import INDUSTRIAL, Condition, Lifecycle
from monitor.core.model import State
from monitor.core.news import Destination
from monitor.core.reading.text.text import bare
from monitor.delivery.guard import Refusal
from monitor.errors import ConfigProblem
from monitor.readers.plug import DEFAULT, FORMER, MODEL, reader_factory
from monitor.settings.addresses import written
from monitor.settings.build import is_model_used, reader_beside, weights_folder
from monitor.settings.models import (
    FeedSettings,
    LifecyclesFile,
    MonitorFile,
    PhraseSettings,
    ProjectSettings,
    ReaderSettings,
    SearchSettings,
    SubscriberSettings,
    WebSettings,
)
from monitor.settings.scalars import suggest
from monitor.settings.validate import M, Placed
from monitor.settings.vocabularies import languages
from monitor.settings.yaml_document import KeyPath, YamlDocument
from monitor.wording.catalogues import SOURCE
from monitor.wording.catalogues import languages as translations

#: The most names among which the nearest one is looked for.
_FEW = 500


def check_monitor(
    document: YamlDocument, settings: MonitorFile, lifecycles: Mapping[str, Lifecycle], folder: Path
) -> Iterator[ConfigProblem]:
    """The default lifecycle and the reader exist; the polling intervals are in order."""
    polling = settings.polling
    if not polling.fastest <= polling.every <= polling.slowest:
        yield document.problem(("polling",), "must be in order: fastest <= every <= slowest")
    if settings.lifecycle not in lifecycles:
        yield document.problem(("lifecycle",), _unknown("lifecycle", settings.lifecycle, lifecycles))
    yield from _check_reader(document, settings.reader, folder)
    yield from _check_provider(document, settings.web)


def _check_provider(document: YamlDocument, web: WebSettings) -> Iterator[ConfigProblem]:
    """The provider can send people back, its library is there, and nobody is listed twice."""
    if web.oidc is None:
        return
    if web.public is None:
        yield document.problem(("web", "oidc"), "needs web.public: the provider sends people back to that address")
    if find_spec("authlib") is None:
        yield document.problem(("web", "oidc"), "needs a library; install milestone-monitor[oidc]")
    seen: set[str] = set()
    for entry in web.oidc.allow:
        if name_of(entry) in seen:
            yield document.problem(("web", "oidc", "allow", entry), "is given twice; keep one")
        seen.add(name_of(entry))


def _check_reader(document: YamlDocument, reader: ReaderSettings, folder: Path) -> Iterator[ConfigProblem]:
    """The reader can be loaded, and a language model is configured if it is to read."""
    if reader.use == MODEL and reader.llm is None:
        yield document.problem(("reader", "use"), "needs an endpoint and a model; write them under llm")
    place = ("reader", "llm", "fallback") if is_model_used(reader) else ("reader", "use")
    name = reader_beside(reader)
    if name == MODEL:
        yield document.problem(place, "a language model cannot stand in for itself; write trained")
        return
    try:
        reader_factory(name, weights=weights_folder(reader, folder))
    except ValueError as error:
        yield document.problem(place, str(error))


def idle_settings(document: YamlDocument, settings: MonitorFile) -> Iterator[ConfigProblem]:
    """Warnings of settings without effect."""
    if settings.web.subscribe is not None and settings.web.public is None:
        yield document.problem(("web", "subscribe"), "has no effect without web.public, which links in mails need")
    llm = settings.reader.llm
    named = {("reader", "use"): settings.reader.use, ("reader", "llm", "fallback"): llm and llm.fallback}
    for place in (place for place, name in named.items() if name == FORMER):
        yield document.problem(place, f"there is no reader by rules any more, and {DEFAULT} reads; take it out")
    if llm is not None and not is_model_used(settings.reader):
        message = (
            f"is not used, for reader.use is {settings.reader.use}; try it and let it read: monitor reader use llm"
        )
        yield document.problem(("reader", "llm"), message)
    if llm is not None and llm.below is not None:
        message = "has no effect any more, for the model reads whole articles; take it out"
        yield document.problem(("reader", "llm", "below"), message)


def open_keys(document: YamlDocument, settings: MonitorFile) -> Iterator[ConfigProblem]:
    """Warnings of an API key that is sent unencrypted over public networks."""
    llm = settings.reader.llm
    if llm is None or llm.api_key is None or urlsplit(llm.endpoint).scheme == "https":
        return
    host = urlsplit(llm.endpoint).hostname or ""
    try:
        is_inside = not ip_address(host).is_global
    except ValueError:
        is_inside = "." not in host or host.endswith((".internal", ".local", ".localhost"))
    if not is_inside:
        yield document.problem(("reader", "llm", "endpoint"), "sends the api_key unencrypted; write https://")


def open_passwords(document: YamlDocument, web: WebSettings) -> Iterator[ConfigProblem]:
    """Warnings of pages that are reached from elsewhere without encryption, passwords and all."""
    if (
        web.public is not None
        and urlsplit(web.public).scheme != "https"
        and not is_loopback(urlsplit(web.public).hostname or "")
    ):
        yield document.problem(("web", "public"), "sends passwords unencrypted; write https://")
    if web.public is None and not is_loopback(web.host):
        message = (
            "lets others reach the pages, and what is sent there is not encrypted; keep 127.0.0.1, put a reverse proxy "
            "with a certificate before it, and write its address as web.public"
        )
        yield document.problem(("web", "host"), message)


def check_lifecycles(document: YamlDocument, settings: LifecyclesFile) -> Iterator[ConfigProblem]:
    """Stages are distinct, and are not conditions. Those that are like others exist, and so do the others."""
    for name, stages in settings.lifecycles.items():
        path = ("lifecycles", name)
        if not stages:
            yield document.problem(
                path, "has no stages; write them in their order: [announced, construction, operating]"
            )
        for index, stage in enumerate(stages):
            if stage in stages[:index]:
                yield document.problem((*path, index), f"'{stage}' is given twice; each stage has one place")
            if stage in set(Condition):
                message = f"'{stage}' is a condition, which befalls a project at any stage; leave it out"
                yield document.problem((*path, index), message)
    own = {stage for stages in settings.lifecycles.values() for stage in stages}
    for stage, like in settings.like.items():
        if stage not in own:
            yield document.problem(("like", stage), f"no lifecycle has this stage{suggest(stage, own)}")
        if not INDUSTRIAL.has(like):
            message = f"'{like}' is no stage of industrial{suggest(like, INDUSTRIAL.stages)}"
            yield document.problem(("like", stage), message)


def check_feeds(document: YamlDocument, feeds: Sequence[Placed[FeedSettings]], folder: Path) -> Iterator[ConfigProblem]:
    """Addresses are distinct; files lie inside the folder."""
    yield from _unique(document, feeds, "url", lambda feed: feed_identity(feed.url))
    for placed in feeds:
        if placed.model.url.lower().startswith("file:"):
            path = (*placed.path, "url")
            file = feed_file(placed.model.url, folder)
            if file is None or not file.is_relative_to(folder.resolve()):
                yield document.problem(path, f"lies outside the folder {folder}; move the file into it")
            elif not file.is_file():
                yield document.problem(path, f"names no file of the folder {folder}; write file:NAME, or make the file")


def check_projects(document: YamlDocument, projects: Sequence[Placed[ProjectSettings]]) -> Iterator[ConfigProblem]:
    """Ids are distinct; every project can be recognised."""
    yield from _unique(document, projects, "id", lambda project: project.id)
    for placed in projects:
        project = placed.model
        is_described = project.who or (project.what and project.where)
        if not is_described and placed.wrong.isdisjoint({"who", "what", "where"}):
            yield document.problem(placed.path, "needs who, or both what and where; nothing could be matched to it")
        names = [phase.name for phase in project.phases]
        for index, name in enumerate(names):
            if name and name in names[:index]:
                yield document.problem(
                    (*placed.path, "phases", index, "name"), f"'{name}' is given twice; name it anew"
                )
        excluded = {bare(word) for word in project.not_}
        for key, words in (("who", project.who), ("what", project.what), ("where", project.where)):
            for index, word in enumerate(words):
                if bare(word) in excluded:
                    message = f"'{word}' stands under not as well, so that nothing could be matched; keep one"
                    yield document.problem((*placed.path, key, index), message)


def no_projects(document: YamlDocument, projects: Sequence[Placed[ProjectSettings]]) -> Iterator[ConfigProblem]:
    """A warning if no project is watched."""
    if not projects:
        yield document.problem(("projects",), "is empty, so nothing is watched; add one: monitor projects add")


def still_to_come(
    document: YamlDocument, projects: Sequence[Placed[ProjectSettings]], today: date
) -> Iterator[ConfigProblem]:
    """Warnings of known milestones that are said to be reached, on a date that lies in the future."""
    for placed in projects:
        for index, known in enumerate(placed.model.known):
            if known.state is State.REACHED and known.date is not None and known.date.start > today:
                message = f"{known.date} is still to come, so {known.stage} is not reached yet; write state: expected"
                yield document.problem((*placed.path, "known", index, "date"), message)


def check_stages(
    document: YamlDocument,
    projects: Sequence[Placed[ProjectSettings]],
    lifecycles: Mapping[str, Lifecycle],
    default: str | None,
) -> Iterator[ConfigProblem]:
    """Every project's lifecycle exists, and has the stages of its known milestones.

    A default that is None or unknown is not reported here: other checks do that.
    """
    for placed in projects:
        name = placed.model.lifecycle or default
        lifecycle = lifecycles.get(name or "")
        if lifecycle is None or name is None:
            if placed.model.lifecycle:
                message = _unknown("lifecycle", placed.model.lifecycle, lifecycles)
                yield document.problem((*placed.path, "lifecycle"), message)
            continue
        for index, known in enumerate(placed.model.known):
            if known.stage and not lifecycle.has(known.stage) and known.stage not in set(Condition):
                message = _unknown(f"stage of {name}", known.stage, [*lifecycle.stages, *Condition])
                yield document.problem((*placed.path, "known", index, "stage"), message)


def check_subscribers(
    document: YamlDocument, subscribers: Sequence[Placed[SubscriberSettings]]
) -> Iterator[ConfigProblem]:
    """Names are distinct; a subscriber has each address only once, and comes back after leaving."""
    yield from _unique(document, subscribers, "name", lambda subscriber: subscriber.name)
    for placed in subscribers:
        seen: set[str] = set()
        for index, away in enumerate(placed.model.away):
            if away.to < away.from_:
                message = "ends before it begins; write the first day under from, the last one under to"
                yield document.problem((*placed.path, "away", index), message)
        for path, address in written(placed.model):
            if address in seen:
                yield document.problem((*placed.path, "to", *path), "is given twice; keep one")
            seen.add(address)


def check_wanted_stages(
    document: YamlDocument, subscribers: Sequence[Placed[SubscriberSettings]], lifecycles: Iterable[Lifecycle]
) -> Iterator[ConfigProblem]:
    """The stages that subscribers want exist in a lifecycle, or are conditions."""
    known = _stages(lifecycles)
    for placed in subscribers:
        for index, stage in enumerate(placed.model.stages or ()):
            if stage not in known:
                yield document.problem((*placed.path, "stages", index), _unknown("stage", stage, known))


def check_phrases(
    document: YamlDocument,
    phrases: Sequence[Placed[PhraseSettings]],
    lifecycles: Iterable[Lifecycle],
    folder: Path,
) -> Iterator[ConfigProblem]:
    """Phrases either mean a claim or do not. Their languages have a vocabulary; their stages are known."""
    known, spoken = _stages(lifecycles), sorted(languages(folder))
    for placed in phrases:
        phrase = placed.model
        if phrase.language and phrase.language not in spoken:
            message = _unknown("vocabulary of", phrase.language, spoken)
            yield document.problem((*placed.path, "language"), message)
        if (phrase.always is None) == (phrase.never is None) and placed.wrong.isdisjoint({"always", "never"}):
            message = "needs either always or never: the claim that its words mean, or do not"
            yield document.problem(placed.path, message)
        told: dict[KeyPath, str] = {
            (key,): claim[0] for key, claim in (("always", phrase.always), ("never", phrase.never)) if claim is not None
        }
        for number, example in enumerate(phrase.examples):
            for index, (stage, _) in enumerate(example.claims):
                told["examples", number, "claims", index] = stage
        for where, stage in told.items():
            if stage not in known:
                yield document.problem((*placed.path, *where), _unknown("stage", stage, known))


def idle_patterns(
    document: YamlDocument, subscribers: Sequence[Placed[SubscriberSettings]], projects: Sequence[ProjectSettings]
) -> Iterator[ConfigProblem]:
    """Warnings of subscribers' patterns that match no project."""
    wanted = [((*placed.path, "projects"), placed.model.projects) for placed in subscribers]
    muted = [
        ((*placed.path, "mute", number, "projects"), mute.projects)
        for placed in subscribers
        for number, mute in enumerate(placed.model.mute)
    ]
    return _idle(document, [*wanted, *muted], projects)


def idle_phrases(
    document: YamlDocument, phrases: Sequence[Placed[PhraseSettings]], projects: Sequence[ProjectSettings]
) -> Iterator[ConfigProblem]:
    """Warnings of patterns of phrases that match no project."""
    return _idle(document, [((*placed.path, "projects"), placed.model.projects) for placed in phrases], projects)


def idle_searches(
    document: YamlDocument, searches: Sequence[Placed[SearchSettings]], projects: Sequence[ProjectSettings]
) -> Iterator[ConfigProblem]:
    """Warnings of searches for projects that are not there."""
    return _idle(document, [((*placed.path, "projects"), placed.model.projects) for placed in searches], projects)


def feed_file(url: str, folder: Path) -> Path | None:
    """The file of a ``file:`` address, with links resolved. None if it cannot be resolved."""
    try:
        return (folder / unquote(urlsplit(url).path)).resolve()
    except (OSError, RuntimeError, ValueError):  # circular links, which Python reports in several ways; a NUL character
        return None


def closed_feeds(
    document: YamlDocument, feeds: Sequence[Placed[FeedSettings]], refusal: Refusal
) -> Iterator[ConfigProblem]:
    """Warnings of feeds on this machine or in a private network that may not be fetched. No name is looked up."""
    for placed in feeds:
        parts = urlsplit(placed.model.url)
        host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname or ""
        try:
            ip_address(host)
        except ValueError:
            continue
        if reason := refusal(host, parts.port):
            yield document.problem((*placed.path, "url"), f"cannot be fetched: {reason}")


def unread_languages(
    document: YamlDocument, feeds: Sequence[Placed[FeedSettings]], folder: Path
) -> Iterator[ConfigProblem]:
    """Warnings of feeds in a language without a vocabulary."""
    spoken = sorted(languages(folder))
    for placed in feeds:
        language = placed.model.language
        if language is not None and language not in spoken:
            message = f"{_unknown('vocabulary of', language, spoken)}; nothing is read in its articles"
            yield document.problem((*placed.path, "language"), message)


def untranslated(document: YamlDocument, subscribers: Sequence[Placed[SubscriberSettings]]) -> Iterator[ConfigProblem]:
    """Warnings of subscribers in whose language no message is written."""
    spoken = sorted((SOURCE, *translations()))
    for placed in subscribers:
        language = placed.model.language.partition("-")[0]
        if language not in spoken:
            message = f"{_unknown('translation into', language, spoken)}; messages are in English"
            yield document.problem((*placed.path, "language"), message)


def feed_identity(url: str) -> str:
    """The normalised address. Two feeds are the same if these are equal."""
    if url.lower().startswith("file:"):
        return url
    parts = urlsplit(url)
    return parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower(), fragment="").geturl()


def _idle(
    document: YamlDocument, written: Iterable[tuple[KeyPath, Sequence[str]]], projects: Sequence[ProjectSettings]
) -> Iterator[ConfigProblem]:
    """Warnings of the patterns at these places that match no project. If there is none, that warning is enough."""
    written = written if projects else ()
    ids = {project.id for project in projects}
    names = ids | {f"{TAG}{tag}" for project in projects for tag in project.tags}
    for path, patterns in written:
        for index, pattern in enumerate(patterns):
            if pattern in names or (
                any(char in pattern for char in "*?[") and any(answers(p.id, p.tags, [pattern]) for p in projects)
            ):
                continue
            # Among thousands of names a search for the nearest takes longer than everything else.
            near = suggest(pattern, names) if len(names) <= _FEW else ""
            yield document.problem((*path, index), f"'{pattern}' matches no project{near}")


def _stages(lifecycles: Iterable[Lifecycle]) -> Mapping[str, None]:
    """The stages of all lifecycles, in their order, then the conditions."""
    return dict.fromkeys([*(stage for each in lifecycles for stage in each.stages), *map(str, Condition)])


def _unique(
    document: YamlDocument, items: Sequence[Placed[M]], key: str, identity: Callable[[M], str]
) -> Iterator[ConfigProblem]:
    lines: dict[str, int] = {}
    for placed in items:
        path = (*placed.path, key)
        if key in placed.wrong:
            continue
        name = identity(placed.model)
        if name in lines:
            yield document.problem(
                path, f"'{getattr(placed.model, key)}' is given twice, in line {lines[name]} already"
            )
        lines.setdefault(name, document.line(path))


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    names = list(known)
    return f"there is no {what} '{name}'{suggest(name, names)}; there are {', '.join(names)}"


def check_sender(document: YamlDocument, senders: Sequence[Destination], path: KeyPath) -> Iterator[ConfigProblem]:
    """Who subscribes alone, and who is named by a mail address, is written to by mail."""
    for sender in senders:
        if not sender.is_mail and not sender.fault:
            yield document.problem(path, "must be a mail account: mailto://… or mailtos://…")
