"""How tasks end."""

import asyncio
from collections.abc import Collection

PATIENCE_SECONDS = 10.0
"""So long a task may take to tidy up before it is asked again."""


async def end(tasks: Collection[asyncio.Task[None]], patience: float = PATIENCE_SECONDS) -> None:
    """Cancel tasks, and those that come to them meanwhile, and wait until all have ended, however.

    One may miss that it is cancelled, when what it waits for comes at the same moment: so it is asked again.
    """
    while left := {task for task in tasks if not task.done()}:
        for task in left:
            task.cancel()
        await asyncio.wait(left, timeout=patience)
