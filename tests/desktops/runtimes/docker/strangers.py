"""An image that is not Deskbay's: a VNC server at a port, with a password that it is told by a variable."""

import asyncio
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from tests.desktops.runtimes.docker.stage import Stage, container_of

from deskbay.desktops.runtimes import LaunchSpec, Network, TcpDisplay, Unreachable
from deskbay.desktops.runtimes.conformance import start
from deskbay.gateway.handshake import enter
from deskbay.gateway.sockets import connect_to
from deskbay.kit.vnc import password_file

PASSWORD = "pass=word"
PATIENCE = 60.0
RECIPE = """\
FROM {image}
USER 0
ENTRYPOINT []
COPY password /root/file
CMD echo "$VNC_PW" >/root/told && sleep 1 && exec Xvnc :7 -rfbport 5907 -SecurityTypes VncAuth -PasswordFile /root/file
"""


def a_stranger(stage: Stage, folder: Path, recipe: str = RECIPE) -> LaunchSpec:
    """Return a desktop of such an image, which is made in a folder."""
    (folder / "Dockerfile").write_text(recipe.format(image=stage.engine.image))
    (folder / "password").write_bytes(password_file(PASSWORD))
    stage.engine.run("build", "--tag", "deskbay-tests/stranger", str(folder))
    return replace(
        stage.spec,
        image="deskbay-tests/stranger",
        network=Network.INTERNET,
        port=5907,
        environment={"VNC_PW": PASSWORD},
        password_variable="VNC_PW",
    )


async def shown(stage: Stage, spec: LaunchSpec) -> TcpDisplay:
    """Return its display once the gateway has entered it with the password."""
    await start(stage.runtime, spec)
    display = await stage.runtime.display(spec.desktop)
    assert isinstance(display, TcpDisplay)
    assert (display.host, display.password) == ("127.0.0.1", PASSWORD)
    with closing(await connect_to(display)) as server:
        await enter(server, display.password)
    return display


async def shown_at_no_port_there(stage: Stage, folder: Path) -> None:
    """See that one is shown here without a port of its host's, and that nothing is left in it of who leaves."""
    spec = a_stranger(stage, folder)
    display = await shown(stage, spec)
    await _nobody_is_left_in(stage)
    assert stage.engine.run("port", container_of(spec)) == ""
    reader, writer = await asyncio.open_connection(display.host, display.port)
    async with asyncio.timeout(PATIENCE):
        assert await reader.readexactly(12) == b"RFB 003.008\n"
        await stage.runtime.end(spec.desktop)
        assert await reader.read() == b""
    writer.close()
    with pytest.raises(ConnectionRefusedError):
        await connect_to(display)
    with pytest.raises(Unreachable, match="does not run"):
        await stage.runtime.display(spec.desktop)


async def _nobody_is_left_in(stage: Stage) -> None:
    """Wait until nothing runs inside but the VNC server."""
    async with asyncio.timeout(PATIENCE):
        while len(running := await _running(stage)) > 1:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.05)
    assert running[0].startswith("Xvnc :7")


async def _running(stage: Stage) -> list[str]:
    told = await asyncio.to_thread(stage.engine.run, "top", container_of(stage.spec), "-o", "pid,args")
    return [line.split(maxsplit=1)[1] for line in told.splitlines()[1:]]
