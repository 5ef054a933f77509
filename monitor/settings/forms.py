"""Forms for projects and subscribers: their fields, and edits of the text of a file.

A value that is not edited stays as it is written, with its comments.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum

from monitor.core.model import State
from monitor.core.news import ChangeType, Subscriber
from monitor.core.state import Confidence
from monitor.errors import ConfigError, ConfigProblem
from monitor.settings.editing import EditError, with_items, with_values, without_item, without_values
from monitor.settings.fields import Field, Kind, Wrong, written
from monitor.settings.files import PROJECTS, SUBSCRIBERS
from monitor.settings.yaml_document import Value, parse_yaml


class FormSection(StrEnum):
    """A list of items that have a form: its key in its file."""

    PROJECTS = "projects"
    SUBSCRIBERS = "subscribers"

    @property
    def file(self) -> str:
        return PROJECTS if self is FormSection.PROJECTS else SUBSCRIBERS

    @property
    def name_key(self) -> str:
        """The key that names an item."""
        return "id" if self is FormSection.PROJECTS else "name"


_STATES = str(State.REACHED), str(State.EXPECTED)
_CONFIDENCES = str(Confidence.REPORTED), str(Confidence.CONFIRMED)
_USUAL = Subscriber(name="", to=()).changes
_FIELDS: Mapping[FormSection, tuple[Field, ...]] = {
    FormSection.PROJECTS: (
        Field(key="name", kind=Kind.TEXTS, is_required=True),
        Field(key="who", kind=Kind.WORDS),
        Field(key="what", kind=Kind.WORDS),
        Field(key="where", kind=Kind.WORDS),
        Field(key="not", kind=Kind.WORDS),
        Field(
            key="known",
            kind=Kind.ROWS,
            is_rare=True,
            columns=(
                Field(key="stage", kind=Kind.CHOICE, is_required=True),
                Field(
                    key="state",
                    kind=Kind.CHOICE,
                    options=_STATES,
                    default=_STATES[:1],
                ),
                Field(key="date", kind=Kind.PERIOD),
                Field(key="source", kind=Kind.ADDRESS),
                Field(key="official", kind=Kind.CHECK),
            ),
        ),
        Field(
            key="phases",
            kind=Kind.ROWS,
            is_rare=True,
            columns=(
                Field(key="name", kind=Kind.LINE, is_required=True),
                Field(key="words", kind=Kind.WORDS, is_required=True),
            ),
        ),
        Field(key="tags", kind=Kind.WORDS, is_rare=True),
        Field(key="lifecycle", kind=Kind.CHOICE, is_rare=True),
        Field(key="quiet_after", kind=Kind.DAYS, is_rare=True),
    ),
    FormSection.SUBSCRIBERS: (
        Field(key="name", kind=Kind.LINE, is_required=True),
        Field(key="to", kind=Kind.CHANNELS, is_required=True),
        Field(key="projects", kind=Kind.FOLLOWED),
        Field(
            key="changes",
            kind=Kind.CHOICES,
            options=tuple(map(str, ChangeType)),
            default=tuple(str(each) for each in ChangeType if each in _USUAL),
        ),
        Field(key="confidence", kind=Kind.CHOICE, options=_CONFIDENCES, default=_CONFIDENCES[:1]),
        Field(key="language", kind=Kind.CHOICE, default=("en",)),
        Field(key="send", kind=Kind.SENDING),
        Field(key="quiet_hours", kind=Kind.HOURS),
        Field(key="timezone", kind=Kind.CHOICE),
        Field(key="stages", kind=Kind.CHOICES, is_rare=True),
        Field(
            key="mute",
            kind=Kind.ROWS,
            is_rare=True,
            columns=(
                Field(key="until", kind=Kind.DAY, is_required=True),
                Field(key="projects", kind=Kind.WORDS),
            ),
        ),
        Field(
            key="away",
            kind=Kind.ROWS,
            is_rare=True,
            columns=(
                Field(key="from", kind=Kind.DAY, is_required=True),
                Field(key="to", kind=Kind.DAY, is_required=True),
            ),
        ),
        Field(key="at_most", kind=Kind.RATE, is_rare=True, default=("20",)),
    ),
}


def fields_of(section: FormSection) -> tuple[Field, ...]:
    """The fields of an item, in the order of its form. The id of a project is made of its name."""
    return _FIELDS[section]


# ---------------------------------------------------------------- items, and what is wrong between their fields


def items_in(section: FormSection, text: str) -> list[Mapping[str, Value]]:
    """The items of the list as they are written. Raises EditError if the text cannot be read."""
    document, problems = parse_yaml(section.file, text.encode("utf-8"))
    if not document.readable:
        raise EditError(str(problems[0]))
    found = document.value.get(section.value) if isinstance(document.value, dict) else None
    return [each if isinstance(each, dict) else {} for each in (found if isinstance(found, list) else [])]


def places_of(section: FormSection, text: str) -> Iterator[tuple[int, str]]:
    """Each item's position and name, in the order of the file."""
    for index, item in enumerate(items_in(section, text)):
        name = item.get(section.name_key) or ""
        yield index, name if isinstance(name, str) else written(name)


