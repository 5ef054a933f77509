"""Resolves addresses of services to destinations, and sends a message to one destination through Apprise.

Apprise writes tokens into its logs at every level, even at ERROR. So the logs of Apprise and of the libraries that it
calls end here. What they say about a failure is captured, stripped of secrets and returned with the result.
"""

import io
import logging
import socket
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, Self
from urllib.parse import unquote

from apprise import Apprise, AppriseAsset
from apprise.common import NotifyFormat, OverflowMode, PersistentStoreMode
from apprise.manager_plugins import NotificationManager
from apprise.plugins import requirements
from apprise.plugins.base import NotifyBase
from apprise.result import AppriseResult, AppriseResultStatus
from rich.console import Console
from rich.text import Text

from monitor.core.news import Destination, Message
from monitor.core.plain import clean, escaped, fit, shorten
from monitor.delivery.guard import Guard, Refusal, guarded, is_guarded, told
from monitor.delivery.http import Connections, Direct, Means
from monitor.delivery.mail import Mail, take_leave
from monitor.delivery.redaction import AddressRedactor, identity, scheme_of
from monitor.delivery.webhook import Webhook
from monitor.errors import DeliveryError
from monitor.ports import Outcome, SendResult

# Chooses the format of a message for a service, and its length. Apprise would cut or split it anywhere ----------------


#: Characters that Apprise needs between a title and a body that share a limit, and for its count of parts.
_ROOM = 32
#: The factor by which the text is shortened further while the service's rendering of it is too long.
_LESS = 0.8
#: The shortest length that is tried: one line.
_LEAST = 80


@dataclass(frozen=True, slots=True)
class Sheet:
    """A message in the form that Apprise gets."""

    title: str
    body: str
    form: NotifyFormat


def written(message: Message, service: NotifyBase, *, is_shown: bool = True) -> Sheet:
    """The message in the richest format that the service shows well, cut at the end of a line to the service's limit.

    If a service has no titles, the title becomes the first line. The address may override the format
    (``?format=text``). Programs (``is_shown`` is false) get plain text.
    """
    # Ask for Markdown: a service without it answers with the format that it would show.
    form = service.resolve_format(NotifyFormat.MARKDOWN if is_shown else NotifyFormat.TEXT)
    if form is NotifyFormat.MARKDOWN and message.markdown:
        return _fitted(message.title, message.markdown, form, service)
    if form is NotifyFormat.HTML and message.html and len(message.html) + len(message.title) < service.body_maxlen:
        return Sheet(message.title, message.html, form)
    return _fitted(message.title, message.body, NotifyFormat.TEXT, service)


def _fitted(title: str, body: str, form: NotifyFormat, service: NotifyBase) -> Sheet:
    if service.title_maxlen > 0:
        title = shorten(title, service.title_maxlen)
        most = service.body_maxlen - len(title) - _ROOM
    else:
        head = f"**{escaped(title)}**\n" if form is NotifyFormat.MARKDOWN else title
        title, body, most = "", f"{head}\n{body}", service.body_maxlen
    limit, fitted = most, fit(body, max(most, 1))
    # The service's own dialect may be longer than Markdown.
    while len(service.dialect_convert(fitted, body_format=form)) > most and limit > _LEAST:
        limit = int(limit * _LESS)
        fitted = fit(body, limit)
    return Sheet(title, fitted, form)


# The host in the address of a service ---------------------------------------------------------------------------------


#: Services that leave the look-up to the system while it connects, so that the guard would see only the name.
_BY_NAME = frozenset({"NotifyRSyslog", "NotifyGrowl", "NotifySMPP"})
_LOOPBACK = ("127.0.0.1", "::1")


def named_host(service: NotifyBase) -> str:
    """The host that the address names; "" if the service has fixed hosts."""
    if isinstance(service, Mail):
        return str(service.smtp_host).strip("[]")
    templates: tuple[str, ...] = service.templates
    return (service.host or "").strip("[]") if any("{host}" in each for each in templates) else ""


def refused_as_written(service: NotifyBase, refusal: Refusal) -> str:
    """Why the host must not be connected to, as far as its address shows without a look-up.

    "" if it may be connected to, or is a name.
    """
    host = named_host(service)
    reasons: list[str] = []
    for address in _numbers(host):
        reason = refusal(address, service.port)
        if reason is None:
            return ""
        reasons.append(told(host, address, reason))
    return next(iter(reasons), "")


