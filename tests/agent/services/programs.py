"""Stand-ins for the systems' own programs, which note how they were asked."""

from pathlib import Path

NOTING = """#!/bin/sh
echo "$@" >>"{heard}"
for word; do [ -f "$word" ] && cp "$word" "{folder}/file"; done
case "$*" in {failing}) echo "No, because." >&2; exit 1;; esac
"""


def noting(folder: Path, name: str, failing: str = "nothing") -> Path:
    """Make a program of that name, which fails when its words match a pattern of the shell's.

    Gives the file where its words will be, a line for each time; the file that it was given is copied to `file`.
    """
    program, heard = folder / name, folder / "heard"
    program.write_text(NOTING.format(heard=heard, folder=folder, failing=failing))
    program.chmod(0o755)
    return heard
