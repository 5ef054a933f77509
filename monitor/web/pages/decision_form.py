"""The form of a decision on a claim: what was typed, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isfinite

from monitor.core.lifecycle import CONDITIONS
from monitor.core.message.tongue import Tongue
from monitor.core.model import Claim, Fact, Said, State
from monitor.core.news import Mistake
from monitor.core.periods import Period
from monitor.core.plain import clean
from monitor.core.review.review import Ruling
from monitor.watch.watched import Watched

_MAX_REASON, _MAX_UNIT, _MAX_NUMBER = 500, 20, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A decision as it was typed."""

    #: A ``Ruling``, ``undo``, or "" for none yet.
    verdict: str = ""
    stage: str = ""
    state: str = ""
    date: str = ""
    value: str = ""
    unit: str = ""
    project: str = ""
    reason: str = ""
    because: str = ""
    quiet: bool = False
    #: What replaces the claim. None if nothing does, or if it is not understood.
    instead: Said | None = None
    #: By field, in the reader's words.
    errors: Mapping[str, str] = field(default_factory=dict)


def drafted(said: Said) -> Draft:
    """The form before anything was typed: with what was read."""
    if isinstance(said, Claim):
        return Draft(stage=said.stage, state=said.state.value, date=str(said.date) if said.date else "")
    return Draft(value=f"{said.value:.15g}", unit=said.unit)


def read_draft(form: Mapping[str, str], said: Said, watch: Watched, tongue: Tongue) -> Draft:
    """What was typed. It can be decided if it has no errors."""

    def typed(name: str) -> str:
        return form.get(name, "").strip()

    draft = Draft(
        verdict=typed("verdict"),
        stage=typed("stage"),
        state=typed("state"),
        date=typed("date"),
        value=typed("value"),
        unit=typed("unit"),
        project=typed("project"),
        reason=clean(form.get("reason", "")),
        because=typed("because"),
        quiet=bool(form.get("quiet")),
    )
    if draft.verdict == "undo":
        return draft
    errors: dict[str, str] = {}
    instead: Said | None = None
    if len(draft.reason) > _MAX_REASON:
        errors["reason"] = tongue.say("At most {n} characters, please.", n=_MAX_REASON)
    if draft.because and draft.because not in set(Mistake):
        errors["because"] = tongue.say("Choose what was wrong.")
    if draft.verdict not in set(Ruling):
        errors["verdict"] = tongue.say("Choose what is to become of it.")
    elif draft.verdict == Ruling.CORRECT:
        instead = _corrected(draft, said, watch, tongue, errors)
        if instead == replace(said, confidence=1.0) and not errors:
            errors["verdict"] = tongue.say("Nothing of it is changed. Change something, or confirm it.")
    elif draft.verdict == Ruling.ASSIGN:
        if draft.project in watch.projects and draft.project != said.project:
            instead = replace(said, project=draft.project, phase=None, confidence=1.0)
        else:
            errors["project"] = tongue.say("Choose another project.")
    return replace(draft, instead=instead, errors=errors)


def _corrected(draft: Draft, said: Said, watch: Watched, tongue: Tongue, errors: dict[str, str]) -> Said | None:
    """What is right instead. Problems are added to the errors."""
    if isinstance(said, Fact):
        return _amount(draft, said, tongue, errors)
    if not (watch.lifecycle_of(said.project).has(draft.stage) or draft.stage in CONDITIONS):
        errors["stage"] = tongue.say("Choose a stage or a condition.")
    if draft.state not in set(State):
        errors["state"] = tongue.say("Choose what is said of it.")
    date: Period | None = None
    try:
        date = Period.parse(draft.date) if draft.date else None
    except ValueError:
        errors["date"] = tongue.say("Write a date like 2026, 2026-H1, 2026-Q3, 2026-09 or 2026-09-30.")
    if errors:
        return None
    return replace(said, stage=draft.stage, state=State(draft.state), date=date, confidence=1.0)


def _amount(draft: Draft, said: Fact, tongue: Tongue, errors: dict[str, str]) -> Said | None:
    value = _number(draft.value)
    if value is None:
        errors["value"] = tongue.say("Write a number in full units, like 3000000000.")
    if not draft.unit or len(draft.unit) > _MAX_UNIT or clean(draft.unit) != draft.unit:
        errors["unit"] = tongue.say("Write a unit like MAD, t/yr or GWh/yr.")
    return None if value is None or errors else replace(said, value=value, unit=draft.unit, confidence=1.0)


def _number(text: str) -> float | None:
    try:
        value = float(text) if len(text) <= _MAX_NUMBER else -1.0
    except ValueError:
        return None
    return value if isfinite(value) and value >= 0 else None