def _numbers(host: str) -> tuple[str, ...]:
    """The addresses of a host that is written as a number, in any notation, or as localhost."""
    if not host:
        return ()
    if host.lower().rstrip(".").rpartition(".")[2] == "localhost":
        return _LOOPBACK
    try:
        found = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, ValueError):  # a name; or an invalid host name, which raises UnicodeError
        return ()
    return tuple(str(endpoint[0]) for *_, endpoint in found)


def pin(service: NotifyBase) -> None:
    """Replace the name by its address if the service would leave the look-up to the system."""
    if any(each.__name__ in _BY_NAME for each in type(service).__mro__):
        # The name has no address: the service reports that itself.
        with suppress(OSError, ValueError):
            service.host = socket.gethostbyname(service.host)


# ``console://``: alerts in the terminal -------------------------------------------------------------------------------
#
# They go to standard output, beside the service's own output. A command whose standard output is for programs
# (``--json``) gives the sender a console on standard error instead.


#: Before each line, so that an alert stands out among the service's own output.
_BAR = "▌ "


class ConsoleAlerts(Direct, NotifyBase):
    """The plug-in for ``console://``."""

    # The base class declares None for what a plug-in must set.
    service_name: Any = "Console"
    secure_protocol: Any = "console"
    request_rate_per_sec = 0
    body_maxlen = 1 << 30
    title_maxlen = 1 << 30
    templates: Any = ("{schema}://",)

    def deliver(self, title: str, body: str) -> SendResult:  # noqa: ARG002 - the message has them as they were written
        """Print the alert."""
        return show(self._message, self._means.console)

    def url(self, *_: object, **__: object) -> str:
        """The only address."""
        return "console://"

    @staticmethod
    def parse_url(url: str, *_: object, **__: object) -> dict[str, Any] | None:
        """Accept an address that is the scheme alone."""
        parsed: dict[str, Any] | None = NotifyBase.parse_url(url, verify_host=False)
        return parsed


def show(message: Message, console: Console) -> SendResult:
    """Print the message. A closed terminal is a failed result, not an error. Unsupported characters are escaped."""
    # Text, not markup: the words of articles must not format the terminal.
    lines = [(message.title, "bold"), *((line, "") for line in message.body.splitlines())]
    shown = [Text.assemble((_BAR, "cyan"), line).append("\n") for line in lines]
    # Rendered separately: rich itself would end the process if the reader of a pipe is gone. The terminal breaks lines,
    # because an address that rich breaks cannot be followed.
    paper = io.StringIO()
    Console(file=paper, force_terminal=console.is_terminal).print(*shown, sep="", soft_wrap=True)
    printed = paper.getvalue().encode(console.encoding, "backslashreplace").decode(console.encoding)
    try:
        console.file.write(printed)
        console.file.flush()
    except (OSError, ValueError) as error:
        # The stream was closed.
        return SendResult(outcome=Outcome.FAILED, detail=f"cannot write to the terminal: {type(error).__name__}")
    return SendResult(outcome=Outcome.SENT)


#: Seconds after which the sender stops waiting for a service.
TIME_LIMIT = 30.0

_OUTCOMES = {
    AppriseResultStatus.SUCCESS: Outcome.SENT,
    AppriseResultStatus.PARTIAL: Outcome.UNKNOWN,
    AppriseResultStatus.TIMEOUT: Outcome.UNKNOWN,
    AppriseResultStatus.FAILURE: Outcome.FAILED,
    AppriseResultStatus.NOMATCH: Outcome.REFUSED,
}
#: The prefix of all plug-ins' messages about a failed connection.
_CONNECTION = "Socket Exception: "
_NOWHERE = logging.NullHandler()
_LOGGERS = ("apprise", "urllib3", "requests", "requests_oauthlib", "oauthlib")
#: Webhooks. Their path is a secret, and they may use only the ports of the web.
_WEBHOOKS = frozenset({"json", "jsons", "xml", "xmls", "form", "forms"})
#: Services whose topics are as secret as passwords.
_TOPICS = frozenset({"ntfy", "ntfys"})
#: Our plug-ins, by scheme.
_OURS: dict[str, type[NotifyBase]] = {
    scheme: plugin
    for plugin in (ConsoleAlerts, Webhook, Mail)
    for scheme in plugin.schemas(plugin)  # type: ignore[no-untyped-call, arg-type]  # as Apprise calls it
}


