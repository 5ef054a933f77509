"""The pages on the configuration: its files with what is wrong in them, their editor, and their history."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response

from monitor.app.build import App
from monitor.core.message.tongue import Tongue
from monitor.errors import ConfigError
from monitor.operate.configuration import Configuration, EditAttempt, EditDraft, role_for
from monitor.ports import OUTSIDE, FileEdition
from monitor.settings.config import waiting
from monitor.settings.whole import Verdict
from monitor.web.access import actor_of, form_of
from monitor.web.pages.rendering import instant, page, tongue_of, turned_to, zone_of
from monitor.web.pages.what_if import (
    MAX_FORM,
    SPANS,
    Remark,
    TrialPage,
    attempted,
    days_in,
    draft_of,
    remarks_of,
    require_role,
    status_of,
    tried,
)

# The lines of a file as a page shows them, each with what is wrong there. Pure ----------------------------------------


#: A file with more lines is not shown whole, but what is around the lines with notes.
_WHOLE = 3_000
_AROUND = 3


@dataclass(frozen=True, slots=True)
class LineNote:
    """What is wrong in a line, or doubtful."""

    message: str
    is_problem: bool


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of a file."""

    #: Counted from 1.
    number: int
    text: str
    notes: tuple[LineNote, ...] = ()
    #: Whether lines before it are left out.
    is_after_gap: bool = False

    @property
    def is_wrong(self) -> bool:
        return any(note.is_problem for note in self.notes)


def source_lines(text: str, notes: Iterable[tuple[int, LineNote]]) -> tuple[SourceLine, ...]:
    """The lines of a text with their notes, which are given by line. Those beyond the end are at the last line."""
    lines = text.splitlines() or [""]
    by_line: dict[int, list[LineNote]] = defaultdict(list)
    for number, note in notes:
        by_line[min(max(number, 1), len(lines))].append(note)
    shown = sorted(_around(by_line, len(lines))) if len(lines) > _WHOLE else range(1, len(lines) + 1)
    return tuple(_source_lines(lines, shown, by_line))


def _source_lines(lines: list[str], shown: Iterable[int], notes: Mapping[int, list[LineNote]]) -> Iterator[SourceLine]:
    before = 0
    for number in shown:
        found = tuple(notes.get(number, ()))
        yield SourceLine(number, lines[number - 1], found, is_after_gap=number != before + 1)
        before = number


def _around(noted: Iterable[int], last: int) -> set[int]:
    """The lines around those with notes; the first ones if there are none."""
    places = list(noted) or [1]
    return {at for line in places for at in range(max(line - _AROUND, 1), min(line + _AROUND, last) + 1)}


_SMALL_FORM = 10_000
#: Editions of one page of the history.
_EDITIONS = 50

