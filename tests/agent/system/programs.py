"""Programs that note what they were given."""

from pathlib import Path


def noting(folder: Path, name: str) -> Path:
    """Make a program of that name; gives the file where its arguments will be, each followed by a bar."""
    program, heard = folder / name, folder / "heard"
    program.write_text(f'#!/bin/sh\nprintf "%s|" "$@" >{heard}.new && mv {heard}.new {heard}\n')
    program.chmod(0o755)
    return heard
