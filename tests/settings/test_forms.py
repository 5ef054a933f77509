"""Forms of projects and subscribers: fields from the models, and edits that leave the rest of the file as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.settings.editing import EditError
from monitor.settings.forms import Kind, Section, edited, fields_of, items_in, places_of, shown, typed, without
from monitor.settings.yaml_document import Value

PROJECTS = """# ours
projects:
  - id: plant  # never changes
    name: {en: Plant, Tanger Tech, fr: Usine}
    who: &acme [Acme, '贝特瑞']  # the company
    what:
      - cathode
  # the next one
  - {id: works, name: Works, who: *acme}
"""
SUBSCRIBERS = """subscribers:
  - name: Desk
    to:
      - "mailto://${USER}:${PW}@h?to=a@b.c"
      - {first: "slack://${S}", else: console://}
    changes: [status]
    mute: {until: 2026-12-01}
"""


def filled(section: Section, text: str, index: int) -> dict[str, str]:
    item = items_in(section, text)[index]
    return {field.key: shown(field, item.get(field.key)) for field in fields_of(section)}


def test_each_key_of_the_models_has_a_field() -> None:
    kinds = {section: {field.key: field.kind for field in fields_of(section)} for section in Section}

    assert kinds[Section.PROJECTS] == {
        "id": Kind.LINE,
        "name": Kind.TEXTS,
        **dict.fromkeys(("who", "what", "where", "not", "tags"), Kind.LIST),
        "lifecycle": Kind.LINE,
        "known": Kind.YAML,
        "phases": Kind.YAML,
        "quiet_after": Kind.LINE,
    }
    assert kinds[Section.SUBSCRIBERS] == {
        **dict.fromkeys(("name", "language", "send", "quiet_hours", "at_most", "timezone"), Kind.LINE),
        **dict.fromkeys(("to", "projects", "stages"), Kind.LIST),
        "changes": Kind.CHOICES,
        "confidence": Kind.CHOICE,
        **dict.fromkeys(("mute", "away"), Kind.YAML),
    }
    assert [field.key for field in fields_of(Section.SUBSCRIBERS) if field.is_required] == ["name", "to"]


def test_fields_show_what_is_written() -> None:
    plant, desk = filled(Section.PROJECTS, PROJECTS, 0), filled(Section.SUBSCRIBERS, SUBSCRIBERS, 0)

    assert (plant["id"], plant["who"]) == ("plant", "Acme\n贝特瑞")
    assert plant["name"] == "en: Plant, Tanger Tech\nfr: Usine"
    assert desk["to"] == 'mailto://${USER}:${PW}@h?to=a@b.c\n{first: "slack://${S}", else: "console://"}'
    assert desk["mute"] == '{until: "2026-12-01"}'
    assert (desk["changes"], desk["confidence"], desk["send"]) == ("status", "reported", "")


def test_what_a_field_shows_is_typed_to_the_same_value() -> None:
    for section, text in ((Section.PROJECTS, PROJECTS), (Section.SUBSCRIBERS, SUBSCRIBERS)):
        for item in items_in(section, text):
            for field in fields_of(section):
                if field.key in item:
                    value = typed(field, shown(field, item[field.key]))
                    assert value in (item[field.key], [item[field.key]])


NAME = next(field for field in fields_of(Section.PROJECTS) if field.key == "name")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Plant", "Plant"),
        ("  Plant: phase 2 ", "Plant: phase 2"),
        ("fr: Usine", {"fr": "Usine"}),
        ("en: Plant: phase 2\r\n\n ar:مصنع\nzh： 工厂", {"en": "Plant: phase 2", "ar": "مصنع", "zh": "工厂"}),
        ('{en: "Plant, Tanger Tech", fr: Usine}', {"en": "Plant, Tanger Tech", "fr": "Usine"}),
        ("\n", None),
    ],
)
def test_names_are_typed_as_one_text_or_one_in_each_line_after_its_language(text: str, value: Value) -> None:
    assert typed(NAME, text) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("en: Plant\nUsine", "'Usine' has no language"),
        ("Plant\nUsine", "'Plant' has no language"),
        ("fr: Usine\nfr: Fabrique", "fr twice"),
    ],
)
def test_a_name_that_would_be_lost_is_refused(text: str, message: str) -> None:
    with pytest.raises(EditError, match=message):
        typed(NAME, text)


def test_a_name_that_is_written_wrongly_is_shown_as_it_is() -> None:
    assert shown(NAME, {"fr": ["Usine"], "en": None}) == "{fr: [Usine], en: null}"


def test_an_edit_changes_its_value_alone() -> None:
    after = edited(Section.PROJECTS, PROJECTS, 0, {"what": ["cathode", "正极"], "tags": ["battery"]})

    assert after == PROJECTS.replace("what:\n      - cathode", "what: [cathode, 正极]\n    tags: [battery]")


def test_an_emptied_field_takes_its_key_out() -> None:
    assert edited(Section.PROJECTS, PROJECTS, 0, {"what": None}) == PROJECTS.replace("    what:\n      - cathode\n", "")


def test_a_reference_stays_one() -> None:
    to: Value = ["mailto://${USER}:${PW}@h?to=d@e.f"]

    after = edited(Section.SUBSCRIBERS, SUBSCRIBERS, 0, {"to": to})

    assert items_in(Section.SUBSCRIBERS, after)[0]["to"] == to


def test_an_item_is_added_and_removed() -> None:
    new: dict[str, Value] = {"id": "new", "name": "New", "who": ["Nemo"]}
    more = edited(Section.PROJECTS, PROJECTS, None, new)

    assert more == PROJECTS + "  - id: new\n    name: New\n    who: [Nemo]\n"
    assert without(Section.PROJECTS, more, 2) == PROJECTS
    assert dict(places_of(Section.PROJECTS, more)) == {0: "plant", 1: "works", 2: "new"}


def test_what_would_change_another_item_is_refused() -> None:
    with pytest.raises(EditError, match="shared with others by &acme"):
        edited(Section.PROJECTS, PROJECTS, 0, {"who": ["Other"]})
    with pytest.raises(EditError, match="others share by"):
        without(Section.PROJECTS, PROJECTS, 0)


FIRST = {"stage": "announced", "date": "2024-09-12"}
SECOND = {"stage": "operating", "state": "expected"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{stage: announced, date: 2024-09-12}", FIRST),
        ("stage: announced\ndate: 2024-09-12", FIRST),
        ("[{stage: announced,\r\n date: 2024-09-12},\r\n{stage: operating, state: expected}\r\n]", [FIRST, SECOND]),
        ("- {stage: announced, date: 2024-09-12}", [FIRST]),
        ("- stage: announced\r\n  date: 2024-09-12\r\n", [FIRST]),
        (
            "\n    - stage: announced  # told\n      date: 2024-09-12\n\n    - {stage: operating, state: expected}\n",
            [FIRST, SECOND],
        ),
    ],
)
def test_yaml_is_typed_in_blocks_and_in_brackets(text: str, value: Value) -> None:
    (known,) = (field for field in fields_of(Section.PROJECTS) if field.key == "known")

    assert typed(known, text) == value


@pytest.mark.parametrize(
    "text", ["- stage: announced\n date: 2024", "- a\nb: c", "# nothing", "{until: ", "[a", "{a: 1, a: 2}"]
)
def test_what_is_no_yaml_is_refused(text: str) -> None:
    (mute,) = (field for field in fields_of(Section.SUBSCRIBERS) if field.key == "mute")

    with pytest.raises(EditError):
        typed(mute, text)


def test_what_is_wrong_with_yaml_is_told_with_the_line_as_it_is_typed() -> None:
    (known,) = (field for field in fields_of(Section.PROJECTS) if field.key == "known")

    with pytest.raises(EditError, match=r"^is not YAML in line 3: "):
        typed(known, "- stage: announced\r\n- stage: agreed\r\n-x")
    with pytest.raises(EditError, match=r"^is not YAML: "):
        typed(known, "{stage: ")


def test_a_file_that_cannot_be_read_has_no_items() -> None:
    with pytest.raises(EditError, match="is not YAML"):
        items_in(Section.PROJECTS, "projects: [")
    assert items_in(Section.PROJECTS, "projects: 7") == []


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1)
VALUES = st.none() | st.lists(WORDS, min_size=1, max_size=3)


@given(st.dictionaries(st.sampled_from(["who", "what", "where", "not", "tags"]), VALUES), st.sampled_from([0, 1]))
def test_whatever_is_typed_stands_in_the_file_or_is_refused(values: dict[str, Value], index: int) -> None:
    try:
        after = edited(Section.PROJECTS, PROJECTS, index, values)
    except EditError:
        return
    item, other = items_in(Section.PROJECTS, after)[index], items_in(Section.PROJECTS, after)[1 - index]
    assert {key: item.get(key) for key in values} == values
    assert other == items_in(Section.PROJECTS, PROJECTS)[1 - index]
