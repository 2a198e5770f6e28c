"""Run by a user who is not root: launch, look, ask and end; print what was seen, as JSON.

Arguments: data folder, profiles folder, network. Needs nothing but the standard library.
"""

import asyncio
import json
import os
import sys
from pathlib import Path
from uuid import UUID, uuid4

from deskbay.desktops.runtimes import LaunchError, LaunchSpec, Network
from deskbay.desktops.runtimes.local import LocalRuntime
from deskbay.desktops.runtimes.local.liveness import until


async def run(data: Path, profiles: Path, network: Network) -> dict[str, str]:
    runtime = LocalRuntime(data, profiles=profiles)
    spec = LaunchSpec(uuid4(), UUID(int=1), 10, "Ann", "D", "probe", network, 1024, 2.0)
    try:
        await runtime.launch(spec, lambda _: None)
        async with asyncio.timeout(60):
            await until((data / "homes" / str(spec.owner) / f"answer-{spec.desktop.hex}").exists)
        seen = await runtime.observe(spec.desktop)
    except LaunchError as error:
        return {"refused": str(error), "left": str(sorted(await runtime.owned()))}
    await runtime.forget(spec.desktop)
    answer = (data / "homes" / str(spec.owner) / f"answer-{spec.desktop.hex}").read_text().strip()
    left = [entry.name for entry in (data / "run").iterdir()]
    return {"answer": answer, "seen": seen.presence, "left": str(left), "user": str(os.geteuid())}


if __name__ == "__main__":
    saw = asyncio.run(run(Path(sys.argv[1]), Path(sys.argv[2]), Network(sys.argv[3])))
    sys.stdout.write(json.dumps(saw))
