"""A change and its project → the message that a person reads, in their language. Pure.

All that articles say is hostile: it is made fit by ``core.plain`` before it stands in a message.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_compact_decimal, format_decimal, format_percent

from monitor.core.event import bundle_event, cloud_event
from monitor.core.message.briefing import Briefing, Occasion, Unmoved
from monitor.core.message.voice import Voice
from monitor.core.model import FactKind, Project
from monitor.core.news import Change, ChangeType, Message
from monitor.core.periods import Period, Precision
from monitor.core.plain import RIGHT_TO_LEFT_MARK, clean, is_plain_address, isolate, shorten
from monitor.core.wording.words import Wording

MAX_TITLE = 200
MAX_SENTENCE = 400
MAX_SENTENCES = 3
MAX_SOURCES = 5
MAX_ADDRESS = 500
#: Enough of an id to find its change by.
SHORT_ID = 12
#: From here on an amount is written with "million", "milliard", "亿"…
_COMPACT_FROM = 1e6
#: No quantity of a project is as large; Babel fails on some that are far larger.
_LARGEST = 1e18
#: Of CLDR.
_SKELETONS = {Precision.MONTH: "yMMMM", Precision.QUARTER: "yQQQQ", Precision.YEAR: "y"}


def compose(briefing: Briefing, *, voice: Voice, language: str, zone: tzinfo = UTC) -> Message:
    """The message that tells of one change.

    The title is one line. The body is plain text: what changed, when, how sure it is, the sentences that say so in the
    language in which they were published, their addresses, and a short form of the change's id. ``event`` is for
    destinations that take JSON; it does not depend on the language.

    Args:
        briefing: what is told.
        voice: what it is written with.
        language: the reader's, as ISO 639-1 with or without region (``fr``, ``ar-MA``); English where it is unknown.
        zone: the reader's.
    """
    change = briefing.change
    writer = _Writer.of(change, voice, language)
    title = shorten(
        writer.wording.headline.format(project=writer.name(briefing.project, language), news=writer.news()), MAX_TITLE
    )
    blocks = (writer.what(), writer.quotes(), writer.sources(), writer.reference(change.id, change.at, zone))
    return Message(
        title=writer.line(title),
        body="\n\n".join("\n".join(block) for block in blocks if block),
        id=change.id,
        event=cloud_event(change),
        events=(cloud_event(change),),
        thread=change.project,
    )


def compose_digest(
    briefings: Sequence[Briefing],
    *,
    id: str,  # noqa: A002 - what the message calls it
    at: datetime,
    occasion: Occasion,
    voice: Voice,
    language: str,
    zone: tzinfo = UTC,
    unmoved: Sequence[Unmoved] = (),
) -> Message:
    """The message that tells of several changes together: by project, and each only once.

    Args:
        briefings: what is told, at least one; the projects come in the order of their first change.
        id: of the bundle, the same at every attempt.
        at: when it is put together, the same at every attempt.
        occasion: why they come together.
        voice: what it is written with.
        language: the reader's, as ``compose`` has it.
        zone: the reader's.
        unmoved: the projects of which it says that they have not moved.
    """
    of_project: dict[str, list[Briefing]] = {}
    for briefing in briefings:
        of_project.setdefault(briefing.project.id, []).append(briefing)
    blocks, names = [], []
    for told in of_project.values():
        writers = [_Writer.of(briefing.change, voice, language) for briefing in told]
        names.append(writers[0].name(told[0].project, language))
        lines = [names[-1], *(f"• {writer.news()}" for writer in writers)]
        blocks.append("\n".join(map(writers[0].line, lines)))
    writer = _Writer.of(briefings[0].change, voice, language)
    still = [writer.name(each.project, language) for each in unmoved]
    if still:
        blocks.append("\n".join(("—", *still)))
    blocks += writer.reference(id, at, zone)
    changes = [briefing.change for told in of_project.values() for briefing in told]
    return Message(
        title=shorten(f"{len(changes)} · {', '.join(names)}", MAX_TITLE),
        body="\n\n".join(blocks),
        id=id,
        event=bundle_event(id, occasion, changes, at),
        events=tuple(map(cloud_event, changes)),
        thread=changes[0].project if len(of_project) == 1 else "",
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    """One change in one language."""

    change: Change
    wording: Wording
    locale: Locale

    @classmethod
    def of(cls, change: Change, voice: Voice, language: str) -> "_Writer":
        wordings = voice.wordings
        wording = wordings.get(language.partition("-")[0].lower(), wordings["en"])
        try:
            locale = Locale.parse(language, sep="-")
        except (ValueError, UnknownLocaleError):
            locale = Locale.parse(wording.locale)
        # A language without region stands for the region that its words were written for.
        if not locale.territory or wordings.get(locale.language) is not wording:
            locale = Locale.parse(wording.locale)
        return cls(change, wording, locale)

    # ------------------------------------------------------------ the parts

    def name(self, project: Project, language: str) -> str:
        return self.isolated(clean(project.name_in(language.partition("-")[0])))

    def news(self) -> str:
        """What the headline says of the project."""
        say, effective = self.wording, self.change.effective
        news: Mapping[ChangeType, Callable[[], str]] = {
            ChangeType.STATUS: self.move,
            ChangeType.MILESTONE: lambda: say.reached.format(event=self.matter()),
            ChangeType.SCHEDULE: self.forecast,
            ChangeType.OVERDUE: lambda: say.overdue.format(event=self.matter(), date=self.date(effective)),
            ChangeType.FACT: lambda: f"{self.matter()} {self.move()}",
            ChangeType.CONFIRMED: lambda: say.confirmed.format(matter=self.matter()),
            ChangeType.DISPUTED: lambda: say.disputed.format(matter=self.matter()),
            ChangeType.QUIET: lambda: say.quiet_since.format(date=self.date(effective)) if effective else say.quiet,
        }
        return news[self.change.type]()

    def what(self) -> list[str]:
        """What changed, from what to what, when, and how sure it is."""
        change, say = self.change, self.wording
        matter, move = self.matter(), self.move()
        lines = [self.labelled(say.labels[change.type], matter or move or say.quiet)]
        if matter and move:
            lines.append(move)
        if change.effective and change.type is not ChangeType.SCHEDULE:
            lines.append(self.labelled(say.effective, self.date(change.effective)))
        if change.type in say.inferred:
            lines.append(say.inferred[change.type])
        elif change.type is not ChangeType.CONFIRMED:
            lines.append(say.confidence[change.confidence])
        if change.by is not None:
            lines.append(say.decided.format(operator=self.isolated(clean(change.by))))
        return [self.line(line) for line in lines]

    def quotes(self) -> list[str]:
        """The sentences, as published but for what would do harm."""
        cleaned = (shorten(clean(sentence), MAX_SENTENCE) for sentence in self.change.evidence[:MAX_SENTENCES])
        return [self.line(self.wording.quoted.format(sentence=self.isolated(text))) for text in cleaned if text]

    def sources(self) -> list[str]:
        """The addresses, each on a line of its own so that it can be followed."""
        plain = [url for url in self.change.sources if len(url) <= MAX_ADDRESS and is_plain_address(url)]
        return [self.line(self.labelled(self.wording.sources, "").strip()), *plain[:MAX_SOURCES]] if plain else []

    def reference(self, of: str, at: datetime, zone: tzinfo) -> list[str]:
        """By what and since when the monitor knows it."""
        at = at.astimezone(zone)
        day = format_date(at.date(), "long", locale=self.locale)
        clock = format_time(at.time(), "short", locale=self.locale)
        short_id = self.isolated(clean(of[:SHORT_ID]))
        return [self.line(f"{self.wording.reference} {short_id} · {day} {clock}")]

    # ------------------------------------------------------------ what is spoken of

    def matter(self) -> str:
        """The stage as an event, or the quantity; "" where the change is of the whole project."""
        change, say = self.change, self.wording
        if change.type is ChangeType.STATUS:
            return ""
        if change.kind is not None:
            return say.kinds[change.kind]
        return self.word(say.events, change.stage) if change.stage else ""

    def move(self) -> str:
        """From what to what; "" where neither is said beyond the matter itself."""
        change = self.change
        write = {ChangeType.STATUS: self.status, ChangeType.SCHEDULE: self.moment}.get(change.type, self.value)
        if change.type is not ChangeType.STATUS and change.kind is None and change.type is not ChangeType.SCHEDULE:
            return ""
        steps = [write(step) for step in (change.from_, change.to) if step is not None]
        return f" {self.wording.arrow} ".join(steps)

    def forecast(self) -> str:
        """A date first expected, moved, or only said to be late."""
        change, say = self.change, self.wording
        if change.to is None:
            return self.status(change.stage or "")
        if change.from_ is None:
            return say.expected.format(event=self.matter(), date=self.moment(change.to))
        later = _first_day(change.to) > _first_day(change.from_)
        return (say.later if later else say.earlier).format(event=self.matter(), dates=self.move())

    # ------------------------------------------------------------ words, dates, amounts

    def status(self, status: str | float) -> str:
        return self.word(self.wording.statuses, str(status))

    def word(self, words: Mapping[str, str], word: str) -> str:
        """A stage in the reader's language; one of the operator's own as it is."""
        return words.get(word) or self.isolated(clean(word.replace("_", " ")))

    def moment(self, text: str | float) -> str:
        """A date as the JSON contracts write it."""
        try:
            return self.date(Period.parse(str(text)))
        except ValueError:
            return self.isolated(clean(str(text)))

    def date(self, period: Period | None) -> str:
        """The period, as finely as it is known and no finer."""
        if period is None:
            return "?"
        if period.precision is Precision.DAY:
            return format_date(period.start, "long", locale=self.locale)
        if period.precision is Precision.HALF:
            return self.wording.halves[(period.start.month - 1) // 6].format(year=period.start.year)
        return format_skeleton(_SKELETONS[period.precision], period.start, locale=self.locale)

    def value(self, value: str | float) -> str:
        """An amount with its unit."""
        unit = self.change.unit or ""
        if isinstance(value, str) or not abs(value) < _LARGEST:
            return self.isolated(clean(str(value)))
        if self.change.kind is FactKind.PROGRESS:
            return format_percent(value / 100, locale=self.locale, decimal_quantization=False)
        if self.change.kind is FactKind.INVESTMENT and abs(value) >= _COMPACT_FROM:
            number = self.large_number(value)
        else:
            number = format_decimal(value, locale=self.locale)
        # Of jobs, the kind is the unit.
        return number if self.change.kind is FactKind.JOBS else f"{number}\u00a0{self.unit(unit)}".strip()

    def large_number(self, value: float) -> str:
        """With the word for its order of magnitude; in Chinese, where Babel knows no words, with the sign."""
        width: Literal["long", "short"] = "long" if "long" in self.locale.compact_decimal_formats else "short"
        return format_compact_decimal(value, format_type=width, locale=self.locale, fraction_digits=3)

    def unit(self, unit: str) -> str:
        thing, per_year, _ = unit.partition("/yr")
        return self.wording.units.get(thing, clean(thing)) + (self.wording.per_year if per_year else "")

    # ------------------------------------------------------------ lines

    def labelled(self, label: str, value: str) -> str:
        return self.wording.labelled.format(label=label, value=value)

    def isolated(self, text: str) -> str:
        return isolate(text, rtl=self.wording.rtl)

    def line(self, text: str) -> str:
        """The line, running the reader's way whatever it begins with."""
        return f"{RIGHT_TO_LEFT_MARK}{text}" if self.wording.rtl else text


def _first_day(text: str | float) -> str:
    """By which two dates of the JSON contracts are compared; one that is none is compared as it is written."""
    try:
        return Period.parse(str(text)).start.isoformat()
    except ValueError:
        return str(text)
