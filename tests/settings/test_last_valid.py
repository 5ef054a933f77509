"""The configuration that the service took last counts for those who only read while an edit is invalid."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from monitor.settings import Config, load
from monitor.settings.loading import keep, recall

ENV: Mapping[str, str] = {"WHERE": "elsewhere"}
FILES = {
    "projects": "projects:\n  - {id: plant, name: Plant, who: [Acme]}\n",
    "monitor": "timezone: Africa/Casablanca\ndatabase: sqlite:///${WHERE}/own.db  # not the default\n",
    "subscribers": "subscribers:\n  - {name: Desk, to: ['json://user:topsecret1@example.org']}\n",
}


@pytest.fixture
def config(tmp_path: Path) -> Config:
    folder = tmp_path / "config"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / f"{name}.yaml").write_text(text)
    return load(folder, ENV)


@pytest.mark.parametrize("name", ["projects", "monitor", "subscribers", "feeds", "reading"])
@pytest.mark.parametrize("edit", ["nothing: of this\n", "- 'no\n  - yaml: [\n"])
def test_whatever_file_is_invalid_the_former_files_count(config: Config, name: str, edit: str) -> None:
    keep(config)
    file = config.folder / f"{name}.yaml"
    file.write_text(f"{edit}{FILES[name] if name == 'monitor' else ''}")

    last = recall(config.folder, ENV)

    assert last is not None
    assert (last.projects, last.subscribers, last.timezone, last.database) == (
        config.projects,
        config.subscribers,
        config.timezone,
        config.database,
    )


def test_only_its_owner_can_read_what_is_kept(config: Config, tmp_path: Path) -> None:
    keep(config)

    (file,) = (tmp_path / "elsewhere").iterdir()
    assert file.name == "own.db.configuration"
    assert file.stat().st_mode & 0o777 == 0o600


def test_files_that_were_edited_since_they_were_loaded_are_not_kept(config: Config) -> None:
    keep(config)
    (config.folder / "projects.yaml").write_text("projects:\n  - {id: other, name: Other, who: [Beta]}\n")
    keep(config)

    last = recall(config.folder, ENV)

    assert last is not None
    assert [project.id for project in last.projects] == ["plant"]


def test_a_later_configuration_replaces_the_one_that_was_kept(config: Config) -> None:
    keep(config)
    (config.folder / "projects.yaml").write_text("projects:\n  - {id: other, name: Other, who: [Beta]}\n")
    keep(load(config.folder, ENV))

    last = recall(config.folder, ENV)

    assert last is not None
    assert [project.id for project in last.projects] == ["other"]


@pytest.mark.parametrize(
    "kept", [None, "", "[]", '{"projects.yaml": 1}', '{"projects.yaml": "projects: 1"}', "\\ud800"]
)
def test_what_cannot_be_read_counts_for_nothing(config: Config, tmp_path: Path, kept: str | None) -> None:
    if kept is not None:
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "elsewhere" / "own.db.configuration").write_text(kept)

    assert recall(config.folder, ENV) is None


def test_for_another_database_than_sqlite_nothing_is_kept(config: Config, tmp_path: Path) -> None:
    (config.folder / "monitor.yaml").write_text("database: postgresql+psycopg://host/name\n")
    keep(load(config.folder, ENV))

    assert recall(config.folder, ENV) is None
    assert [path.name for path in tmp_path.iterdir()] == ["config"]


def test_without_a_monitor_yaml_the_default_database_counts(config: Config) -> None:
    (config.folder / "monitor.yaml").unlink()
    keep(load(config.folder, ENV))
    (config.folder / "projects.yaml").unlink()

    last = recall(config.folder, ENV)

    assert last is not None
    assert [project.id for project in last.projects] == ["plant"]
