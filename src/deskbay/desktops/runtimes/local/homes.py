"""The persistent home of a person: theirs alone, and furnished on first use."""

import os
import shutil
from pathlib import Path
from uuid import UUID

from deskbay.desktops.runtimes import LaunchError
from deskbay.desktops.runtimes.local.identity import Identity


def open_home(data: Path, owner: UUID, identity: Identity, furniture: Path) -> Path:
    """The person's home, owned by `identity`; made with a copy of `furniture` in it if need be."""
    home = data / "homes" / str(owner)
    if not home.exists():
        home.mkdir(mode=0o700, parents=True)
        shutil.copytree(furniture, home, dirs_exist_ok=True, copy_function=shutil.copyfile)
        give_to(home, identity)
    elif home.stat().st_uid != identity.host_uid:
        give_to(home, identity)
    return home


def give_to(home: Path, identity: Identity) -> None:
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
