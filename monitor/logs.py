"""Structured logs on stderr, without secrets or control characters: text on a terminal, otherwise JSON lines."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from urllib.parse import quote, unquote

import structlog
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


_redactor = Redactor()


def redact(text: str) -> str:
    """Redact with the secrets that were last given to ``keep_secret``."""
    return _redactor.redact(text)


def keep_secret(secrets: frozenset[str]) -> None:
    """Redact these secrets from now on. They replace the secrets of the previous call."""
    global _redactor  # noqa: PLW0603 - logging is global anyway
    _redactor = Redactor(secrets)


def set_up_logs(*, verbose: bool = False) -> None:
    """Send the logs of structlog and the standard library to stderr.

    Each line is redacted with the secrets that are known when it is written.

    Args:
        verbose: log the monitor's own events from DEBUG on.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    handler = _StderrHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            # Redaction comes last, just before the line is rendered, so that nothing unredacted can be added after it.
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _redacted, _renderer()],
        )
    )
    _install(handler, logging.DEBUG if verbose else logging.INFO)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _redacted(
    logger: object,  # noqa: ARG001 - the signature of a structlog processor
    method: str,  # noqa: ARG001 - required by the protocol
    event: MutableMapping[str, object],
) -> Mapping[str, object]:
    return _redactor.event(event)


def _renderer() -> Processor:
    if not sys.stderr.isatty():
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    # Rich tracebacks would show local variables, which may hold secrets.
    return structlog.dev.ConsoleRenderer(timestamp_key="at", exception_formatter=structlog.dev.plain_traceback)


def _install(handler: logging.Handler, level: int) -> None:
    """Replace our handler on the root logger and set the level of each library."""
    root = logging.getLogger()
    for old in [each for each in root.handlers if isinstance(each, _StderrHandler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    logging.getLogger("monitor").setLevel(level)
    for name in _OF_OTHERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in _SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL)


class _StderrHandler(logging.Handler):
    """Writes to the current ``sys.stderr``, so that a progress bar can replace it."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record)
        except Exception:  # noqa: BLE001 - a failure to format a line must not stop the program
            # The standard library would print the arguments unredacted here.
            line = f"a log line of {record.name} could not be made ({record.pathname}:{record.lineno})"
        # A terminal that has gone away must not stop the program.
        with suppress(OSError, ValueError):
            print(line, file=sys.stderr, flush=True)  # noqa: T201 - the one place where logs leave the process
