"""The cluster that tests run against: a real one where somebody names it, a simulated one everywhere else."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from tests.clusters.kubelet import IMAGE
from tests.clusters.simulated_kubernetes import NAMESPACE, TOKEN, SimulatedKubernetes

from deskbay.desktops.runtimes.kinds import Place
from deskbay.desktops.runtimes.kubernetes.access import JSONObject, read_kubeconfig
from deskbay.desktops.runtimes.kubernetes.cluster import Cluster
from deskbay.desktops.runtimes.kubernetes.runtime import KubernetesRuntime
from deskbay.desktops.runtimes.kubernetes.settings import KubernetesSettings

KUBECONFIG = os.environ.get("DESKBAY_TEST_KUBECONFIG")
"""File of a kubeconfig that holds all that it needs, of an account that may make namespaces. Nodes have the image."""
REAL_IMAGE = os.environ.get("DESKBAY_TEST_IMAGE", "deskbay/desktop")


@dataclass
class GivenCluster:
    """A namespace with nothing in it. `settings` are what an administrator says of it."""

    settings: Mapping[str, object]
    namespace: str
    image: str
    api: Cluster
    simulated: SimulatedKubernetes | None = None
    server: str = field(default_factory=lambda: uuid4().hex)

    def open(self, name: str = "cluster", **different: object) -> KubernetesRuntime:
        settings = KubernetesSettings.model_validate({**self.settings, **different})
        return settings.open(Place(Path("/nonexistent"), self.server, name))

    async def limit_memory(self, megabytes: int) -> None:
        """Let all pods together have so much, and no more."""
        if self.simulated:
            self.simulated.node.quota_mb = megabytes
            return
        spec = {"hard": {"limits.memory": f"{megabytes}Mi"}}
        quota: JSONObject = {"metadata": {"name": "small"}, "spec": spec}
        await self.api.ask("POST", f"/api/v1/namespaces/{self.namespace}/resourcequotas", body=quota)

    async def limits_hold(self) -> bool:
        """Whether the cluster counts by the limits by now."""
        if self.simulated:
            return True
        found = await self.api.ask("GET", f"/api/v1/namespaces/{self.namespace}/resourcequotas/small")
        status = found.get("status") if isinstance(found, dict) else None
        return isinstance(status, dict) and "used" in status


@asynccontextmanager
async def given_cluster() -> AsyncIterator[GivenCluster]:
    """A cluster with a namespace of the test's own."""
    async with _real(await asyncio.to_thread(Path(KUBECONFIG).read_text)) if KUBECONFIG else _simulated() as given:
        yield given


@asynccontextmanager
async def _simulated() -> AsyncIterator[GivenCluster]:
    simulated = SimulatedKubernetes()
    async with simulated.serving() as url:
        settings = {"url": url, "token": TOKEN, "authority": simulated.authority_pem, "namespace": NAMESPACE}
        yield GivenCluster(settings, NAMESPACE, IMAGE, Cluster(None, NAMESPACE), simulated)


@asynccontextmanager
async def _real(kubeconfig: str) -> AsyncIterator[GivenCluster]:
    namespace = f"deskbay-test-{uuid4().hex[:8]}"
    api = Cluster(read_kubeconfig(kubeconfig), namespace)
    settings = {"kubeconfig": kubeconfig, "namespace": namespace, "homes_are_given": True}
    try:
        await api.ask("POST", "/api/v1/namespaces", body={"metadata": {"name": namespace}})
        yield GivenCluster(settings, namespace, REAL_IMAGE, api)
    finally:
        await api.ask("DELETE", f"/api/v1/namespaces/{namespace}")
        await api.close()
