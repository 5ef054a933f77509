"""Forms for single projects and subscribers. What they write goes the way of an edit of the whole file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response

from monitor.app.build import App
from monitor.operate.configuration import Attempt, Draft
from monitor.settings.editing import EditError
from monitor.settings.forms import Field, Kind, Section, edited, fields_of, items_in, places_of, shown, typed, without
from monitor.settings.yaml_document import Value
from monitor.web.access import form_of
from monitor.web.pages.attempts import (
    SPANS,
    Remark,
    attempted,
    days_in,
    draft_of,
    remarks_of,
    status_of,
    tried,
)
from monitor.web.pages.rendering import page, tongue_of, turned_to
from monitor.web.pages.what_if import TrialPage

#: The largest form of an item: as many words as a project may have.
_FORM = 200_000
#: The name of a field in a form begins so.
_PREFIX = "field."

ItemName = Annotated[str, Query(max_length=2_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledField:
    """A field of a form with what stands in it."""

    field: Field
    text: str
    #: What is wrong with it. Empty if nothing is.
    errors: Sequence[str] = ()

    @property
    def chosen(self) -> list[str]:
        return self.text.splitlines()

    @property
    def rows(self) -> int:
        return min(max(len(self.chosen) + 1, 2), 12)


@dataclass(frozen=True, slots=True)
class ItemPages:
    """The forms for the items of a configuration."""

    app: App

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        show = partial(router.add_api_route, methods=["GET", "HEAD"], response_class=Response)
        take = partial(router.add_api_route, methods=["POST"], response_class=Response, max_body_size=_FORM)
        show("/configuration/edit/{section}", self.listed)
        show("/configuration/edit/{section}/item", self.item)
        take("/configuration/edit/{section}/item", self.edit)
        return router

    def listed(self, request: Request, section: Section, *, saved: bool = False) -> Response:
        """All items of a section, each with a link to its form."""
        draft = draft_of(self.app, request, section.file)
        try:
            names = [name for _, name in places_of(section, draft.text)]
        except EditError:
            raise HTTPException(HTTPStatus.CONFLICT, _UNREADABLE.format(file=section.file)) from None
        tongue = tongue_of(request, self.app.watch)
        return page(
            request,
            "configuration_items.html.j2",
            tongue,
            section=section.value,
            items=[(each, tongue.foreign(each)) for each in names],
            draft=draft,
            is_saved=saved,
        )

    def item(self, request: Request, section: Section, name: ItemName = "") -> Response:
        """The form of an item; without a name, of a new one."""
        draft = draft_of(self.app, request, section.file)
        _, item = _found(section, draft.text, name)
        filled = [FilledField(field=each, text=shown(each, item.get(each.key))) for each in fields_of(section)]
        return self._shown(request, section, name, draft, filled)

    def edit(self, request: Request, section: Section, name: ItemName = "") -> Response:
        """Check, try, save or remove an item."""
        draft, form = draft_of(self.app, request, section.file), form_of(request)
        index, item = _found(section, draft.text, name)
        filled, values = list[FilledField](), dict[str, Value]()
        for each in fields_of(section):
            text, errors = _sent(each, form), list[str]()
            try:
                if not _is_same(each, text, shown(each, item.get(each.key))):
                    values[each.key] = typed(each, text)
            except EditError as error:
                errors.append(str(error))
            filled.append(FilledField(field=each, text=text, errors=errors))
        refused = [each.field for each in filled if each.errors]
        show = partial(self._shown, request, section, name, draft, is_refused=bool(refused))
        try:
            is_going = form.get("action") == "remove" and index is not None and not refused
            after = without(section, draft.text, index) if is_going and index is not None else draft.text
            if not is_going and values:
                after = edited(section, draft.text, index, values)
        except EditError as error:
            return show(filled, fault=str(error))
        # A field that cannot be read hides nothing that is wrong with the others, and lets nothing be saved.
        attempt = attempted(self.app, request, section.file, after, {**form, "action": "check"} if refused else form)
        if attempt.is_saved:
            return turned_to(request, f"/configuration/edit/{section.value}", saved="1")
        number = index if index is not None else len(items_in(section, after)) - 1
        own = [_place(section, number, each) for each in refused]
        remarks = [
            each
            for each in remarks_of(attempt.verdict, self.app.configuration.folder)
            if not any(_is_within(each.key, place) for place in own)
        ]
        filled = [each if each.errors else _blamed(each, remarks, section, number) for each in filled]
        if refused:
            return show(filled, remarks=remarks)
        trial = tried(self.app, section.file, attempt, form, tongue_of(request, self.app.watch))
        return show(filled, attempt=attempt, trial=trial, remarks=remarks)

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
        fault: str = "",
        is_refused: bool = False,
    ) -> Response:
        tongue = tongue_of(request, self.app.watch)
        return page(
            request,
            "configuration_item.html.j2",
            tongue,
            status=HTTPStatus.UNPROCESSABLE_ENTITY if fault or is_refused else status_of(attempt),
            section=section.value,
            name=tongue.foreign(name),
            draft=draft,
            fields=filled,
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


def _sent(field: Field, form: Mapping[str, str]) -> str:
    """What was filled into a field."""
    if field.kind is Kind.CHOICES:
        return "\n".join(option for option in field.options if f"{_PREFIX}{field.key}.{option}" in form)
    return form.get(f"{_PREFIX}{field.key}", "").replace("\r\n", "\n")


def _is_same(field: Field, one: str, other: str) -> bool:
    """Whether nothing was changed in a field. What is not changed is not written anew."""
    lines, others = ([line.strip() for line in text.splitlines() if line.strip()] for text in (one, other))
    return set(lines) == set(others) if field.kind is Kind.CHOICES else lines == others


def _blamed(filled: FilledField, remarks: Sequence[Remark], section: Section, number: int) -> FilledField:
    """The field with what is wrong with it."""
    place = _place(section, number, filled.field)
    errors = [each.message for each in remarks if each.is_problem and _is_within(each.key, place)]
    return FilledField(field=filled.field, text=filled.text, errors=errors)


def _place(section: Section, number: int, field: Field) -> str:
    """The key of a field in the whole file."""
    return f"{section.value}[{number}].{field.key}"


def _is_within(key: str, place: str) -> bool:
    """Whether a key is this place or a part of it, and not another one whose name begins alike."""
    after = key.removeprefix(place)[:1]
    return key.startswith(place) and not (after.isalnum() or after in {"_", "-"})
