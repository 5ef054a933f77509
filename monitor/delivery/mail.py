"""``mailto://`` and ``mailtos://``: mail with the same Message-ID at every attempt, so that repeats can be recognised.

Apprise parses the address and formats the mail. But Apprise would give each attempt a new Message-ID. It does not
report which recipient a server refused, nor whether permanently.
"""

import re
import smtplib
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from copy import copy
from dataclasses import replace
from email import message_from_string
from typing import Any
from urllib.parse import unquote

from apprise.common import NotifyFormat
from apprise.exception import AppriseImproperlyConfigured

from monitor.delivery.http import Direct, tls_context, why
from monitor.delivery.redaction import identity
from monitor.ports import Outcome, SendResult

with warnings.catch_warnings():
    # Its support for PGP imports a deprecated module of Python.
    warnings.simplefilter("ignore", DeprecationWarning)
    from apprise.plugins.email.base import NotifyEmail
    from apprise.plugins.email.common import EmailMessage, SecureMailMode

_MESSAGE_ID = re.compile(r"^Message-ID: .*$", re.MULTILINE | re.IGNORECASE)
_NOT_IN_ID = re.compile(r"[^A-Za-z0-9._-]")
_OK, _PERMANENT = 250, 500
#: Signed or encrypted mail must not be changed (RFC 3156).
_SEALED = frozenset({"multipart/signed", "multipart/encrypted"})
#: Seconds to wait for the server's answer to QUIT.
_GOODBYE = 1.0


