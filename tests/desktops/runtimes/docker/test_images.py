"""The images of deploy/images, but for the one that all other tests have: built, started and looked at."""

import asyncio
from dataclasses import replace

import pytest
from tests.desktops.runtimes.docker.stage import Stage
from tests.desktops.runtimes.rfb import Viewer

from deskbay.desktops.runtimes import UnixDisplay
from deskbay.desktops.runtimes.conformance import start

PATIENCE = 120.0
COLOURS_OF_A_WALLPAPER = 200


async def is_seen(display: UnixDisplay) -> None:
    """Look until the wallpaper, or a window, is there."""
    async with asyncio.timeout(PATIENCE), await Viewer.connect(display.path) as viewer:
        while True:
            await viewer.look()
            if viewer.colours() > COLOURS_OF_A_WALLPAPER:
                return
            await asyncio.sleep(0.05)


@pytest.mark.parametrize(("profile", "program"), [("full-desktop", "xfce4-panel"), ("browser", "chromium")])
async def test_one_is_built_starts_and_shows_itself(stage: Stage, profile: str, program: str) -> None:
    image = await asyncio.to_thread(stage.engine.image_of, profile)
    spec = replace(stage.spec, image=image, profile=profile)
    await start(stage.runtime, spec)
    display = await stage.runtime.display(spec.desktop)
    assert isinstance(display, UnixDisplay)
    await is_seen(display)
    assert "yes" in await stage.ask(f"pgrep --full {program} >/dev/null && echo yes; true", spec)
    assert await stage.ask("find / -xdev -type f -perm /6000 2>/dev/null; command -v sudo; true", spec) == ""
