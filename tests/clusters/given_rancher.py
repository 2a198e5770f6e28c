"""Rancher as tests have it: there is none but a simulated one."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from tests.clusters.simulated_kubernetes import NAMESPACE, TOKEN
from tests.clusters.simulated_rancher import CLUSTER, REPOSITORY, SimulatedRancher

from deskbay.desktops.runtimes.clusters import Chart
from deskbay.desktops.runtimes.kinds import Place
from deskbay.desktops.runtimes.rancher.runtime import RancherRuntime
from deskbay.desktops.runtimes.rancher.settings import RancherSettings

CHART = Chart.model_validate(
    {
        "name": "desktop",
        "version": "1.4.0",
        "values": {
            "image": "${image}",
            "home": "${home}",
            "memory": "${memory_mb}Mi",
            "vnc": {"secret": "${secret}"},
        },
    }
)


@dataclass
class GivenRancher:
    """Rancher with one cluster. `settings` are what an administrator says of it."""

    simulated: SimulatedRancher
    settings: Mapping[str, object]
    server: str = field(default_factory=lambda: uuid4().hex)

    def open(self, name: str = "school", **different: object) -> RancherRuntime:
        settings = RancherSettings.model_validate({**self.settings, **different})
        return settings.open(Place(Path("/nonexistent"), self.server, name))


@asynccontextmanager
async def given_rancher() -> AsyncIterator[GivenRancher]:
    """Rancher with a namespace in which there is nothing."""
    simulated = SimulatedRancher()
    async with simulated.serving() as url:
        where = {
            "cluster_id": CLUSTER,
            "repository": REPOSITORY,
            "namespace": NAMESPACE,
            "project_id": "c-m-school:p-1",
        }
        yield GivenRancher(simulated, {"url": url, "token": TOKEN, "authority": simulated.authority_pem, **where})
