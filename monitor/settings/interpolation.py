"""Resolves ``${VAR}`` and ``${file:/run/secrets/x}`` to outside values, and remembers these to mask them."""

import re
import stat
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, unquote

from monitor.errors import ConfigProblem
from monitor.settings.yaml_document import KeyPath, Value, YamlDocument

_REFERENCE = re.compile(r"\$\$|\$\{(?P<name>[^{}]*)\}?")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_MAX_SECRET_BYTES = 65_536
# Shorter values, such as a port or a country, occur in many texts. To mask them would make logs unreadable and
# protect nothing.
_MIN_SECRET_LENGTH = 4


class Interpolator:
    """Resolves references, and remembers which texts are secret."""

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        self.problems: list[ConfigProblem] = []
        self.warnings: list[ConfigProblem] = []
        self._folder = folder
        self._env = env
        #: The reference that replaces each secret text.
        self._references: dict[str, str] = {}
        #: Each text that contained references, as it is now → as it was written, and what is wrong with them.
        self._resolved: dict[str, tuple[str, list[ConfigProblem]]] = {}

    def document(self, document: YamlDocument) -> YamlDocument:
        """The document with its references resolved. An unresolved one is a problem, and stays as written."""
        return replace(document, value=self._value(document, document.value, ()))

    def as_written(self, text: str) -> str:
        """The text before its references were resolved. "" if it contained none."""
        return self._resolved[text][0] if text in self._resolved else ""

    def unresolved(self, text: str) -> Sequence[ConfigProblem]:
        """The problems of the references that this text still contains."""
        return self._resolved[text][1] if text in self._resolved else ()

    def secrets(self) -> frozenset[str]:
        """All secret texts, as given and as encoded in addresses."""
        return frozenset(self._references)

    def remember(self, text: str, *, as_: str) -> None:
        """Treat a text as secret from now on, and show ``as_`` instead."""
        for spelling in (text, quote(text, safe="", errors="surrogatepass"), unquote(text)):
            if len(spelling) >= _MIN_SECRET_LENGTH:
                self._references.setdefault(spelling, as_)

    def mask(self, text: str) -> str:
        """The text with every secret replaced by its reference, and with characters that can be printed."""
        for secret in sorted(self._references, key=len, reverse=True):
            text = text.replace(secret, self._references[secret])
        return text.encode("utf-8", "backslashreplace").decode()

    def _value(self, document: YamlDocument, value: Value, path: KeyPath) -> Value:
        if isinstance(value, dict):
            return {key: self._value(document, item, (*path, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self._value(document, item, (*path, index)) for index, item in enumerate(value)]
        if value is None or "$" not in value:
            return value
        before = len(self.problems)
        found = _REFERENCE.sub(lambda match: self._resolve(document, match, path), value)
        _, problems = self._resolved.setdefault(found, (value, []))
        problems += self.problems[before:]
        return found

    def _resolve(self, document: YamlDocument, match: re.Match[str], path: KeyPath) -> str:
        reference = match[0]
        if reference == "$$":
            return "$"
        name = match["name"]
        if reference.endswith("}") and name.startswith("file:"):
            found = self._from_file(document, name.removeprefix("file:"), path)
        elif reference.endswith("}") and _VARIABLE.fullmatch(name):
            found = self._env.get(name, "")
            if not found:
                self.problems.append(document.problem(path, f"the environment variable {name} is not set, or empty"))
        else:
            message = f"invalid reference {reference!r}; write ${{NAME}} or ${{file:/path}}, or $$ for a dollar sign"
            self.problems.append(document.problem(path, message))
            return reference
        if not found:
            return reference
        self.remember(found, as_=reference)
        return found

    def _from_file(self, document: YamlDocument, name: str, path: KeyPath) -> str:
        file = self._folder / name
        try:
            status = file.stat()
            if not stat.S_ISREG(status.st_mode) or status.st_size > _MAX_SECRET_BYTES:
                self.problems.append(document.problem(path, f"{file} is not a file of one secret"))
                return ""
            text = file.read_text("utf-8").removesuffix("\n")
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            self.problems.append(document.problem(path, f"the secret file {file} cannot be read: {reason}"))
            return ""
        if not text:
            self.problems.append(document.problem(path, f"the secret file {file} is empty"))
        elif status.st_mode & stat.S_IROTH:
            message = f"every user of this machine may read the secret file {file}; chmod o-r it"
            self.warnings.append(document.problem(path, message))
        return text
