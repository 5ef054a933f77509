"""``console://``: alerts in the terminal.

They go to standard output, beside the service's own output. A command whose standard output is for programs
(``--json``) gives the sender a console on standard error instead.
"""

import io
from typing import Any

from apprise.plugins.base import NotifyBase
from rich.console import Console
from rich.text import Text

from monitor.core.news import Message
from monitor.delivery.direct import Direct
from monitor.ports import Outcome, SendResult

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