FileName = Annotated[str, Path(max_length=100)]
EditionId = Annotated[int, Path(ge=1, le=2**31 - 1)]
Before = Annotated[int | None, Query(ge=1, le=2**31 - 1)]
OfFile = Annotated[str, Query(max_length=100)]


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
        tongue = tongue_of(request, self.app.watch)
        with suppress(ConfigError):
            self._files.notice()
        standing = self._files.standing()
        remarks = remarks_of(standing or self._in_use(), self._files.folder)
        try:
            names = self._files.names()
        except ConfigError:
            names = ()
        return page(
            request,
            "configuration.html.j2",
            tongue,
            files=[self._row(name, remarks, tongue, zone_of(request, self.app.watch)) for name in names],
            remarks=remarks,
            later=self._later(standing or self._in_use()),
            is_in_use=standing is None,
            is_refused=standing is not None and bool(standing.problems),
        )

    def file(self, request: Request, name: FileName, *, saved: bool = False) -> Response:
        """A file with its line numbers, what is wrong in it, and its editor."""
        draft = draft_of(self.app, request, name)
        verdict = self._files.standing() or self._in_use()
        return self._shown(request, draft, draft.text, verdict, is_saved=saved)

    def edit(self, request: Request, name: FileName) -> Response:
        """Check the text of a file, try it or save it."""
        draft, form = draft_of(self.app, request, name), form_of(request)
        text = form.get("text", "")
        attempt = attempted(self.app, request, name, text, form)
        if attempt.is_saved:
            return turned_to(request, f"/configuration/files/{quote(name)}", saved="1")
        trial = tried(self.app, attempt, form, tongue_of(request, self.app.watch))
        return self._shown(request, draft, text, attempt.verdict, attempt=attempt, trial=trial, days=days_in(form))

    def history(self, request: Request, file: OfFile = "", before: Before = None) -> Response:
        """Who has edited which file, and when, the newest first."""
        tongue = tongue_of(request, self.app.watch)
        with suppress(ConfigError):
            self._files.notice()
        found = self._files.editions.editions(file=file or None, before=before, limit=_EDITIONS + 1)
        more = found[_EDITIONS - 1].id if len(found) > _EDITIONS else None
        rows = [_edition(each, tongue, zone_of(request, self.app.watch)) for each in found[:_EDITIONS]]
        return page(
            request, "configuration_history.html.j2", tongue, editions=rows, file=file, more=more, before=before
        )

    def edition(self, request: Request, number: EditionId) -> Response:
        """What an edit has changed, and what its undoing would change."""
        return self._undoing(request, number)

    def undo(self, request: Request, number: EditionId) -> Response:
        """Write the text from before an edit."""
        found = self._files.undoing(number)
        if found is None or found.undo is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        require_role(request, found.edition.file)
        try:
            attempt = self._files.undo(number, form_of(request).get("digest", ""), actor_of(request))
        except ConfigError as error:
            attempt = EditAttempt(verdict=Verdict(problems=error.problems))
        if attempt.is_saved:
            return turned_to(request, f"/configuration/files/{quote(found.edition.file)}", saved="1")
        return self._undoing(request, number, attempt)

    # ------------------------------------------------------------ how they are made

    def _shown(
        self,
        request: Request,
        draft: EditDraft,
        text: str,
        verdict: Verdict,
        *,
        attempt: EditAttempt | None = None,
        trial: TrialPage | None = None,
        days: int = SPANS[1],
        is_saved: bool = False,
    ) -> Response:
        remarks = remarks_of(verdict, self._files.folder)
        here = [each for each in remarks if each.file == draft.name]
        return page(
            request,
            "configuration_file.html.j2",
            tongue_of(request, self.app.watch),
            status=status_of(attempt),
            draft=draft,
            text=text,
            lines=source_lines(text, ((each.line or 1, LineNote(each.words, each.is_problem)) for each in here)),
            remarks=remarks,
            later=self._later(verdict),
            is_here_wrong=any(each.is_problem for each in here),
            may_edit=actor_of(request).role.includes(role_for(draft.name)),
            attempt=attempt,
            trial=trial,
            days=days,
            spans=SPANS,
            is_saved=is_saved,
        )

    def _undoing(self, request: Request, number: int, attempt: EditAttempt | None = None) -> Response:
        tongue, found = tongue_of(request, self.app.watch), self._files.undoing(number)
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        has_conflict = attempt is not None and attempt.conflict is not None
        is_refused = attempt is not None and not has_conflict
        return page(
            request,
            "configuration_edition.html.j2",
            tongue,
            status=status_of(attempt),
            edition=_edition(found.edition, tongue, zone_of(request, self.app.watch)),
            change=found.change,
            undo=found.undo,
            digest=found.digest,
            may_edit=actor_of(request).role.includes(role_for(found.edition.file)),
            remarks=remarks_of(attempt.verdict, self._files.folder) if attempt is not None and is_refused else [],
            has_conflict=has_conflict,
        )

    def _in_use(self) -> Verdict:
        config = self.app.config
        return Verdict(doubts=(*config.warnings, *config.unset), config=config)

    def _later(self, verdict: Verdict) -> str:
        """The keys that wait for the next start of the service."""
        config = verdict.config or self.app.config
        return ", ".join(waiting(self.app.started_with, config))

    def _row(self, name: str, remarks: Iterable[Remark], tongue: Tongue, zone: tzinfo) -> FileRow:
        last = self._files.editions.last(name)
        return FileRow(
            name=name,
            exists=(self._files.folder / name).exists(),
            role=role_for(name).value,
            problems=sum(1 for each in remarks if each.file == name and each.is_problem),
            who=_who(last, tongue) if last else "",
            when=instant(last.at, tongue, zone) if last else "",
        )


def _edition(edition: FileEdition, tongue: Tongue, zone: tzinfo) -> EditionRow:
    when = instant(edition.at, tongue, zone)
    return EditionRow(id=edition.id, file=edition.file, who=_who(edition, tongue), when=when)


def _who(edition: FileEdition, tongue: Tongue) -> str:
    return tongue.say("outside of these pages") if edition.actor == OUTSIDE else tongue.foreign(edition.actor)
