"""An image that is not Deskbay's: a VNC server at a port, with a password that it is told by a variable."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from tests.desktops.runtimes.docker.stage import Stage

from deskbay.desktops.runtimes import LaunchSpec, Network, TcpDisplay
from deskbay.desktops.runtimes.conformance import start
from deskbay.gateway.handshake import enter
from deskbay.gateway.sockets import connect_to
from deskbay.kit.vnc import password_file

PASSWORD = "pass=word"
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
