import asyncio
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.desktops.runtimes.local.conftest import WAIT_SECONDS

from deskbay.desktops.runtimes.local.liveness import until
from deskbay.desktops.runtimes.local.processes import Child, Streams, appending, pipe, start, start_and_hear

HERE: Mapping[str, str] = {"PATH": os.environ["PATH"]}


def run(script: str, output: Path, *kept: int) -> Child:
    with appending(output) as file:
        return start(["sh", "-c", script], HERE, Streams(file, file, kept=kept))


async def end_of(child: Child) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        await until(lambda: child.ended)


async def test_what_a_process_prints_is_added_to_its_file(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("before\n")
    await end_of(run("echo said; echo failed >&2; cat", tmp_path / "out"))
    assert (tmp_path / "out").read_text() == "before\nsaid\nfailed\n"


async def test_a_file_is_made_for_this_user_alone(tmp_path: Path) -> None:
    await end_of(run("true", tmp_path / "out"))
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o600


async def test_only_kept_files_stay_open(tmp_path: Path) -> None:
    with pipe() as (reading, writing):
        os.set_inheritable(reading, True)
        await end_of(run("ls /proc/self/fd", tmp_path / "out", writing))
    assert set((tmp_path / "out").read_text().split()) == {"0", "1", "2", "3", str(writing)} - {str(reading)}


async def test_a_process_leads_a_session_of_its_own(tmp_path: Path) -> None:
    await end_of(run("cut -d' ' -f5,6 /proc/$$/stat; echo $$", tmp_path / "out"))
    group, session, own = (tmp_path / "out").read_text().split()
    assert group == session == own


async def test_killing_a_process_ends_all_that_it_started(tmp_path: Path) -> None:
    child = run("sleep 1000 & echo $!; wait", tmp_path / "out")
    async with asyncio.timeout(WAIT_SECONDS):
        await until(lambda: bool((tmp_path / "out").exists() and (tmp_path / "out").read_text()))
        child.kill()
        await until(lambda: child.ended)
        grandchild = (tmp_path / "out").read_text().strip()
        await until(lambda: not Path(f"/proc/{grandchild}/exe").exists())
    child.kill()


async def test_what_an_ended_process_left_in_its_group_goes_with_it(tmp_path: Path) -> None:
    await end_of(run("sleep 1000 & echo $!", tmp_path / "out"))
    grandchild = (tmp_path / "out").read_text().strip()
    async with asyncio.timeout(WAIT_SECONDS):
        await until(lambda: not Path(f"/proc/{grandchild}/exe").exists())


async def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    with appending(tmp_path / "out") as file, pytest.raises(FileNotFoundError):
        start(["no-such-program"], HERE, Streams(file, file))


class TestHearing:
    async def test_a_word_is_waited_for(self, tmp_path: Path) -> None:
        child = await start_and_hear(
            lambda told: run(f"printf 1 >/proc/self/fd/{told}; sleep 1000", tmp_path / "out", told)
        )
        assert not child.ended
        child.kill()
        await end_of(child)

    async def test_silence_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(ChildProcessError):
            await start_and_hear(lambda told: run("exit 1", tmp_path / "out", told))

    async def test_who_stops_waiting_ends_the_process(self, tmp_path: Path) -> None:
        children: list[Child] = []

        def begin(told: int) -> Child:
            children.append(run("sleep 1000", tmp_path / "out", told))
            return children[0]

        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await start_and_hear(begin)
        await end_of(children[0])
