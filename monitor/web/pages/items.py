"""Forms for single projects and subscribers. What they write goes the way of an edit of the whole file."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response

from monitor.app.build import App
from monitor.core.message.tongue import Tongue
from monitor.errors import ConfigError
from monitor.logs import redact
from monitor.operate.configuration import Attempt, Draft, Edit
from monitor.operate.edits import adding_project, removing_project, removing_subscriber
from monitor.operate.putting_back import last_edit, putting_back
from monitor.settings.editing import EditError
from monitor.settings.forms import Section, edited, items_in, places_of
from monitor.settings.searches import read_searches
from monitor.settings.watching import new_id, plain_name, search_for, usual_editions, words_in
from monitor.settings.whole import Verdict
from monitor.settings.words import split_words
from monitor.settings.yaml_document import Value
from monitor.web.access import actor_of, form_of
from monitor.web.pages.attempts import (
    SPANS,
    Remark,
    attempted,
    days_in,
    draft_of,
    remarks_of,
    require_role,
    status_of,
    tried,
)
from monitor.web.pages.form_words import editions_of
from monitor.web.pages.item_fields import FilledField, blamed, filled_fields, values_in
from monitor.web.pages.rendering import page, tongue_of, turned_to
from monitor.web.pages.routing import SHOW, routed
from monitor.web.pages.what_if import TrialPage

#: The largest form of an item: as many words as a project may have.
_FORM = 200_000
#: The editions that are always offered for the news searches of a project.
_EDITIONS = ("en", "fr", "ar", "zh", "es")
_EDITION = re.compile("[a-z]{2,3}(-[A-Z]{2})?")

ItemName = Annotated[str, Query(max_length=2_000)]
Number = Annotated[int, Query(ge=0, le=2**53)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Searches:
    """The languages in which news of a new project is searched."""

    #: Each with its name and whether it is ticked.
    offered: Sequence[tuple[str, str, bool]]
    more: str = ""
    #: What is no language in what was typed.
    wrong: str = ""

    @property
    def chosen(self) -> list[str]:
        return list(dict.fromkeys([*(code for code, _, is_on in self.offered if is_on), *split_words(self.more)]))


@dataclass(frozen=True, slots=True)
class ItemPages:
    """The forms for the items of a configuration."""

    app: App

    def router(self) -> APIRouter:
        return routed(
            ("/configuration/edit/{section}", self.listed, SHOW),
            ("/configuration/edit/{section}/item", self.item, SHOW),
            ("/configuration/edit/{section}/item", self.edit, _FORM),
            ("/configuration/putting-back/{number}", self.put_back, _FORM),
        )

    def listed(self, request: Request, section: Section, *, saved: bool = False, removed: Number = 0) -> Response:
        """All items of a section, each with a link to its form."""
        return self._listed(request, section, is_saved=saved, removed=removed)

    def _listed(
        self, request: Request, section: Section, *, is_saved: bool = False, removed: int = 0, fault: str = ""
    ) -> Response:
        draft = draft_of(self.app, request, section.file)
        try:
            names = [name for _, name in places_of(section, draft.text)]
        except EditError:
            raise HTTPException(HTTPStatus.CONFLICT, _UNREADABLE.format(file=section.file)) from None
        tongue = tongue_of(request, self.app.watch)
        known = {each.id: each for each in self.app.config.projects} if section is Section.PROJECTS else {}
        return page(
            request,
            "configuration_items.html.j2",
            tongue,
            status=HTTPStatus.CONFLICT if fault else HTTPStatus.OK,
            section=section.value,
            items=[(each, tongue.name(known[each]) if each in known else tongue.foreign(each)) for each in names],
            draft=draft,
            is_saved=is_saved,
            removed=removed,
            fault=fault,
        )

    def item(self, request: Request, section: Section, name: ItemName = "") -> Response:
        """The form of an item; without a name, of a new one."""
        draft, tongue = draft_of(self.app, request, section.file), tongue_of(request, self.app.watch)
        _, item = _found(section, draft.text, name)
        if not name and section is Section.SUBSCRIBERS:
            item = {"language": tongue.language}
        filled = filled_fields(section, item, self.app.config, tongue)
        return self._shown(request, section, name, draft, filled, searches=self._searches(section, name, tongue))

    def edit(self, request: Request, section: Section, name: ItemName = "") -> Response:
        """Check, try, save or remove an item."""
        require_role(request, section.file)
        draft, form, tongue = draft_of(self.app, request, section.file), form_of(request), self._tongue(request)
        index, item = _found(section, draft.text, name)
        if form.get("action") == "remove" and name:
            return self._remove(request, section, name, draft, item)
        filled = filled_fields(section, item, self.app.config, tongue, form)
        others = [each for number, each in places_of(section, draft.text) if number != index]
        values, filled = values_in(section, filled, item, others, tongue)
        searches = self._searches(section, name, tongue, form)
        is_refused = any(each.errors for each in filled) or bool(searches and searches.wrong)
        show = partial(self._shown, request, section, name, draft, searches=searches, is_refused=is_refused)
        if index is None and is_refused:
            return show(filled)
        if section is Section.PROJECTS and index is None:
            attempt = self._added(request, values, others, searches)
            number = len(others)
        else:
            try:
                after = edited(section, draft.text, index, values) if values else draft.text
            except EditError as error:
                return show(filled, fault=str(error))
            # A field that cannot be read hides nothing that is wrong with the others, and lets nothing be saved.
            sent = {**form, "action": "check"} if is_refused else form
            attempt = attempted(self.app, request, section.file, after, sent)
            number = index if index is not None else len(others)
        if attempt.is_saved:
            return turned_to(request, f"/configuration/edit/{section.value}", saved="1")
        remarks = remarks_of(attempt.verdict, self.app.configuration.folder)
        filled, rest = blamed(section, filled, remarks, number, tongue)
        if is_refused:
            return show(filled, remarks=rest)
        return show(filled, attempt=attempt, trial=tried(self.app, attempt, form, tongue), remarks=rest)

    def _added(
        self, request: Request, values: Mapping[str, Value], others: Sequence[str], searches: Searches | None
    ) -> Attempt:
        """Check a new project with its searches, as the command does; save it if the form says so."""
        fields = {key: value for key, value in values.items() if value is not None}
        fields = {"id": new_id(plain_name(fields), words_in(fields), others), **fields}
        lines, _ = search_for(fields, searches.chosen if searches else ())
        adding = adding_project(fields, lines)
        try:
            attempt = self.app.configuration.trial(adding)
            if attempt.verdict.problems or form_of(request).get("action") != "save":
                return attempt
            self.app.configuration.change(adding, actor_of(request))
        except ConfigError as error:
            return Attempt(verdict=Verdict(problems=error.problems))
        return replace(attempt, is_saved=True)

    def _remove(
        self, request: Request, section: Section, name: str, draft: Draft, item: Mapping[str, Value]
    ) -> Response:
        going: Edit = removing_project(name) if section is Section.PROJECTS else removing_subscriber(name)
        try:
            self.app.configuration.change(going, actor_of(request))
        except ConfigError as error:
            filled = filled_fields(section, item, self.app.config, self._tongue(request))
            return self._shown(request, section, name, draft, filled, fault=redact(str(error)))
        number = last_edit(self.app.configuration.editions, section.file)
        return turned_to(request, f"/configuration/edit/{section.value}", removed=number)

    def put_back(self, request: Request, number: int) -> Response:
        """Put back what an edit has removed. What was edited since stays."""
        found = putting_back(self.app.configuration.editions, number)
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        for file in found.target.split(", "):
            require_role(request, file)
        section = next((each for each in Section if each.file in found.target), None)
        try:
            self.app.configuration.change(found, actor_of(request))
        except ConfigError as error:
            return self._listed(request, section or Section.PROJECTS, fault=redact(str(error)))
        if section is None:
            return turned_to(request, "/feeds", done="back")
        return turned_to(request, f"/configuration/edit/{section.value}", saved="1")

    def _searches(
        self, section: Section, name: str, tongue: Tongue, form: Mapping[str, str] | None = None
    ) -> Searches | None:
        """The languages of the searches of a new project. None for what has none."""
        if section is not Section.PROJECTS or name:
            return None
        usual = usual_editions(read_searches(self.app.config.folder, self.app.configuration.env))
        ticked = {code for code in form or () if code.startswith("search.")} if form is not None else None
        named = editions_of(list(dict.fromkeys([*usual, *_EDITIONS])), tongue)
        offered = [
            (code, told, code in usual if ticked is None else f"search.{code}" in ticked) for code, told in named
        ]
        more = (form or {}).get("searches", "")
        wrong = [each for each in split_words(more) if not _EDITION.fullmatch(each)]
        return Searches(offered=offered, more=more, wrong=tongue.foreign(wrong[0]) if wrong else "")

    def _tongue(self, request: Request) -> Tongue:
        return tongue_of(request, self.app.watch)

    def _shown(
        self,
        request: Request,
        section: Section,
        name: str,
        draft: Draft,
        filled: Sequence[FilledField],
        *,
        attempt: Attempt | None = None,
        trial: TrialPage | None = None,
        remarks: Sequence[Remark] = (),
        searches: Searches | None = None,
        fault: str = "",
        is_refused: bool = False,
    ) -> Response:
        tongue = self._tongue(request)
        known = self.app.watch.projects.get(name) if section is Section.PROJECTS else None
        return page(
            request,
            "configuration_item.html.j2",
            tongue,
            status=HTTPStatus.UNPROCESSABLE_ENTITY if fault or is_refused else status_of(attempt),
            section=section.value,
            name=tongue.name(known) if known else tongue.foreign(name),
            id_=name if section is Section.PROJECTS else "",
            draft=draft,
            fields=[each for each in filled if not each.field.is_rare],
            rare=[each for each in filled if each.field.is_rare],
            searches=searches,
            attempt=attempt,
            trial=trial,
            remarks=remarks,
            fault=fault,
            is_refused=is_refused,
            days=days_in(form_of(request)) if request.method == "POST" else SPANS[1],
            spans=SPANS,
        )


_UNREADABLE = "{file} cannot be read as it is; edit its text."


def _found(section: Section, text: str, name: str) -> tuple[int | None, Mapping[str, Value]]:
    """The item of this name with its position. None and nothing for a new item."""
    if not name:
        return None, {}
    try:
        index = next((index for index, each in places_of(section, text) if each == name), None)
        if index is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return index, items_in(section, text)[index]
    except EditError:
        raise HTTPException(HTTPStatus.CONFLICT, _UNREADABLE.format(file=section.file)) from None
