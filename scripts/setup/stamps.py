"""Stamps: files that say what something was made from, so that it is made again only when that has changed."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from scripts.setup import ROOT


def digest_of(files: Iterable[Path], *words: str) -> str:
    """Return the SHA-256 of the names and contents of files, and of some words."""
    digest = hashlib.sha256("\0".join(words).encode())
    for file in sorted(files):
        content = file.read_bytes()
        digest.update(f"\0{file.relative_to(ROOT)}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def is_stamped(stamp: Path, digest: str) -> bool:
    return stamp.is_file() and stamp.read_text() == digest


def put_stamp(stamp: Path, digest: str) -> None:
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(digest)
