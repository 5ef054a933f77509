"""Reads the operator's own documents: ``file:`` addresses in one folder, with validators as a server sends them."""

import hashlib
import os
import stat
from pathlib import Path
from urllib.parse import unquote, urlsplit

from monitor.errors import FetchError, ForbiddenAddressError
from monitor.ports import Fetched, NotModified, Validators


class FileReader:
    """Reads the files of one folder. Links that lead out of it are refused."""

    def __init__(self, root: Path | None, *, max_bytes: int) -> None:
        """Prepare to read.

        Args:
            root: the folder. If it is None, every file is refused.
            max_bytes: the maximum size of a file.
        """
        self._root = root
        self._max_bytes = max_bytes

    def read(self, url: str, validators: Validators) -> Fetched | NotModified:
        """Get the file. Its ETag is a hash of the content, so that only new content counts as changed.

        Raises:
            ForbiddenAddressError: the file lies outside the folder.
            FetchError: the file does not exist or cannot be read.
        """
        path = self._locate(url)
        try:
            body = self._load(url, path)
        except OSError as error:
            raise FetchError(url, f"cannot be read: {error.strerror}", transient=True) from error
        etag = f'"{hashlib.sha256(body).hexdigest()}"'
        if validators.etag == etag:
            return NotModified()
        return Fetched(url=url, body=body, content_type="", validators=Validators(etag=etag))

    def _locate(self, url: str) -> Path:
        if self._root is None:
            raise ForbiddenAddressError(url, "files are not read here")
        parts = urlsplit(url)
        if parts.netloc not in {"", "localhost"}:
            raise ForbiddenAddressError(url, "a file: address names no other machine; write file:NAME")
        root = self._root.resolve()
        try:
            path = (root / unquote(parts.path)).resolve()
        except (OSError, ValueError) as error:
            raise ForbiddenAddressError(url, "is not a file name") from error
        if not path.is_relative_to(root):
            raise ForbiddenAddressError(url, f"lies outside {self._root}; only files in it are read")
        return path

    def _load(self, url: str, path: Path) -> bytes:
        with open(path, "rb", opener=_open) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise FetchError(url, "is not a file", transient=False)
            body = file.read(self._max_bytes + 1)
        if len(body) > self._max_bytes:
            raise FetchError(url, f"the document is larger than {self._max_bytes:,} bytes", transient=False)
        return body


def _open(path: str, flags: int) -> int:
    """Open a file. Neither waits for the other end of a pipe nor follows a link that was created after the check."""
    return os.open(path, flags | os.O_NONBLOCK | os.O_NOFOLLOW)
