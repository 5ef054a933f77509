"""Edits of the configuration: checked with the whole folder, never against a newer file, kept, audited and undone."""

import errno
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from unittest.mock import patch

import pytest

from monitor.core.access import Actor, Role
from monitor.core.model import Feed
from monitor.errors import ConfigError, LedgerError
from monitor.operate.configuration import MOST_BYTES, Configuration, Edit, role_for
from monitor.operate.edits import adding_feed, muting, removing_feed, unmuting
from monitor.ports import OUTSIDE, FileEdition
from monitor.settings.config import Config
from monitor.settings.loading import load
from tests.builders import NOW
from tests.fakes import FakeAuditLog, FakeFileEditions

PROJECTS = "# ours\nprojects:\n  - {id: plant, name: Plant, who: [Nemo]}\n"
SUBSCRIBERS = """subscribers:
  - name: Desk
    to: ["json://127.0.0.1:9/topsecret"]
"""
ADA, OLE = Actor("ada", Role.ADMIN), Actor("ole", Role.OPERATOR)


@dataclass
class Desk:
    """A folder that is edited, and what is kept of its edits."""

    folder: Path
    editions: FakeFileEditions = field(default_factory=FakeFileEditions)
    audit: FakeAuditLog = field(default_factory=FakeAuditLog)

    def __post_init__(self) -> None:
        self.config: Config = load(self.folder, {})
        self.files = Configuration(
            config=lambda: self.config, editions=self.editions, audit=self.audit, clock=lambda: NOW, env={}
        )

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_bytes(text.encode())

    def read(self, name: str) -> str:
        return (self.folder / name).read_bytes().decode()

    def edit(self, name: str, change: Callable[[str], str], actor: Actor = ADA) -> list[str]:
        """Load a file, change it and save it. What is wrong with that, by line."""
        draft = self.files.draft(name, actor, with_secrets=True)
        attempt = self.files.attempt(name, change(draft.text), draft.digest, actor, save=True)
        assert attempt.conflict is None
        assert attempt.is_saved is not bool(attempt.verdict.problems)
        return [f"{each.line}: {each.message}" for each in attempt.verdict.problems]

    def kept(self, name: str) -> list[tuple[str, str]]:
        return [(each.actor, each.content.decode()) for each in self.editions.editions(file=name, limit=100)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "projects.yaml").write_text(PROJECTS)
    (tmp_path / "subscribers.yaml").write_text(SUBSCRIBERS)
    (tmp_path / "monitor.yaml").write_text(
        "reader: {use: 'tests.readers.hits:HitReader'}\nfetch: {allow_private: [127.0.0.0/8]}\n"
    )
    return Desk(tmp_path)


def test_a_good_edit_is_written_kept_and_audited(desk: Desk) -> None:
    assert desk.edit("projects.yaml", lambda text: text.replace("Nemo", "Nemo, Acme"), OLE) == []

    after = PROJECTS.replace("Nemo", "Nemo, Acme")
    assert desk.read("projects.yaml") == after
    assert desk.kept("projects.yaml") == [("ole", after), (OUTSIDE, PROJECTS)]
    (entry,) = desk.audit.entries(limit=10)
    assert (entry.actor, entry.action, entry.target) == ("ole", "configuration.save", "projects.yaml")
    assert "+  - {id: plant, name: Plant, who: [Nemo, Acme]}" in str(entry.detail["diff"])


def test_an_edit_that_does_not_load_is_not_written(desk: Desk) -> None:
    problem, *_ = desk.edit("projects.yaml", lambda text: text.replace("name", "nmae"))

    assert problem.startswith("3: ")
    assert desk.read("projects.yaml") == PROJECTS
    assert not desk.audit.entries(limit=10)
    assert not desk.kept("projects.yaml")


def test_a_check_writes_nothing(desk: Desk) -> None:
    draft = desk.files.draft("projects.yaml", ADA)

    attempt = desk.files.attempt("projects.yaml", draft.text + "# more\n", draft.digest, ADA, save=False)

    assert (attempt.verdict.problems, attempt.is_saved) == ((), False)
    assert desk.read("projects.yaml") == PROJECTS


