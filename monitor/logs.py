"""Structured logs on stderr, without secrets or control characters: text on a terminal, otherwise JSON lines.

A listener may take the events in place of stderr.
"""

import logging
import re
import sys
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager, suppress
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

# Few commands log anything, and structlog is slow to load.
if TYPE_CHECKING:
    from structlog.stdlib import BoundLogger
    from structlog.typing import Processor

#: Other libraries log from WARNING on. Below WARNING, Apprise logs addresses with their tokens.
_OF_OTHERS = ("aiohttp", "alembic", "apprise", "apscheduler", "asyncio", "sqlalchemy", "urllib3")
#: These log every odd page, request and failed tick. Polls, ``web.failed`` and ``tick.failed`` report the same.
_SILENT = ("apscheduler.executors", "courlan", "htmldate", "trafilatura", "uvicorn")

_USERINFO = re.compile(r"(?<=://)[^\s/?#@]*@")
_PARAMETER = re.compile(r"(?<=[?&;])(?P<name>[\w.-]++)=[^&#\s'\"]++")
_NAME_OF_SECRET = re.compile("token|key|secret|pass|pwd|sig|auth", re.IGNORECASE)
#: Characters that would move the cursor, forge a line or change the direction of the text that follows.
_UNPRINTABLE = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_MASK = "***"
_OF_SEVERAL_LINES = frozenset({"exception", "stack"})


class Redactor:
    """Masks secrets in texts and log events."""

    def __init__(self, secrets: frozenset[str] = frozenset()) -> None:
        spellings = {
            spelling
            for secret in secrets
            for spelling in (secret, quote(secret, safe="", errors="surrogatepass"), unquote(secret))
            if spelling
        }
        # Longest first: otherwise a shorter secret that begins a longer one would leave the end of the longer one
        # visible.
        longest_first = sorted(spellings, key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def redact(self, text: str) -> str:
        """Mask the known secrets, the user and password in addresses, and the keys in their queries."""
        if self._secrets is not None:
            text = self._secrets.sub(_MASK, text)
        return _PARAMETER.sub(_without_secret, _USERINFO.sub(f"{_MASK}@", text))

    def event(self, event: Mapping[str, object]) -> Mapping[str, object]:
        """Redact all values of a log event, at any depth. Values of other than plain types become text first."""
        return {
            key: self._lines(value) if key in _OF_SEVERAL_LINES else self._value(value) for key, value in event.items()
        }

    def _value(self, value: object) -> object:
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, Mapping):
            return {self._text(key): self._value(item) for key, item in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._value(item) for item in value]
        return self._text(value)

    def _text(self, value: object) -> str:
        return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", self.redact(str(value)))

    def _lines(self, value: object) -> str:
        # Redact before splitting: a secret may span several lines.
        return "\n".join(self._text(line) for line in self.redact(str(value)).split("\n"))


def _without_secret(parameter: re.Match[str]) -> str:
    return f"{parameter['name']}={_MASK}" if _NAME_OF_SECRET.search(parameter["name"]) else parameter[0]


class LogForm(StrEnum):
    """How log lines look."""

    TEXT = "text"
    JSON = "json"


_redactor = Redactor()


def redact(text: str) -> str:
    """Redact with the secrets that were last given to ``keep_secret``."""
    return _redactor.redact(text)


def keep_secret(secrets: frozenset[str]) -> None:
    """Redact these secrets from now on. They replace the secrets of the previous call."""
    global _redactor  # noqa: PLW0603 - logging is global anyway
    _redactor = Redactor(secrets)


def get_logger(name: str = "") -> "BoundLogger":
    """A logger of structured events. Without a name it is named after the module that logs."""
    import structlog  # noqa: PLC0415 - see above

    if not structlog.is_configured():
        last = structlog.stdlib.ProcessorFormatter.wrap_for_formatter
        structlog.configure(
            processors=[structlog.stdlib.filter_by_level, *_shared(), last],
            logger_factory=structlog.stdlib.LoggerFactory(),
            wrapper_class=structlog.stdlib.BoundLogger,
            cache_logger_on_first_use=False,
        )
    logger: BoundLogger = structlog.get_logger(*([name] if name else []))
    return logger


