"""Writes the message that a person reads, in the reader's language. Pure.

All text from articles is hostile. ``core.plain`` makes it inert before it enters a message, and the templates treat
every value as text.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from hashlib import sha256
from html import escape
from itertools import zip_longest

from monitor.core.event import bundle_event, cloud_event
from monitor.core.health import Ailment, Bulletin
from monitor.core.message.briefing import Briefing, SharedOccasion, Unmoved, Voice
from monitor.core.message.headline import precedence
from monitor.core.message.outlook import Trend, outlook
from monitor.core.message.told import SHORT_ID, ToldChange, UnverifiedNews, in_words, tell
from monitor.core.message.tongue import Tongue
from monitor.core.news import Message
from monitor.core.plain import clean, shorten, tidy
from monitor.core.state import ProjectState

MAX_TITLE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What a digest says about one project."""

    project: str
    #: What the headline says about it: the most important change, and the number of the others.
    news: str
    changes: tuple[ToldChange, ...]
    #: Where the project stands, and what is expected next.
    outlook: tuple[str, ...]
    #: What was reported in these days and is not verified.
    waiting: tuple[UnverifiedNews, ...]
    #: The address of its page. "" if there is none.
    page: str
    #: Its milestones as bars. None if too few dates are known, or if the changes are figures only.
    trend: Trend | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """A project that a digest lists as unchanged."""

    project: str
    outlook: tuple[str, ...]
    waiting: tuple[UnverifiedNews, ...]


def compose(briefing: Briefing, *, voice: Voice, language: str, zone: tzinfo = UTC) -> Message:
    """The message for one change.

    The title is one line. The body says since when the change holds, how sure it is and why. It quotes the sentences in
    the language of publication, with outlet and address. It ends with what is expected next and a short form of the
    change's id. ``event`` is for destinations that take JSON and does not depend on the language.

    Args:
        briefing: the change and its project.
        voice: the catalogues and templates to write with.
        language: the reader's language, as ISO 639-1 with or without region (``fr``, ``ar-MA``). English if it is
            unknown.
        zone: the reader's time zone.
    """
    change = briefing.change
    tongue = Tongue.of(voice.catalogues, language)
    told = tell(briefing, tongue, zone)
    message = Message(
        title=_headline(told, tongue),
        body="",
        id=change.id,
        event=cloud_event(change),
        events=(cloud_event(change),),
        thread=change.project,
    )
    return _laid_out(message, "change", {"told": told}, voice, tongue)


def compose_digest(
    briefings: Sequence[Briefing],
    *,
    id: str,  # noqa: A002 - what the message calls it
    at: datetime,
    occasion: SharedOccasion,
    voice: Voice,
    language: str,
    zone: tzinfo = UTC,
    unmoved: Sequence[Unmoved] = (),
    days: tuple[date, date] | None = None,
    with_doubt: bool = False,
) -> Message:
    """The message for several changes: by project, and each change only once.

    Args:
        briefings: the changes, at least one. The projects come in the order of their first change.
        id: the id of the bundle, the same at every attempt.
        at: when the bundle was put together, the same at every attempt.
        occasion: why they share one message.
        voice: the catalogues and templates to write with.
        language: the reader's language, as in ``compose``.
        zone: the reader's time zone.
        unmoved: the projects to list as unchanged.
        days: the first and the last day that a digest covers. By default those of its changes.
        with_doubt: whether to tell what became known in these days and is not verified.
    """
    of_project: dict[str, list[Briefing]] = {}
    for briefing in briefings:
        of_project.setdefault(briefing.project.id, []).append(briefing)
    tongue = Tongue.of(voice.catalogues, language)
    today = at.date()
    changes = [briefing.change for told in of_project.values() for briefing in told]
    first, last = days or (min(change.at for change in changes).astimezone(zone).date(), at.astimezone(zone).date())

    def doubted(state: ProjectState | None) -> tuple[UnverifiedNews, ...]:
        found = state.unverified if state and with_doubt else ()
        lately = [each for each in found if first <= each.source.seen_at.astimezone(zone).date() <= last]
        return in_words(lately, tongue, zone)

    groups = tuple(_group(told, tongue, zone, at, doubted) for told in of_project.values())
    still = tuple(
        Still(
            project=tongue.name(each.project),
            outlook=outlook(each.state, today, tongue),
            waiting=doubted(each.state),
        )
        for each in unmoved
    )
    head, what = _digest_head(groups, occasion, tongue.days(first, last), tongue), _digest_news(groups, tongue)
    message = Message(
        title=tongue.say("{head}: {what}", head=head, what=what) if head else what,
        body="",
        id=id,
        event=bundle_event(id, occasion, changes, at),
        events=tuple(map(cloud_event, changes)),
        thread=changes[0].project if len(of_project) == 1 else "",
    )
    values = {
        "head": head,
        "what": what,
        "groups": groups,
        "unmoved": still,
        "unmoved_label": tongue.say("No change:"),
        "waiting_label": tongue.say("Reported, not verified"),
        "lead": _lead(occasion, tongue),
        "occasion": str(occasion),
        "reference": tongue.reference(id[:SHORT_ID], at.astimezone(zone)),
    }
    return _laid_out(message, "digest", values, voice, tongue)


