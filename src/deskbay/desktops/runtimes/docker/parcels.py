"""What is unpacked into volumes of an engine elsewhere, as the tar archives that its API takes."""

import io
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from deskbay.desktops.runtimes.local.volumes import DEFAULT_ACL, OPEN_TO_ALL, OPEN_WITHIN

ITSELF = "."
"""The name of the folder into which something is unpacked."""
LISTED_BY_TAR = "user::rwx,group::rwx,other::rwx"
"""`OPEN_WITHIN` as tar itself writes it. Docker reads the other way, Podman neither."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A file, or a folder where there is no text. One that is open is so to all, as is what they make in it."""

    name: str
    text: str | None
    uid: int
    mode: int
    is_open: bool = False


Parcels = Mapping[str, Sequence[Piece]]
"""What is to be in volumes, by the folders of the root where those are. A name is seen from there."""


def open_folder() -> Piece:
    """Return a volume that is shared."""
    return Piece(ITSELF, None, 0, OPEN_TO_ALL, is_open=True)


def in_one(parcels: Parcels) -> Mapping[str, bytes]:
    """Return one archive for all, by the folder into which it is unpacked: so much Docker does at once."""
    return {"/": _archive((f"{place}/{piece.name}", piece) for place, pieces in parcels.items() for piece in pieces)}


def one_by_one(parcels: Parcels) -> Mapping[str, bytes]:
    """Return an archive for each: unpacked from the root Podman would leave volumes as they are."""
    return {f"/{place}": _archive((piece.name, piece) for piece in pieces) for place, pieces in parcels.items()}


def access_lists(parcels: Parcels) -> bytes:
    """Return an archive for `tar --acls`, of the open folders alone, from the root. Nothing where there is none."""
    places = [place for place, pieces in parcels.items() if any(piece.is_open for piece in pieces)]
    return _archive((place, open_folder()) for place in places) if places else b""


def file_of(name: str, content: bytes) -> bytes:
    """Return an archive of a single file."""
    with io.BytesIO() as memory, tarfile.open(fileobj=memory, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
        archive.close()
        return memory.getvalue()


def _archive(pieces: Iterable[tuple[str, Piece]]) -> bytes:
    with io.BytesIO() as memory, tarfile.open(fileobj=memory, mode="w", encoding="utf-8") as archive:
        for name, piece in pieces:
            data = (piece.text or "").encode()
            archive.addfile(_entry(name, piece, len(data)), io.BytesIO(data))
        archive.close()
        return memory.getvalue()


def _entry(name: str, piece: Piece, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type = tarfile.DIRTYPE if piece.text is None else tarfile.REGTYPE
    info.uid = info.gid = piece.uid
    info.mode, info.size = piece.mode, size
    if piece.is_open:
        xattr = {f"SCHILY.xattr.{DEFAULT_ACL}": OPEN_WITHIN.decode("utf-8", "surrogateescape")}
        info.pax_headers = {**xattr, "SCHILY.acl.default": LISTED_BY_TAR}
    return info
