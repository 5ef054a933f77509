"""The files as pydantic models: each key with its default and limits. The JSON Schemas are made from them too."""

from monitor.settings.models.feeds import FeedSettings, FeedsFile, SearchSettings
from monitor.settings.models.lifecycles import LifecyclesFile
from monitor.settings.models.program import (
    FetchSettings,
    LanguageModelSettings,
    MonitorFile,
    PollingSettings,
    ReaderSettings,
    WebSettings,
    WeighingSettings,
    WorkerSettings,
)
from monitor.settings.models.projects import KnownSettings, ProjectSettings, ProjectsFile
from monitor.settings.models.reading import PhraseExampleSettings, PhraseSettings, ReadingFile
from monitor.settings.models.subscribers import DigestSettings, OrderSettings, SubscriberSettings, SubscribersFile

__all__ = [
    "DigestSettings",
    "FeedSettings",
    "FeedsFile",
    "FetchSettings",
    "KnownSettings",
    "LanguageModelSettings",
    "LifecyclesFile",
    "MonitorFile",
    "OrderSettings",
    "PhraseExampleSettings",
    "PhraseSettings",
    "PollingSettings",
    "ProjectSettings",
    "ProjectsFile",
    "ReaderSettings",
    "ReadingFile",
    "SearchSettings",
    "SubscriberSettings",
    "SubscribersFile",
    "WebSettings",
    "WeighingSettings",
    "WorkerSettings",
]