def resolve(url: str) -> Destination:
    """The destination of an address, even if the address names several recipients.

    Raises:
        DeliveryError: the address is unusable as written. The message has the scheme and the reason, and no secret.
    """
    service = _service(url)
    return Destination(
        id=_id(service, url),
        label=_label(service),
        url=url,
        service=_kind(service),
        account=_account(service),
        takes_events=isinstance(service, Webhook),
        is_mail=isinstance(service, Mail),
    )


def destinations(url: str, refusal: Refusal | None = None) -> tuple[Destination, ...]:
    """The destinations of an address. A mail to several people gives one for each, so that none waits for another.

    Args:
        url: the address.
        refusal: returns why a numeric address must not be connected to, or None. Without it every address is allowed.

    Raises:
        DeliveryError: as ``resolve``; or the address names a forbidden numeric address, or this machine if forbidden.
    """
    service = _service(url)
    if refusal is not None and (reason := refused_as_written(service, _rule(url, refusal))):
        raise DeliveryError(f"{scheme_of(url)}:// address is refused: {reason}")
    if not isinstance(service, Mail):
        return (resolve(url),)
    return tuple(dict.fromkeys(resolve(address) for address in service.addresses()))


def addressed(url: str, person: str) -> Destination:
    """The destination of mails from the account of this address to a person.

    Raises:
        DeliveryError: it is not the address of a mail account, or the person's is not a mail address.
    """
    service = _service(url)
    if not isinstance(service, Mail):
        raise DeliveryError(f"{scheme_of(url)}:// address is not a mail account")
    return resolve(service.addressed_to(person))


