"""Masks literal secrets in the text of a configuration file, and puts them back. Pure.

A reference (``${NAME}``) stays as written: its secret is not in the file. The address of a service with a reference
keeps its secrets there. The address of a service without one is masked after its scheme, and so are the user and the
password in any address, and the values of keys and of query parameters that are named like secrets.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from monitor.settings.yaml_document import KeyPath, Value, YamlDocument, dotted

#: Stands for a secret in a text that is only shown.
MASK = "***"
#: Stands for one certain secret, in a text that is edited.
_NAMED = re.compile(r"‹secret-[0-9a-f]{8}›")
#: Addresses of these schemes are those of pages, files and databases, not of services with tokens.
_PLAIN_SCHEMES = frozenset({"console", "file", "http", "https", "sqlite"})
_SCHEME = re.compile(r"(?<![\w+.-])(?P<name>[A-Za-z][A-Za-z0-9+.-]{0,40})://")
_BODY = re.compile(r"[^\s'\"<>]++")
#: What may stand behind an address in YAML.
_BEHIND = ",;:)}]"
_USERINFO = re.compile(r"(?<=://)[^\s/?#@'\"]++(?=@)")
_PARAMETER = re.compile(r"(?<=[?&;])(?P<name>[\w.-]++)=(?P<secret>[^&#\s'\"]++)")
_NAME_OF_SECRET = re.compile("token|key|secret|pass|pwd|sig|auth", re.IGNORECASE)
_ENTRY = re.compile(
    r"(?<![\w-])(?:api_?key|password|secret|token)\s{0,4}:\s{1,4}(?!['\"]?\$\{)"
    r"(?P<secret>'[^'\n]*+'|\"[^\"\n]*+\"|[^\s'\",{}\[\]#]++)",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"\$\{[^{}]*+\}")
#: Where a mail goes. It may differ between addresses with the same secrets.
_RECIPIENT = re.compile(r"(?<=[?&])to=[^&$\s]*+")


@dataclass(frozen=True, slots=True)
class Concealed:
    """A text with masks in the place of its secrets, and the secret of each mask."""

    text: str
    hidden: Mapping[str, str]

    def reveal(self, edited: str) -> str:
        """An edited text with the secrets in the place of their masks.

        Raises:
            MaskError: a mask stands for none of the secrets.
        """

        def secret(mask: re.Match[str]) -> str:
            if mask[0] not in self.hidden:
                line = edited.count("\n", 0, mask.start()) + 1
                raise MaskError(line, f"{mask[0]} stands for no secret of this file; take this line from the file anew")
            return self.hidden[mask[0]]

        return _NAMED.sub(secret, edited)


class MaskError(ValueError):
    """A mask stands where it means nothing. The message says what to do."""

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        super().__init__(message)


def conceal(text: str, secrets: Collection[str], key: bytes) -> Concealed:
    """The text with a mask for each secret.

    Args:
        text: the text of a file.
        secrets: further texts that are secret, such as those that the configuration in use knows.
        key: with the same key, a secret always has the same mask. Without the key, a mask tells nothing of its secret.
    """
    hidden: dict[str, str] = {}

    def mask(secret: str) -> str:
        name = f"‹secret-{hmac.new(key, secret.encode('utf-8', 'surrogatepass'), hashlib.sha256).hexdigest()[:8]}›"
        hidden[name] = secret
        return name

    return Concealed(_masked(text, secrets, mask), hidden)


def masked(text: str, secrets: Collection[str]) -> str:
    """The text with ``***`` in the place of each secret."""
    return _masked(text, secrets, lambda _: MASK)


def displaced(before: YamlDocument, after: YamlDocument) -> Iterator[tuple[KeyPath, str]]:
    """The values with masks or references that this edit adds or moves, each with what is wrong about it.

    Who may not see secrets may only leave such values where they are, or remove them: a reference or a mask in another
    place, such as a name that pages show, would reveal its secret. Another recipient of the same mail server is no
    other place. Both documents are of concealed texts.
    """
    known = {(_keys(path), _plain(value)) for path, value in _texts(before.value, ())}
    for path, value in _texts(after.value, ()):
        if (_REFERENCE.search(value) or _NAMED.search(value)) and (_keys(path), _plain(value)) not in known:
            yield path, "holds a secret or a reference to one in a new place; only an admin may add or change it"


def holding_masks(before: YamlDocument, after: YamlDocument) -> Iterator[tuple[KeyPath, str]]:
    """The values that hold a mask and did not before: somebody has copied a masked text."""
    known = {value for _, value in _texts(before.value, ())}
    for path, value in _texts(after.value, ()):
        if (MASK in value or _NAMED.search(value)) and value not in known:
            yield path, "holds a mask, which stands for a secret that is not shown; write ${NAME} in its place"


def _masked(text: str, secrets: Collection[str], mask: Callable[[str], str]) -> str:
    """The text with the result of ``mask`` in the place of each secret, from the first to the last."""
    parts, at = list[str](), 0
    for start, end in _joined(_spans(text, secrets)):
        parts += [text[at:start], mask(text[start:end])]
        at = end
    return "".join([*parts, text[at:]])


def _joined(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The spans in their order, those that overlap as one."""
    start, end = 0, 0
    for span in sorted(spans):
        if span[0] < end:
            end = max(end, span[1])
        else:
            if end:
                yield start, end
            start, end = span
    if end:
        yield start, end


def _spans(text: str, secrets: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where secrets stand: from, to. They may overlap."""
    for found in _NAMED.finditer(text):
        yield found.span()  # as if it were one, so that it comes back as it was
    yield from _bodies(text)
    for found in _USERINFO.finditer(text):
        if _REFERENCE.sub("", found[0]).strip(":"):
            yield found.span()
    for found in _ENTRY.finditer(text):
        yield found.span("secret")
    for found in _PARAMETER.finditer(text):
        if _NAME_OF_SECRET.search(found["name"]) and not _REFERENCE.match(found["secret"]):
            yield found.span("secret")
    for secret in secrets:
        # The scheme of an address tells nothing. Without a body it is no secret.
        body = secret.partition("://")[2] if "://" in secret else secret
        at = text.find(body) if body else -1
        while at >= 0:
            yield at, at + len(body)
            at = text.find(body, at + 1)


def _bodies(text: str) -> Iterator[tuple[int, int]]:
    """Where the addresses of services without references stand, behind their schemes."""
    schemes = list(_SCHEME.finditer(text))
    ends = [scheme.start() for scheme in schemes[1:]]
    for scheme, end in zip(schemes, [*ends, len(text)], strict=False):
        body = _BODY.match(text, scheme.end(), end)
        if body is None or scheme["name"].lower() in _PLAIN_SCHEMES or _REFERENCE.search(body[0]):
            continue
        if secret := body[0].rstrip(_BEHIND):
            yield body.start(), body.start() + len(secret)


def _plain(value: str) -> str:
    return _RECIPIENT.sub("to=", value)


def _keys(path: KeyPath) -> str:
    """The path without positions in lists."""
    return dotted(tuple(part for part in path if isinstance(part, str)))


def _texts(value: Value, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """All texts of a document, each with its path. A key is a text at its own place."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield path, key
            yield from _texts(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*path, index))
    elif value is not None:
        yield path, value
