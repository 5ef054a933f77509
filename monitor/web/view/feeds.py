"""Why a feed is polled when it is, and why it could not be read, in the reader's words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from string import Formatter

from babel.dates import format_timedelta

from monitor.core.message.tongue import Tongue, mark
from monitor.core.plain import shorten
from monitor.core.polling.polling import PollReason, Rule

# Translates texts that this program has made in English before their reader was known ---------------------------------


def recognised(
    text: str, templates: Iterable[str], context: str, tongue: Tongue, written: Callable[[str], str]
) -> str | None:
    """The text in the reader's language. None if it was made of none of these templates.

    Args:
        text: what was said in English.
        templates: what it may have been made of. Names in braces stand for what differs.
        context: that of their translations.
        tongue: the language of the reader.
        written: gives what stands for a name, as the reader sees it.
    """
    for template in templates:
        if (values := _values(template, text)) is not None:
            said = {name: written(value) for name, value in values.items()}
            return tongue.say_in(context, template, **said)
    return None


def _values(template: str, text: str) -> dict[str, str] | None:
    """What stands in a text for the names of a template. None if the text was not made of it."""
    values: dict[str, str] = {}
    name, rest = "", text
    for literal, following, *_ in Formatter().parse(template):
        before, _, behind = rest.partition(literal) if literal else ("", "", rest)
        if before + literal + behind != rest or bool(before) is not bool(name):
            return None
        values[name], rest = before, behind
        name = following or ""
    if bool(rest) is not bool(name):
        return None
    values[name] = rest
    return {name: value for name, value in values.items() if name}


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
class FeedFault:
    """Why something failed."""

    words: str
    #: Whether the words are in the reader's language. Else they are in English, or a server's own.
    is_translated: bool


def why(reasons: Iterable[PollReason], tongue: Tongue) -> tuple[str, ...]:
    """Each rule that decided the next poll, with the wait after it."""
    return tuple(
        f"{format_timedelta(reason.wait, threshold=1.5, locale=tongue.locale)}: "
        f"{tongue.say_in('polling', _RULES[reason.rule])}"
        for reason in reasons
    )


def fault(reason: str, tongue: Tongue) -> FeedFault:
    """The reason of a failure, translated as far as it is this program's own."""
    short = shorten(reason, _LONGEST)
    known = recognised(short, _FAULTS, "fault", tongue, tongue.foreign)
    if known is not None:
        return FeedFault(known, is_translated=True)
    return FeedFault(tongue.foreign(short), is_translated=tongue.language == "en")


def seconds(latency: float, tongue: Tongue) -> str:
    """How long an answer took."""
    milliseconds = timedelta(seconds=latency) / timedelta(milliseconds=1)
    return tongue.count("one millisecond", "{n} milliseconds", round(milliseconds))