class AppriseSender:
    """Sends through Apprise, one address at a time. Safe to call from several threads."""

    def __init__(
        self,
        *,
        refusal: Refusal,
        console: Console | None = None,
        time_limit: float = TIME_LIMIT,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Prepare to send.

        Args:
            refusal: returns why a numeric address and port must not be connected to, or None.
            console: where ``console://`` prints; standard output if None.
            time_limit: seconds after which the sender stops waiting for a service.
            clock: returns the instant at which a webhook request is signed.
        """
        self._refusal = refusal
        self._means = Means(
            console=console or Console(),
            clock=clock,
            time_limit=time_limit,
            http=Connections(close=socket.socket.close),
            smtp=Connections(close=take_leave),
        )
        self._time_limit = time_limit

    def close(self) -> None:
        """Close the connections that were kept for the next message."""
        self._means.http.close_all()
        self._means.smtp.close_all()

    def send(self, url: str, message: Message) -> SendResult:
        """Send one message to one destination; see ``ports.Sender``."""
        with guarded(_rule(url, self._refusal)) as guard:
            # Some services log out when they are finalized. That must happen inside the guard, so none is kept.
            return self._send(url, message, guard)

    def _send(self, url: str, message: Message, guard: Guard) -> SendResult:
        try:
            service = _service(url, time_limit=self._time_limit)
        except DeliveryError as error:
            return SendResult(outcome=Outcome.REFUSED, detail=str(error))
        redactor = AddressRedactor(
            url, shown=f"{_label(service)} {named_host(service) if isinstance(service, Mail) else ''}"
        )
        if reason := refused_as_written(service, guard.refusal):
            return SendResult(outcome=Outcome.REFUSED, detail=redactor.detail(reason))
        result = self._hand_over(service, message)
        if result.outcome is Outcome.FAILED and guard.refused:
            result = SendResult(outcome=Outcome.REFUSED, detail=guard.refused)
        return replace(result, detail=redactor.detail(result.detail))

    def _hand_over(self, service: NotifyBase, message: Message) -> SendResult:
        if isinstance(service, Direct):
            service.arm(message, self._means)
        if isinstance(service, Webhook):
            # It has its own time limits, and does not use the text that Apprise would build.
            return service.deliver("", "")
        pin(service)
        sender = Apprise(asset=service.asset)
        sender.add(service)
        sheet = written(message, service, is_shown=_kind(service) not in _WEBHOOKS)
        answer = sender.notify(title=sheet.title, body=sheet.body, body_format=sheet.form, log_level=logging.DEBUG)
        return (service.result if isinstance(service, Direct) else None) or _read(answer)


# ---------------------------------------------------------------- addresses


def _service(url: str, *, time_limit: float = TIME_LIMIT) -> NotifyBase:
    """Apprise's plug-in for the address, without the options that falsify or delay its result."""
    _hush()
    scheme = scheme_of(url)
    if not scheme:
        raise DeliveryError("is not an address of a service; write scheme://…, such as jsons://example.org/hook")
    if not _is_text(url):
        raise DeliveryError(f"{scheme}:// address is unusable: it holds bytes that are no UTF-8; percent-encode them")
    if scheme not in _OURS and scheme in _manager() and not _manager()[scheme].enabled:
        raise DeliveryError(f"{scheme}:// cannot be used here: {_lacking(_manager()[scheme])}")
    service, reason = None, ""
    with _Captured() as captured:
        try:
            service = _made(url, scheme, _asset(time_limit))
        except Exception as error:  # noqa: BLE001 - plug-ins raise anything on what they do not expect
            reason = str(error)
    # A warning counts as an error too: Apprise drops what it cannot read, such as a recipient, and goes on.
    reason = reason or captured.first()
    # Raised outside the ``except`` block, so that it is not chained to the error that contains the secret.
    if service is None or reason:
        raise DeliveryError(_unusable(url, scheme, reason, known=scheme in _manager()))
    service.optional, service.retry, service.wait = False, 0, 0.0
    # Do not split the message: only some of the parts might arrive.
    service.overflow_mode = OverflowMode.TRUNCATE
    return service


def _made(url: str, scheme: str, asset: AppriseAsset) -> NotifyBase | None:
    """The plug-in for the address. One of ours is made as Apprise makes it, but without loading all others."""
    ours = _OURS.get(scheme)
    if ours is not None and (parts := ours.parse_url(url.replace("/#", "/%23"))):
        return ours(**{**parts, "tag": set(), "asset": asset})
    _manager()
    return Apprise.instantiate(url, asset=asset, suppress_exceptions=False)


def _rule(url: str, refusal: Refusal) -> Refusal:
    """The refusal for this address: services other than webhooks may use any port."""
    if scheme_of(url) in _WEBHOOKS:
        return refusal
    return lambda address, _: refusal(address, None)


def _lacking(plugin: type[NotifyBase]) -> str:
    """What a service lacks that Apprise knows but cannot use, and what to do about it."""
    needs = requirements(plugin)
    if packages := needs["packages_required"]:
        return f"it needs {', '.join(packages)}; install it beside the monitor, or write another service"
    details = str(needs["details"]).rstrip(". ") or "it needs another system"
    return f"{details}; write another service, such as mailto://… or jsons://…"


def _is_text(url: str) -> bool:
    """Whether the address has no lone surrogates. Python uses them for bytes of the environment that are not text."""
    try:
        url.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unusable(url: str, scheme: str, reason: str, *, known: bool) -> str:
    if not known:
        return f"{scheme[:20]}:// is not a service that Apprise knows (a webhook is json:// or jsons://)"
    detail = AddressRedactor(url).detail(reason)
    return f"{scheme}:// address is unusable: {detail}" if detail else f"{scheme}:// address is unusable"


def _id(service: NotifyBase, url: str) -> str:
    """The identity of a destination. It stays the same as long as the address leads to the same people."""
    return identity(*service.receivers()) if isinstance(service, Mail) else identity(url)


def _kind(service: NotifyBase) -> str:
    """The name of the service: the same one of its schemes, whichever the address uses."""
    # The base class declares None for what every plug-in sets.
    plugin: Any = service
    schemes = plugin.secure_protocol or plugin.protocol
    return str(schemes if isinstance(schemes, str) else schemes[0])


def _account(service: NotifyBase) -> str:
    """What the service's rate limits apply to: the server of a mail, the token of a bot, a host."""
    if isinstance(service, Mail):
        return service.account()
    # What Apprise itself compares: user, password, host and keys, without the receivers.
    return identity(repr(service.url_identifier))


def _label(service: NotifyBase) -> str:
    """The address for people: where it leads, without user, password, tokens and options."""
    scheme, _, rest = str(service.url(privacy=True)).partition("?")[0].partition("://")
    authority, slash, path = rest.partition("/")
    host = authority.rpartition("@")[2]
    if scheme in _WEBHOOKS:
        path = "…" if path else ""
    if scheme in _TOPICS:
        # Whoever knows a topic can read it, and Apprise shows it.
        host, path = ("…", "") if not path else (host, "…")
    return clean(f"{scheme}://{host}{slash}{unquote(path)}".rstrip("/") if host else f"{scheme}://")


def _asset(time_limit: float) -> AppriseAsset:
    return AppriseAsset(
        app_id="Milestone monitor",
        app_desc="Milestone monitor",
        app_url="",
        # Send in this thread and in order. The time limit still applies.
        async_mode=False,
        service_timeout=time_limit,
        storage_mode=PersistentStoreMode.MEMORY.value,
        pgp_autogen=False,
        pem_autogen=False,
        # A redirect would send the credentials to its target.
        http_redirects=False,
        image_url_mask="",
        image_url_logo="",
    )


def _hush() -> None:
    """Keep all logs of Apprise here. Repeated before each use, because setting up logs may undo it."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.propagate = False
        logger.addHandler(_NOWHERE)
    # From DEBUG on: only there does Apprise log what went wrong with a connection.
    logging.getLogger("apprise").setLevel(logging.DEBUG)


@cache
def _manager() -> NotificationManager:
    """Apprise's services and ours. Loaded when first needed, because loading takes half a second."""
    manager = NotificationManager()
    with warnings.catch_warnings():
        # Its optional dependencies import deprecated modules of Python.
        warnings.simplefilter("ignore")
        manager.load_modules()
    for plugin in set(manager.plugins()):
        if "__del__" in vars(plugin):
            plugin.__del__ = _leaving(plugin.__del__)
    for plugin in set(_OURS.values()):
        manager.add(plugin, force=True)
    return manager


def _leaving(leave: Callable[[NotifyBase], None]) -> Callable[[NotifyBase], None]:
    """Wrap the finalizer of a plug-in, with which some log out. Python may call it anywhere, even outside a guard."""

    def finalize(service: NotifyBase) -> None:
        if is_guarded():
            with suppress(Exception):  # the instance of an unusable address is incomplete
                leave(service)

    return finalize


class _Captured(logging.Handler):
    """Captures what Apprise logs in this thread at WARNING and ERROR."""

    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self._thread = threading.get_ident()
        self._said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread and record.levelno <= logging.ERROR:  # above ERROR are its deprecations
            self._said.append(record.getMessage())

    def first(self) -> str:
        return next(iter(self._said), "")

    def __enter__(self) -> Self:
        logging.getLogger("apprise").addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("apprise").removeHandler(self)


# ---------------------------------------------------------------- results


def _read(answer: AppriseResult) -> SendResult:
    """Interpret Apprise's answer. Only one service was asked, so the answer cannot mix several results."""
    said = [(entry.level, entry.message) for entry in answer.logs()]
    outcome = _OUTCOMES[answer.status]
    if outcome is Outcome.FAILED and any(_may_have_arrived(*entry) for entry in said):
        outcome = Outcome.UNKNOWN
    return SendResult(outcome=outcome, detail="; ".join(_reasons(said)) if outcome is not Outcome.SENT else "")


def _may_have_arrived(level: str, message: str) -> bool:
    """Whether the log shows that one of several receivers took it, or that the connection broke after the request."""
    if level == "INFO":
        return message.startswith("Sent ")
    return message.startswith(_CONNECTION) and ("Read timed out" in message or "Connection aborted" in message)


def _reasons(said: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield warnings and errors, and the end of DEBUG messages on failed connections, which says most."""
    for level, message in said:
        if message.startswith(_CONNECTION):
            yield message.rpartition(": ")[2].rstrip("\"')")
        elif level in {"WARNING", "ERROR", "CRITICAL"}:
            yield message
