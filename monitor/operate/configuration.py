"""Edits of the configuration by people: shown without secrets, checked, written, kept and audited."""

import os
import secrets
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from difflib import SequenceMatcher
from hashlib import sha256
from itertools import chain
from pathlib import Path

from monitor.core.access import Actor, Role
from monitor.errors import ConfigError, ConfigProblem
from monitor.operate.difference import TextDifference, difference
from monitor.ports import OUTSIDE, AuditEntry, AuditLog, FileEdition, FileEditions
from monitor.settings.concealing import Concealed, MaskError, conceal, displaced, holding_masks, masked
from monitor.settings.config import Config
from monitor.settings.files import (
    FEEDS,
    LEXICONS,
    NAMES,
    PROJECTS,
    READING,
    SUBSCRIBERS,
    fingerprint,
    is_editable,
    read_files,
)
from monitor.settings.whole import Verdict, checked, judge, read_text, staged, unwritable
from monitor.settings.yaml_document import MAX_BYTES, parse_yaml

#: The most bytes of a file that is edited here.
MOST_BYTES = 900_000
_TOO_LARGE = f"has more than {MOST_BYTES // 1_000} kB; edit it where it is"
_CHANGED = "has changed at the same moment; nothing was written, so try again"
#: The most characters of a difference in the audit log.
_MOST_AUDITED = 20_000
_OF_OPERATORS = frozenset({PROJECTS, FEEDS, SUBSCRIBERS, READING})
#: A secret has the same mask as long as this process lives.
_KEY = secrets.token_bytes(32)


def role_for(name: str) -> Role:
    """The role that may edit this file."""
    return Role.OPERATOR if name in _OF_OPERATORS or name.startswith(f"{LEXICONS}/") else Role.ADMIN


