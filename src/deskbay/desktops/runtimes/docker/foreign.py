"""Containers of images that are not Deskbay's: they show themselves at a port, which leads to one of our loopback."""

import asyncio
from contextlib import suppress

from aiodocker.types import JSONObject

from deskbay.desktops.runtimes import DisplayProtocol, LaunchSpec, TcpDisplay
from deskbay.desktops.runtimes.docker.answers import Container
from deskbay.desktops.runtimes.docker.container import DESKTOP_LABEL, limits_of, volume_binds
from deskbay.desktops.runtimes.docker.ports import PORT_LABEL
from deskbay.desktops.runtimes.people import HOME
from deskbay.desktops.runtimes.tunnels import LOOPBACK

PROTOCOL_LABEL = "deskbay.protocol"
VARIABLE_LABEL = "deskbay.password-variable"
GREETING_SECONDS = 5.0
PAUSE_SECONDS = 0.2
KNOCKS = {
    DisplayProtocol.VNC: b"",
    DisplayProtocol.SSH: b"",
    # The first words of RDP (MS-RDPBCGR, 2.2.1.1): its servers wait for them.
    DisplayProtocol.RDP: bytes.fromhex("030000130ee000000000000100080003000000"),
}


def foreign_config(
    spec: LaunchSpec, home: str, labels: dict[str, str], network: str, *, is_published: bool
) -> JSONObject:
    """The body of the engine's request for such a container, which runs as its image was made. `home` is a path there.

    Its port is published on the loopback of the engine's host, or not at all.
    """
    port = f"{spec.port}/tcp"
    return {
        "Image": spec.image,
        "Env": [f"{name}={value}" for name, value in spec.environment.items()],
        "Labels": {
            **labels,
            DESKTOP_LABEL: str(spec.desktop),
            PORT_LABEL: port,
            PROTOCOL_LABEL: spec.protocol.value,
            VARIABLE_LABEL: spec.password_variable or "",
        },
        "ExposedPorts": {port: {}},
        "HostConfig": {
            **limits_of(spec),
            "SecurityOpt": ["no-new-privileges"],
            "NetworkMode": network,
            "Binds": [f"{home}:{HOME}", *volume_binds(spec.volumes)],
            "PortBindings": {port: [{"HostIp": LOOPBACK, "HostPort": ""}]} if is_published else {},
        },
    }


def is_foreign(container: Container) -> bool:
    return PORT_LABEL in container.config.labels


def display_at(port: int, container: Container) -> TcpDisplay:
    """Such a container's display, at a port of this host's loopback, and the password that it was given."""
    labels = container.config.labels
    return TcpDisplay(
        host=LOOPBACK,
        port=port,
        protocol=DisplayProtocol(labels[PROTOCOL_LABEL]),
        password=container.config.variables.get(labels[VARIABLE_LABEL]),
    )


async def greets(display: TcpDisplay) -> bool:
    """Whether a server answers at a display; else it waits a little, as one that starts has other things to do.

    That the port takes connections tells nothing: engines do that first.
    """
    if await _says_something(display):
        return True
    await asyncio.sleep(PAUSE_SECONDS)
    return False


async def _says_something(display: TcpDisplay) -> bool:
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(GREETING_SECONDS):
            reader, writer = await asyncio.open_connection(display.host, display.port)
            try:
                writer.write(KNOCKS[display.protocol])
                return await reader.read(1) != b""
            finally:
                writer.close()
    return False
