"""A desktop's own network: a user-mode router between its namespace and the outside, with this host's loopback shut."""

import fcntl
import os
from contextlib import ExitStack
from pathlib import Path

from deskbay.desktops.runtimes import LaunchError
from deskbay.desktops.runtimes.local.failures import TRY_AGAIN
from deskbay.desktops.runtimes.local.folders import DesktopFolder
from deskbay.desktops.runtimes.local.liveness import claimed
from deskbay.desktops.runtimes.local.processes import Child, Streams, start, start_and_hear

NAME_SERVER = "10.0.2.3"
"""Where the router answers name queries inside the namespace, whatever resolver this host uses."""

_TUNNEL = "/dev/net/tun"
_NS_GET_USERNS = 0xB701
"""The request of ioctl_ns(2) for the user namespace that owns another namespace."""


async def connect(sandbox: int, lifeline: int, folder: DesktopFolder) -> None:
    """Give the network namespace of a process a way out, and return once it works.

    `lifeline` is the reading end of a pipe; the router ends when its writing end is closed. While it lives it keeps
    the folder's `router` file claimed. Raises OSError when the process is gone, LaunchError when there is no way out.
    """
    with ExitStack() as opened:
        network = _kept(opened, os.open(f"/proc/{sandbox}/ns/net", os.O_RDONLY))
        owner = _kept(opened, fcntl.ioctl(network, _NS_GET_USERNS))
        claim = opened.enter_context(claimed(folder.router))

        def begin(ready: int) -> Child:
            streams = Streams(claim, claim, kept=(network, owner, lifeline, ready))
            return start(
                _arguments(network, owner, lifeline, ready), {"PATH": os.environ.get("PATH", os.defpath)}, streams
            )

        try:
            await start_and_hear(begin)
        except ChildProcessError as error:
            raise LaunchError(_refused(folder.router.read_text(errors="replace"))) from error


def _kept(opened: ExitStack, descriptor: int) -> int:
    opened.callback(os.close, descriptor)
    return descriptor


def _refused(log: str) -> str:
    said = log.strip().rpartition("\n")[2] or "it said nothing"
    remedy = TRY_AGAIN
    if not os.access(_TUNNEL, os.R_OK | os.W_OK):
        remedy = f"The server may not use {_TUNNEL}. As root, run: modprobe tun && chmod 666 {_TUNNEL}"
    return f"The desktop's network could not start ({said}). {remedy}"


def _arguments(network: int, owner: int, lifeline: int, ready: int) -> list[str]:
    """The router enters an ordinary user's namespace by `nsenter`: its own way there fails with its sandbox on."""
    own = Path("/proc/self/ns/user").stat().st_ino == os.fstat(owner).st_ino
    return [
        *([] if own else ["nsenter", f"--user=/proc/self/fd/{owner}", "--preserve-credentials", "--"]),
        "slirp4netns",
        "--configure",
        "--mtu=65520",
        "--disable-host-loopback",
        "--enable-sandbox",
        "--enable-seccomp",
        f"--exit-fd={lifeline}",
        f"--ready-fd={ready}",
        "--netns-type=path",
        f"/proc/self/fd/{network}",
        "tap0",
    ]
