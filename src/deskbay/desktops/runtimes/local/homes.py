"""The persistent home of a person, or of one desktop: theirs alone, and furnished on first use."""

import errno
import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from deskbay.desktops.runtimes import LaunchError
from deskbay.desktops.runtimes.local.identity import Identity

_SYSTEM_FURNITURE = Path("/etc/skel")
_FOLDERS = ("Desktop", "Documents", "Downloads", "Pictures")


def open_home(data: Path, owner: UUID, identity: Identity, furniture: Path) -> Path:
    """The person's home, owned by `identity`; made if need be, with copies of the system's and our own first files."""
    home = data / "homes" / str(owner)
    if not home.exists():
        _furnish(home, identity, (_SYSTEM_FURNITURE, furniture))
    elif home.stat().st_uid != identity.host_uid:
        _give_to(home, identity)
    return home


def remove_home(data: Path, owner: UUID) -> None:
    """Take away a home with all that is in it, if there is one."""
    with suppress(FileNotFoundError):
        shutil.rmtree(data / "homes" / str(owner))


def _furnish(home: Path, identity: Identity, furniture: Sequence[Path]) -> None:
    """Make a whole home in one step: under another name first, as two desktops of a person may start at once."""
    home.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(dir=home.parent, prefix=".new-", ignore_cleanup_errors=True) as made:
        for folder in _FOLDERS:
            Path(made, folder).mkdir()
        for source in furniture:
            _copy(source, Path(made))
        _give_to(Path(made), identity)
        try:
            Path(made).rename(home)
        except OSError as error:
            if error.errno not in {errno.EEXIST, errno.ENOTEMPTY}:
                raise


def _copy(source: Path, target: Path) -> None:
    """Copy what is in a folder, without owners and rights. Unlike `shutil.copytree` it fails with the first error."""
    for entry in sorted(source.rglob("*")):
        place = target / entry.relative_to(source)
        if entry.is_dir():
            place.mkdir(exist_ok=True)
        else:
            shutil.copyfile(entry, place)


def _give_to(home: Path, identity: Identity) -> None:
    """Make all that is in the home its person's; the home itself last, so that a broken run begins anew."""
    try:
        for _, folders, files, descriptor in os.fwalk(home, topdown=False):
            for name in (*folders, *files):
                os.chown(name, identity.host_uid, identity.host_gid, dir_fd=descriptor, follow_symlinks=False)
        home.chmod(0o700)
        os.chown(home, identity.host_uid, identity.host_gid)
    except PermissionError as error:
        raise LaunchError(
            f"The home {home} belongs to another user of this computer. Start the server as that user or as root, "
            f"or run: chown -R {identity.host_uid}:{identity.host_gid} {home}"
        ) from error
