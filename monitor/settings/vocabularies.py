"""Which vocabularies there are. They are not read here."""

from functools import cache
from importlib import resources
from pathlib import Path

#: The folder inside the configuration that may contain a file per language, such as ``fr.yaml``.
FOLDER = "lexicons"
#: The vocabulary that all languages share.
COMMON = "common"


@cache
def shipped_names() -> tuple[str, ...]:
    """The names of the shipped files without their extension."""
    files = (file.name for file in resources.files("monitor.lexicons").iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in files if name.endswith(".yaml")))


def languages(folder: Path) -> frozenset[str]:
    """The languages with a shipped vocabulary or a file of the operator."""
    return frozenset({*shipped_names(), *(path.stem for path in (folder / FOLDER).glob("*.yaml"))} - {COMMON})
