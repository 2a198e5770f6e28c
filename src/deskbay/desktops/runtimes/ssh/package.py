"""What is put on a host so that desktops run there as plain processes: Deskbay's local runtime, profiles and agent."""

import hashlib
import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

SOURCE = Path(__file__).parents[3]
PARTS = (
    "__init__.py",
    "agent",
    "desktops/__init__.py",
    "desktops/profiles",
    "desktops/runtimes/__init__.py",
    "desktops/runtimes/people.py",
    "desktops/runtimes/volumes.py",
    "desktops/runtimes/local",
    "desktops/runtimes/ssh/__init__.py",
    "desktops/runtimes/ssh/steward.py",
    "desktops/runtimes/ssh/wire.py",
)
BEGIN = Path(__file__).with_name("begin.py")
_READABLE, _EXECUTABLE = 0o100644, 0o100755


@cache
def package() -> tuple[str, bytes]:
    """Return a name that tells what is in it, and the archive, the same bytes each time."""
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, file in _files():
            entry = ZipInfo(name)
            entry.external_attr = (_EXECUTABLE if file.stat().st_mode & 0o100 else _READABLE) << 16
            archive.writestr(entry, file.read_bytes(), ZIP_DEFLATED)
    content = made.getvalue()
    return f"{hashlib.sha256(content).hexdigest()[:16]}.zip", content


def _files() -> Iterator[tuple[str, Path]]:
    yield "__main__.py", BEGIN
    for part in PARTS:
        top = SOURCE / part
        for file in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if file.is_file() and "__pycache__" not in file.parts:
                yield f"{SOURCE.name}/{file.relative_to(SOURCE).as_posix()}", file