# ---------------------------------------------------------------- what is said


def _headline(what: ToldChange | Group, tongue: Tongue) -> str:
    return tongue.say("{project}: {news}", project=what.project, news=what.news)


def _group(
    briefings: Sequence[Briefing],
    tongue: Tongue,
    zone: tzinfo,
    at: datetime,
    doubted: Callable[[ProjectState | None], tuple[UnverifiedNews, ...]],
) -> Group:
    """The changes of one project, the oldest first. What is expected of it is said once, below them."""
    state = next((briefing.state for briefing in reversed(briefings) if briefing.state), None)
    ordered = sorted(briefings, key=lambda briefing: (briefing.change.at, precedence(briefing.change)))
    changes = [_of_group(briefing, tongue, zone) for briefing in ordered]
    # Among equally important changes the newest. Among stages reported at the same time the furthest.
    foremost = min(reversed(range(len(ordered))), key=lambda number: precedence(ordered[number].change))
    news, others = changes[foremost].news, len(ordered) - 1
    return Group(
        project=tongue.name(briefings[0].project),
        news=tongue.say_in("headline", "{news} (+{others})", news=news, others=others) if others else news,
        changes=tuple(_quoted_once(_said_once(changes))),
        outlook=outlook(state, at.date(), tongue),
        waiting=doubted(state),
        page=briefings[0].page,
        trend=next((told.trend for told in reversed(changes) if told.trend is not None), None),
    )


def _said_once(changes: Sequence[ToldChange]) -> Sequence[ToldChange]:
    """The changes. What several corrections say of one alert is said with the first of them."""
    said: set[str] = set()
    found = []
    for told in changes:
        is_correction = told.change.get("retracts") is not None
        about = tuple(line for line in told.about if line not in said) if is_correction else told.about
        said |= {line for line in about if is_correction}
        found.append(replace(told, about=about))
    return found


def _quoted_once(changes: Sequence[ToldChange]) -> Iterator[ToldChange]:
    """The changes. If adjacent ones rest on the same sentence, only the last of them quotes it."""
    for told, following in zip_longest(changes, changes[1:]):
        is_quoted_below = following and [q.words for q in told.quotes[:1]] == [q.words for q in following.quotes[:1]]
        yield replace(told, quotes=()) if is_quoted_below else told


def _of_group(briefing: Briefing, tongue: Tongue, zone: tzinfo) -> ToldChange:
    """The change as it appears under the project's name, which does not name the phase."""
    told, phase = tell(briefing, tongue, zone), briefing.change.phase
    if phase is None:
        return told
    return replace(told, news=tongue.say("{news} ({phase})", news=told.news, phase=tongue.part(phase)))


def _digest_news(groups: Sequence[Group], tongue: Tongue) -> str:
    """What the headline says: the news of the one project, or how many changes there are."""
    if len(groups) == 1:
        return _headline(groups[0], tongue)
    changes = tongue.count("one change", "{n} changes", sum(len(group.changes) for group in groups))
    return tongue.listed(changes, tongue.count("one project", "{n} projects", len(groups)))


def _digest_head(groups: Sequence[Group], occasion: SharedOccasion, days: str, tongue: Tongue) -> str:
    """What kind of message it is. "" if its news say enough."""
    if occasion is SharedOccasion.DIGEST:
        return tongue.say("Digest, {days}", days=days)
    if occasion is SharedOccasion.STORM:
        return tongue.say("Burst of news")
    if occasion is SharedOccasion.HELD and len(groups) > 1:
        return tongue.say("Held back")
    return ""


def _lead(occasion: SharedOccasion, tongue: Tongue) -> str:
    """Why the changes share one message, if the reader did not ask for that."""
    leads = {
        SharedOccasion.DIGEST: "",
        SharedOccasion.HELD: tongue.say("These alerts were held back while you did not want to be disturbed."),
        SharedOccasion.STORM: tongue.say(
            "So many changes came in so short a time that they are told together. A source or a setting may be at"
            " fault."
        ),
        SharedOccasion.AT_ONCE: "",
        SharedOccasion.MERGED: tongue.say("Newer changes came before the older ones could be sent."),
    }
    return leads[occasion]


# ---------------------------------------------------------------- how it is laid out