def position(section: FormSection, text: str, name: str) -> int:
    """Where the item of this name stands in the list. Raises ConfigError if it is not there any more."""
    try:
        found = next((index for index, each in places_of(section, text) if each == name), None)
    except EditError:
        found = None
    if found is None:
        message = "has no entry of this name any more; load the page again"
        raise ConfigError([ConfigProblem(file=section.file, line=None, key="", message=message)])
    return found


def wrong_in(
    section: FormSection, item: Mapping[str, Value], others: Collection[str]
) -> Iterator[tuple[str, Wrong, Mapping[str, object]]]:
    """What is wrong between the fields of an item: the key, what it is, and what the sentence about it names.

    ``others`` are the names of the other items.
    """
    if section is FormSection.SUBSCRIBERS:
        if item.get("name") in others:
            yield "name", Wrong.TAKEN, {"name": item.get("name")}
        return
    if not item.get("who") and not (item.get("what") and item.get("where")):
        yield "who", Wrong.UNDESCRIBED, {}
    excluded = [str(word).casefold() for word in item.get("not") or ()]
    for key in ("who", "what", "where"):
        for word in item.get(key) or ():
            if str(word).casefold() in excluded:
                yield key, Wrong.EXCLUDED, {"word": word}


# ---------------------------------------------------------------- edits


def edited(section: FormSection, text: str, index: int | None, values: Mapping[str, Value]) -> str:
    """The text of the file with these values of an item; None takes a key out. Without an index, with a new item.

    Raises:
        EditError: this cannot be done without changing something else; the file must be edited as a text.
    """
    present = {key: written(value) for key, value in values.items() if value is not None}
    if index is None:
        after = with_items(text, section.value, [[f"{key}: {value}" for key, value in present.items()]])
        wanted = [*items_in(section, text), _with({}, values)]
    else:
        after = with_values(text, section.value, index, [*present.items()])
        after = without_values(after, section.value, index, [key for key in values if key not in present])
        wanted = items_in(section, text)
        wanted[index] = _with(wanted[index], values)
    return _checked(section, after, wanted)


def without(section: FormSection, text: str, index: int) -> str:
    """The text of the file without an item. Raises EditError."""
    wanted = items_in(section, text)
    del wanted[index]
    return _checked(section, without_item(text, section.value, index), wanted)


def _with(item: Mapping[str, Value], values: Mapping[str, Value]) -> dict[str, Value]:
    return {key: value for key, value in {**item, **values}.items() if value is not None}


def _checked(section: FormSection, text: str, wanted: Sequence[Mapping[str, Value]]) -> str:
    """The text, if it has the wanted items and no others."""
    if [_with(each, {}) for each in items_in(section, text)] != [_with(each, {}) for each in wanted]:
        raise EditError("this form cannot write that without changing something else; edit the text of the file")
    return text
