"""Forms of projects and subscribers: what fields show, what is typed into them, and edits that leave the rest alone."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.settings.editing import EditError
from monitor.settings.fields import Field, FieldError, Kind, Wrong, shown, typed
from monitor.settings.forms import FormSection, edited, fields_of, items_in, places_of, without, wrong_in
from monitor.settings.models import ProjectSettings, SubscriberSettings
from monitor.settings.scalars import joined_words, split_words
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
      - desk@example.org
    changes: [status]
    send: {digest: "30 7 * * 1-5"}
    quiet_hours: 22:00-07:00
    at_most: 30/h
    mute: {until: 2026-12-01}
    away: [{from: 2026-12-20, to: 2027-01-03}]
"""


def field(section: FormSection, key: str) -> Field:
    return next(each for each in fields_of(section) if each.key == key)


def test_each_key_of_the_models_has_a_field() -> None:
    for section, model in ((FormSection.PROJECTS, ProjectSettings), (FormSection.SUBSCRIBERS, SubscriberSettings)):
        keys = {each.alias or name for name, each in model.model_fields.items()}
        assert {each.key for each in fields_of(section)} == keys - {"id"}


def test_fields_show_what_is_written() -> None:
    (desk,) = items_in(FormSection.SUBSCRIBERS, SUBSCRIBERS)
    found = {each.key: shown(each, desk.get(each.key))[1] for each in fields_of(FormSection.SUBSCRIBERS)}

    assert found["to"] == {
        "mail": "desk@example.org",
        "other": 'mailto://${USER}:${PW}@h?to=a@b.c\n{first: "slack://${S}", else: "console://"}',
    }
    assert found["send"] == {"how": "digest", "time": "07:30", **dict.fromkeys("12345", "on"), "cron": ""}
    assert (found["quiet_hours"], found["at_most"]) == ({"from": "22:00", "to": "07:00"}, {"": "30"})
    assert found["mute"] == {"0.until": "2026-12-01", "0.projects": ""}
    assert found["projects"] == {"which": "all", "more": ""}


def test_what_a_field_shows_is_typed_to_the_same_value() -> None:
    (desk,) = items_in(FormSection.SUBSCRIBERS, SUBSCRIBERS)
    plant = items_in(FormSection.PROJECTS, PROJECTS)[0]
    for section, item in ((FormSection.PROJECTS, plant), (FormSection.SUBSCRIBERS, desk)):
        for each in fields_of(section):
            if each.key in item and each.key != "to":
                value = typed(*shown(each, item[each.key]))
                assert value in (item[each.key], [item[each.key]]), each.key


def test_what_controls_cannot_show_is_shown_as_in_the_file() -> None:
    cases: list[tuple[FormSection, str, Value]] = [
        (FormSection.SUBSCRIBERS, "mute", {"until": "2026-12-01 08:00"}),
        (FormSection.SUBSCRIBERS, "quiet_hours", "${NIGHT}"),
        (FormSection.PROJECTS, "name", {"fr": ["Usine"]}),
        (FormSection.PROJECTS, "quiet_after", "36h"),
    ]
    for section, key, value in cases:
        plain, parts = shown(field(section, key), value)
        assert plain.kind is Kind.YAML
        assert typed(plain, parts) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Tozeur, Tunisie", ["Tozeur", "Tunisie"]),
        ('"Tozeur, Tunisie"', ["Tozeur, Tunisie"]),
        ("توزر، تونس", ["توزر", "تونس"]),
        ("托泽尔，突尼斯、非洲", ["托泽尔", "突尼斯", "非洲"]),
        ("A, B\r\n“C, D”, « E, F », A,,", ["A", "B", "C, D", "E, F"]),
        ('5" pipe, "open', ['5" pipe', '"open']),
        ("", []),
    ],
)
def test_words_are_typed_with_commas_and_one_with_a_comma_in_quotation_marks(text: str, words: list[str]) -> None:
    assert split_words(text) == words


@given(st.lists(st.text("aé,،、，贝 ", min_size=1).map(str.strip).filter(bool), unique=True))
def test_words_that_are_shown_are_found_again(words: list[str]) -> None:
    assert split_words(joined_words(words)) == words


