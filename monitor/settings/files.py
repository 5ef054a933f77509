"""The files of a configuration folder: their names, their bytes, and whether they have changed."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from monitor.errors import ConfigError, Problem
from monitor.settings.scalars import suggest

PROJECTS = "projects.yaml"
FEEDS = "feeds.yaml"
MONITOR = "monitor.yaml"
SUBSCRIBERS = "subscribers.yaml"
LIFECYCLES = "lifecycles.yaml"
READING = "reading.yaml"
#: In the order in which a newcomer reads them.
NAMES = (MONITOR, LIFECYCLES, FEEDS, PROJECTS, SUBSCRIBERS, READING)
#: Where editors find the schemas of the files.
SCHEMAS = "schema"
#: The operator's additions to the vocabulary; read elsewhere, watched here.
LEXICONS = "lexicons"
#: The operator's own templates of messages.
TEMPLATES = "templates"


def read_files(folder: Path) -> Mapping[str, bytes]:
    """All that the configuration is made of, by name; what is absent is left out.

    Raises:
        ConfigError: there is no such folder, or a file cannot be read.
    """
    if not folder.is_dir():
        message = "is no configuration folder; give its name with --config, or make one with: monitor init DIR"
        raise ConfigError([Problem(file=str(folder), line=None, key="", message=message)])
    names = [
        *NAMES,
        *(f"{LEXICONS}/{path.name}" for path in sorted((folder / LEXICONS).glob("*.yaml"))),
        *(f"{TEMPLATES}/{path.name}" for path in sorted((folder / TEMPLATES).glob("[!.]*")) if path.is_file()),
    ]
    found: dict[str, bytes] = {}
    problems: list[Problem] = []
    for name in names:
        try:
            found[name] = (folder / name).read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            message = f"cannot be read: {error.strerror}"
            problems.append(Problem(file=str(folder / name), line=None, key="", message=message))
    if problems:
        raise ConfigError(problems)
    return found


def fingerprint(files: Mapping[str, bytes]) -> str:
    """The same for the same files; different as soon as a byte or a name is."""
    digest = hashlib.sha256()
    for name, data in sorted(files.items()):
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def changed(folder: Path, since: str) -> bool:
    """Whether the files are others than those of this fingerprint; a folder that cannot be read now has not changed."""
    try:
        return fingerprint(read_files(folder)) != since
    except ConfigError:
        return False


def unread_files(folder: Path) -> Iterator[Problem]:
    """Warnings of YAML files that lie in the folder and are read by nobody."""
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        if path.name not in NAMES:
            message = f"is not read{suggest(path.name, NAMES)}; the files are {', '.join(NAMES)}"
            yield Problem(file=str(path), line=None, key="", message=message)
    for path in sorted((folder / LEXICONS).glob("*.yml")):
        yield Problem(file=str(path), line=None, key="", message=f"is not read; name it {path.stem}.yaml")
