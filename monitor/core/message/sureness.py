"""How sure a change is, and why."""

from collections.abc import Sequence

from monitor.core.folding.combining import combined
from monitor.core.lifecycle import Condition
from monitor.core.message.briefing import Briefing
from monitor.core.message.tongue import Tongue
from monitor.core.model import State
from monitor.core.news import Change, ChangeType
from monitor.core.state import Confidence, Milestone, Standing


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
