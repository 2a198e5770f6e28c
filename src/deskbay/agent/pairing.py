"""Making a device a person's own, by a code that they got on a page of the server."""

import platform as system
import uuid
from collections.abc import Mapping
from contextlib import closing

from deskbay.agent.connection import Address, Server
from deskbay.agent.state import Pairing, StateFolder

_SYSTEMS = {"Linux": "linux", "Windows": "windows", "Darwin": "macos"}


def pair(state: StateFolder, server: str, code: str, name: str | None) -> str:
    """Pair this device and return the name that it has from now on. Raises Failed."""
    address, name = Address(server.rstrip("/")), name or system.node().partition(".")[0]
    wish = {**_about_this_device(), "code": code, "name": name}
    with closing(Server(address)) as asked:
        answer = asked.post("/api/v1/agent/pair", wish)
    state.keep_pairing(Pairing(address, str(answer["token"])))
    return name


def _about_this_device() -> Mapping[str, object]:
    return {
        "system": _SYSTEMS.get(system.system(), "linux"),
        "system_release": system.release()[:100],
        "system_version": _version()[:255],
        "architecture": system.machine()[:50],
        "mac_address": _mac_address(),
    }


def _version() -> str:
    try:
        return system.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return system.version()


def _mac_address() -> str | None:
    number = uuid.getnode()
    if number >> 40 & 1:
        return None  # made up: this device tells none
    return ":".join(f"{number >> shift & 0xFF:02x}" for shift in range(40, -8, -8))
