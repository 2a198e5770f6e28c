"""Who a person is inside of a desktop."""

from uuid import UUID

HOME = "/home/user"
HOST_NAME = "deskbay"


def login_of(name: str) -> str:
    """A person's name as a login name, as far as its letters allow."""
    kept = "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum())
    return kept[:32] if kept and not kept[0].isdigit() else "user"


def accounts(login: str, uid: int, gid: int, desktop: UUID) -> dict[str, str]:
    """The files of /etc, by name, that tell who the person is and which machine this is."""
    person = f"{login}:x:{uid}:{gid}:{login}:{HOME}:/bin/bash"
    return {
        "passwd": f"root:x:0:0:root:/root:/usr/sbin/nologin\n{person}\n",
        "group": f"root:x:0:\n{login}:x:{gid}:\n",
        "machine-id": f"{desktop.hex}\n",
    }
