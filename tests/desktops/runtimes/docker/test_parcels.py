"""Archives for volumes: one for all, or one for each, with what is open to all in them."""

import io
import tarfile

from deskbay.desktops.runtimes.docker.parcels import (
    ITSELF,
    Piece,
    access_lists,
    file_of,
    in_one,
    one_by_one,
    open_folder,
)

PARCELS = {
    "files": [Piece("etc", None, 0, 0o755), Piece("etc/name", "Änn\n", 10, 0o600)],
    "home": [Piece(ITSELF, None, 10, 0o700)],
    "shared": [open_folder()],
}


def unpacked(archive: bytes) -> dict[str, tarfile.TarInfo]:
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        return {info.name: info for info in opened}


def test_one_for_all_has_everything_below_where_it_belongs() -> None:
    (archive,) = in_one(PARCELS).values()
    assert list(in_one(PARCELS)) == ["/"]
    assert list(unpacked(archive)) == ["files/etc", "files/etc/name", "home/.", "shared/."]
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        inside = opened.extractfile("files/etc/name")
        assert inside
        assert inside.read().decode() == "Änn\n"


def test_one_for_each_has_it_as_seen_from_there() -> None:
    archives = one_by_one(PARCELS)
    assert {place: list(unpacked(archive)) for place, archive in archives.items()} == {
        "/files": ["etc", "etc/name"],
        "/home": ["."],
        "/shared": ["."],
    }
    home = unpacked(archives["/home"])["."]
    assert (home.isdir(), home.uid, home.gid, home.mode) == (True, 10, 10, 0o700)


def test_only_what_is_open_has_an_access_list() -> None:
    listed = unpacked(access_lists(PARCELS))
    assert list(listed) == ["shared"]
    assert listed["shared"].pax_headers["SCHILY.acl.default"] == "user::rwx,group::rwx,other::rwx"
    assert listed["shared"].mode == 0o777
    (archive,) = in_one(PARCELS).values()
    assert [name for name, info in unpacked(archive).items() if "SCHILY.acl.default" in info.pax_headers] == [
        "shared/."
    ]


def test_where_nothing_is_open_there_are_no_lists() -> None:
    assert access_lists({"home": PARCELS["home"]}) == b""


def test_a_file_may_be_another_archive() -> None:
    assert unpacked(file_of("lists.tar", b"any bytes"))["lists.tar"].size == len(b"any bytes")
