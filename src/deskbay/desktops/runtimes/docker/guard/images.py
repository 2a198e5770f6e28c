"""Who is in an image: engines give whom a container runs as the groups that the image says they are in.

With a user in it who has the server's number and is in the group 0, a desktop's processes would be in root's group.
"""

import io
import tarfile

from pydantic import BaseModel, Field

from deskbay.desktops.runtimes.docker.guard import Refused
from deskbay.desktops.runtimes.docker.guard.asking import Answered, Asking
from deskbay.desktops.runtimes.requests import to_the_end

PASSWD, GROUP = "/etc/passwd", "/etc/group"
NOT_FOUND = 404
NUMBER = 2
"""Where the number of a user stands in a line."""


class Made(BaseModel):
    """What an engine calls something."""

    id: str = Field(alias="Id")


class Images:
    """Looks each image through once: what is in it never changes."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._known: set[tuple[str, int]] = set()

    async def refuse_with_user(self, image: str, number: int) -> str:
        """Return the image's id, by which no other one can be put in its place. Raises Refused, Answered."""
        found = Made.model_validate_json(await self._asking.ask(f"/images/{image}/json")).id
        if (found, number) not in self._known:
            await to_the_end(self._look_through(found, number))
        return found

    async def _look_through(self, image: str, number: int) -> None:
        """Look into it by a container of it, which never runs."""
        if b"Podman" in await self._asking.ask("/version"):
            raise Refused("Podman reads groups from the server's own files: behind a guard it needs a server as root.")
        body = f'{{"Image": "{image}", "Cmd": ["true"], "HostConfig": {{"NetworkMode": "none"}}}}'.encode()
        made = await self._asking.ask("/containers/create", method="POST", body=body)
        container = f"/containers/{Made.model_validate_json(made).id}"
        try:
            refuse_user(await self._archive(container, PASSWD), number)
            refuse_numbers_as_names(await self._archive(container, GROUP))
        finally:
            await self._asking.ask(container, method="DELETE", query={"force": "1", "v": "1"})
        self._known.add((image, number))

    async def _archive(self, container: str, place: str) -> bytes:
        try:
            return await self._asking.ask(f"{container}/archive", query={"path": place})
        except Answered as answered:
            if answered.status == NOT_FOUND:
                return b""
            raise


def refuse_user(archive: bytes, number: int) -> None:
    """Raise Refused where the list of users in an archive has one of that number, or one whose name is any number."""
    refuse_numbers_as_names(archive)
    if any(len(entry) > NUMBER and _is(entry[NUMBER], number) for entry in _entries(archive)):
        raise Refused(f"The image has a user with the server's number, {number}: give the server's user another.")


def refuse_numbers_as_names(archive: bytes) -> None:
    """Raise Refused where a list of users or groups in an archive has a number for a name."""
    if any(entry[0].isdigit() for entry in _entries(archive)):
        raise Refused("The image has a user or a group whose name is a number.")


def _entries(archive: bytes) -> list[list[str]]:
    """Return the lines of the file in an archive, by their fields. No archive, no lines."""
    if not archive:
        return []
    try:
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            member = files.next()
            content = files.extractfile(member) if member and member.isreg() else None
            if content is None:
                raise Refused("The image hides who its users and groups are: they are in no file.")
            text = content.read().decode(errors="replace")
    except tarfile.TarError as error:
        raise Refused("What the engine tells of the image can't be read.") from error
    return [line.strip().split(":") for line in text.split("\n")]


def _is(text: str, number: int) -> bool:
    try:
        return int(text) == number
    except ValueError:
        return False
