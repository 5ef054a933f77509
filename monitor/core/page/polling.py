"""Why a feed is polled when it is, and why it could not be read, in the reader's words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from babel.dates import format_timedelta

from monitor.core.message.tongue import Tongue, mark
from monitor.core.page.recognised import recognised
from monitor.core.plain import shorten
from monitor.core.polling.polling import Reason, Rule

#: The longest error that is shown.
_LONGEST = 300

_RULES: Mapping[Rule, str] = {
    Rule.EVERY: mark("polling", "the interval that the operator set"),
    Rule.BUDGET: mark("polling", "its share of the requests, by what it has been worth so far"),
    Rule.DEFAULT: mark("polling", "the interval of all feeds: it is not known well enough yet"),
    Rule.BURST: mark("polling", "more often: a project that it tells of moves or is about to"),
    Rule.HOUR: mark("polling", "by the hours at which it publishes"),
    Rule.PUSHED: mark("polling", "less often: its hub pushes what is new"),
    Rule.FASTEST: mark("polling", "no feed is asked more often"),
    Rule.SLOWEST: mark("polling", "no feed is asked less often"),
    Rule.JITTER: mark("polling", "give or take a tenth, so that feeds do not come all at once"),
    Rule.BACK_OFF: mark("polling", "later, because it failed"),
    Rule.GONE: mark("polling", "as seldom as possible: its server says that it is gone for good"),
    Rule.MAX_AGE: mark("polling", "its server says how long the answer stays fresh"),
    Rule.TTL: mark("polling", "the document says how long it stays fresh"),
    Rule.RETRY_AFTER: mark("polling", "its server asks to wait"),
}

#: What this program says of a failure. Names in braces stand for what differs.
_FAULTS = (
    mark("fault", "there is no network"),
    mark("fault", "its site asks not to fetch it (robots.txt)"),
    mark("fault", "the server asks for a user name and password ({answer})"),
    mark("fault", "the server forbids it ({answer})"),
    mark("fault", "there is nothing at this address ({answer})"),
    mark("fault", "the document is gone for good ({answer})"),
    mark("fault", "the server asks for fewer requests ({answer})"),
    mark("fault", "the server failed ({answer})"),
    mark("fault", "the server gave no document ({answer})"),
    mark("fault", "blocked by bot protection ({name}), status {answer}"),
    mark("fault", "the name {host} cannot be resolved"),
    mark("fault", "the certificate of {host} is refused: {detail}"),
    mark("fault", "no secure connection to {host}"),
    mark("fault", "no connection to {host} within {number} seconds"),
    mark("fault", "no connection to {host}: {detail}"),
    mark("fault", "no whole answer within {number} seconds"),
    mark("fault", "the answer breaks off"),
    mark("fault", "the server closed the connection without an answer"),
    mark("fault", "the server does not speak proper HTTP"),
    mark("fault", "is not an http or https address"),
    mark("fault", "this is an HTML page ({name}), not a feed; it names one at {address}"),
    mark("fault", "this is an HTML page, not a feed; it names one at {address}"),
    mark("fault", "this is an HTML page ({name}), not a feed"),
    mark("fault", "this is an HTML page, not a feed"),
    mark("fault", "this is {name}, not a feed"),
    mark("fault", "this is neither XML nor JSON, so no feed"),
    mark("fault", "the document is empty"),
    mark("fault", "the document is larger than {number} bytes"),
    mark("fault", "not asked: its site wants to be left alone for another {number} seconds"),
    mark("fault", "internal error ({name}); details are in the log"),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why something failed."""

    words: str
    #: Whether the words are in the reader's language. Else they are in English, or a server's own.
    is_translated: bool


def why(reasons: Iterable[Reason], tongue: Tongue) -> tuple[str, ...]:
    """Each rule that decided the next poll, with the wait after it."""
    return tuple(
        f"{format_timedelta(reason.wait, threshold=1.5, locale=tongue.locale)}: "
        f"{tongue.say_in('polling', _RULES[reason.rule])}"
        for reason in reasons
    )


def fault(reason: str, tongue: Tongue) -> Fault:
    """The reason of a failure, translated as far as it is this program's own."""
    short = shorten(reason, _LONGEST)
    known = recognised(short, _FAULTS, "fault", tongue, tongue.foreign)
    if known is not None:
        return Fault(known, is_translated=True)
    return Fault(tongue.foreign(short), is_translated=tongue.language == "en")


def seconds(latency: float, tongue: Tongue) -> str:
    """How long an answer took."""
    milliseconds = timedelta(seconds=latency) / timedelta(milliseconds=1)
    return tongue.count("one millisecond", "{n} milliseconds", round(milliseconds))
