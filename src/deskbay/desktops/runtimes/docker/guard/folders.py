"""The folder of a server, in which all is that its desktops may see of the host."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from deskbay.desktops.runtimes.docker.folders import SYSTEM_CALLS
from deskbay.desktops.runtimes.docker.guard import Refused
from deskbay.kit.refusals import Refusal


@dataclass(frozen=True, slots=True)
class ServersFolder:
    """The server's data, by its real path. `owner` is the user and group as whom the server runs."""

    path: Path
    owner: tuple[int, int]

    @classmethod
    def at(cls, path: Path) -> "ServersFolder":
        """Look at it once: what is put in its place later is another. Raises Refusal."""
        try:
            status, real = path.stat(), path.resolve(strict=True)
            loose = next((above for above in path.parents if _is_loose(above.stat())), None)
        except OSError as error:
            raise Refusal(
                f"The server's folder {path} can't be looked at: {error.strerror}.", kind="no-folder"
            ) from error
        if real != path:
            raise Refusal(f"{path} is really {real}. Say that with --folder.", kind="no-folder")
        if loose:
            why = (
                f"Others than root can change what is in {loose}, and could put another folder in the place of {path}."
            )
            raise Refusal(f"{why} Keep the server's data elsewhere.", kind="no-folder")
        return cls(path, (status.st_uid, status.st_gid))

    def refuse_outside(self, place: str) -> Path:
        """Return a place as a path. Raises Refused where that is not in the folder, leads by links, or can't be seen.

        A link may lead the engine elsewhere than the guard, as those of /proc do.
        """
        path = Path(place)
        if not path.is_absolute() or ".." in path.parts:
            raise Refused(f"{place} is no place that desktops have.")
        try:
            real = path.resolve(strict=True)
        except (OSError, RuntimeError, ValueError) as error:
            raise Refused(f"{place} is not there, or the guard can't look at it.") from error
        if not real.is_relative_to(self.path):
            raise Refused(f"{place} is not in the server's folder.")
        if real != path:
            raise Refused(f"{place} is really {real}, and the guard lets nothing through that leads by links.")
        return path

    def refuse_other_filter(self, option: str) -> None:
        """Raise Refused unless an option of security is the filter of system calls, or names a file that is it."""
        said = option.removeprefix("seccomp=")
        if said == option or (said != SYSTEM_CALLS and self._text_of(said) != SYSTEM_CALLS):
            raise Refused("A desktop's security options are those of Deskbay, and no others.")

    def _text_of(self, place: str) -> str:
        if not place.startswith("/"):
            return ""
        try:
            with self.refuse_outside(place).open() as file:
                return file.read(len(SYSTEM_CALLS) + 1)
        except (OSError, ValueError) as error:
            raise Refused(f"{place} can't be read.") from error


def _is_loose(status: os.stat_result) -> bool:
    """Whether somebody but root, and the guard's own user, may move what others have in a folder."""
    open_to_all = status.st_mode & 0o022 and not status.st_mode & stat.S_ISVTX
    return bool(open_to_all) or status.st_uid not in {0, os.geteuid()}