def test_the_second_of_two_editors_is_shown_what_the_first_has_written(desk: Desk) -> None:
    one, other = (desk.files.draft("projects.yaml", actor) for actor in (ADA, OLE))
    assert desk.files.attempt("projects.yaml", one.text + "# one\n", one.digest, ADA, save=True).is_saved

    attempt = desk.files.attempt("projects.yaml", other.text + "# other\n", other.digest, OLE, save=True)

    assert not attempt.is_saved
    assert attempt.conflict is not None
    assert attempt.conflict.text.endswith("-# one\n+# other")
    assert desk.read("projects.yaml") == PROJECTS + "# one\n"


def test_a_file_that_is_not_there_yet_is_made(desk: Desk) -> None:
    assert desk.edit("lexicons/fr.yaml", lambda text: text + "{}\n", OLE) == []

    assert desk.read("lexicons/fr.yaml") == "{}\n"
    assert not desk.files.draft("lexicons/en.yaml", OLE).exists


def test_line_ends_stay_as_they_are_in_the_file(desk: Desk) -> None:
    desk.write("projects.yaml", PROJECTS.replace("\n", "\r\n"))
    assert desk.edit("projects.yaml", lambda text: text + "# x\r\n") == []
    assert desk.read("projects.yaml") == PROJECTS.replace("\n", "\r\n") + "# x\r\n"

    desk.write("projects.yaml", PROJECTS)
    assert desk.edit("projects.yaml", lambda text: text.replace("\n", "\r\n") + "# x\r\n") == []
    assert desk.read("projects.yaml") == PROJECTS + "# x\n"


def test_an_operator_sees_no_secret_and_saves_none_away(desk: Desk) -> None:
    draft = desk.files.draft("subscribers.yaml", OLE)
    assert draft.is_masked
    assert "topsecret" not in draft.text

    assert desk.edit("subscribers.yaml", lambda text: text.replace("Desk", "Board"), OLE) == []

    assert desk.read("subscribers.yaml") == SUBSCRIBERS.replace("Desk", "Board")
    assert desk.files.draft("subscribers.yaml", ADA).is_masked
    assert "topsecret" not in desk.files.draft("subscribers.yaml", OLE, with_secrets=True).text
    assert "topsecret" in desk.files.draft("subscribers.yaml", ADA, with_secrets=True).text


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda text: text.replace("json://", "json://evil.example/"), "3: holds a secret or a reference"),
        (lambda text: text.replace("Desk", "json://${DATABASE_URL}"), "2: holds a secret or a reference"),
        (lambda text: text.replace("‹secret-", "‹secret-0"), ""),
        (lambda text: text[: text.index("‹")] + '‹secret-00000000›"]\n', "3: ‹secret-00000000› stands for no secret"),
        (lambda text: text.replace("Desk", "x***"), "2: holds a mask"),
    ],
)
def test_what_would_reveal_or_lose_a_secret_is_refused(desk: Desk, change: Callable[[str], str], problem: str) -> None:
    found = desk.edit("subscribers.yaml", change, OLE)

    assert found
    assert any(each.startswith(problem) for each in found)
    assert desk.read("subscribers.yaml") == SUBSCRIBERS


def test_an_operator_may_add_an_address_of_their_own_but_no_reference(desk: Desk) -> None:
    own = "  - {name: Board, to: ['json://127.0.0.1:9/own-token']}\n"
    assert desk.edit("subscribers.yaml", lambda text: text + own, OLE) == []
    assert desk.read("subscribers.yaml") == SUBSCRIBERS + own

    theirs = "  - {name: Spy, to: ['json://evil.example/${file:/no/such/file}']}\n"
    (problem,) = desk.edit("subscribers.yaml", lambda text: text + theirs, OLE)
    assert problem.startswith("5: holds a secret or a reference")


def test_an_operator_does_not_bring_former_secrets_back(desk: Desk) -> None:
    desk.edit("subscribers.yaml", lambda text: text.replace("topsecret", "moresecret"))
    number = desk.editions.editions(file="subscribers.yaml", limit=1)[0].id
    found = desk.files.undoing(number)
    assert found is not None

    attempt = desk.files.undo(number, found.digest, OLE)

    assert "only an admin" in attempt.verdict.problems[0].message
    assert "topsecret" not in str((found, attempt.verdict.problems)).replace(str(found.edition), "")


