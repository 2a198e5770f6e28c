"""Who a person is to the kernel: a user number of their own, with no rights over anything but their home."""

import os
from dataclasses import dataclass

_FIRST_UID = 1_900_000_000
"""Above what distributions, containers and subordinate ranges hand out, below what old file systems can't hold."""

_INSIDE_UID = 1000


@dataclass(frozen=True, slots=True)
class Identity:
    """User and group as this host sees them and as the sandbox does, and the words that bring a process there."""

    host_uid: int
    host_gid: int
    uid: int
    gid: int
    sandbox_options: tuple[str, ...]
    command_prefix: tuple[str, ...]


def number_of(owner_id: int) -> int:
    """The user and group number of a person where each has one of their own."""
    return _FIRST_UID + owner_id


def identity_of(owner_id: int) -> Identity:
    """Under root each person has a number of their own; an ordinary user's server can only lend its own."""
    if os.geteuid() == 0:
        return _of_their_own(number_of(owner_id))
    return Identity(
        host_uid=os.geteuid(),
        host_gid=os.getegid(),
        uid=_INSIDE_UID,
        gid=_INSIDE_UID,
        sandbox_options=("--unshare-user", "--uid", str(_INSIDE_UID), "--gid", str(_INSIDE_UID)),
        command_prefix=(),
    )


def _of_their_own(number: int) -> Identity:
    drop = ("setpriv", "--reuid", str(number), "--regid", str(number), "--clear-groups")
    return Identity(
        host_uid=number,
        host_gid=number,
        uid=number,
        gid=number,
        sandbox_options=(),
        command_prefix=(*drop, "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"),
    )
