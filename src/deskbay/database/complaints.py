"""What databases complain about, as sentences that say what to do."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from deskbay.kit.refusals import Refusal


class Complaint(NamedTuple):
    """What a database says, any of these; the kind of refusal that it comes to, and the sentence."""

    said: tuple[str, ...]
    kind: str
    sentence: str


SQLITE: tuple[Complaint, ...] = (
    Complaint(
        ("not a database", "malformed"),
        "damaged",
        "The database {file} is damaged. Put a copy from a backup in its place, or move it away to begin anew.",
    ),
    Complaint(
        ("is full",),
        "disk-full",
        "The disk of {file} is full. Make room on it, or choose another folder with --data.",
    ),
    Complaint(
        ("unable to open", "readonly", "Read-only", "Permission denied", "Is a directory"),
        "not-writable",
        "The database {file} can't be written to. Give the file and its folder to the user who runs Deskbay, or choose"
        " another folder with --data.",
    ),
    Complaint(
        ("is locked",),
        "database-busy",
        "The database {file} is held by another program. End that program, then start again.",
    ),
)
SERVER: tuple[Complaint, ...] = (
    Complaint(
        ("password authentication failed", "Access denied", "no password supplied", "pg_hba.conf"),
        "database-refused",
        "The database server does not let {url} in. Correct the user and the password in database_url.",
    ),
    Complaint(
        ("does not exist", "Unknown database"),
        "no-database",
        "{url} names a user or a database that is not there. Make it, or correct database_url.",
    ),
    Complaint(
        ("Connect call failed", "Can't connect", "onnection refused", "Name or service", "No such file", "timed out"),
        "database-unreachable",
        "The database server of {url} can't be reached. Start it, or correct database_url.",
    ),
)


@contextmanager
def explained(address: str) -> Iterator[None]:
    """Raise Refusal for whatever keeps the database of an SQLAlchemy address from being used."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise _refusal(make_url(address), error) from error


def _refusal(url: URL, error: Exception) -> Refusal:
    said = _said(error)
    words = {"file": url.database, "url": url.render_as_string(hide_password=True)}
    for complaint in SQLITE if url.get_backend_name() == "sqlite" else SERVER:
        if any(part in said for part in complaint.said):
            return Refusal(complaint.sentence.format(**words), kind=complaint.kind)
    return Refusal(f"The database {words['url']} can't be used: {said}", kind="database-unusable")


def _said(error: Exception) -> str:
    original = getattr(error, "orig", None) or error
    if isinstance(original, OSError) and original.errno == errno.ENOSPC:
        return "is full"
    return str(original)
