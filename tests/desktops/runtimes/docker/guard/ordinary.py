"""Becomes an ordinary user, and lives a desktop's life, with a folder in which a guard's socket is, and an image."""

import asyncio
import os
import shutil
import sys
from pathlib import Path
from uuid import uuid4

from tests.desktops.runtimes.launchable import a_secluded_desktop

from deskbay.desktops.runtimes.conformance import greeting, start
from deskbay.desktops.runtimes.docker import lodging
from deskbay.desktops.runtimes.docker.settings import DockerSettings
from deskbay.desktops.runtimes.kinds import Place


async def live(data: Path, image: str) -> None:
    runtime = DockerSettings(socket=data / "guard.sock").open(Place(data, uuid4().hex, "box"))
    spec = a_secluded_desktop(image, 1.5)
    await start(runtime, spec)
    sys.stdout.write((await greeting(runtime, spec)).decode())
    await runtime.end(spec.desktop)
    await start(runtime, spec)
    await runtime.forget(spec.desktop)
    sys.stdout.write(f"{len(await runtime.owned())} left")
    await runtime.close()


def become_ordinary(number: int, data: Path) -> None:
    """Become somebody who may not even read where Deskbay is."""
    lodging.FURNITURE = Path(shutil.copytree(lodging.FURNITURE, data / "furniture"))
    os.setgroups([])
    os.setgid(number)
    os.setuid(number)


if __name__ == "__main__":
    become_ordinary(int(sys.argv[1]), Path(sys.argv[2]))
    asyncio.run(live(Path(sys.argv[2]), sys.argv[3]))