def set_up_logs(*, verbose: bool = False) -> None:
    """Send the logs of the monitor and of its libraries to stderr.

    Each line is redacted with the secrets that are known when it is written.

    Args:
        verbose: log the monitor's own events from DEBUG on.
    """
    handler = _StderrHandler(LogForm.TEXT if sys.stderr.isatty() else LogForm.JSON)
    _install(handler, logging.DEBUG if verbose else logging.INFO)


def log_as(form: LogForm) -> None:
    """Write log lines in this form from now on, whether or not stderr is a terminal."""
    for handler in _handlers():
        handler.write_as(form)


@contextmanager
def listened(take: Callable[[Mapping[str, object]], None], *, quiet: bool) -> Iterator[None]:
    """Give each log event, redacted, with its level, to this function too.

    Args:
        take: receives the events, one at a time, from any thread.
        quiet: write only events with a traceback to stderr.
    """
    listener = _Listener(take)
    handlers = _handlers()
    for handler in handlers:
        handler.is_quiet = quiet
    logging.getLogger().addHandler(listener)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(listener)
        for handler in handlers:
            handler.is_quiet = False


def _redacted(
    logger: object,  # noqa: ARG001 - the signature of a structlog processor
    method: str,  # noqa: ARG001 - required by the protocol
    event: MutableMapping[str, object],
) -> Mapping[str, object]:
    return _redactor.event(event)


def _shared() -> "list[Processor]":
    import structlog  # noqa: PLC0415 - see above

    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]


def _formatter(form: LogForm) -> logging.Formatter:
    import structlog  # noqa: PLC0415 - see above

    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(),
        # Redaction comes last, just before the line is rendered, so that nothing unredacted can be added after it.
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _redacted, _renderer(form)],
    )


def _renderer(form: LogForm) -> "Processor":
    import structlog  # noqa: PLC0415 - see above

    if form is LogForm.JSON:
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    # Rich tracebacks would show local variables, which may hold secrets.
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), timestamp_key="at", exception_formatter=structlog.dev.plain_traceback
    )


def _install(handler: logging.Handler, level: int) -> None:
    """Replace our handler on the root logger and set the level of each library."""
    root = logging.getLogger()
    for old in _handlers():
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    logging.getLogger("monitor").setLevel(level)
    for name in _OF_OTHERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in _SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _handlers() -> "list[_StderrHandler]":
    return [each for each in logging.getLogger().handlers if isinstance(each, _StderrHandler)]


class _Listener(logging.Handler):
    """Gives events to a function. Its failure must not stop what is logged."""

    def __init__(self, take: Callable[[Mapping[str, object]], None]) -> None:
        super().__init__()
        self._take = take

    def emit(self, record: logging.LogRecord) -> None:
        event = record.msg if isinstance(record.msg, Mapping) else {"event": record.getMessage()}
        with suppress(Exception):
            self._take(_redactor.event({**event, "level": record.levelname.lower()}))


class _StderrHandler(logging.Handler):
    """Writes to the current ``sys.stderr``, so that a progress bar can replace it."""

    def __init__(self, form: LogForm) -> None:
        super().__init__()
        self._form = form
        #: Whether only events with a traceback are written.
        self.is_quiet = False

    def write_as(self, form: LogForm) -> None:
        """Write lines in this form from now on."""
        self._form, self.formatter = form, None

    def format(self, record: logging.LogRecord) -> str:
        """The line of an event. What makes lines is loaded for the first one."""
        if self.formatter is None:
            self.formatter = _formatter(self._form)
        return super().format(record)

    def emit(self, record: logging.LogRecord) -> None:
        if self.is_quiet and not _has_traceback(record):
            return
        try:
            line = self.format(record)
        except Exception:  # noqa: BLE001 - a failure to format a line must not stop the program
            # The standard library would print the arguments unredacted here.
            line = f"a log line of {record.name} could not be made ({record.pathname}:{record.lineno})"
        # A terminal that has gone away must not stop the program.
        with suppress(OSError, ValueError):
            print(line, file=sys.stderr, flush=True)  # noqa: T201 - the one place where logs leave the process


def _has_traceback(record: logging.LogRecord) -> bool:
    of_event = isinstance(record.msg, Mapping) and not {"exception", "traceback"}.isdisjoint(record.msg)
    return of_event or record.exc_info is not None
