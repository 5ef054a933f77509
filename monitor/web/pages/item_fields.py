"""The fields of the form of a project or a subscriber: what stands in them, and what is wrong with them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.core.lifecycle import Condition
from monitor.core.message.tongue import Tongue
from monitor.settings.addresses import NO_ACCOUNT
from monitor.settings.config import Config
from monitor.settings.fields import Field, FieldError, Kind, Parts, Wrong
from monitor.settings.filled import shown
from monitor.settings.forms import Section, fields_of, wrong_in
from monitor.settings.typed import typed
from monitor.settings.yaml_document import Value
from monitor.web.pages import form_words
from monitor.web.pages.attempts import Remark

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
    section: Section, item: Mapping[str, Value], config: Config, tongue: Tongue, form: Mapping[str, str] | None = None
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
    section: Section, filled: Sequence[FilledField], item: Mapping[str, Value], others: Sequence[str], tongue: Tongue
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
    section: Section, filled: Sequence[FilledField], remarks: Sequence[Remark], number: int, tongue: Tongue
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


def _told(remark: Remark, tongue: Tongue, section: Section, key: str) -> tuple[str, str]:
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


def _with_options(section: Section, field: Field, config: Config) -> Field:
    """The field with the options that this configuration gives."""
    stages = dict.fromkeys(stage for each in config.lifecycles.values() for stage in each.stages)
    every = (*stages, *map(str, Condition))
    if field.key == "stages":
        return replace(field, options=every)
    if field.key == "known":
        stage, *others = field.columns
        return replace(field, columns=(replace(stage, options=every), *others))
    if field.key == "projects" and section is Section.SUBSCRIBERS:
        ids = tuple(each.id for each in config.projects)
        return replace(field, options=ids if len(ids) <= _MOST_BOXES else ())
    return field


def _named(section: Section, field: Field, parts: Parts, tongue: Tongue, config: Config) -> FilledField:
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
