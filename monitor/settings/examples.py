"""Complete configurations that ship with the program. There is one: the watch list of this repository."""

from pathlib import Path

from monitor.settings.files import FEEDS, MONITOR, PROJECTS, SUBSCRIBERS

#: The names of the examples, the one of the demonstration first.
EXAMPLES = ("morocco",)
#: The files of an example. ``pyproject.toml`` puts them into the wheel.
FILES = (MONITOR, FEEDS, PROJECTS, SUBSCRIBERS, "history.xml")


def example(name: str) -> Path:
    """The folder of an example: in the installed package, or ``config/`` beside the package in a clone."""
    here = Path(__file__).parent
    shipped = here / "examples" / name
    return shipped if shipped.is_dir() else here.parent.parent / "config"
