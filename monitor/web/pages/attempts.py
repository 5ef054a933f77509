"""What the pages that edit the configuration share: what is wrong, trials, and where to go afterwards."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from threading import Lock

from fastapi import HTTPException, Request

from monitor.app.build import App
from monitor.app.what_if import PATIENCE, try_edit
from monitor.core.message.tongue import Tongue
from monitor.core.plain import clean
from monitor.errors import ConfigError, Problem
from monitor.logs import redact
from monitor.operate.configuration import Attempt, Draft, role_for
from monitor.settings.files import is_editable
from monitor.settings.whole import Verdict
from monitor.web.access import actor_of
from monitor.web.pages.what_if import TrialPage, trial_page

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


def _remarks(problems: Iterable[Problem], folder: Path, *, is_problem: bool) -> Iterator[Remark]:
    for each in problems:
        file = Path(each.file)
        name = file.relative_to(folder).as_posix() if file.is_relative_to(folder) else each.file
        message = clean(redact(each.message))
        yield Remark(file=name, line=each.line, key=each.key, message=message, is_problem=is_problem)


def draft_of(app: App, request: Request, name: str) -> Draft:
    """The file for this visitor, with secrets if the address asks for them. 404 if the monitor reads no such file."""
    if not is_editable(name):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    try:
        with_secrets = request.query_params.get(SECRETS) == "1"
        return app.configuration.draft(name, actor_of(request), with_secrets=with_secrets)
    except ConfigError as error:
        raise HTTPException(HTTPStatus.CONFLICT, redact(str(error))) from error


def attempted(app: App, request: Request, name: str, text: str, form: Mapping[str, str]) -> Attempt:
    """Check a text of a file, and save it if the form says so. 403 if the visitor may not edit this file."""
    require_role(request, name)
    try:
        return app.configuration.attempt(
            name, text, form.get("digest", ""), actor_of(request), save=form.get("action") in {"save", "remove"}
        )
    except ConfigError as error:
        return Attempt(verdict=Verdict(problems=error.problems))


def require_role(request: Request, name: str) -> None:
    """Refuse a visitor who may not edit this file."""
    role, needed = actor_of(request).role, role_for(name)
    if not role.includes(needed):
        raise HTTPException(HTTPStatus.FORBIDDEN, f"This needs the role {needed}; yours is {role}.")


def status_of(attempt: Attempt | None) -> HTTPStatus:
    if attempt is not None and attempt.conflict is not None:
        return HTTPStatus.CONFLICT
    return HTTPStatus.UNPROCESSABLE_ENTITY if attempt is not None and attempt.verdict.problems else HTTPStatus.OK


def days_in(form: Mapping[str, str]) -> int:
    """How many days a trial is to look back."""
    return next((days for days in SPANS if form.get("days") == str(days)), SPANS[1])


def tried(app: App, attempt: Attempt, form: Mapping[str, str], tongue: Tongue) -> TrialPage | None:
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
