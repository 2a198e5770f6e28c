"""What went wrong with a launch, as a sentence that tells what to do."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from deskbay.desktops.runtimes import LaunchError
from deskbay.desktops.runtimes.local.folders import DesktopFolder

TRY_AGAIN = "Try again, or show its log to an administrator."
"""What to do where nothing better is known, on this computer or on one that is reached by SSH."""


@contextmanager
def explained(folder: DesktopFolder) -> Iterator[None]:
    """Turn what the system refuses into a LaunchError."""
    try:
        yield
    except TimeoutError as error:
        raise LaunchError(
            "This computer is too busy to start a desktop. End another one or try again later."
        ) from error
    except ChildProcessError as error:
        raise LaunchError(_sandbox_refused(folder.tail())) from error
    except OSError as error:
        raise LaunchError(_refused(error, folder)) from error


def _sandbox_refused(log: list[str]) -> str:
    said = log[-1] if log else "it said nothing"
    remedy = TRY_AGAIN
    if "namespace" in said or "uid map" in said:
        remedy = (
            "Start the server as root, or let users make namespaces: sysctl -w kernel.unprivileged_userns_clone=1 "
            "kernel.apparmor_restrict_unprivileged_userns=0"
        )
    return f"The desktop's sandbox could not start ({said}). {remedy}"


def _refused(error: OSError, folder: DesktopFolder) -> str:
    data = folder.path.parents[1]
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return f"The disk that holds {data} is full. Free some space on it and launch again."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return f"The server may not write to {error.filename or data}. Give that folder to the server's user."
        case errno.EMFILE | errno.ENFILE:
            return "The server has too many files open. Raise its limit: ulimit -n 65536"
    return f"The desktop could not start: {error.strerror or error}. {TRY_AGAIN}"
