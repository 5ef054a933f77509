"""The files of a configuration folder: their names, their contents, and whether they have changed."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from monitor.errors import ConfigError, ConfigProblem
from monitor.settings.scalars import suggest
from monitor.settings.yaml_document import MAX_BYTES

PROJECTS = "projects.yaml"
FEEDS = "feeds.yaml"
MONITOR = "monitor.yaml"
SUBSCRIBERS = "subscribers.yaml"
LIFECYCLES = "lifecycles.yaml"
READING = "reading.yaml"
#: In the order in which a new operator reads them.
NAMES = (MONITOR, LIFECYCLES, FEEDS, PROJECTS, SUBSCRIBERS, READING)
#: The folder in which editors find the schemas of the files.
SCHEMAS = "schema"
#: The folder of the operator's additions to the vocabulary. ``lexicons`` reads them; here they are only watched.
LEXICONS = "lexicons"
#: The folder of the operator's own message templates.
TEMPLATES = "templates"
_WITHIN = re.compile(rf"{LEXICONS}/[A-Za-z][A-Za-z0-9_-]{{0,40}}\.yaml|{TEMPLATES}/[A-Za-z0-9_][A-Za-z0-9_.-]{{0,60}}")


def read_files(folder: Path) -> Mapping[str, bytes]:
    """The contents of all files of the configuration, by name. Missing files are left out.

    Raises:
        ConfigError: there is no such folder, or a file cannot be read.
    """
    if not folder.is_dir():
        message = "is not a configuration folder; give its name with --config, or make one with: monitor init DIR"
        raise ConfigError([ConfigProblem(file=str(folder), line=None, key="", message=message)])
    names = [
        *NAMES,
        *(f"{LEXICONS}/{path.name}" for path in sorted((folder / LEXICONS).glob("*.yaml"))),
        *(f"{TEMPLATES}/{path.name}" for path in sorted((folder / TEMPLATES).glob("[!.]*")) if path.is_file()),
    ]
    found: dict[str, bytes] = {}
    problems: list[ConfigProblem] = []
    for name in names:
        try:
            found[name] = _bytes(folder / name)
        except FileNotFoundError:
            continue
        except OSError as error:
            message = f"cannot be read: {error.strerror}"
            problems.append(ConfigProblem(file=str(folder / name), line=None, key="", message=message))
    if problems:
        raise ConfigError(problems)
    return found


def is_editable(name: str) -> bool:
    """Whether people may name this file of the folder, to read or write it.

    Every file that the monitor reads may be named, and no other. No name leads out of the folder.
    """
    return name in NAMES or _WITHIN.fullmatch(name) is not None


def _bytes(path: Path) -> bytes:
    """The content of a file. Of a file that is too large, just enough to show that it is."""
    if path.suffix != ".yaml":
        return path.read_bytes()
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def fingerprint(files: Mapping[str, bytes]) -> str:
    """A hash of the files. It changes if a byte or a name changes."""
    digest = hashlib.sha256()
    for name, data in sorted(files.items()):
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def changed(folder: Path, since: str) -> bool:
    """Whether the files differ from this fingerprint. A folder that cannot be read counts as unchanged."""
    try:
        return fingerprint(read_files(folder)) != since
    except ConfigError:
        return False


def unread_files(folder: Path) -> Iterator[ConfigProblem]:
    """Warnings of YAML files in the folder that are not read."""
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        if path.name not in NAMES:
            message = f"is not read{suggest(path.name, NAMES)}; the files are {', '.join(NAMES)}"
            yield ConfigProblem(file=str(path), line=None, key="", message=message)
    for path in sorted((folder / LEXICONS).glob("*.yml")):
        yield ConfigProblem(file=str(path), line=None, key="", message=f"is not read; name it {path.stem}.yaml")
