"""A configuration and everything built from it. An edit replaces it as a whole."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.core.articles import outlets_of
from monitor.core.reading.layout import Surveyor
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.projects.matching import Matcher
from monitor.feeds.language import LanguageDetector
from monitor.ports import Asker, Reader
from monitor.readers.checked import CheckedReader, checks
from monitor.readers.plug import reader_factory
from monitor.settings.config import Config
from monitor.settings.fingerprints import reading_fingerprint
from monitor.watch.voice import voice_of
from monitor.watch.watch import Watch, Watched, utc_now
from monitor.workers.jobs import Recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """The configuration in use and what is built from it."""

    config: Config
    #: The vocabulary, by language.
    lexicons: Mapping[str, Lexicon]
    watch: Watch
    #: Asks the language model; None if none is configured. The watch's reader asks the model by itself.
    asker: Asker | None
    #: What workers build their readers from.
    recipe: Recipe


def set_up(
    config: Config,
    lexicons: Mapping[str, Lexicon],
    *,
    clock: Callable[[], datetime] = utc_now,
    is_closing: Callable[[], bool] = lambda: False,
) -> Setup:
    """Build the setup from the configuration and the vocabulary.

    Args:
        config: the configuration of the whole program.
        lexicons: the vocabulary, by language.
        clock: returns the present instant, aware, in UTC.
        is_closing: whether a reader that waits for an answer must give up.

    Raises:
        ValueError: the configuration names a reader that cannot be loaded.
    """
    surveyor = Surveyor(config.projects, lexicons, Matcher(config.projects))
    reader, asker = _reader(config, lexicons, surveyor, clock, is_closing)
    reader = CheckedReader(reader, checks(config.phrases, surveyor, config.lifecycles))
    watched = Watched.of(config)
    watch = Watch(
        projects=watched.projects,
        lifecycles=watched.lifecycles,
        subscribers=config.subscribers,
        matcher=surveyor.matcher,
        reader=reader,
        detector=LanguageDetector(tuple(lexicons)),
        polling=config.polling.policy,
        alert_horizon=config.alert_horizon,
        timezone=watched.timezone,
        fingerprint=reading_fingerprint(config),
        program=watched.program,
        voice=voice_of(config),
        policy=watched.policy,
        outlets=outlets_of(config.feeds),
    )
    recipe = Recipe(
        projects=config.projects,
        lifecycles=config.lifecycles,
        reader=config.reader.use,
        model=config.reader.llm.model if config.reader.llm else None,
        weights=config.reader.weights,
        phrases=config.phrases,
        folder=config.folder,
        secrets=config.secrets,
        fingerprint=watch.fingerprint,
    )
    return Setup(config=config, lexicons=lexicons, watch=watch, asker=asker, recipe=recipe)


def _reader(
    config: Config,
    lexicons: Mapping[str, Lexicon],
    surveyor: Surveyor,
    clock: Callable[[], datetime],
    is_closing: Callable[[], bool],
) -> tuple[Reader, Asker | None]:
    factory = reader_factory(config.reader.use, weights=config.reader.weights, surveyor=surveyor)
    reader = factory(config.projects, lexicons, config.lifecycles)
    llm = config.reader.llm
    if llm is None:
        return reader, None
    from monitor.readers.answers import Answers  # noqa: PLC0415 - loaded only if configured
    from monitor.readers.asking import ModelAsker  # noqa: PLC0415 - loaded only if configured
    from monitor.readers.endpoint import Endpoint  # noqa: PLC0415 - loaded only if configured
    from monitor.readers.examiner import Examiner, ModelReader  # noqa: PLC0415 - loaded only if used

    endpoint = Endpoint(
        llm.endpoint, api_key=llm.api_key or "", timeout=llm.timeout.total_seconds(), is_closing=is_closing
    )
    answers = Answers(
        llm.answers,
        requests_per_day=llm.budget.requests_per_day,
        tokens_per_day=llm.budget.tokens_per_day,
        requests_per_article=llm.budget.requests_per_article,
        tokens_per_article=llm.budget.tokens_per_article,
    )
    asker = ModelAsker(endpoint, answers, clock=clock)
    examiner = Examiner(surveyor, config.lifecycles, model=llm.model)
    return ModelReader(reader, examiner, asker), asker
