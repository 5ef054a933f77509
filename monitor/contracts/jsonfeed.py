"""Changes as a JSON Feed (https://www.jsonfeed.org/version/1.1/), for feed readers and programs."""

from collections.abc import Iterable, Mapping
from datetime import tzinfo

from monitor.contracts.plain import Json, instant_json
from monitor.contracts.told import NAME, identity, told
from monitor.core.message.voice import Voice
from monitor.core.model import Project
from monitor.core.news import Change
from monitor.core.plain import is_plain_address


def json_feed(
    changes: Iterable[Change], projects: Mapping[str, Project], *, voice: Voice, language: str, zone: tzinfo
) -> Json:
    """The changes, newest first, each as the message that its subscribers read. Arguments as in ``told``."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": NAME,
        "language": language,
        "items": [
            _item(change, message.title, message.body)
            for change, message in told(changes, projects, voice=voice, language=language, zone=zone)
        ],
    }


def _item(change: Change, title: str, body: str) -> Json:
    addresses = list(filter(is_plain_address, change.sources))
    return {
        "id": identity(change),
        "title": title,
        "content_text": body,
        "date_published": instant_json(change.at),
        "tags": [change.type.value, change.project],
        **({"external_url": addresses[0]} if addresses else {}),
    }
