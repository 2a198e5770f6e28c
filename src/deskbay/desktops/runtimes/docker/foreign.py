"""Containers of images that are not Deskbay's: they show themselves at a port, published on loopback."""

import asyncio
from contextlib import suppress

from aiodocker.types import JSONObject

from deskbay.desktops.runtimes import DisplayProtocol, LaunchSpec, TcpDisplay, Unreachable
from deskbay.desktops.runtimes.docker.container import DESKTOP_LABEL, limits_of, volume_binds
from deskbay.desktops.runtimes.docker.engine import Container
from deskbay.desktops.runtimes.docker.lodging import Room
from deskbay.desktops.runtimes.people import HOME

PORT_LABEL = "deskbay.port"
PROTOCOL_LABEL = "deskbay.protocol"
VARIABLE_LABEL = "deskbay.password-variable"
LOOPBACK = "127.0.0.1"
GREETING_SECONDS = 2.0
KNOCKS = {
    DisplayProtocol.VNC: b"",
    DisplayProtocol.SSH: b"",
    # The first words of RDP (MS-RDPBCGR, 2.2.1.1): its servers wait for them.
    DisplayProtocol.RDP: bytes.fromhex("030000130ee000000000000100080003000000"),
}


def foreign_config(spec: LaunchSpec, room: Room, labels: dict[str, str], network: str) -> JSONObject:
    """The body of the engine's request for such a container, which runs as its image was made."""
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
            "Binds": [f"{room.home}:{HOME}", *volume_binds(spec.volumes)],
            "PortBindings": {port: [{"HostIp": LOOPBACK, "HostPort": ""}]},
        },
    }


def is_foreign(container: Container) -> bool:
    return PORT_LABEL in container.config.labels


def display_in(container: Container) -> TcpDisplay:
    """Where such a container shows itself, and the password that it was given. Raises Unreachable when it does not."""
    labels = container.config.labels
    published = container.network.ports.get(labels[PORT_LABEL]) or []
    if not published:
        raise Unreachable("The desktop's container shows nothing. Stop the desktop, and start it again.")
    return TcpDisplay(
        host=LOOPBACK,
        port=published[0].port,
        protocol=DisplayProtocol(labels[PROTOCOL_LABEL]),
        password=container.config.variables.get(labels[VARIABLE_LABEL]),
    )


async def greets(display: TcpDisplay) -> bool:
    """Whether a server answers at a display. That the port takes connections tells nothing: engines do that first."""
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(GREETING_SECONDS):
            reader, writer = await asyncio.open_connection(display.host, display.port)
            try:
                writer.write(KNOCKS[display.protocol])
                return await reader.read(1) != b""
            finally:
                writer.close()
    return False