def test_no_secret_is_in_the_audit_log_not_even_a_new_one(desk: Desk) -> None:
    desk.edit("subscribers.yaml", lambda text: text.replace("topsecret", "moresecret"))
    desk.edit(
        "monitor.yaml",
        lambda _: (
            "reader: {use: 'tests.readers.hits:HitReader', llm: {endpoint: 'http://h/v1', model: m, api_key: k3y}}\n"
        ),
    )

    assert desk.read("subscribers.yaml") == SUBSCRIBERS.replace("topsecret", "moresecret")
    told = str(desk.audit.entries(limit=10))
    assert "json://" in told
    assert not [word for word in ("topsecret", "moresecret", "k3y") if word in told]


def test_an_edit_is_undone_and_the_undoing_too(desk: Desk) -> None:
    desk.edit("projects.yaml", lambda text: text + "# more\n", OLE)
    (newest, _) = desk.editions.editions(file="projects.yaml", limit=10)
    found = desk.files.undoing(newest.id)
    assert found is not None
    assert found.undo is not None
    assert (found.change.text[-7:], found.undo.text[-7:]) == ("+# more", "-# more")

    assert desk.files.undo(newest.id, found.digest, OLE).is_saved

    assert desk.read("projects.yaml") == PROJECTS
    (undone, _) = desk.audit.entries(limit=10)
    assert (undone.action, undone.detail["edition"]) == ("configuration.undo", newest.id)
    last = desk.editions.last("projects.yaml")
    assert last is not None
    assert desk.files.undo(last.id, desk.files.draft("projects.yaml", OLE).digest, OLE).is_saved
    assert desk.read("projects.yaml") == PROJECTS + "# more\n"


def test_an_undoing_is_refused_if_the_file_has_changed_or_would_not_load(desk: Desk) -> None:
    desk.edit("projects.yaml", lambda text: text.replace("plant", "works"))
    number = desk.editions.editions(file="projects.yaml", limit=1)[0].id
    found = desk.files.undoing(number)
    assert found is not None
    desk.write("projects.yaml", PROJECTS + "# by hand\n")

    assert desk.files.undo(number, found.digest, ADA).conflict is not None

    found = desk.files.undoing(number)
    assert found is not None
    desk.write("feeds.yaml", "feeds: 7\n")
    attempt = desk.files.undo(number, found.digest, ADA)
    assert (attempt.is_saved, bool(attempt.verdict.problems)) == (False, True)
    assert desk.read("projects.yaml") == PROJECTS + "# by hand\n"


def test_the_oldest_edition_has_nothing_before_it(desk: Desk) -> None:
    desk.files.notice()
    number = desk.editions.editions(file="projects.yaml", limit=1)[0].id

    found = desk.files.undoing(number)

    assert found is not None
    assert found.undo is None
    assert desk.files.undoing(4711) is None


def test_edits_outside_are_noticed_once_and_removals_too(desk: Desk) -> None:
    desk.files.notice()
    desk.write("projects.yaml", PROJECTS + "# by hand\n")
    (desk.folder / "subscribers.yaml").unlink()
    desk.files.notice()
    desk.files.notice()

    assert desk.kept("projects.yaml") == [(OUTSIDE, PROJECTS + "# by hand\n"), (OUTSIDE, PROJECTS)]
    assert desk.kept("subscribers.yaml") == [(OUTSIDE, ""), (OUTSIDE, SUBSCRIBERS)]
    assert desk.audit.entries(limit=10) == []


def test_a_file_that_is_no_text_is_shown_but_not_edited(desk: Desk) -> None:
    (desk.folder / "projects.yaml").write_bytes(PROJECTS.encode() + b"# \xff\n")

    draft = desk.files.draft("projects.yaml", ADA)

    assert "not UTF-8" in draft.fault
    assert desk.edit("projects.yaml", lambda _: PROJECTS) == ["None: is not UTF-8; edit it where it is"]


def test_a_file_that_is_too_large_is_edited_where_it_is(desk: Desk) -> None:
    desk.write("projects.yaml", PROJECTS + "# x\n" * MOST_BYTES)

    assert "has more than 900 kB" in desk.files.draft("projects.yaml", ADA).fault
    assert desk.edit("projects.yaml", lambda _: PROJECTS) == ["None: has more than 900 kB; edit it where it is"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x" * (MOST_BYTES + 1), "has more than 900 kB"),
        (PROJECTS + "# \0\n", "holds a character that YAML does not allow (U+0000)"),
        (
            "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
            + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 10)}]\n" for n in range(8)),
            "repeats itself by aliases",
        ),
    ],
)
def test_hostile_texts_are_refused(desk: Desk, text: str, problem: str) -> None:
    assert any(problem in each for each in desk.edit("projects.yaml", lambda _: text))
    assert desk.read("projects.yaml") == PROJECTS


