"""The pages on the configuration: its files with what is wrong in them, their editor, and their history."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from pathlib import Path as FilePath
from threading import Lock
from typing import Annotated
from urllib.parse import quote, urlencode

from babel.dates import format_datetime
from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from monitor.app.build import App
from monitor.app.what_if import PATIENCE, try_edit
from monitor.core.message.tongue import Tongue
from monitor.core.page.source import Note, source_lines
from monitor.core.plain import clean
from monitor.errors import ConfigError, Problem
from monitor.logs import redact
from monitor.operate.configuration import Attempt, Configuration, Draft, role_for
from monitor.ports import OUTSIDE, FileEdition
from monitor.settings.files import is_editable
from monitor.settings.whole import Verdict
from monitor.web.access import actor_of, form_of
from monitor.web.pages.rendering import LANGUAGE, page, tongue_of
from monitor.web.pages.what_if import TrialPage, trial_page

#: The largest form with a file. Line ends take more bytes in a form than in the file.
MAX_FORM = 1_200_000
_SMALL_FORM = 10_000
#: How many days a trial may look back.
_SPANS = (7, 30, 90)
#: Editions of one page of the history.
_EDITIONS = 50

FileName = Annotated[str, Path(max_length=100)]
EditionId = Annotated[int, Path(ge=1, le=2**31 - 1)]
Before = Annotated[int | None, Query(ge=1, le=2**31 - 1)]
OfFile = Annotated[str, Query(max_length=100)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What is wrong in a file, or doubtful, as the list at the top of a page shows it."""

    file: str
    line: int | None
    message: str
    is_problem: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A file in the list of files."""

    name: str
    exists: bool
    role: str
    problems: int
    #: Who has edited it last, and when. "" if that is not known.
    who: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionRow:
    """An edit in the history."""

    id: int
    file: str
    who: str
    when: str


@dataclass(frozen=True, slots=True)
class ConfigurationPages:
    """The pages on the configuration of one monitor."""

    app: App
    _trying: Lock = field(default_factory=Lock)

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        show = partial(router.add_api_route, methods=["GET", "HEAD"], response_class=Response)
        take = partial(router.add_api_route, methods=["POST"], response_class=Response)
        show("/configuration", self.overview)
        show("/configuration/files/{name:path}", self.file)
        take("/configuration/files/{name:path}", self.edit, max_body_size=MAX_FORM)
        show("/configuration/history", self.history)
        show("/configuration/history/{number}", self.edition)
        take("/configuration/history/{number}", self.undo, max_body_size=_SMALL_FORM)
        return router

    @property
    def _files(self) -> Configuration:
        return self.app.configuration

    # ------------------------------------------------------------ pages

    def overview(self, request: Request) -> Response:
        """The files, and whether they are the configuration in use."""
        tongue = self._tongue(request)
        with suppress(ConfigError):
            self._files.notice()
        standing = self._files.standing()
        remarks = self._remarks(standing or self._in_use())
        try:
            names = self._files.names()
        except ConfigError:
            names = ()
        return page(
            request,
            "configuration.html.j2",
            tongue,
            files=[self._row(name, remarks, tongue) for name in names],
            remarks=remarks,
            is_in_use=standing is None,
            is_refused=standing is not None and bool(standing.problems),
        )

    def file(self, request: Request, name: FileName, *, saved: bool = False) -> Response:
        """A file with its line numbers, what is wrong in it, and its editor."""
        draft = self._draft(request, name)
        verdict = self._files.standing() or self._in_use()
        return self._shown(request, draft, draft.text, verdict, is_saved=saved)

    def edit(self, request: Request, name: FileName) -> Response:
        """Check the text of a file, or save it."""
        draft, form, actor = self._draft(request, name), form_of(request), actor_of(request)
        if not actor.role.includes(role_for(name)):
            raise HTTPException(HTTPStatus.FORBIDDEN, f"This needs the role {role_for(name)}; yours is {actor.role}.")
        typed, action = form.get("text", ""), form.get("action")
        try:
            attempt = self._files.attempt(name, typed, form.get("digest", ""), actor, save=action == "save")
        except ConfigError as error:
            attempt = Attempt(verdict=Verdict(problems=error.problems))
        if attempt.is_saved:
            return self._to(request, f"/configuration/files/{name}", saved=1)
        days = next((days for days in _SPANS if form.get("days") == str(days)), _SPANS[1])
        trial = self._trial(name, attempt, days, self._tongue(request)) if action == "try" else None
        return self._shown(request, draft, typed, attempt.verdict, attempt=attempt, trial=trial, days=days)

    def history(self, request: Request, file: OfFile = "", before: Before = None) -> Response:
        """Who has edited which file, and when, the newest first."""
        tongue = self._tongue(request)
        with suppress(ConfigError):
            self._files.notice()
        found = self._files.editions.editions(file=file or None, before=before, limit=_EDITIONS + 1)
        more = found[_EDITIONS - 1].id if len(found) > _EDITIONS else None
        rows = [self._edition(each, tongue) for each in found[:_EDITIONS]]
        return page(
            request, "configuration_history.html.j2", tongue, editions=rows, file=file, more=more, before=before
        )

    def edition(self, request: Request, number: EditionId) -> Response:
        """What an edit has changed, and what its undoing would change."""
        return self._undoing(request, number)

    def undo(self, request: Request, number: EditionId) -> Response:
        """Write the text from before an edit."""
        actor, found = actor_of(request), self._files.undoing(number)
        if found is None or found.undo is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        needed = role_for(found.edition.file)
        if not actor.role.includes(needed):
            raise HTTPException(HTTPStatus.FORBIDDEN, f"This needs the role {needed}; yours is {actor.role}.")
        try:
            attempt = self._files.undo(number, form_of(request).get("digest", ""), actor)
        except ConfigError as error:
            attempt = Attempt(verdict=Verdict(problems=error.problems))
        if attempt.is_saved:
            return self._to(request, f"/configuration/files/{found.edition.file}", saved=1)
        return self._undoing(request, number, attempt)

    # ------------------------------------------------------------ how they are made

    def _shown(
        self,
        request: Request,
        draft: Draft,
        text: str,
        verdict: Verdict,
        *,
        attempt: Attempt | None = None,
        trial: TrialPage | None = None,
        days: int = _SPANS[1],
        is_saved: bool = False,
    ) -> Response:
        remarks = self._remarks(verdict)
        notes = ((each.line or 1, Note(each.message, each.is_problem)) for each in remarks if each.file == draft.name)
        status = HTTPStatus.OK
        if attempt is not None and (attempt.conflict is not None or verdict.problems):
            status = HTTPStatus.CONFLICT if attempt.conflict is not None else HTTPStatus.UNPROCESSABLE_ENTITY
        return page(
            request,
            "configuration_file.html.j2",
            self._tongue(request),
            status=status,
            draft=draft,
            text=text,
            lines=source_lines(text, notes),
            remarks=remarks,
            is_here_wrong=any(each.is_problem for each in remarks if each.file == draft.name),
            may_edit=actor_of(request).role.includes(role_for(draft.name)),
            role=role_for(draft.name).value,
            attempt=attempt,
            trial=trial,
            days=days,
            spans=_SPANS,
            is_saved=is_saved,
        )

    def _undoing(self, request: Request, number: int, attempt: Attempt | None = None) -> Response:
        tongue, found = self._tongue(request), self._files.undoing(number)
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        name = found.edition.file
        is_refused = attempt is not None and attempt.conflict is None
        return page(
            request,
            "configuration_edition.html.j2",
            tongue,
            status=HTTPStatus.OK
            if attempt is None
            else HTTPStatus.UNPROCESSABLE_ENTITY
            if is_refused
            else HTTPStatus.CONFLICT,
            edition=self._edition(found.edition, tongue),
            change=found.change,
            undo=found.undo,
            digest=found.digest,
            may_edit=actor_of(request).role.includes(role_for(name)),
            remarks=self._remarks(attempt.verdict) if attempt is not None and is_refused else [],
            has_conflict=attempt is not None and not is_refused,
        )

    def _trial(self, name: str, attempt: Attempt, days: int, tongue: Tongue) -> TrialPage | None:
        """Try a valid edit. One at a time: each may start a process that reads."""
        config = attempt.verdict.config
        if config is None or attempt.verdict.problems or attempt.content is None:
            return None
        with self._trying:
            instead, span = {name: attempt.content}, timedelta(days=days)
            found = try_edit(self.app, config, attempt.verdict.lexicons, instead, span=span, patience=PATIENCE)
        return trial_page(found, self.app.watch.projects, days, tongue)

    def _draft(self, request: Request, name: str) -> Draft:
        if not is_editable(name):
            raise HTTPException(HTTPStatus.NOT_FOUND)
        try:
            return self._files.draft(name, actor_of(request))
        except ConfigError as error:
            raise HTTPException(HTTPStatus.CONFLICT, redact(str(error))) from error

    def _in_use(self) -> Verdict:
        return Verdict(doubts=(*self.app.config.warnings, *self.app.config.unset))

    def _remarks(self, verdict: Verdict) -> list[Remark]:
        return [
            *_remarks(verdict.problems, self.app.config.folder, is_problem=True),
            *_remarks(verdict.doubts, self.app.config.folder, is_problem=False),
        ]

    def _row(self, name: str, remarks: Iterable[Remark], tongue: Tongue) -> FileRow:
        last = self._files.editions.last(name)
        return FileRow(
            name=name,
            exists=(self.app.config.folder / name).exists(),
            role=role_for(name).value,
            problems=sum(1 for each in remarks if each.file == name and each.is_problem),
            who=_who(last, tongue) if last else "",
            when=self._when(last.at, tongue) if last else "",
        )

    def _edition(self, edition: FileEdition, tongue: Tongue) -> EditionRow:
        when = self._when(edition.at, tongue)
        return EditionRow(id=edition.id, file=edition.file, who=_who(edition, tongue), when=when)

    def _when(self, at: datetime, tongue: Tongue) -> str:
        return format_datetime(at.astimezone(self.app.watch.timezone), "short", locale=tongue.locale)

    def _tongue(self, request: Request) -> Tongue:
        return tongue_of(request, self.app.watch)

    def _to(self, request: Request, path: str, **query: object) -> Response:
        """Lead the browser to another page, in the same language."""
        chosen = request.query_params.get(LANGUAGE)
        asked = urlencode({**query, **({LANGUAGE: chosen} if chosen else {})})
        return RedirectResponse(f"{quote(path)}?{asked}", HTTPStatus.SEE_OTHER)


def _remarks(problems: Iterable[Problem], folder: FilePath, *, is_problem: bool) -> Iterator[Remark]:
    for each in problems:
        file = FilePath(each.file)
        name = file.relative_to(folder).as_posix() if file.is_relative_to(folder) else each.file
        message = f"{each.key}: {each.message}" if each.key else each.message
        yield Remark(file=name, line=each.line, message=clean(redact(message)), is_problem=is_problem)


def _who(edition: FileEdition, tongue: Tongue) -> str:
    return tongue.say("outside of these pages") if edition.actor == OUTSIDE else tongue.foreign(edition.actor)