@pytest.mark.parametrize(
    ("section", "key", "parts", "value"),
    [
        (FormSection.PROJECTS, "name", {"": " Plant  two "}, "Plant two"),
        (FormSection.PROJECTS, "name", {"": "Plant", "fr": "Usine", "ar": ""}, {"en": "Plant", "fr": "Usine"}),
        (FormSection.PROJECTS, "quiet_after", {"": "90"}, "90d"),
        (FormSection.SUBSCRIBERS, "send", {"how": "now", "time": "08:00"}, None),
        (
            FormSection.SUBSCRIBERS,
            "send",
            {"how": "digest", "time": "18:05", "1": "on", "4": "on"},
            {"digest": "5 18 * * 1,4"},
        ),
        (
            FormSection.SUBSCRIBERS,
            "send",
            {"how": "digest", "time": "08:00", **dict.fromkeys("1234567", "on")},
            {"digest": "0 8 * * *"},
        ),
        (FormSection.SUBSCRIBERS, "send", {"how": "cron", "cron": "0 8 1 * *"}, {"digest": "0 8 1 * *"}),
        (FormSection.SUBSCRIBERS, "quiet_hours", {"from": "22:00", "to": "7:00"}, "22:00-07:00"),
        (FormSection.SUBSCRIBERS, "projects", {"which": "some", "more": "a-*, tag:b"}, ["a-*", "tag:b"]),
        (FormSection.SUBSCRIBERS, "to", {"mail": "A@b.org, c@d.org"}, ["a@b.org", "c@d.org"]),
        (
            FormSection.SUBSCRIBERS,
            "to",
            {"other": "https://hooks.slack.com/services/T1/B2/x3\nhttps://own.example/hook\nntfys://x"},
            ["slack://T1/B2/x3", "jsons://own.example/hook", "ntfys://x"],
        ),
        (
            FormSection.SUBSCRIBERS,
            "to",
            {"other": f"https://discord.com/api/webhooks/12/ab\n123456:{'a' * 35} -98765"},
            ["discord://12/ab", f"tgram://123456:{'a' * 35}/-98765"],
        ),
        (
            FormSection.PROJECTS,
            "known",
            {"0.stage": "agreed", "0.date": "2024-Q3", "0.official": "on", "1.stage": "", "1.state": "reached"},
            [{"stage": "agreed", "date": "2024-Q3", "official": "true"}],
        ),
    ],
)
def test_people_type_what_they_mean(section: FormSection, key: str, parts: Mapping[str, str], value: Value) -> None:
    assert typed(field(section, key), parts) == value


@pytest.mark.parametrize(
    ("section", "key", "parts", "wrong"),
    [
        (FormSection.PROJECTS, "name", {"": " ", "fr": ""}, Wrong.EMPTY),
        (FormSection.PROJECTS, "who", {"": "Acme, ***"}, Wrong.NO_LETTER),
        (FormSection.PROJECTS, "quiet_after", {"": "soon"}, Wrong.NUMBER),
        (FormSection.PROJECTS, "known", {"0.date": "2024"}, Wrong.ROW),
        (FormSection.SUBSCRIBERS, "to", {"mail": "", "other": "\n"}, Wrong.EMPTY),
        (FormSection.SUBSCRIBERS, "to", {"mail": "desk"}, Wrong.MAIL),
        (FormSection.SUBSCRIBERS, "to", {"other": "{first: "}, Wrong.YAML),
        (FormSection.SUBSCRIBERS, "changes", {}, Wrong.EMPTY),
        (FormSection.SUBSCRIBERS, "projects", {"which": "some"}, Wrong.EMPTY),
        (FormSection.SUBSCRIBERS, "send", {"how": "digest", "time": "08:00"}, Wrong.DIGEST),
        (FormSection.SUBSCRIBERS, "send", {"how": "cron", "cron": "daily"}, Wrong.CRON),
        (FormSection.SUBSCRIBERS, "quiet_hours", {"from": "22:00", "to": ""}, Wrong.HOURS),
        (FormSection.SUBSCRIBERS, "away", {"0.from": "2026-12-02", "0.to": "2026-12-01"}, Wrong.ROW),
        (FormSection.SUBSCRIBERS, "mute", {"0.until": "soon"}, Wrong.ROW),
        (FormSection.SUBSCRIBERS, "at_most", {"": "1"}, Wrong.NUMBER),
    ],
)
def test_what_means_nothing_is_refused(section: FormSection, key: str, parts: Mapping[str, str], wrong: Wrong) -> None:
    with pytest.raises(FieldError) as raised:
        typed(field(section, key), parts)

    assert raised.value.wrong is wrong


