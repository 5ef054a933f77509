"""Converts checked models to core values."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from monitor.core.alerting.plan import answers
from monitor.core.folding.weighing import FoldPolicy
from monitor.core.lifecycle import INDUSTRIAL, Lifecycle
from monitor.core.model import Feed, KnownMilestone, Phase, Project, Selectors
from monitor.core.news import Away, Destination, Mute, Subscriber
from monitor.core.polling import polling
from monitor.core.reading.overrules.phrase import Phrase, PhraseExample
from monitor.readers.plug import DEFAULT, FORMER, MODEL
from monitor.settings.addresses import Ways
from monitor.settings.config import (
    Budget,
    FetchLimits,
    LanguageModel,
    PollingConfig,
    Provider,
    ReaderChoice,
    SelfService,
    Web,
    WorkerLimits,
)
from monitor.settings.models import (
    FeedSettings,
    FetchSettings,
    LanguageModelSettings,
    LifecyclesFile,
    PhraseSettings,
    PollingSettings,
    ProjectSettings,
    ReaderSettings,
    SubscriberSettings,
    WebSettings,
    WeighingSettings,
    WorkerSettings,
)


def build_lifecycles(settings: LifecyclesFile) -> Mapping[str, Lifecycle]:
    """All lifecycles by name. The operator may redefine ``industrial``."""
    return {INDUSTRIAL.name: INDUSTRIAL} | {
        name: Lifecycle(
            name=name, stages=tuple(stages), like={s: settings.like[s] for s in stages if s in settings.like}
        )
        for name, stages in settings.lifecycles.items()
    }


def build_feed(settings: FeedSettings) -> Feed:
    """A feed. Without a configured name it is named by its host or file."""
    return Feed(
        url=settings.url,
        name=settings.name or urlsplit(settings.url).hostname or settings.url.removeprefix("file:"),
        trust=settings.trust,
        language=settings.language,
        every=settings.every,
        page=Selectors(**settings.page.model_dump()) if settings.page is not None else None,
        is_paused=settings.paused,
    )


def build_project(settings: ProjectSettings, *, lifecycle: str) -> Project:
    """A project. Without a configured lifecycle it has the given one."""
    return Project(
        id=settings.id,
        name=settings.name,
        who=tuple(settings.who),
        what=tuple(settings.what),
        where=tuple(settings.where),
        not_=tuple(settings.not_),
        lifecycle=settings.lifecycle or lifecycle,
        known=tuple(
            KnownMilestone(
                stage=known.stage,
                state=known.state,
                date=known.date,
                source=known.source,
                official=known.official,
                said=known.said,
            )
            for known in settings.known
        ),
        phases=tuple(Phase(name=phase.name, words=tuple(phase.words)) for phase in settings.phases),
        quiet_after=settings.quiet_after,
        tags=tuple(dict.fromkeys(settings.tags)),
    )


def build_phrase(settings: PhraseSettings, projects: Iterable[ProjectSettings]) -> Phrase:
    """A phrase with the projects that match its patterns. None means all, so that a new project changes nothing."""
    stage, states = settings.meant
    return Phrase(
        language=settings.language,
        words=tuple(settings.words),
        is_always=settings.always is not None,
        stage=stage,
        states=states,
        projects=None
        if "*" in settings.projects
        else tuple(project.id for project in projects if answers(project.id, project.tags, settings.projects)),
        examples=tuple(
            PhraseExample(text=example.text, claims=frozenset(f"{stage} {state}" for stage, (state,) in example.claims))
            for example in settings.examples
        ),
    )


def build_weighing(settings: WeighingSettings, *, alert_from: float) -> FoldPolicy:
    return FoldPolicy(
        alert_from=alert_from,
        confirming_weight=settings.confirming,
        credible_weight=settings.credible,
        half_life=settings.half_life,
        quiet_after=settings.quiet_after,
    )


def build_subscriber(settings: SubscriberSettings, ways: Ways, *, timezone: str) -> Subscriber:
    """A subscriber. Without a configured time zone it has the given one."""
    return Subscriber(
        name=settings.name,
        to=ways.to,
        fallbacks=ways.fallbacks,
        projects=tuple(settings.projects),
        changes=frozenset(settings.changes),
        stages=frozenset(settings.stages) if settings.stages is not None else None,
        confidence=settings.confidence,
        language=settings.language,
        digest=settings.send.digest if settings.send is not None else None,
        quiet_hours=settings.quiet_hours,
        mutes=tuple(Mute(until=mute.until, projects=tuple(mute.projects)) for mute in settings.mute),
        at_most=settings.at_most,
        away=tuple(Away(first=away.from_, last=away.to) for away in settings.away),
        timezone=settings.timezone or timezone,
    )


def build_polling(settings: PollingSettings) -> PollingConfig:
    return PollingConfig(
        policy=polling.Polling(every=settings.every, fastest=settings.fastest, slowest=settings.slowest),
        requests_per_minute=settings.requests_per_minute,
        per_host=settings.per_host,
        spacing=settings.spacing,
    )


def build_fetch(settings: FetchSettings) -> FetchLimits:
    return FetchLimits(
        timeout=settings.timeout,
        max_bytes=settings.max_bytes,
        contact=settings.contact,
        allow_private=tuple(settings.allow_private),
    )


def build_workers(settings: WorkerSettings) -> WorkerLimits:
    return WorkerLimits(processes=settings.processes, time=settings.time, memory=settings.memory)


def build_web(settings: WebSettings, sender: Sequence[Destination]) -> Web:
    """The web settings, with the destination of the account that writes to those who subscribe alone."""
    offer = settings.subscribe
    subscribe = (
        SelfService(
            sender=next((each for each in sender if not each.fault), None),
            domains=tuple(domain.lower().removeprefix("@") for domain in offer.domains),
            projects=tuple(offer.projects),
        )
        if offer is not None
        else None
    )
    oidc = settings.oidc
    return Web(
        host=settings.host,
        port=settings.port,
        public=settings.public,
        oidc=Provider(
            issuer=oidc.issuer, client_id=oidc.client_id, client_secret=oidc.client_secret, allow=dict(oidc.allow)
        )
        if oidc is not None
        else None,
        subscribe=subscribe,
    )


def build_reader(settings: ReaderSettings, folder: Path) -> ReaderChoice:
    return ReaderChoice(
        use=reader_beside(settings),
        weights=weights_folder(settings, folder),
        llm=build_llm(settings.llm, folder) if settings.llm is not None and is_model_used(settings) else None,
    )


def is_model_used(settings: ReaderSettings) -> bool:
    """Whether a language model reads. It does if it is configured, unless another reader is named."""
    return settings.use == MODEL or (settings.use is None and settings.llm is not None)


def reader_beside(settings: ReaderSettings) -> str:
    """The reader that is not a language model: the one in use, or the fallback of the model.

    The default reader if it is the one by rules, which older configurations name.
    """
    fallback = settings.llm.fallback if settings.llm is not None else None
    named = fallback if is_model_used(settings) else settings.use
    return DEFAULT if named in {None, FORMER} else named


def weights_folder(settings: ReaderSettings, folder: Path) -> Path | None:
    """The folder of the trained reader's weights. A relative path starts beside the configuration folder."""
    return folder.resolve().parent / settings.weights if settings.weights is not None else None


def build_llm(settings: LanguageModelSettings, folder: Path) -> LanguageModel:
    """The language model. A relative path of its answers starts beside the configuration folder."""
    budget = settings.budget
    return LanguageModel(
        endpoint=settings.endpoint,
        model=settings.model,
        api_key=settings.api_key,
        timeout=settings.timeout,
        answers=folder.resolve().parent / settings.answers,
        budget=Budget(
            requests_per_day=budget.requests_per_day,
            tokens_per_day=budget.tokens_per_day,
            requests_per_article=budget.requests_per_article,
            tokens_per_article=budget.tokens_per_article,
        ),
    )


def database_address(address: str, folder: Path) -> str:
    """The address with a relative SQLite path made absolute.

    The path starts beside the configuration folder. It does not depend on the working directory.
    """
    prefix = "sqlite:///"
    name, _, options = address.removeprefix(prefix).partition("?")
    if (
        not address.startswith(prefix)
        or name in {"", ":memory:"}
        or name.startswith("file:")
        or PurePosixPath(name).is_absolute()
    ):
        return address
    file = folder.resolve().parent / name
    return f"{prefix}{file.as_posix()}" + (f"?{options}" if options else "")