class Mail(Direct, NotifyEmail):
    """Replaces Apprise's own plug-in for these schemes."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - what Apprise read in the address
        """Refuse recipients that Apprise would silently leave out."""
        for people in (kwargs.get("targets"), kwargs.get("cc"), kwargs.get("bcc")):
            for person in _people(people or ()):
                if "@" not in person:
                    raise AppriseImproperlyConfigured(f"{person} is not a mail address")
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]  # Apprise is typed in part
        if not self.smtp_host:
            raise AppriseImproperlyConfigured("it names no mail server that can be read")
        name, sender = self.from_addr
        # Without a name the mail program would show the bare address.
        self.from_addr = [name or self.app_id, sender]

    def receivers(self) -> tuple[str, ...]:
        """The parts that distinguish this destination from others, without its password and options."""
        people = sorted(address for _, address in self.targets)
        return ("mailto", *map(str, (self.user, self.host, self.smtp_host, self.port)), *people)

    def account(self) -> str:
        """The identity of server and user, for which mails are sent one after the other."""
        return identity("mailto", *map(str, (self.user, self.smtp_host, self.port)))

    def addresses(self) -> tuple[str, ...]:
        """The address, once for each recipient."""
        return tuple(self._alone(target) for target in self.targets)

    def addressed_to(self, person: str) -> str:
        """The address of the same account with this recipient alone."""
        return self._alone((False, person), has_copies=False)

    def _alone(self, target: tuple[str | bool, str], *, has_copies: bool = True) -> str:
        one = copy(self)
        one.targets = [target]
        if not has_copies:
            one.cc, one.bcc = set(), set()
        return str(one.url())  # type: ignore[no-untyped-call]  # Apprise is typed in part

    def deliver(self, title: str, body: str) -> SendResult:  # noqa: ARG002 - the message has it in both forms
        """Send one mail to each recipient."""
        place = (self.secure_mode, self.verify_certificate, self.smtp_host, self.port, self.user, self.password)
        smtp, mails = self._means.smtp.take(place) or (None, 0)
        if smtp is None or not _is_there(smtp):
            try:
                smtp, mails = self._connect(), 0
            except (OSError, smtplib.SMTPException) as error:
                return SendResult(outcome=Outcome.FAILED, detail=f"cannot connect: {_reason(error)}")
        attempts: list[SendResult] = []
        try:
            attempts += (self._send_one(smtp, mail) for mail in self._mails(title))
        finally:
            if smtp.sock is not None and attempts and all(each.outcome is Outcome.SENT for each in attempts):
                self._means.smtp.keep(place, smtp, smtp.sock, messages=mails + len(attempts))
            else:
                take_leave(smtp)
        return _together(attempts)

    def _connect(self) -> smtplib.SMTP:
        host, port, timeout = str(self.smtp_host).strip("[]"), int(self.port or 0), self.socket_connect_timeout
        tls = tls_context(verify=self.verify_certificate)
        if self.secure_mode == SecureMailMode.SSL:
            smtp: _Client | _TlsClient = _TlsClient(host, port, timeout=timeout, context=tls)
        else:
            smtp = _Client(host, port, timeout=timeout)
        try:
            if self.secure_mode == SecureMailMode.STARTTLS:
                smtp.starttls(context=tls)
            if self.user and self.password:
                smtp.login(self.user, self.password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _mails(self, title: str) -> Iterator[EmailMessage]:
        """One mail for each recipient: HTML with the text as alternative, or the text alone, as the address asks."""
        form = self.resolve_format(NotifyFormat.HTML) if self._message.html else NotifyFormat.TEXT
        is_html = form is NotifyFormat.HTML
        mails = NotifyEmail.prepare_emails(
            subject=title,
            body=self._message.html if is_html else self._message.body,
            notify_format=form,
            from_addr=self.from_addr,
            to=self.targets,
            cc=self.cc,
            bcc=self.bcc,
            reply_to=self.reply_to,
            smtp_host=self.smtp_host,
            headers=self._headers(),
            names=self.names,
            pgp=self.pgp,
            pgp_mode=self.pgp_mode,
            tzinfo=self.tzinfo,
        )
        # Apprise derives a text from the HTML, without its links.
        return (self._with_text(mail) for mail in mails) if is_html else mails

    def _with_text(self, mail: EmailMessage) -> EmailMessage:
        """The mail with the message's own text as the alternative to the HTML."""
        written = message_from_string(mail.body)
        if written.get_content_type() in _SEALED:
            return mail
        for part in written.walk():
            if part.get_content_type() == "text/plain":
                del part["Content-Transfer-Encoding"]
                part.set_payload(self._message.body, "utf-8")
        return replace(mail, body=written.as_string())

    def _headers(self) -> dict[str, str]:
        # RFC 3834: suppresses automatic replies such as holiday notices.
        own = {"X-Application": self.app_id, "X-Change-Id": self._id(), "Auto-Submitted": "auto-generated"}
        if thread := _NOT_IN_ID.sub("", self._message.thread):
            # RFC 5322 section 3.6.4: mails on a project reply to one that was never sent, so mail programs group them.
            root = f"<{thread}.project@{self._domain()}>"
            own |= {"In-Reply-To": root, "References": root, "List-Id": f"<{thread}.{self._domain()}>"}
        if address := self._message.unsubscribe:
            # RFC 8058: mail programs show a button for it and post to it without opening a page.
            own |= {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        return own | self.headers

    def _id(self) -> str:
        return _NOT_IN_ID.sub("", self._message.id)

    def _domain(self) -> str:
        return str(self.from_addr[1]).rpartition("@")[2]

    def _send_one(self, smtp: smtplib.SMTP, mail: EmailMessage) -> SendResult:
        sender = str(self.from_addr[1])
        message_id = f"Message-ID: <{self._id()}.{identity(mail.recipient)}@{self._domain()}>"
        text = _MESSAGE_ID.sub(message_id, mail.body, count=1)
        try:
            refused = smtp.sendmail(sender, mail.to_addrs, text)
        except smtplib.SMTPRecipientsRefused as error:
            return _refusal(error.recipients)
        except smtplib.SMTPResponseException as error:
            return _refusal({mail.recipient: (error.smtp_code, error.smtp_error)})
        except (smtplib.SMTPException, OSError) as error:
            detail = f"{mail.recipient}: no answer, but it may have arrived: {_reason(error)}"
            return SendResult(outcome=Outcome.UNKNOWN, detail=detail)
        if refused:
            # The refused addresses are copies: the recipient has the mail, somebody else does not.
            return SendResult(outcome=Outcome.UNKNOWN, detail=_refusal(refused).detail)
        code, said = getattr(smtp, "taken", (0, b""))
        return SendResult(outcome=Outcome.SENT, detail=f"{code} {_text(said)}" if code else "")


def _people(people: str | Iterable[str]) -> Iterator[str]:
    """Yield the addresses as written. Texts with quotation marks are skipped: a comma in them may not separate."""
    for text in [people] if isinstance(people, str) else people:
        plain = unquote(text)
        if '"' not in plain:
            yield from filter(None, map(str.strip, plain.split(",")))


def _is_there(smtp: smtplib.SMTP) -> bool:
    """Whether the server of a kept connection still answers. Checked before a mail, since afterwards it is unknown."""
    with suppress(OSError, smtplib.SMTPException):
        return smtp.noop()[0] == _OK
    smtp.close()
    return False


def take_leave(smtp: smtplib.SMTP) -> None:
    """Log out from the server, without waiting long for its answer: what it accepted, it has."""
    with suppress(OSError, smtplib.SMTPException):
        if smtp.sock is not None:
            smtp.sock.settimeout(_GOODBYE)
        smtp.quit()
    smtp.close()


class _Answering:
    """Inherit this before an SMTP client. Keeps the server's answer to an accepted mail, such as its queue number."""

    taken: tuple[int, bytes] = (0, b"")

    def data(self, msg: Any) -> tuple[int, bytes]:  # noqa: ANN401 - bytes or text, as smtplib gives them
        self.taken = super().data(msg)  # type: ignore[misc]  # the client's
        return self.taken


class _Client(_Answering, smtplib.SMTP):
    """Without TLS, or with STARTTLS."""


class _TlsClient(_Answering, smtplib.SMTP_SSL):
    """With TLS from the start."""


def _refusal(recipients: Mapping[str, tuple[int, bytes | str]]) -> SendResult:
    """The server's refusal: permanent if it is for all recipients (RFC 5321 section 4.2.1), else temporary."""
    for_good = all(code >= _PERMANENT for code, _ in recipients.values())
    detail = "; ".join(f"{who}: {code} {_text(said)}" for who, (code, said) in recipients.items())
    return SendResult(outcome=Outcome.REFUSED if for_good else Outcome.FAILED, detail=detail)


def _together(attempts: list[SendResult]) -> SendResult:
    """The result for all recipients. Unknown if some have the mail and some do not."""
    outcomes = {attempt.outcome for attempt in attempts}
    telling = [attempt for attempt in attempts if len(outcomes) == 1 or attempt.outcome is not Outcome.SENT]
    detail = "; ".join(attempt.detail for attempt in telling if attempt.detail)
    if len(outcomes) == 1:
        return SendResult(outcome=outcomes.pop(), detail=detail)
    if outcomes <= {Outcome.FAILED, Outcome.REFUSED}:
        return SendResult(outcome=Outcome.FAILED, detail=detail)
    return SendResult(outcome=Outcome.UNKNOWN, detail=detail)


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return why(error)


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