def test_a_full_disk_leaves_the_file_and_keeps_no_edition(desk: Desk) -> None:
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with (
        patch("monitor.settings.whole.os.fsync", side_effect=full),
        pytest.raises(ConfigError, match="No space left on device"),
    ):
        desk.edit("projects.yaml", lambda text: text + "# more\n")

    assert desk.read("projects.yaml") == PROJECTS
    assert (desk.audit.entries(limit=10), desk.kept("projects.yaml")) == ([], [(OUTSIDE, PROJECTS)])


def test_nothing_is_written_that_the_database_does_not_keep(desk: Desk) -> None:
    def refuse(edition: FileEdition) -> None:
        raise LedgerError(edition.file)

    with patch.object(desk.editions, "add", refuse), pytest.raises(LedgerError):
        desk.edit("projects.yaml", lambda text: text + "# more\n")

    assert desk.read("projects.yaml") == PROJECTS


def test_a_read_only_folder_is_said_to_be_one(desk: Desk) -> None:
    with patch("monitor.settings.whole.os.access", return_value=False):
        assert "is read-only here" in desk.files.draft("projects.yaml", ADA).fault
        assert "is read-only here" in desk.edit("projects.yaml", lambda text: text + "# more\n")[0]


def test_what_the_files_say_is_told_if_it_is_not_the_configuration_in_use(desk: Desk) -> None:
    assert desk.files.standing() is None

    desk.write("projects.yaml", "projects: 7\n")
    standing = desk.files.standing()
    assert standing is not None
    assert len(standing.problems) == 1

    desk.write("projects.yaml", PROJECTS + "# more\n")
    standing = desk.files.standing()
    assert standing is not None
    assert standing.problems == ()


def test_only_an_admin_edits_the_settings_of_the_service(desk: Desk) -> None:
    assert {name: str(role_for(name)) for name in (*desk.files.names(), "lexicons/fr.yaml", "templates/x")} == {
        "monitor.yaml": "admin",
        "lifecycles.yaml": "admin",
        "feeds.yaml": "operator",
        "projects.yaml": "operator",
        "subscribers.yaml": "operator",
        "reading.yaml": "operator",
        "lexicons/fr.yaml": "operator",
        "templates/x": "admin",
    }
    with pytest.raises(AssertionError):
        desk.edit("monitor.yaml", lambda text: text + "# more\n", OLE)


@pytest.mark.parametrize("name", ["../projects.yaml", "schema/x.json", "/etc/passwd"])
def test_no_other_file_is_read(desk: Desk, name: str) -> None:
    with pytest.raises(AssertionError):
        desk.files.draft(name, ADA)


FEEDS = "# ours\nfeeds:\n  - {url: 'https://daily.example/rss', name: Daily}\n"
TIDE = Feed(url="https://tide.example/rss?key=topsecret", name="Tide")


def test_an_edit_by_a_form_is_checked_kept_and_audited_and_can_be_undone(desk: Desk) -> None:
    desk.write("feeds.yaml", FEEDS)

    config = desk.files.change(adding_feed(TIDE), OLE)

    after = desk.read("feeds.yaml")
    assert [feed.name for feed in config.feeds] == ["Daily", "Tide"]
    assert desk.kept("feeds.yaml") == [("ole", after), (OUTSIDE, FEEDS)]
    (entry,) = desk.audit.entries(limit=10)
    assert (entry.actor, entry.action, entry.target) == ("ole", "feeds.add", "Tide")
    assert list(entry.detail) == ["url", "diff"]
    assert '+    name: "Tide"' in str(entry.detail["diff"])
    assert "topsecret" not in str(entry)
    number = desk.editions.editions(limit=1)[0].id
    found = desk.files.undoing(number)
    assert found is not None
    assert desk.files.undo(number, found.digest, OLE).is_saved
    assert desk.read("feeds.yaml") == FEEDS


