"""Files are written whole or not at all, and nowhere but in their folder."""

import errno
import os
from pathlib import Path
from unittest.mock import patch

import pytest

from monitor.errors import ConfigError
from monitor.settings.files import is_editable
from monitor.settings.whole import staged, unwritable


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_file_within_a_folder_is_written_and_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "lexicons").mkdir()
    (tmp_path / "lexicons/fr.yaml").write_text("old")
    (tmp_path / "lexicons/fr.yaml").chmod(0o640)

    with staged(tmp_path, {"lexicons/fr.yaml": "é\r\n", "templates/change.txt": "new"}):
        pass

    assert (tmp_path / "lexicons/fr.yaml").read_bytes() == "é\r\n".encode()
    assert (tmp_path / "lexicons/fr.yaml").stat().st_mode & 0o777 == 0o640
    assert names(tmp_path) == ["lexicons/fr.yaml", "templates/change.txt"]


def test_nothing_is_replaced_if_the_block_raises(tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").write_text("old")

    with pytest.raises(RuntimeError), staged(tmp_path, {"feeds.yaml": "new"}):
        raise RuntimeError

    assert names(tmp_path) == ["feeds.yaml"]
    assert (tmp_path / "feeds.yaml").read_text() == "old"


def test_a_full_disk_is_told_before_the_block_and_harms_nothing(tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").write_text("old")
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with (
        patch("monitor.settings.whole.os.fsync", side_effect=full),
        pytest.raises(ConfigError, match=r"feeds\.yaml: cannot be written: No space left on device"),
        staged(tmp_path, {"feeds.yaml": "new"}),
    ):
        pytest.fail("the block must not be entered")

    assert names(tmp_path) == ["feeds.yaml"]
    assert (tmp_path / "feeds.yaml").read_text() == "old"


def test_a_link_in_the_place_of_the_file_beside_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / ".feeds.yaml.new").symlink_to(victim)

    with staged(folder, {"feeds.yaml": "new"}):
        pass

    assert victim.read_text() == "mine"
    assert (folder / "feeds.yaml").read_text() == "new"


def test_a_file_that_is_a_link_is_not_to_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    (tmp_path / "elsewhere").mkdir()
    folder.mkdir()
    (folder / "feeds.yaml").symlink_to(tmp_path / "elsewhere" / "feeds.yaml")
    (folder / "lexicons").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "link").symlink_to(folder)

    assert "is a link to a place elsewhere" in unwritable(folder, "feeds.yaml")
    assert "is a link to a place elsewhere" in unwritable(folder, "lexicons/fr.yaml")
    assert unwritable(folder, "projects.yaml") == ""
    assert unwritable(tmp_path / "link", "projects.yaml") == ""


def test_a_folder_that_cannot_be_written_is_said_to_be_so(tmp_path: Path) -> None:
    with patch("monitor.settings.whole.os.access", return_value=False):
        assert "is read-only here" in unwritable(tmp_path, "lexicons/fr.yaml")


@pytest.mark.parametrize(
    ("name", "is_known"),
    [
        ("projects.yaml", True),
        ("lexicons/fr.yaml", True),
        ("templates/change.html", True),
        ("", False),
        ("../projects.yaml", False),
        ("lexicons/../monitor.yaml", False),
        ("lexicons/fr.yaml/../../x.yaml", False),
        ("lexicons/.fr.yaml", False),
        ("templates/..", False),
        ("templates/.hidden", False),
        ("/etc/passwd", False),
        ("projects.yaml\0", False),
        ("projects.yaml\n", False),
        ("lexicons/fr.yaml\n", False),
        ("schema/projects.json", False),
        ("lexicons\\fr.yaml", False),
    ],
)
def test_only_files_that_the_monitor_reads_may_be_named(name: str, is_known: bool) -> None:
    assert is_editable(name) is is_known
