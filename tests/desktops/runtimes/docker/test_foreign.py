"""Images that are not Deskbay's on engines elsewhere: shown by the engine's API alone, at no port of its host."""

from pathlib import Path

import pytest
from tests.desktops.runtimes.docker.stage import Stage
from tests.desktops.runtimes.docker.strangers import RECIPE, a_stranger, shown_at_no_port_there

from deskbay.desktops.runtimes import LaunchError, Presence


async def test_one_is_shown_here_at_no_port_there_and_who_leaves_leaves_nothing_in_it(
    elsewhere: Stage, tmp_path: Path
) -> None:
    await shown_at_no_port_there(elsewhere, tmp_path)


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
