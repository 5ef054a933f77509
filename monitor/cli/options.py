"""What several commands take."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from monitor.settings.scalars import suggest

ConfigDir = Annotated[
    Path, typer.Option("--config", metavar="DIR", envvar="MONITOR_CONFIG", help="The configuration folder.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output, all else on standard error.")]
Limit = Annotated[int, typer.Option("--limit", metavar="N", min=1, help="How many at most; the newest.")]
DEFAULT_CONFIG = Path("config")


def known(kind: str, name: str, names: Iterable[str]) -> str:
    """The name, where it is one of these; else the command was used wrongly, and is told what may have been meant."""
    names = tuple(names)
    if name not in names:
        message = f"no {kind} '{name}' in the configuration{suggest(name, names)}"
        raise typer.BadParameter(f"{message}; there are: {', '.join(names)}" if names else message)
    return name