def test_an_edit_by_a_form_starts_from_what_others_have_written_meanwhile(desk: Desk) -> None:
    desk.write("feeds.yaml", FEEDS)
    desk.files.change(adding_feed(TIDE), OLE)
    desk.write("feeds.yaml", desk.read("feeds.yaml") + "  # by hand\n")

    desk.files.change(removing_feed(Feed(url="https://daily.example/rss", name="Daily")), ADA)

    assert desk.read("feeds.yaml").endswith("  # by hand\n")
    assert [actor for actor, _ in desk.kept("feeds.yaml")] == ["ada", OUTSIDE, "ole", OUTSIDE]


def test_an_edit_by_a_form_that_meets_another_one_is_refused(desk: Desk) -> None:
    desk.write("feeds.yaml", FEEDS)

    def edited(folder: Path, _: Mapping[str, str]) -> Mapping[str, str]:
        (folder / "feeds.yaml").write_text(FEEDS + "# by hand\n")
        return {"feeds.yaml": FEEDS + "# more\n"}

    with pytest.raises(ConfigError, match="has changed at the same moment"):
        desk.files.change(Edit(texts=edited, action="x", target=""), ADA)

    assert desk.read("feeds.yaml") == FEEDS + "# by hand\n"
    assert desk.audit.entries(limit=10) == []


def test_an_edit_by_a_form_is_refused_if_the_folder_would_be_invalid(desk: Desk) -> None:
    desk.write("feeds.yaml", FEEDS)
    desk.write("subscribers.yaml", "subscribers: 7\n")

    with pytest.raises(ConfigError, match=r"subscribers\.yaml"):
        desk.files.change(adding_feed(TIDE), ADA)
    with pytest.raises(ConfigError, match="holds a mask"):
        desk.files.change(adding_feed(replace(TIDE, url="https://u:***@tide.example/rss")), ADA)

    assert desk.read("feeds.yaml") == FEEDS
    assert desk.kept("feeds.yaml") == []


def test_an_edit_that_changes_nothing_leaves_no_trace(desk: Desk) -> None:
    desk.files.change(Edit(texts=lambda *_: {"projects.yaml": PROJECTS}, action="x", target=""), ADA)

    assert (desk.audit.entries(limit=10), desk.kept("projects.yaml")) == ([], [])


def test_an_edit_of_several_files_is_kept_for_each_and_audited_once(desk: Desk) -> None:
    texts = {"projects.yaml": PROJECTS + "# more\n", "feeds.yaml": FEEDS}

    desk.files.change(Edit(texts=lambda *_: texts, action="projects.add", target="plant"), ADA)

    assert desk.kept("projects.yaml") == [("ada", PROJECTS + "# more\n"), (OUTSIDE, PROJECTS)]
    assert desk.kept("feeds.yaml") == [("ada", FEEDS)]
    (entry,) = desk.audit.entries(limit=10)
    assert "+# more" in str(entry.detail["diff"])
    assert "+# ours" in str(entry.detail["diff"])


def test_a_mute_is_kept_with_who_made_it(desk: Desk) -> None:
    desk.files.change(muting(["Desk"], until=NOW, project="*"), OLE)
    desk.files.change(unmuting("Desk"), ADA)

    ended, muted = desk.audit.entries(limit=10)
    assert (muted.action, muted.target, muted.detail["until"]) == ("subscribers.mute", "Desk", NOW.date().isoformat())
    assert (ended.action, ended.target) == ("subscribers.unmute", "Desk")
    assert [actor for actor, _ in desk.kept("subscribers.yaml")] == ["ada", "ole", OUTSIDE]
    assert "topsecret" not in str(desk.audit.entries(limit=10))


def test_a_form_edits_no_file_that_is_no_text(desk: Desk) -> None:
    (desk.folder / "feeds.yaml").write_bytes(FEEDS.encode() + b"# \xff\n")

    with pytest.raises(ConfigError, match="is not UTF-8"):
        desk.files.change(adding_feed(TIDE), ADA)


def test_a_form_edits_a_file_that_is_too_large_for_the_editor(desk: Desk) -> None:
    desk.write("feeds.yaml", "# x\n" * (MOST_BYTES // 4) + FEEDS)

    desk.files.change(adding_feed(TIDE), ADA)

    assert desk.read("feeds.yaml").count("Tide") == 1
    assert str(desk.audit.entries(limit=1)[0].detail["diff"]).count("\n") < 9
