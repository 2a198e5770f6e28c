"""Images that are not Deskbay's on engines elsewhere: shown by the engine's API alone, at no port of its host."""

import asyncio
from pathlib import Path

import pytest
from tests.desktops.runtimes.docker.stage import Stage, container_of
from tests.desktops.runtimes.docker.strangers import RECIPE, a_stranger, shown

from deskbay.desktops.runtimes import LaunchError, Presence, Unreachable
from deskbay.gateway.sockets import connect_to

PATIENCE = 60.0


async def test_one_is_shown_here_at_no_port_there_and_who_leaves_leaves_nothing_in_it(
    elsewhere: Stage, tmp_path: Path
) -> None:
    spec = a_stranger(elsewhere, tmp_path)
    display = await shown(elsewhere, spec)
    await _nobody_is_left_in(elsewhere)
    assert elsewhere.engine.run("port", container_of(spec)) == ""
    reader, writer = await asyncio.open_connection(display.host, display.port)
    async with asyncio.timeout(PATIENCE):
        assert await reader.readexactly(12) == b"RFB 003.008\n"
        await elsewhere.runtime.end(spec.desktop)
        assert await reader.read() == b""
    writer.close()
    with pytest.raises(ConnectionRefusedError):
        await connect_to(display)
    with pytest.raises(Unreachable, match="does not run"):
        await elsewhere.runtime.display(spec.desktop)


async def _nobody_is_left_in(stage: Stage) -> None:
    """Wait until nothing runs inside but the VNC server."""
    async with asyncio.timeout(PATIENCE):
        while len(running := await _running(stage)) > 1:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.05)
    assert running[0].startswith("Xvnc :7")


async def _running(stage: Stage) -> list[str]:
    told = await asyncio.to_thread(stage.engine.run, "top", container_of(stage.spec), "-o", "pid,args")
    return [line.split(maxsplit=1)[1] for line in told.splitlines()[1:]]


async def test_one_that_nothing_can_be_carried_in_is_refused_and_says_why(far: Stage, tmp_path: Path) -> None:
    spec = a_stranger(far, tmp_path, RECIPE.replace("CMD", 'RUN rm /bin/bash /bin/sh\nCMD ["Xvnc", ":7"]\n# '))
    why = "stranger has neither bash nor busybox, which engines elsewhere need to show it. Add one of them, or"
    with pytest.raises(LaunchError, match=why):
        await far.runtime.launch(spec, lambda _: None)
    assert far.containers() == ""


async def test_one_that_ends_at_once_says_so_and_not_that_it_lacks_something(far: Stage, tmp_path: Path) -> None:
    spec = a_stranger(far, tmp_path, RECIPE.replace("CMD", "CMD false &&"))
    await far.runtime.launch(spec, lambda _: None)
    assert "ended before it was ready" in ((await far.leave(Presence.STARTING)).reason or "")
