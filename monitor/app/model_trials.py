"""Tries one language model at a time in the background of the service."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from monitor.app.measuring import ModelTrial, Outcome, news_of_a_month
from monitor.core.evaluation.trial import Month, Sample, Trial
from monitor.errors import MonitorError
from monitor.logs import redact
from monitor.operate.configuration import Edit
from monitor.settings.config import Config, LanguageModel

if TYPE_CHECKING:
    from monitor.app.build import App


@dataclass(slots=True, kw_only=True)
class Running:
    """A trial, while it runs and afterwards. Its thread alone changes it, apart from ``is_stopped``."""

    #: The edit that lets the model read.
    edit: Edit
    llm: LanguageModel
    total: int
    #: The articles that were read.
    read: int = 0
    #: None while it runs.
    outcome: Outcome | None = None
    #: None without any usable answer.
    trial: Trial | None = None
    month: Month | None = None
    #: Why it could not run. "" if it could.
    error: str = ""
    is_stopped: bool = False

    @property
    def is_over(self) -> bool:
        return self.outcome is not None or bool(self.error)


@dataclass(slots=True)
class ModelTrials:
    """The trials of one monitor. Safe to call from several threads."""

    app: "App"
    #: The one that runs, or the last one.
    last: Running | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, samples: Sequence[Sample], edit: Edit, config: Config) -> bool:
        """Try a model, unless another one is tried.

        Args:
            samples: the labelled articles.
            edit: lets the model read.
            config: the whole configuration with the edit.
        """
        assert config.reader.llm is not None
        with self._lock:
            if self.last is not None and not self.last.is_over:
                return False
            self.last = Running(edit=edit, llm=config.reader.llm, total=len(samples))
        # Nothing has to wait for it when the service ends.
        threading.Thread(target=self._run, args=(self.last, samples, config), name="model-trial", daemon=True).start()
        return True

    def stop(self) -> None:
        """End the trial that runs."""
        if self.last is not None:
            self.last.is_stopped = True

    def _run(self, running: Running, samples: Sequence[Sample], config: Config) -> None:
        try:
            trial = ModelTrial(
                samples,
                self.app.setup().lexicons,
                running.llm,
                weights=config.reader.weights,
                is_closing=lambda: running.is_stopped,
            )
            outcome = trial.run(lambda _: _count(running))
            if any(not each.fault for each in outcome.tried):
                found = Trial.of(outcome.tried)
                running.trial, running.month = found, found.month(news_of_a_month(self.app, running.llm.model))
            running.outcome = outcome
        except MonitorError as error:
            running.error = redact(str(error))
        except BaseException:
            running.error = "it broke off; see the log"
            raise


def _count(running: Running) -> None:
    running.read += 1
