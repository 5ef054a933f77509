"""Addresses of all services that Apprise knows, made from what their plug-ins say of themselves."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from apprise.plugins.base import NotifyBase

from monitor.delivery.apprise import _manager

#: Apprise describes a token by its pattern only: of these one fits nearly all.
_VALUES = (
    "monitor", "a" * 8, "a" * 32, "A" * 9, "1" * 10, "15551234567", "+15551234567", "user@example.org", "#general",
    "@user", "f" * 40, "a1b2c3d4-a1b2-c3d4-e5f6-a1b2c3d4e5f6", f"trgv_{'a' * 8}_{'a' * 32}",
)  # fmt: skip
#: What stands behind ``scheme://user:password@host:port`` where the templates leave too much open.
_REST = {
    "mailto": "?from=monitor@example.org&to=desk@example.org",
    "mailtos": "?from=monitor@example.org&to=desk@example.org",
    "deltachat": "?from=monitor@example.org&to=desk@example.org",
    "deltachats": "?from=monitor@example.org&to=desk@example.org",
    "evolution": "/instance/15551234567",
    "evolutions": "/instance/15551234567",
    "humhub": "/1",
    "humhubs": "/1",
    "goalert": "/a1b2c3d4-a1b2-c3d4-e5f6-a1b2c3d4e5f6",
    "goalerts": "/a1b2c3d4-a1b2-c3d4-e5f6-a1b2c3d4e5f6",
    "onebot": "/12345",
    "onebots": "/12345",
    "infobip": "/15551234567?from=15551234567",
    **dict.fromkeys(("session", "sessions", "sogs"), f"/room?key={'cd' * 32}&seed={'ab' * 32}"),
}


def plugins() -> Mapping[str, type[NotifyBase]]:
    """The plug-in of each scheme."""
    manager = _manager()
    return {scheme: manager[scheme] for scheme in sorted(manager.schemas())}


def names_a_host(plugin: type[NotifyBase]) -> bool:
    templates: tuple[str, ...] = plugin.templates
    return any("{host}" in template for template in templates)


def addresses(scheme: str, host: str, port: int) -> Iterator[str]:
    """What an address of the service may look like that names the host, the most telling first."""
    plugin: Any = plugins()[scheme]
    if scheme in _REST:
        yield f"{scheme}://user:password@{host}:{port}{_REST[scheme]}"
    templates = [template for template in plugin.templates if "{host}" in template]
    for template in sorted(templates, key=lambda each: "{port}" not in each):
        yield _filled(template, {"schema": scheme, "host": host, "port": str(port)}, plugin.template_tokens)


def _filled(template: str, known: Mapping[str, str], tokens: Mapping[str, Mapping[str, Any]]) -> str:
    def fill(match: re.Match[str]) -> str:
        name = match[1]
        if name in known:
            return known[name]
        token = tokens[name]
        groups = [tokens[each] for each in token.get("group", ()) if each in tokens]
        text = _value(groups[0] if groups else token)
        return text.replace("#", "%23").replace("+", "%2B")

    return re.sub(r"\{(\w+)\}", fill, template)


def _value(token: Mapping[str, Any]) -> str:
    if "values" in token:
        return str(min(token["values"]))
    if token["type"] == "int":
        return str(max(1, int(token.get("min", 1))))
    pattern = (token.get("regex") or ("",))[0]
    fitting = [value for value in _VALUES if re.match(pattern, value, re.IGNORECASE)]
    return str(token.get("prefix") or "") + (fitting or ["monitor"])[0]