@dataclass(frozen=True, slots=True, kw_only=True)
class EditDraft:
    """A file to be shown and edited."""

    name: str
    #: Without secrets, unless its reader may see them and asks for them.
    text: str
    #: Of the content of the file. An edit is refused if the file has another one by then.
    digest: str
    #: Whether the file is there.
    exists: bool
    #: Why it cannot be edited here. "" if it can be.
    fault: str
    #: Whether some of its secrets are masked.
    is_masked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EditAttempt:
    """What came of an edit."""

    #: Of the whole folder with the edit.
    verdict: Verdict
    is_saved: bool = False
    #: The difference between the file, which has changed meanwhile, and the edit. None if it has not changed.
    conflict: TextDifference | None = None
    #: The edited files by name, with their secrets. Empty if the masks in the edit are wrong.
    contents: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """An edit that a form or a command makes, and what the audit log says of it. It writes no secret in a new place."""

    #: (configuration folder, environment) → the new texts of files, made from the present ones. May raise ConfigError.
    texts: Callable[[Path, Mapping[str, str]], Mapping[str, str]]
    #: What was done, as a dotted name: ``feeds.add``.
    action: str
    #: To what: the name of a feed, the id of a project.
    target: str
    #: What else is to be said, without secrets.
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerEdit:
    """An edit of the past."""

    edition: FileEdition
    #: What the edit changed.
    change: TextDifference


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoing(FormerEdit):
    """An edit of the past, and what would come back with the text from before it."""

    #: What would change now. None if the text from before is no longer known.
    undo: TextDifference | None
    #: Of the content of the file now.
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The files of the configuration in use, and their editors. Safe to call from several threads."""

    #: Returns the configuration in use.
    config: Callable[[], Config]
    editions: FileEditions
    audit: AuditLog
    #: Returns the present instant, aware, in UTC.
    clock: Callable[[], datetime]
    env: Mapping[str, str] = field(default_factory=lambda: os.environ)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def folder(self) -> Path:
        return self.config().folder

    # ------------------------------------------------------------ what there is

    def names(self) -> tuple[str, ...]:
        """The files that the monitor reads, also those of its own names that are not there. Raises ConfigError."""
        return tuple(dict.fromkeys((*NAMES, *(name for name in read_files(self.folder) if is_editable(name)))))

    def standing(self) -> Verdict | None:
        """What is to be said of the files. None if they are the configuration in use, or will be in some seconds."""
        try:
            if fingerprint(read_files(self.folder)) == self.config().fingerprint:
                return None
        except ConfigError as error:
            return Verdict(problems=error.problems)
        return judge(self.folder, self.env)

    def draft(self, name: str, actor: Actor, *, with_secrets: bool = False) -> EditDraft:
        """The file as this reader may see it. The name must be one that ``is_editable``. Raises ConfigError.

        Only an admin sees secrets, and only ``with_secrets``.
        """
        content = self._content(name)
        text, fault = _decoded(content)
        is_open = with_secrets and actor.role.includes(Role.ADMIN)
        concealed = Concealed(text, {}) if is_open else self._concealed(text)
        return EditDraft(
            name=name,
            text=concealed.text,
            digest=digest(content),
            exists=(self.folder / name).exists(),
            fault=fault or unwritable(self.folder, name),
            is_masked=bool(concealed.hidden),
        )

    # ------------------------------------------------------------ edits

    def attempt(self, name: str, typed: str, since: str, actor: Actor, *, save: bool) -> EditAttempt:
        """Check an edit with the whole folder; with ``save``, write it if it is valid.

        Args:
            name: of the file, which the actor may edit.
            typed: its new text, as it was edited from a draft.
            since: the digest of that draft.
            actor: who edits.
            save: whether to write it.

        Raises:
            ConfigError: the folder cannot be read, or the file not be written.
            LedgerError: the database refused. Nothing is written then.
        """
        with self._lock:
            content = self._content(name)
            former, fault = _decoded(content)
            lines = typed.replace("\r\n", "\n")
            concealed = self._concealed(former)
            try:
                text = concealed.reveal(lines)
            except MaskError as error:
                problem = replace(self._problem(name, str(error)), line=error.line)
                return EditAttempt(verdict=Verdict(problems=(problem,)))
            if "\r\n" in former:
                text = text.replace("\n", "\r\n")
            found = self._judged(name, former, text, actor, fault, shown=(concealed.text, lines))
            attempt = EditAttempt(verdict=found, contents={name: text.encode("utf-8")})
            if digest(content) != since:
                return replace(attempt, conflict=self._masked(difference(former, text), found))
            if found.problems or not save:
                return attempt
            self._write({name: (content, text)}, actor, action="configuration.save", secret=_secrets_of(found))
            return replace(attempt, is_saved=True)

    def change(self, edit: Edit, actor: Actor) -> Config:
        """Make an edit from the files as they are now, check the configuration as a whole with it, and write it.

        Args:
            edit: of files that the actor may edit.
            actor: who edits.

        Returns:
            The configuration with the edit.

        Raises:
            ConfigError: the edit cannot be made, the configuration would be invalid, somebody else has changed a file
                meanwhile, or a file cannot be written.
            LedgerError: the database refused. Nothing is written then.
        """
        with self._lock:
            before = read_files(self.folder)
            texts = edit.texts(self.folder, self.env)
            edits = {name: (before.get(name, b""), text) for name, text in texts.items()}
            faults = (self._faults(name, _whole(content), text, actor) for name, (content, text) in edits.items())
            if problems := tuple(chain.from_iterable(faults)):
                raise ConfigError(problems)
            config = checked(self.folder, texts, self.env)
            now = read_files(self.folder)
            if changed := [name for name, (content, _) in edits.items() if now.get(name, b"") != content]:
                raise ConfigError([self._problem(name, _CHANGED) for name in changed])
            detail = edit.detail
            self._write(edits, actor, action=edit.action, target=edit.target, secret=config.secrets, detail=detail)
            return config

    def trial(self, edit: Edit) -> EditAttempt:
        """What ``change`` would check: the folder with an edit. Nothing is written. May raise ConfigError."""
        contents = {name: text.encode("utf-8") for name, text in edit.texts(self.folder, self.env).items()}
        return EditAttempt(verdict=judge(self.folder, self.env, instead=contents), contents=contents)

    def history(self, *, file: str | None = None, limit: int) -> Sequence[FormerEdit]:
        """The newest edits (of a file) with what each has changed, newest first."""
        found = self.editions.editions(file=file, limit=limit)
        return [FormerEdit(edition=each, change=self._change(each, self._before(each))) for each in found]

    def undoing(self, number: int) -> Undoing | None:
        """An edit of the past with what its undoing would change. None if it is not known."""
        edition = self.editions.edition(number)
        if edition is None:
            return None
        before, content = self._before(edition), self._content(edition.file)
        now = _decoded(content)[0]
        former = _decoded(before.content)[0] if before is not None else None
        return Undoing(
            edition=edition,
            change=self._change(edition, before),
            undo=self._masked(difference(now, former)) if former is not None else None,
            digest=digest(content),
        )

    def undo(self, number: int, since: str, actor: Actor) -> EditAttempt:
        """Write the text from before an edit, as ``attempt`` does. Such an edit and a text before it must be known."""
        edition = self.editions.edition(number)
        assert edition is not None
        before = self._before(edition)
        assert before is not None
        with self._lock:
            name, content = edition.file, self._content(edition.file)
            now, (former, fault) = _decoded(content)[0], _decoded(before.content)
            shown = self._concealed(now).text, self._concealed(former).text
            found = self._judged(name, now, former, actor, fault, shown=shown)
            if digest(content) != since:
                return EditAttempt(verdict=found, conflict=self._masked(difference(now, former), found))
            if found.problems:
                return EditAttempt(verdict=found)
            secret, detail = _secrets_of(found), {"edition": number}
            self._write({name: (content, former)}, actor, action="configuration.undo", secret=secret, detail=detail)
            return EditAttempt(verdict=found, is_saved=True)

    def notice(self) -> None:
        """Keep the present contents of files that somebody has edited outside. Raises ConfigError and LedgerError."""
        with self._lock:
            files = read_files(self.folder)
            for name in dict.fromkeys((*files, *self.editions.files())):
                if is_editable(name):
                    self._notice(name, files.get(name, b""))

    # ------------------------------------------------------------ how it is done

    def _judged(
        self, name: str, former: str, text: str, actor: Actor, fault: str, *, shown: tuple[str, str]
    ) -> Verdict:
        """Of the whole folder with this text of a file, and whether the actor may write it."""
        if len(text.encode("utf-8")) > MOST_BYTES:
            fault = _TOO_LARGE
        if problems := self._faults(name, former, text, actor, fault, shown=shown):
            return Verdict(problems=problems)
        return judge(self.folder, self.env, instead={name: text.encode("utf-8")})

    def _faults(
        self, name: str, former: str, text: str, actor: Actor, fault: str = "", *, shown: tuple[str, str] = ("", "")
    ) -> tuple[ConfigProblem, ...]:
        """Why the actor may not write this text of a file, whatever the rest of the folder is.

        ``shown`` is the former and the new text as the actor sees them, if the actor has typed the text.
        """
        assert actor.role.includes(role_for(name))
        if reason := fault or unwritable(self.folder, name):
            return (self._problem(name, reason),)
        file = str(self.folder / name)
        before, after, *seen = (parse_yaml(file, each.encode("utf-8"))[0] for each in (former, text, *shown))
        wrong = list(holding_masks(before, after))
        if not actor.role.includes(Role.ADMIN):
            wrong += displaced(*seen)
        # Then its references are not resolved: what is said of them would tell whether a secret exists.
        return tuple(after.problem(path, message) for path, message in wrong)

    def _problem(self, name: str, message: str) -> ConfigProblem:
        return ConfigProblem(file=str(self.folder / name), line=None, key="", message=message)

    def _write(
        self,
        edits: Mapping[str, tuple[bytes, str]],
        actor: Actor,
        *,
        action: str,
        secret: Collection[str],
        target: str = "",
        detail: Mapping[str, object] | None = None,
    ) -> None:
        """Write the files of these names, each from its former content to its new text, all or none."""
        at = self.clock()
        texts = {name: text for name, (former, text) in edits.items() if text.encode("utf-8") != former}
        if not texts:
            return
        for name in texts:
            self._notice(name, edits[name][0])
        changes = [difference(_whole(edits[name][0]), text).text for name, text in texts.items()]
        diff = masked("\n".join(changes), {*self._secrets(), *secret})[:_MOST_AUDITED]
        with staged(self.folder, texts):
            for name, text in texts.items():
                self.editions.add(FileEdition(at=at, actor=actor.name, file=name, content=text.encode("utf-8")))
            said = {**(detail or {}), "diff": diff}
            target = target or ", ".join(texts)
            self.audit.add(AuditEntry(at=at, actor=actor.name, action=action, target=target, detail=said))

    def _notice(self, name: str, content: bytes) -> None:
        last = self.editions.last(name)
        if (last.content if last is not None else b"") != content and len(content) <= MAX_BYTES:
            self.editions.add(FileEdition(at=self.clock(), actor=OUTSIDE, file=name, content=content))

    def _before(self, edition: FileEdition) -> FileEdition | None:
        return self.editions.last(edition.file, before=edition.id)

    def _change(self, edition: FileEdition, before: FileEdition | None) -> TextDifference:
        former = _decoded(before.content)[0] if before is not None else ""
        return self._masked(difference(former, _decoded(edition.content)[0]))

    def _content(self, name: str) -> bytes:
        assert is_editable(name)
        return read_files(self.folder).get(name, b"")

    def _secrets(self) -> frozenset[str]:
        return self.config().secrets

    def _concealed(self, text: str) -> Concealed:
        return conceal(text, self._secrets(), _KEY)

    def _masked(self, found: TextDifference, verdict: Verdict | None = None) -> TextDifference:
        secret = {*self._secrets(), *(_secrets_of(verdict) if verdict else ())}
        return replace(found, lines=tuple(replace(line, text=masked(line.text, secret)) for line in found.lines))


def digest(content: bytes) -> str:
    """Identifies the content of a file."""
    return sha256(content).hexdigest()


def _secrets_of(verdict: Verdict) -> frozenset[str]:
    return verdict.config.secrets if verdict.config is not None else frozenset()


def _whole(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _decoded(content: bytes) -> tuple[str, str]:
    """The text of a file, and why it cannot be edited as a text."""
    text = content[:MOST_BYTES].decode("utf-8", "replace")
    if len(content) > MOST_BYTES:
        return text, _TOO_LARGE
    if text.encode("utf-8") != content:
        return text, "is not UTF-8; edit it where it is"
    return text, ""


# Takes one edit of a text back, and keeps the later ones. Pure --------------------------------------------------------


#: Replace these lines (from, to) by these.
_Piece = tuple[int, int, Sequence[str]]


def taken_back(before: str, after: str, now: str) -> str | None:
    """The present text without an edit that led from one text to another. None if the same lines changed since."""
    base = after.splitlines(keepends=True)
    back, since = (_pieces(base, text.splitlines(keepends=True)) for text in (before, now))
    if any(begin < last and first < end for first, last, _ in back for begin, end, _ in since):
        return None
    lines = list(base)
    # From the end, so that the places before stay. What came back stands before what was added at the same place.
    for first, last, new in sorted([*since, *back], key=lambda piece: (piece[0], piece[1]), reverse=True):
        lines[first:last] = new
    return "".join(lines)


def _pieces(base: Sequence[str], text: Sequence[str]) -> list[_Piece]:
    codes = SequenceMatcher(None, base, text, autojunk=False).get_opcodes()
    return [(first, last, text[begin:end]) for tag, first, last, begin, end in codes if tag != "equal"]


# Takes back what was done at one time, such as a removal, and keeps what was edited since -----------------------------


#: So many edits are looked through for those that were made together.
_LATELY = 20


def last_edit(editions: FileEditions, file: str) -> str:
    """The number by which the newest edit of a file is put back. "" if there is none."""
    found = editions.last(file)
    return str(found.id) if found is not None else ""


def putting_back(editions: FileEditions, number: int) -> Edit | None:
    """The edit that takes back an edit, in all the files that it wrote. None if it is not known.

    The first edition of a file is what stood there before any edit. It cannot be taken back.
    It raises ConfigError if the same lines have changed since.
    """
    found = editions.edition(number)
    if found is None or editions.last(found.file, before=found.id) is None:
        return None
    newest = editions.editions(limit=_LATELY)
    together = {
        each.file: each for each in (*reversed(newest), found) if (each.at, each.actor) == (found.at, found.actor)
    }

    def texts(folder: Path, _: Mapping[str, str]) -> Mapping[str, str]:
        return {name: _taken_back(folder, each, editions) for name, each in together.items()}

    target = ", ".join(together)
    return Edit(texts=texts, action="configuration.undo", target=target, detail={"edition": number})


def _taken_back(folder: Path, edition: FileEdition, editions: FileEditions) -> str:
    former = editions.last(edition.file, before=edition.id)
    before, after = (each.decode("utf-8", "replace") for each in (former.content if former else b"", edition.content))
    text = taken_back(before, after, read_text(folder / edition.file))
    if text is None:
        message = "has changed at the same lines since; undo it in the history of edits"
        raise ConfigError([ConfigProblem(file=str(folder / edition.file), line=None, key="", message=message)])
    return text
