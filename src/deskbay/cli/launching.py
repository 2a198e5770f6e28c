"""A launch, followed step by step."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from deskbay.cli.client import Client
from deskbay.cli.failures import Failure
from deskbay.desktops.models import State
from deskbay.desktops.schemas import DesktopOut

LOG_LINES = 10


class LaunchBar:
    """A bar that goes on with each step of a launch."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("Waiting", total=None)

    def show(self, desktop: DesktopOut) -> None:
        for step in desktop.steps[-1:]:
            self._progress.update(self._task, description=step.name)
        if desktop.state is State.RUNNING:
            self._progress.update(self._task, description=f"{desktop.name} runs", total=1, completed=1)


@contextmanager
def launch_bar(*, shown: bool) -> Iterator[LaunchBar]:
    """Show a bar on standard error, so that standard output has the link alone."""
    columns = (SpinnerColumn(finished_text="✓"), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not shown) as progress:
        yield LaunchBar(progress)


async def launch(client: Client, template: str, bar: LaunchBar, session_id: int | None = None) -> DesktopOut:
    """Launch a desktop and return it once it runs. One that does not come up is taken away. Raises Failure."""
    desktop = await client.launch(template, session_id)
    try:
        return await until_running(client, desktop, bar)
    except BaseException:
        await client.delete(desktop.id)
        raise


async def until_running(client: Client, desktop: DesktopOut, bar: LaunchBar) -> DesktopOut:
    """Wait for a desktop that was launched or started. Raises Failure when it does not come to run."""
    async for desktop in client.follow(desktop.id):  # noqa: B020, PLR1704 - the same desktop, as it is now
        bar.show(desktop)
    if desktop.state is State.RUNNING:
        return desktop
    reason = desktop.reason or "It was stopped meanwhile."
    log = "\n".join((await client.log(desktop.id))[-LOG_LINES:])
    raise Failure(f"{desktop.name} did not start. {reason}\n{log}".strip(), kind="launch-failed")
