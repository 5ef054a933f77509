"""What an edit would have done lately, in the reader's words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from http import HTTPStatus
from pathlib import Path
from threading import Lock

from babel.dates import format_datetime
from fastapi import HTTPException, Request

from monitor.app.build import App
from monitor.app.what_if import PATIENCE, EditTrial, try_edit
from monitor.core.message import words
from monitor.core.message.headline import news
from monitor.core.message.tongue import Tongue
from monitor.core.model import Project
from monitor.core.news import Change
from monitor.core.plain import clean
from monitor.core.state import ProjectState
from monitor.errors import ConfigError, ConfigProblem
from monitor.know.rebuild import RebuildAlert, RebuildDifference
from monitor.know.what_if import Matched
from monitor.logs import redact
from monitor.operate.configuration import EditAttempt, EditDraft, role_for
from monitor.ports import Outgoing
from monitor.settings.files import is_editable
from monitor.settings.whole import Verdict
from monitor.web.access import actor_of
from monitor.web.view.overview import Moved, moved

#: The most items of each list.
_MOST = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Some:
    """The first items of a list of changes, and how many more there are."""

    shown: Sequence[Moved]
    more: int

    @property
    def number(self) -> int:
        return len(self.shown) + self.more


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftRow:
    """What a subscriber would have been told otherwise."""

    subscriber: str
    more: Some
    less: Some
    otherwise: Some


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRow:
    """An article that would concern other projects."""

    title: str
    outlet: str
    more: tuple[str, ...]
    less: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRow:
    """A project of which something else would be known."""

    name: str
    #: The status before and after, if it differs.
    status: tuple[str, str] | None
    #: How many milestones and figures would differ.
    details: int
    #: The news of alerts that would have come as well, and of those that would not have come; each with its readers.
    missed: tuple[tuple[str, str], ...]
    mistaken: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialPage:
    """What an edit would have done."""

    days: int
    changes: int
    is_every_change: bool
    shifts: tuple[ShiftRow, ...]
    #: None if articles would be read as they are.
    articles: int | None
    is_every_article: bool
    is_only_matched: bool
    outdated: int
    matched: tuple[MatchRow, ...]
    more_matched: int
    differences: tuple[DifferenceRow, ...]
    new_subscribers: tuple[str, ...]
    old_subscribers: tuple[str, ...]
    new_feeds: tuple[str, ...]
    old_feeds: tuple[str, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether nothing would have come otherwise."""
        return not (self.shifts or self.matched or self.differences or self.new_feeds or self.old_feeds)

    @property
    def has_others(self) -> bool:
        """Whether others would be subscribed."""
        return bool(self.new_subscribers or self.old_subscribers)


