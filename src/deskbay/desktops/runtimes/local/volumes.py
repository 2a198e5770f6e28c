"""Volumes as folders of this host. Nothing holds their size: the disk is shared."""

import asyncio
import errno
import os
import shutil
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from deskbay.desktops.runtimes import LaunchError
from deskbay.desktops.runtimes.volumes import Mount, VolumeError, VolumeSpec

_BLOCK_BYTES = 512
_ACL_VERSION = 2
_RWX = 7
_OWNER, _GROUP, _OTHERS = 0x01, 0x04, 0x20
_NOBODY_NAMED = 0xFFFFFFFF
OPEN_TO_ALL = 0o777
DEFAULT_ACL = "system.posix_acl_default"
OPEN_WITHIN = struct.pack("<I", _ACL_VERSION) + b"".join(
    struct.pack("<HHI", who, _RWX, _NOBODY_NAMED) for who in (_OWNER, _GROUP, _OTHERS)
)
"""The access list by which what anybody makes there is open to all who get there, whatever programs' umask says."""


class FolderVolumes:
    """Volumes below a folder that is this server's alone: nobody gets at them but through a desktop that has them."""

    enforces_size = False

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, volume: UUID) -> Path:
        """Return the folder of a volume."""
        return self._root / volume.hex

    async def make(self, spec: VolumeSpec) -> None:
        """Make a volume that is empty. Its size is a promise, which may grow. Raises VolumeError."""
        try:
            await asyncio.to_thread(self._make, self.path(spec.volume))
        except OSError as error:
            raise VolumeError(f"The server could not make a folder for it: {error.strerror}.") from error

    def _make(self, folder: Path) -> None:
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(exist_ok=True)
        folder.chmod(OPEN_TO_ALL)
        _share_what_is_made_in(folder)

    def found(self, mounts: Sequence[Mount]) -> dict[Path, Mount]:
        """Return what a desktop shall have, by the folder. Raises LaunchError when one is not there."""
        if any(not self.path(mount.volume).is_dir() for mount in mounts):
            raise LaunchError("A volume of the desktop is not there any more. Detach it, and start it again.")
        return {self.path(mount.volume): mount for mount in mounts}

    async def delete(self, volume: UUID) -> None:
        """Take a volume away with all that is in it."""
        await asyncio.to_thread(_remove, self.path(volume))

    async def measure(self, volume: UUID) -> int | None:
        """How many bytes of the disk are used."""
        return await asyncio.to_thread(lambda: sum(_bytes_in(self.path(volume))))

    async def owned(self) -> set[UUID]:
        """Every volume that has a folder."""
        return {UUID(hex=folder.name) for folder in self._root.glob("[0-9a-f]" * 32)}


def _share_what_is_made_in(folder: Path) -> None:
    try:
        os.setxattr(folder, DEFAULT_ACL, OPEN_WITHIN)
    except OSError as error:
        if error.errno != errno.ENOTSUP:  # then others may read it only
            raise


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _bytes_in(folder: Path) -> Iterator[int]:
    for _, folders, files, descriptor in os.fwalk(folder, follow_symlinks=False):
        for name in (*folders, *files):
            try:
                yield os.lstat(name, dir_fd=descriptor).st_blocks * _BLOCK_BYTES
            except FileNotFoundError:
                continue  # taken away meanwhile
