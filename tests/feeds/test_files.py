"""Feeds that are files of the operator's folder."""

import os
from pathlib import Path

import pytest

from monitor.errors import FetchError, ForbiddenAddressError
from monitor.feeds.fetch import GuardedFetcher
from monitor.ports import Fetched, NotModified


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "config"
    (inside / "feeds").mkdir(parents=True)
    (inside / "history.xml").write_bytes(b"<rss/>")
    (inside / "feeds" / "a b.xml").write_bytes(b"<feed/>")
    (tmp_path / "secret.txt").write_bytes(b"secret")
    return inside


@pytest.mark.parametrize(
    ("url", "body"),
    [
        ("file:history.xml", b"<rss/>"),
        ("file:./history.xml", b"<rss/>"),
        ("FILE:history.xml", b"<rss/>"),
        ("file:feeds/a%20b.xml", b"<feed/>"),
        ("file:feeds/../history.xml", b"<rss/>"),
    ],
)
async def test_a_file_is_named_from_the_folder(url: str, body: bytes, folder: Path) -> None:
    answer = await GuardedFetcher(files_root=folder).fetch(url)

    assert isinstance(answer, Fetched)
    assert (answer.url, answer.body, answer.content_type) == (url, body, "")


async def test_only_another_content_counts_as_changed(folder: Path) -> None:
    fetcher = GuardedFetcher(files_root=folder)
    first = await fetcher.fetch("file:history.xml")
    assert isinstance(first, Fetched)

    os.utime(folder / "history.xml", (0, 0))
    assert await fetcher.fetch("file:history.xml", validators=first.validators) == NotModified()

    (folder / "history.xml").write_bytes(b"<RSS/>")
    assert isinstance(await fetcher.fetch("file:history.xml", validators=first.validators), Fetched)


@pytest.mark.parametrize(
    "url",
    [
        "file:../secret.txt",
        "file:feeds/../../secret.txt",
        "file:%2e%2e/secret.txt",
        "file:..%2fsecret.txt",
        "file:///etc/passwd",
        "file://example.org/etc/passwd",
        "file:/etc/passwd",
        "file:link.txt",
        "file:linked/secret.txt",
        "file:history.xml%00.txt",
    ],
)
async def test_nothing_outside_the_folder_is_read(url: str, folder: Path) -> None:
    (folder / "link.txt").symlink_to(folder.parent / "secret.txt")
    (folder / "linked").symlink_to(folder.parent)

    with pytest.raises(ForbiddenAddressError):
        await GuardedFetcher(files_root=folder).fetch(url)


async def test_a_link_within_the_folder_is_followed(folder: Path) -> None:
    (folder / "latest.xml").symlink_to(folder / "history.xml")

    assert isinstance(await GuardedFetcher(files_root=folder).fetch("file:latest.xml"), Fetched)


async def test_a_folder_and_a_pipe_are_no_files(folder: Path) -> None:
    os.mkfifo(folder / "pipe")

    for name, words in (("feeds", "cannot be read: Is a directory"), ("pipe", "is not a file")):
        with pytest.raises(FetchError, match=words):
            await GuardedFetcher(files_root=folder).fetch(f"file:{name}")


async def test_a_file_larger_than_allowed_is_refused(folder: Path) -> None:
    with pytest.raises(FetchError, match="larger than 5 bytes"):
        await GuardedFetcher(files_root=folder, max_bytes=5).fetch("file:history.xml")
