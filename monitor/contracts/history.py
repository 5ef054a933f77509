"""The JSON of ``monitor configuration``. It holds no secrets."""

from monitor.contracts.plain import Json, instant_json
from monitor.core.page.difference import Difference
from monitor.ports import FileEdition


def edition_json(edition: FileEdition, change: Difference) -> Json:
    """One line of ``monitor configuration history``."""
    return {
        "edition": edition.id,
        "at": instant_json(edition.at),
        "actor": edition.actor,
        "file": edition.file,
        "diff": change.text,
    }
