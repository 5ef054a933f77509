"""A folder of weights, and the manifest that describes each of its files. Needs no numpy.

::

    manifest.json    version of the scheme, SHA-256 of each file, calibration
    pieces.json      the vocabulary: each piece with its score, how common it is
    words.npy        one row of int8 for each piece
    rest.npz         scales of these rows, positions, layer norm, pooling
    lower.onnx       the layers that run once for an article
    upper.onnx       the layers that run once for each candidate
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from monitor.core.reading.trained.scheme import VERSION
from monitor.errors import WeightsError

MANIFEST = "manifest.json"
FILES = ("pieces.json", "words.npy", "rest.npz", "lower.onnx", "upper.onnx")


def digest(files: dict[str, str]) -> str:
    """One SHA-256 for all files, computed from those of the files."""
    return hashlib.sha256("".join(f"{name} {files[name]}\n" for name in sorted(files)).encode()).hexdigest()


def read_manifest(folder: Path) -> dict[str, Any]:
    """The contents of the manifest. The other files are not read.

    Raises:
        WeightsError: there is no manifest, it is incomplete, or it is for another version.
    """
    path = folder / MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        version, files = manifest["version"], manifest["files"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"{path} cannot be read: {error}; install the weights anew") from error
    if version != VERSION:
        raise WeightsError(f"{path} is of version {version}, and this program reads {VERSION}: update the older one")
    if missing := set(FILES) - set(files):
        raise WeightsError(f"{path} does not name {', '.join(sorted(missing))}; install the weights anew")
    return manifest


def checked(folder: Path, manifest: dict[str, Any]) -> dict[str, bytes]:
    """The content of each file.

    Raises:
        WeightsError: a file is missing, or does not match the manifest.
    """
    content = {}
    for name in FILES:
        try:
            content[name] = (folder / name).read_bytes()
        except OSError as error:
            raise WeightsError(f"{folder / name} cannot be read: {error}; install the weights anew") from error
        found = hashlib.sha256(content[name]).hexdigest()
        if found != manifest["files"][name]:
            raise WeightsError(
                f"{folder / name} is not what {MANIFEST} says: SHA-256 {found}; install the weights anew"
            )
    return content