def test_what_is_wrong_between_fields_is_found() -> None:
    def found(item: dict[str, Value]) -> list[tuple[str, Wrong]]:
        return [(key, wrong) for key, wrong, _ in wrong_in(FormSection.PROJECTS, item, ())]

    assert found({"name": "Plant", "what": ["cathode"]}) == [("who", Wrong.UNDESCRIBED)]
    assert found({"who": ["Acme"], "not": ["acme"]}) == [("who", Wrong.EXCLUDED)]
    assert found({"what": ["cathode"], "where": ["Morocco"]}) == []
    assert [each[1] for each in wrong_in(FormSection.SUBSCRIBERS, {"name": "Desk"}, ["Desk"])] == [Wrong.TAKEN]


def test_an_edit_changes_its_value_alone() -> None:
    after = edited(FormSection.PROJECTS, PROJECTS, 0, {"what": ["cathode", "正极"], "tags": ["battery"]})

    assert after == PROJECTS.replace("what:\n      - cathode", "what: [cathode, 正极]\n    tags: [battery]")


def test_an_emptied_field_takes_its_key_out() -> None:
    assert edited(FormSection.PROJECTS, PROJECTS, 0, {"what": None}) == PROJECTS.replace(
        "    what:\n      - cathode\n", ""
    )


def test_a_reference_stays_one() -> None:
    to: Value = ["mailto://${USER}:${PW}@h?to=d@e.f"]

    after = edited(FormSection.SUBSCRIBERS, SUBSCRIBERS, 0, {"to": to})

    assert items_in(FormSection.SUBSCRIBERS, after)[0]["to"] == to


def test_an_item_is_added_and_removed() -> None:
    new: dict[str, Value] = {"id": "new", "name": "New", "who": ["Nemo"]}
    more = edited(FormSection.PROJECTS, PROJECTS, None, new)

    assert more == PROJECTS + "  - id: new\n    name: New\n    who: [Nemo]\n"
    assert without(FormSection.PROJECTS, more, 2) == PROJECTS
    assert dict(places_of(FormSection.PROJECTS, more)) == {0: "plant", 1: "works", 2: "new"}


def test_what_would_change_another_item_is_refused() -> None:
    with pytest.raises(EditError, match="shared with others by &acme"):
        edited(FormSection.PROJECTS, PROJECTS, 0, {"who": ["Other"]})
    with pytest.raises(EditError, match="others share by"):
        without(FormSection.PROJECTS, PROJECTS, 0)


def test_a_file_that_cannot_be_read_has_no_items() -> None:
    with pytest.raises(EditError, match="is not YAML"):
        items_in(FormSection.PROJECTS, "projects: [")
    assert items_in(FormSection.PROJECTS, "projects: 7") == []


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1)
VALUES = st.none() | st.lists(WORDS, min_size=1, max_size=3)


@given(st.dictionaries(st.sampled_from(["who", "what", "where", "not", "tags"]), VALUES), st.sampled_from([0, 1]))
def test_whatever_is_typed_stands_in_the_file_or_is_refused(values: dict[str, Value], index: int) -> None:
    try:
        after = edited(FormSection.PROJECTS, PROJECTS, index, values)
    except EditError:
        return
    item, other = items_in(FormSection.PROJECTS, after)[index], items_in(FormSection.PROJECTS, after)[1 - index]
    assert {key: item.get(key) for key in values} == values
    assert other == items_in(FormSection.PROJECTS, PROJECTS)[1 - index]
