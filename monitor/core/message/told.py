"""A change in the reader's words, ready for the templates."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, tzinfo
from urllib.parse import urlsplit

from monitor.core.changes.comparison import proof_of
from monitor.core.event import told_fields
from monitor.core.folding.known import is_read
from monitor.core.folding.weighing import combined
from monitor.core.lifecycle import ENDED, Condition
from monitor.core.message import words
from monitor.core.message.briefing import Briefing
from monitor.core.message.headline import matter, names_day, news
from monitor.core.message.outlook import Trend, next_expected, overdue, slips, standing_at, stands_after, trend
from monitor.core.message.tongue import Tongue
from monitor.core.model import Claim, Said, State
from monitor.core.news import Change, ChangeType, Mistake, Proof, Retraction
from monitor.core.periods import Period
from monitor.core.plain import clean, is_plain_address, shorten
from monitor.core.state import Confidence, Evidence, Milestone, Standing, Unverified

# How sure a change is, and why ----------------------------------------------------------------------------------------


def sureness(briefing: Briefing, tongue: Tongue) -> str:
    """One sentence without its full stop: how sure the change is, with the present number of sources if known."""
    change = briefing.change
    if change.type is ChangeType.OVERDUE:
        return tongue.say("The expected date has passed and no source says that it has been reached.")
    if change.type is ChangeType.QUIET:
        return tongue.say("Inferred from the lack of news: no source says that anything has changed.")
    standing = _standing(briefing)
    if change.type is ChangeType.DISPUTED and standing:
        return tongue.say("Independent sources for it: {n}, against it: {m}", n=standing.sources, m=standing.against)
    is_borne_out = standing is not None and (standing.sources > 0 or standing.implied > 0 or standing.is_only_known)
    # What is sure by now and was not when it became known is no part of this change.
    is_as_told = standing is not None and standing.confidence is change.confidence
    if standing is None or not (is_borne_out and is_as_told) or change.type is ChangeType.DISPUTED:
        return _plainly(change.confidence, tongue)
    if change.type is ChangeType.CONFIRMED and change.effective is None and not standing.confirms_date:
        return tongue.say("It is confirmed that it happened, but not when")
    return borne_out(standing, tongue)


def borne_out(standing: Standing, tongue: Tongue) -> str:
    """How many sources bear something out, and how many say otherwise. One sentence without its full stop."""
    if standing.is_only_known:
        return tongue.say("Entered by hand")
    if standing.implied:
        return tongue.count("Implied by one source", "Implied by {n} independent sources", standing.implied)
    parts = [_sources(standing, tongue)]
    official = standing.official - standing.decided
    if official > 0 and standing.sources - standing.decided > 1:
        parts.append(tongue.count("one of them official", "{n} of them official", official))
    if standing.disputed:
        parts.append(tongue.say("disputed"))
    if standing.against:
        parts.append(tongue.count("one source says otherwise", "{n} sources say otherwise", standing.against))
    if standing.readings:
        parts.append(together(standing.readings, tongue))
    return tongue.listed(*parts)


def together(readings: Sequence[float], tongue: Tongue) -> str:
    """How sure readings of independent sources are together, with each of them: "84% from 2 sources: 60%, 60%"."""
    return tongue.say(
        "{sure} from {sources}: {parts}",
        sure=tongue.share(combined(readings)),
        sources=tongue.count("one source", "{n} sources", len(readings)),
        parts=tongue.listed(*map(tongue.share, readings)),
    )


def _plainly(confidence: Confidence, tongue: Tongue) -> str:
    if confidence is Confidence.CONFIRMED:
        return tongue.say("Confirmed")
    return tongue.say("Reported, not yet confirmed")


def _sources(standing: Standing, tongue: Tongue) -> str:
    if standing.confidence is Confidence.REPORTED:
        return tongue.count(
            "Reported by one source, not yet confirmed",
            "Reported by {n} sources, not yet confirmed",
            standing.sources,
        )
    if not standing.confirms_date:
        return tongue.count(
            "Confirmed, but at this date only reported by one source",
            "Confirmed, but at this date only reported by {n} sources",
            standing.sources,
        )
    if standing.decided:
        others = standing.sources - standing.decided
        if not others:
            return tongue.say("Entered by hand")
        return tongue.count(
            "Confirmed by hand, reported by one source", "Confirmed by hand, reported by {n} sources", others
        )
    if standing.sources == standing.official == 1:
        return tongue.say("Confirmed by one official source")
    return tongue.count("Confirmed by one source", "Confirmed by {n} independent sources", standing.sources)


def _standing(briefing: Briefing) -> Standing | None:
    """The present standing of what the change says. None if it is unknown or no longer holds."""
    change, state, milestone = briefing.change, briefing.state, briefing.milestone
    if state is None:
        return None
    if change.type is ChangeType.FACT:
        return next((f.standing for f in state.facts if (f.kind, f.unit, f.value, f.phase) == _figure(change)), None)
    if state.delay is not None and change.type is ChangeType.SCHEDULE and change.stage == Condition.DELAYED:
        return state.delay.standing
    if change.phase is None and change.type is not ChangeType.SCHEDULE and state.status in {change.stage, change.to}:
        return state.standing
    return milestone.standing if milestone is not None and _holds(change, milestone) else None


def _holds(change: Change, milestone: Milestone) -> bool:
    """Whether the milestone is still as the change says."""
    if change.type is ChangeType.SCHEDULE:
        return str(milestone.forecast) == change.to
    return milestone.state is State.REACHED


def _figure(change: Change) -> tuple[object, ...]:
    return change.kind, change.unit, change.to, change.phase


MAX_SENTENCE = 400
#: The most quoted sentences and the most linked articles of one change.
MAX_SENTENCES = 3
MAX_PLACES = 5
MAX_ADDRESS = 500
MAX_OUTLET = 60
MAX_ARTICLE_TITLE = 120
#: Enough characters of an id to find its change.
SHORT_ID = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldPlace:
    """Where something is said."""

    #: The outlet. If it is not known, the host of the address. For what the operator knew, words that say so.
    outlet: str
    #: A web address that is safe to follow. "" if there is none.
    url: str
    #: The title of the article and the day of its publication, as far as they are known.
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A sentence from articles, and where it stands."""

    #: The sentence in quotation marks, in the language of publication. "" if no sentence says it.
    words: str
    places: tuple[ToldPlace, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldChange:
    """One change. All texts are plain, one line each, in the reader's language. Text from outside is inert."""

    project: str
    #: The kind of change in a word or two.
    label: str
    #: What moved, as in the headline.
    news: str
    #: Since when, how sure and why, and by how many days dates have slipped. Of a correction: what was wrong, and why.
    about: tuple[str, ...]
    quotes: tuple[Quote, ...]
    #: Where the project stands, and what is expected next.
    outlook: tuple[str, ...]
    #: The address of the project's page. "" if there is none.
    page: str
    #: The project's milestones as bars. None if too few dates are known, or for figures, which move no milestone.
    trend: Trend | None
    #: The short id of the change, and since when the monitor knows it.
    reference: str
    #: The fields of the change as the JSON contracts name them. Raw: nothing in them is inert.
    change: Mapping[str, object]


def tell(briefing: Briefing, tongue: Tongue, zone: tzinfo) -> ToldChange:
    """The change in the words of this reader."""
    change = briefing.change
    today = change.at.date()
    told_already = change.stage if change.type is ChangeType.OVERDUE else None
    late = overdue(briefing.state, today, tongue, but=told_already)
    stands = standing_at(briefing.state, tongue) if change.type is not ChangeType.STATUS else ""
    about: tuple[str, ...]
    if change.retracts is not None:
        about = _corrects(change, change.retracts, briefing, tongue, zone)
    else:
        about = (_since(briefing, tongue), sureness(briefing, tongue), *slips(briefing, tongue))
    awaited = next_expected(briefing.state, today, tongue)
    return ToldChange(
        project=tongue.name(briefing.project, change.phase),
        label=tongue.say("Correction") if change.retracts else words.label(tongue, change.type),
        news=news(change, tongue),
        about=tuple(filter(None, about)),
        quotes=tuple(_quotes(change, tongue, zone)),
        outlook=tuple(filter(None, (stands, *late, awaited))),
        page=briefing.page,
        trend=trend(briefing.state, today, tongue) if change.kind is None else None,
        reference=tongue.reference(change.id[:SHORT_ID], change.at.astimezone(zone)),
        change=told_fields(change),
    )


def _corrects(
    change: Change, retracts: Retraction, briefing: Briefing, tongue: Tongue, zone: tzinfo
) -> tuple[str, ...]:
    """When the reader was told the mistake, why it was wrong, and what holds."""
    at = (briefing.told_at or retracts.at).astimezone(zone)
    when = {"day": tongue.date(Period.day(at.date())), "time": tongue.time(at)}
    if retracts.because:
        why = words.mistake(tongue, retracts.because)
        was = tongue.say("Our alert of {day}, {time} was wrong: {why}.", **when, why=why)
    else:
        was = tongue.say("Our alert of {day}, {time} was wrong.", **when)
    if change.type is ChangeType.STATUS and change.mistake is not None:
        return was, stands_after(change.mistake, briefing.state, tongue), _expected_again(briefing, tongue)
    if names_day(change):
        if retracts.because is not Mistake.DATE or briefing.since is None:
            return was, _expected_again(briefing, tongue)
        right = tongue.listed(matter(change, tongue), tongue.date(briefing.since))
        return was, tongue.say("Now known: {what}", what=right)
    is_date = change.type in {ChangeType.SCHEDULE, ChangeType.OVERDUE}
    is_known = change.to is not None and (is_date or change.kind is not None)
    return was, tongue.say("Now known: {what}", what=news(_right(change), tongue)) if is_known else ""


def _expected_again(briefing: Briefing, tongue: Tongue) -> str:
    """The date at which a stage is expected that was not reached after all. "" if there is none."""
    milestone, state = briefing.milestone, briefing.state
    if state is None or state.status in ENDED or milestone is None or milestone.forecast is None:
        return ""
    return tongue.say("The date expected again is: {date}", date=tongue.date(milestone.forecast))


def _right(change: Change) -> Change:
    """What is known of the date or the amount instead of the mistake."""
    return replace(change, type=ChangeType.FACT if change.kind else ChangeType.SCHEDULE, from_=None, retracts=None)


def _since(briefing: Briefing, tongue: Tongue) -> str:
    """When it happened, if the headline does not say it. If no source says when, the day of the first article."""
    change = briefing.change
    is_expected = change.type is ChangeType.SCHEDULE and change.stage != Condition.DELAYED
    if is_expected or change.type in {ChangeType.OVERDUE, ChangeType.QUIET, ChangeType.DISPUTED}:
        return ""
    if change.effective is None:
        day = briefing.by
        return tongue.say("Since {day} at the latest", day=tongue.date(Period.day(day))) if day else ""
    if change.type in {ChangeType.STATUS, ChangeType.SCHEDULE}:
        return tongue.say("Since: {date}", date=tongue.date(change.effective))
    return tongue.say("Date: {date}", date=tongue.date(change.effective))


def _quotes(change: Change, tongue: Tongue, zone: tzinfo) -> Iterator[Quote]:
    """The sentences, each once, with the places that say it."""
    said: dict[str, list[ToldPlace]] = {}
    room = MAX_PLACES
    # The best first (``core.folding.proof``): what tells exactly this, in the reader's language.
    shown = sorted(change.proof, key=lambda proof: (not proof.exact, not is_read(proof.language, tongue.language)))
    for proof in shown or _unplaced(change):
        sentence = shorten(clean(proof.sentence), MAX_SENTENCE)
        if sentence not in said and sentence and sum(map(bool, said)) == MAX_SENTENCES:
            continue
        places = said.setdefault(sentence, [])
        place = where_said(proof, tongue, zone)
        if place and place not in places and room:
            places.append(place)
            room -= 1
    for sentence, places in said.items():
        if sentence or places:
            yield Quote(words=tongue.quoted(sentence) if sentence else "", places=tuple(places))


def _unplaced(change: Change) -> Iterator[Proof]:
    """The proof of an old change that did not store which sentence stands where: all sentences, then all addresses."""
    for sentence in change.evidence:
        yield Proof(sentence=sentence, url=None, outlet="")
    for url in change.sources:
        yield Proof(sentence="", url=url, outlet="")


def where_said(proof: Proof, tongue: Tongue, zone: tzinfo) -> ToldPlace | None:
    """Where something is said. None if neither outlet nor address is known."""
    url = proof.url or ""
    host = _host(url) if len(url) <= MAX_ADDRESS and is_plain_address(url) else ""
    if not host:
        url = ""
    outlet = shorten(clean(proof.outlet), MAX_OUTLET) or host
    if not proof.known and not outlet:
        return None
    said_by = tongue.say("Entered by hand") if proof.known else tongue.foreign(outlet)
    # The same address, in a form in which no chat service finds a mention.
    return ToldPlace(outlet=said_by, url=url.replace("@", "%40"), details=tuple(_details(proof, tongue, zone)))


def _details(proof: Proof, tongue: Tongue, zone: tzinfo) -> Iterator[str]:
    title = clean(proof.title)
    # The sentence may be the title. It is quoted already.
    if title and title != clean(proof.sentence):
        yield tongue.foreign(shorten(title, MAX_ARTICLE_TITLE))
    if proof.published:
        yield tongue.date(Period.day(_day(proof.published, zone)))


def _day(published: datetime, zone: tzinfo) -> date:
    """The reader's day. A source that gives a day alone means that day everywhere."""
    return published.date() if published.time() == time() else published.astimezone(zone).date()


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        # An address with a user name seems to lead to another host than it does.
        return "" if "@" in parts.netloc else (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""


# Claims and facts in the reader's words -------------------------------------------------------------------------------


def statement(said: Said, tongue: Tongue) -> str:
    """A claim or fact in words: "start of operation: expected, September 2026"."""
    if isinstance(said, Claim):
        head, parts = words.status(tongue, said.stage), [words.state(tongue, said.state, said.stage)]
        if said.date:
            parts.append(tongue.date(said.date))
    else:
        head, parts = words.figure(tongue, said.kind), [tongue.value(said.value, said.kind, said.unit)]
    if said.phase:
        parts.append(tongue.part(said.phase))
    return tongue.say("{head}: {what}", head=head, what=tongue.listed(*parts))


# What is reported and not verified, in the reader's words. It stands beside what is known and never looks like it -----


@dataclass(frozen=True, slots=True, kw_only=True)
class UnverifiedNews:
    """A claim or an amount that moves nothing yet."""

    #: What it says: "suspended: reached, February 2026".
    words: str
    #: How sure it is: "sure: 50%", or with others "75% from 2 sources: 50%, 50%".
    sure: str
    #: Its sentence, and where it stands.
    quote: Quote


def in_words(found: Iterable[Unverified], tongue: Tongue, zone: tzinfo) -> tuple[UnverifiedNews, ...]:
    """What waits, in the same order."""
    return tuple(
        UnverifiedNews(
            words=statement(each.said, tongue), sure=how_sure(each, tongue), quote=_quote(each, tongue, zone)
        )
        for each in found
    )


def how_sure(each: Unverified, tongue: Tongue) -> str:
    """How sure it is: alone, or with the others that say so."""
    if len(each.readings) > 1:
        return together(each.readings, tongue)
    return tongue.say("sure: {share}", share=tongue.share(each.said.confidence))


def _quote(each: Unverified, tongue: Tongue, zone: tzinfo) -> Quote:
    sentence = shorten(clean(each.said.evidence), MAX_SENTENCE)
    told = proof_of((Evidence.of(each.said, each.source),))
    places = tuple(place for proof in told if (place := where_said(proof, tongue, zone)))
    return Quote(words=tongue.quoted(sentence) if sentence else "", places=places)