def trial_page(trial: EditTrial, former: Mapping[str, Project], days: int, tongue: Tongue) -> TrialPage:
    """What an edit would have done.

    Args:
        trial: the trial.
        former: the projects in use, by id.
        days: how far it looks back.
        tongue: the reader's.
    """
    projects = {**former, **trial.watch.projects}

    def some(changes: Sequence[Change]) -> Some:
        rows = moved(changes, projects.values(), tongue, trial.watch.timezone)
        return Some(shown=rows[:_MOST], more=max(len(rows) - _MOST, 0))

    def names(ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(tongue.name(projects[each]) for each in ids if each in projects)

    found = trial.reread
    matched = found.matched if found else ()
    return TrialPage(
        days=days,
        changes=trial.routed.changes.done,
        is_every_change=trial.routed.changes.is_whole,
        shifts=tuple(
            ShiftRow(
                subscriber=tongue.foreign(name),
                more=some(shift.more),
                less=some(shift.less),
                otherwise=some(shift.otherwise),
            )
            for name, shift in trial.routed.shifts.items()
        ),
        articles=found.articles.done if found else None,
        is_every_article=found is None or found.articles.is_whole,
        is_only_matched=trial.is_only_matched,
        outdated=found.outdated if found else 0,
        matched=tuple(_match(each, names(each.more), names(each.less), tongue) for each in matched[:_MOST]),
        more_matched=max(len(matched) - _MOST, 0),
        differences=tuple(_differences(found.differences if found else (), projects, tongue)),
        new_subscribers=tuple(map(tongue.foreign, trial.new_subscribers[:_MOST])),
        old_subscribers=tuple(map(tongue.foreign, trial.old_subscribers[:_MOST])),
        new_feeds=tuple(map(tongue.foreign, trial.new_feeds[:_MOST])),
        old_feeds=tuple(map(tongue.foreign, trial.old_feeds[:_MOST])),
    )


def _match(found: Matched, more: tuple[str, ...], less: tuple[str, ...], tongue: Tongue) -> MatchRow:
    article = found.article
    return MatchRow(title=tongue.foreign(article.title), outlet=tongue.foreign(article.outlet), more=more, less=less)


def _differences(
    found: Iterable[RebuildDifference], projects: Mapping[str, Project], tongue: Tongue
) -> Iterator[DifferenceRow]:
    for each in found:
        yield DifferenceRow(
            name=tongue.name(projects[each.after.project]),
            status=(_status(each.before, tongue), _status(each.after, tongue)) if each.moves_status else None,
            details=len(each.milestones) + len(each.facts),
            missed=_alerts(each.missed, tongue),
            mistaken=_alerts(each.mistaken, tongue),
        )


def _alerts(alerts: Sequence[RebuildAlert], tongue: Tongue) -> tuple[tuple[str, str], ...]:
    return tuple(
        (news(alert.change, tongue), ", ".join(map(tongue.foreign, alert.subscribers))) for alert in alerts[:_MOST]
    )


def _status(state: ProjectState, tongue: Tongue) -> str:
    parts = [words.status(tongue, each) for each in dict.fromkeys((state.status, state.condition)) if each]
    return tongue.listed(*parts) if parts else tongue.say("nothing known yet")


# What the pages that edit the configuration share: what is wrong, trials, and where to go afterwards ------------------


#: The largest form with a file. Line ends take more bytes in a form than in the file.
MAX_FORM = 1_200_000
#: The query parameter by which an admin asks for the secrets in a file.
SECRETS = "secrets"
#: How many days a trial may look back. The second is what a page offers first.
SPANS = (7, 30, 90)
#: One trial at a time: each may start a process that reads.
_TRYING = Lock()
#: Seconds that a trial waits for another one.
_WAITING = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What is wrong in a file, or doubtful, as the list at the top of a page shows it."""

    file: str
    line: int | None
    #: The key, such as ``projects[2].who``. "" if there is none.
    key: str
    message: str
    is_problem: bool

    @property
    def words(self) -> str:
        return f"{self.key}: {self.message}" if self.key else self.message


def remarks_of(verdict: Verdict, folder: Path) -> list[Remark]:
    """The problems first, then the doubts."""
    problems = _remarks(verdict.problems, folder, is_problem=True)
    return [*problems, *_remarks(verdict.doubts, folder, is_problem=False)]


def _remarks(problems: Iterable[ConfigProblem], folder: Path, *, is_problem: bool) -> Iterator[Remark]:
    for each in problems:
        file = Path(each.file)
        name = file.relative_to(folder).as_posix() if file.is_relative_to(folder) else each.file
        message = clean(redact(each.message))
        yield Remark(file=name, line=each.line, key=each.key, message=message, is_problem=is_problem)


def draft_of(app: App, request: Request, name: str) -> EditDraft:
    """The file for this visitor, with secrets if the address asks for them. 404 if the monitor reads no such file."""
    if not is_editable(name):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    try:
        with_secrets = request.query_params.get(SECRETS) == "1"
        return app.configuration.draft(name, actor_of(request), with_secrets=with_secrets)
    except ConfigError as error:
        raise HTTPException(HTTPStatus.CONFLICT, redact(str(error))) from error


def attempted(app: App, request: Request, name: str, text: str, form: Mapping[str, str]) -> EditAttempt:
    """Check a text of a file, and save it if the form says so. 403 if the visitor may not edit this file."""
    require_role(request, name)
    try:
        return app.configuration.attempt(
            name, text, form.get("digest", ""), actor_of(request), save=form.get("action") in {"save", "remove"}
        )
    except ConfigError as error:
        return EditAttempt(verdict=Verdict(problems=error.problems))


def require_role(request: Request, name: str) -> None:
    """Refuse a visitor who may not edit this file."""
    role, needed = actor_of(request).role, role_for(name)
    if not role.includes(needed):
        raise HTTPException(HTTPStatus.FORBIDDEN, f"This needs the role {needed}; yours is {role}.")


def status_of(attempt: EditAttempt | None) -> HTTPStatus:
    if attempt is not None and attempt.conflict is not None:
        return HTTPStatus.CONFLICT
    return HTTPStatus.UNPROCESSABLE_ENTITY if attempt is not None and attempt.verdict.problems else HTTPStatus.OK


def days_in(form: Mapping[str, str]) -> int:
    """How many days a trial is to look back."""
    return next((days for days in SPANS if form.get("days") == str(days)), SPANS[1])


def tried(app: App, attempt: EditAttempt, form: Mapping[str, str], tongue: Tongue) -> TrialPage | None:
    """What a valid edit would have done, if the form asks for that."""
    config = attempt.verdict.config
    if form.get("action") != "try" or config is None or attempt.verdict.problems or not attempt.contents:
        return None
    days = days_in(form)
    if not _TRYING.acquire(timeout=_WAITING):
        raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, "Another trial is running. Try again in a moment.")
    try:
        instead, span = attempt.contents, timedelta(days=days)
        found = try_edit(app, config, attempt.verdict.lexicons, instead, span=span, patience=PATIENCE)
    finally:
        _TRYING.release()
    return trial_page(found, app.watch.projects, days, tongue)


# What would follow from something that has not happened: rows of who would be alerted ---------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """One message that would be sent."""

    subscriber: str
    destination: str
    news: str
    when: str


def alerts(
    outgoing: Iterable[Outgoing],
    changes: Iterable[Change],
    *,
    labels: Mapping[str, str],
    tongue: Tongue,
    zone: tzinfo,
    now: datetime,
) -> tuple[AlertRow, ...]:
    """Who would be told of these changes, where and when. Addresses that only stand in for others are left out.

    Args:
        outgoing: the deliveries.
        changes: at least the changes that they are about.
        labels: the label of each destination, without secrets, by its id.
        tongue: the reader's language.
        zone: the time zone of the instants.
        now: the present instant.
    """
    by_id = {change.id: change for change in changes}

    def when(due: datetime) -> str:
        if due <= now:
            return tongue.say("at once")
        return format_datetime(due.astimezone(zone), "short", locale=tongue.locale)

    return tuple(
        AlertRow(
            subscriber=tongue.foreign(each.subscriber),
            destination=tongue.foreign(labels.get(each.destination, each.destination)),
            news=news(by_id[each.change_id], tongue),
            when=when(each.due_at),
        )
        for each in outgoing
        if each.rank == 0
    )