def _laid_out(message: Message, template: str, values: Mapping[str, object], voice: Voice, tongue: Tongue) -> Message:
    """The message with its title cut to one line, and its body in every format."""
    every = {
        **values,
        "title": message.title,
        "language": str(tongue.locale).replace("_", "-"),
        "direction": "rtl" if tongue.is_rtl else "ltr",
        "mark": tongue.mark,
        "page_label": tongue.say("Where the project stands"),
    }
    title, text, markdown, html = (
        voice.layouts.render(f"{template}.{form}", every) for form in ("title", "txt", "md", "html")
    )
    return replace(
        message,
        title=tongue.mark + shorten(" ".join(title.split()), MAX_TITLE),
        body=tidy(text),
        markdown=tidy(markdown),
        html=html.strip(),
    )


# The last line of a mail: where its reader manages the subscription. Pure ---------------------------------------------


_STYLE = "font:13px sans-serif;color:#59616c;text-align:center;padding:8px"
_END = "</body>"


def with_link(message: Message, link: str, *, voice: Voice, language: str) -> Message:
    """The message with the address at which its reader manages the subscription. Unchanged if there is none."""
    if not link:
        return message
    tongue = Tongue.of(voice.catalogues, language)
    words = tongue.say("Pause, change or end this subscription")
    line = f'<p style="{_STYLE}"><a href="{escape(link)}" style="color:#59616c">{escape(words)}</a></p>'
    before, end, after = message.html.rpartition(_END)
    html = f"{before}{line}{end}{after}" if end else f"{message.html}{line}"
    body = f"{message.body.rstrip()}\n\n{tongue.mark}{words}: {link}"
    return replace(message, body=body, html=html if message.html else "")


# Writes the message that proves an address: it reaches its reader, in the reader's language. Pure ---------------------


def probe(subscriber: str, tongue: Tongue) -> Message:
    """The message that ``monitor notify --test`` sends to the addresses of this subscriber."""
    title = tongue.say("Milestone monitor: a test")
    said = tongue.say(
        "This is a test for {subscriber}. No project has moved; alerts will arrive here.",
        subscriber=tongue.foreign(subscriber),
    )
    return Message(
        title=title,
        body=f"{tongue.mark}{said}",
        id="test",
        event={"specversion": "1.0", "id": "test", "source": "/monitor", "type": "monitor.test"},
    )


# Writes the message about problems of the monitor for its operator. In English, like logs and commands. Pure ----------


#: The most ailments of one kind that are listed. Of the others only the number is given.
MOST = 10
_LONGEST = 300


def write(bulletin: Bulletin, at: datetime) -> Message:
    """The message of a bulletin that is not empty. It lists by kind what is affected, since when, and what to do."""
    raised, recovered = len(bulletin.raised), len(bulletin.recovered)
    parts = [f"{raised} wrong" if raised else "", f"{recovered} right again" if recovered else ""]
    kinds = dict.fromkeys(str(each.trouble) for each in (*bulletin.raised, *bulletin.recovered))
    title = f"Milestone monitor: {', '.join(filter(None, parts))} ({', '.join(kinds)})"
    sections = (("Wrong:", bulletin.raised), ("Right again:", bulletin.recovered))
    body = "\n\n".join("\n".join([head, *_lines(those)]) for head, those in sections if those)
    told = [(each.trouble, each.subject, each.since.isoformat()) for each in (*bulletin.raised, *bulletin.recovered)]
    id_ = sha256(repr((told, raised)).encode()).hexdigest()[:32]
    return Message(
        title=title,
        body=f"{body}\n\nmonitor doctor shows all that is wrong now.",
        id=id_,
        event={
            "specversion": "1.0",
            "id": id_,
            "source": "/monitor",
            "type": "monitor.health",
            "time": at.isoformat().replace("+00:00", "Z"),
            "datacontenttype": "application/json",
            "data": {
                "raised": [fields(each) for each in bulletin.raised],
                "recovered": [fields(each) for each in bulletin.recovered],
            },
        },
    )


def _lines(ailments: Sequence[Ailment]) -> Iterator[str]:
    of_kind: dict[str, list[Ailment]] = {}
    for ailment in ailments:
        of_kind.setdefault(str(ailment.trouble), []).append(ailment)
    for kind, those in of_kind.items():
        for ailment in those[:MOST]:
            what = f"{kind}: {clean(ailment.subject)}" if ailment.subject else kind
            yield f"• {what}, since {ailment.since:%Y-%m-%d %H:%M} UTC: {shorten(clean(ailment.detail), _LONGEST)}"
        if len(those) > MOST:
            yield f"• {kind}: {len(those) - MOST} more"


def fields(ailment: Ailment) -> dict[str, object]:
    """An ailment as JSON."""
    return {
        "trouble": ailment.trouble.value,
        "subject": ailment.subject,
        "detail": ailment.detail,
        "since": ailment.since.isoformat().replace("+00:00", "Z"),
        "told": ailment.told_at.isoformat().replace("+00:00", "Z") if ailment.told_at else None,
    }
