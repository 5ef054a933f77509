"""Forms for single projects and subscribers. What they write goes the way of an edit of the whole file."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response

from monitor.app.build import App
from monitor.core.lifecycle import Condition
from monitor.core.message.tongue import Tongue
from monitor.errors import ConfigError
from monitor.logs import redact
from monitor.operate.configuration import Edit, EditAttempt, EditDraft, last_edit, putting_back
from monitor.operate.edits import adding_project, removing_project, removing_subscriber
from monitor.settings.addresses import NO_ACCOUNT
from monitor.settings.config import Config
from monitor.settings.editing import EditError
from monitor.settings.edits import new_id, plain_name, search_for, usual_editions, words_in
from monitor.settings.fields import Field, FieldError, Kind, Parts, Wrong, shown, typed
from monitor.settings.forms import FormSection, edited, fields_of, items_in, places_of, wrong_in
from monitor.settings.scalars import split_words
from monitor.settings.searches import read_searches
from monitor.settings.whole import Verdict
from monitor.settings.yaml_document import Value
from monitor.web.access import actor_of, form_of
from monitor.web.pages import form_words
from monitor.web.pages.form_words import editions_of
from monitor.web.pages.rendering import SHOW, page, routed, tongue_of, turned_to
from monitor.web.pages.what_if import (
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

# The fields of the form of a project or a subscriber: what stands in them, and what is wrong with them ----------------


#: The name of a control in a form begins so.
_PREFIX = "field."
_IN_ROW = re.compile(r"\d{1,2}\.[a-z_]{1,20}")
#: So many projects are offered as boxes; more are named by their ids.
_MOST_BOXES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledField:
    """A field of a form with what stands in it, in the reader's words."""

    field: Field
    parts: Parts
    label: str
    help: str
    options: form_words.Options = ()
    #: Of rows: each column with its label and options.
    columns: Sequence[tuple[Field, str, form_words.Options]] = ()
    #: What is wrong with it: a sentence, and what the check of the configuration says in English.
    errors: Sequence[tuple[str, str]] = ()

    @property
    def rows(self) -> int:
        """How many rows are shown: those that are filled in, and an empty one."""
        return max((int(part.partition(".")[0]) + 1 for part in self.parts), default=0) + (not self.errors)

    @property
    def lines(self) -> int:
        """How high a text of several lines is."""
        return min(max(self.parts.get("", "").count("\n") + 1, len(self.parts.get("", "")) // 60 + 1, 2), 12)


def filled_fields(
    section: FormSection,
    item: Mapping[str, Value],
    config: Config,
    tongue: Tongue,
    form: Mapping[str, str] | None = None,
) -> list[FilledField]:
    """The fields of an item, with what stands in the file, or what was typed into the form."""
    found = []
    for each in fields_of(section):
        field, parts = shown(_with_options(section, each, config), item.get(each.key))
        if form is not None:
            parts = _sent(field, form)
        found.append(_named(section, field, parts, tongue, config))
    return found


def values_in(
    section: FormSection,
    filled: Sequence[FilledField],
    item: Mapping[str, Value],
    others: Sequence[str],
    tongue: Tongue,
) -> tuple[dict[str, Value], list[FilledField]]:
    """The values that were changed, and the fields with what is wrong with them."""
    values, wrong = dict[str, Value](), dict[str, FieldError]()
    for each in filled:
        try:
            value = typed(each.field, each.parts)
            if value != _as_shown(each.field, item.get(each.field.key)):
                values[each.field.key] = value
        except FieldError as error:
            wrong[each.field.key] = error
    after = {key: value for key, value in {**item, **values}.items() if value is not None}
    for key, kind, said in wrong_in(section, after, others):
        if key not in wrong:
            wrong[key] = FieldError(kind, **said)
    return values, [
        replace(
            each,
            errors=[(form_words.what_is_wrong(wrong[each.field.key], tongue, section, each.field.key), "")]
            if each.field.key in wrong
            else (),
        )
        for each in filled
    ]


def blamed(
    section: FormSection, filled: Sequence[FilledField], remarks: Sequence[Remark], number: int, tongue: Tongue
) -> tuple[list[FilledField], list[Remark]]:
    """The fields with what the check of the configuration says of them, and what it says besides."""
    rest, found = list(remarks), list[FilledField]()
    for each in filled:
        place = f"{section.value}[{number}].{each.field.key}"
        own = [remark for remark in rest if _is_within(remark.key, place)]
        rest = [remark for remark in rest if remark not in own or not (remark.is_problem or each.errors)]
        errors = [_told(remark, tongue, section, each.field.key) for remark in own if remark.is_problem]
        found.append(each if each.errors else replace(each, errors=errors))
    return found, rest


def _told(remark: Remark, tongue: Tongue, section: FormSection, key: str) -> tuple[str, str]:
    if remark.message.startswith(NO_ACCOUNT):
        return form_words.what_is_wrong(FieldError(Wrong.NO_ACCOUNT), tongue, section, key), ""
    return form_words.what_is_wrong(FieldError(Wrong.UNUSABLE), tongue, section, key), remark.message


def _as_shown(field: Field, value: Value) -> Value:
    """The value as the form would write it if nothing was changed."""
    plain, parts = shown(field, value)
    try:
        return typed(replace(plain, is_required=False), parts)
    except FieldError:
        return value


def _with_options(section: FormSection, field: Field, config: Config) -> Field:
    """The field with the options that this configuration gives."""
    stages = dict.fromkeys(stage for each in config.lifecycles.values() for stage in each.stages)
    every = (*stages, *map(str, Condition))
    if field.key == "stages":
        return replace(field, options=every)
    if field.key == "known":
        stage, *others = field.columns
        return replace(field, columns=(replace(stage, options=every), *others))
    if field.key == "projects" and section is FormSection.SUBSCRIBERS:
        ids = tuple(each.id for each in config.projects)
        return replace(field, options=ids if len(ids) <= _MOST_BOXES else ())
    return field


def _named(section: FormSection, field: Field, parts: Parts, tongue: Tongue, config: Config) -> FilledField:
    columns = [
        (
            column,
            form_words.label(section, f"{field.key}.{column.key}", tongue),
            form_words.options_of(f"{field.key}.{column.key}", column.options, tongue),
        )
        for column in field.columns
    ]
    return FilledField(
        field=field,
        parts=parts,
        label=form_words.label(section, field.key, tongue),
        help=form_words.help_on(section, field.key, tongue),
        options=_options(field, parts, tongue, config),
        columns=columns if field.kind is Kind.ROWS else (),
    )


def _options(field: Field, parts: Parts, tongue: Tongue, config: Config) -> form_words.Options:
    if field.kind is Kind.FOLLOWED:
        return [(each.id, tongue.name(each)) for each in config.projects if each.id in field.options]
    if field.kind is Kind.SENDING:
        return form_words.days_of_the_week(tongue)
    if field.kind is Kind.TEXTS:
        codes = dict.fromkeys([*_SPOKEN, *(part for part in parts if part)])
        return form_words.editions_of([code for code in codes if code != "en"], tongue)
    if field.kind is not Kind.CHOICE:
        return form_words.options_of(field.key, field.options, tongue)
    usual = [("", tongue.say("as usual here"))]
    if field.key == "language":
        found = form_words.tongues(_SPOKEN, tongue)
    elif field.key == "timezone":
        found = [*usual, *form_words.zones(tongue)]
    elif field.key == "lifecycle":
        found = [*usual, *form_words.options_of(field.key, [*config.lifecycles], tongue)]
    else:
        found = form_words.options_of(field.key, field.options, tongue)
    present = parts.get("", "")
    return found if present in {value for value, _ in found} else [(present, tongue.foreign(present)), *found]


#: The languages of the pages and messages.
_SPOKEN = ("en", "fr", "ar", "zh", "es")


def _sent(field: Field, form: Mapping[str, str]) -> dict[str, str]:
    """What was filled into the controls of a field."""
    return dict(_parts(field, form))


def _parts(field: Field, form: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    name = _PREFIX + field.key
    for sent, text in form.items():
        part = sent.removeprefix(name).removeprefix(".")
        if (sent == name or sent.startswith(f"{name}.")) and (field.kind is not Kind.ROWS or _IN_ROW.fullmatch(part)):
            yield part, text.replace("\r\n", "\n")


def _is_within(key: str, place: str) -> bool:
    """Whether a key is this place or a part of it, and not another one whose name begins alike."""
    after = key.removeprefix(place)[:1]
    return key.startswith(place) and not (after.isalnum() or after in {"_", "-"})


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

    def listed(self, request: Request, section: FormSection, *, saved: bool = False, removed: Number = 0) -> Response:
        """All items of a section, each with a link to its form."""
        return self._listed(request, section, is_saved=saved, removed=removed)

    def _listed(
        self, request: Request, section: FormSection, *, is_saved: bool = False, removed: int = 0, fault: str = ""
    ) -> Response:
        draft = draft_of(self.app, request, section.file)
        try:
            names = [name for _, name in places_of(section, draft.text)]
        except EditError:
            raise HTTPException(HTTPStatus.CONFLICT, _UNREADABLE.format(file=section.file)) from None
        tongue = tongue_of(request, self.app.watch)
        known = {each.id: each for each in self.app.config.projects} if section is FormSection.PROJECTS else {}
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

    def item(self, request: Request, section: FormSection, name: ItemName = "") -> Response:
        """The form of an item; without a name, of a new one."""
        draft, tongue = draft_of(self.app, request, section.file), tongue_of(request, self.app.watch)
        _, item = _found(section, draft.text, name)
        if not name and section is FormSection.SUBSCRIBERS:
            item = {"language": tongue.language}
        filled = filled_fields(section, item, self.app.config, tongue)
        return self._shown(request, section, name, draft, filled, searches=self._searches(section, name, tongue))

    def edit(self, request: Request, section: FormSection, name: ItemName = "") -> Response:
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
        if section is FormSection.PROJECTS and index is None:
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
    ) -> EditAttempt:
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
            return EditAttempt(verdict=Verdict(problems=error.problems))
        return replace(attempt, is_saved=True)

    def _remove(
        self, request: Request, section: FormSection, name: str, draft: EditDraft, item: Mapping[str, Value]
    ) -> Response:
        going: Edit = removing_project(name) if section is FormSection.PROJECTS else removing_subscriber(name)
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
        section = next((each for each in FormSection if each.file in found.target), None)
        try:
            self.app.configuration.change(found, actor_of(request))
        except ConfigError as error:
            return self._listed(request, section or FormSection.PROJECTS, fault=redact(str(error)))
        if section is None:
            return turned_to(request, "/feeds", done="back")
        return turned_to(request, f"/configuration/edit/{section.value}", saved="1")

    def _searches(
        self, section: FormSection, name: str, tongue: Tongue, form: Mapping[str, str] | None = None
    ) -> Searches | None:
        """The languages of the searches of a new project. None for what has none."""
        if section is not FormSection.PROJECTS or name:
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
        section: FormSection,
        name: str,
        draft: EditDraft,
        filled: Sequence[FilledField],
        *,
        attempt: EditAttempt | None = None,
        trial: TrialPage | None = None,
        remarks: Sequence[Remark] = (),
        searches: Searches | None = None,
        fault: str = "",
        is_refused: bool = False,
    ) -> Response:
        tongue = self._tongue(request)
        known = self.app.watch.projects.get(name) if section is FormSection.PROJECTS else None
        return page(
            request,
            "configuration_item.html.j2",
            tongue,
            status=HTTPStatus.UNPROCESSABLE_ENTITY if fault or is_refused else status_of(attempt),
            section=section.value,
            name=tongue.name(known) if known else tongue.foreign(name),
            id_=name if section is FormSection.PROJECTS else "",
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


def _found(section: FormSection, text: str, name: str) -> tuple[int | None, Mapping[str, Value]]:
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
