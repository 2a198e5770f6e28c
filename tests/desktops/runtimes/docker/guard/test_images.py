"""Lists of users and groups that would give a desktop more than its server has."""

import tarfile

import pytest
from tests.desktops.runtimes.docker.guard.engines import archive_of

from deskbay.desktops.runtimes.docker.guard import Refused
from deskbay.desktops.runtimes.docker.guard.images import refuse_numbers_as_names, refuse_user

FAIR = b"root:x:0:0:root:/root:/bin/sh\n\n+\nmail:x:8:8::/:/bin/sh\nr2:x:+:::"


def test_ordinary_ones_and_none_at_all_are_fine() -> None:
    for archive in (archive_of(FAIR), b""):
        refuse_user(archive, 998)
        refuse_numbers_as_names(archive)


@pytest.mark.parametrize(
    "line",
    [
        "eve:x:998:0::/:/bin/sh",
        "eve:x:+998:0",
        "eve:x:0998:0",
        "eve:\rx:998:0",
        "\u00a0998:x:0:0",
        "998:x:0:0",
        "0998:x:0:0",
        "  7:x:0:0",
    ],
)
def test_a_user_whom_the_engine_would_take_for_the_servers_is_refused(line: str) -> None:
    with pytest.raises(Refused):
        refuse_user(archive_of(FAIR + b"\n" + line.encode()), 998)


def test_a_group_that_is_called_by_a_number_is_refused() -> None:
    with pytest.raises(Refused, match="whose name is a number"):
        refuse_numbers_as_names(archive_of(b"root:x:0:\n998:x:0:\n"))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE])
def test_lists_that_are_no_files_are_refused(kind: bytes) -> None:
    with pytest.raises(Refused, match="they are in no file"):
        refuse_user(archive_of(b"", kind), 998)


def test_what_is_no_archive_is_refused() -> None:
    with pytest.raises(Refused, match="can't be read"):
        refuse_user(b"x" * 1024, 998)
