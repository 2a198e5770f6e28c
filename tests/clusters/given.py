"""The cluster that tests run against: a real one where somebody names it, a simulated one everywhere else."""

import asyncio
import os
import re
from base64 import b64decode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import yaml
from tests.clusters.kubelet import IMAGE
from tests.clusters.simulated_kubernetes import NAMESPACE, TOKEN, SimulatedKubernetes

from deskbay.desktops.runtimes.kinds import Place
from deskbay.desktops.runtimes.kubernetes.access import JSONObject, read_kubeconfig
from deskbay.desktops.runtimes.kubernetes.cluster import Cluster, Kind
from deskbay.desktops.runtimes.kubernetes.runtime import KubernetesRuntime
from deskbay.desktops.runtimes.kubernetes.settings import KubernetesSettings

KUBECONFIG = os.environ.get("DESKBAY_TEST_KUBECONFIG")
"""File of a kubeconfig that holds all that it needs, of an account that may make namespaces. Nodes have the image."""
DOCUMENTED = Path(__file__).parents[2] / "docs" / "runtimes.md"
PATHS = {
    "ServiceAccount": "/api/v1/namespaces/{}/serviceaccounts",
    "Secret": "/api/v1/namespaces/{}/secrets",
    "Role": "/apis/rbac.authorization.k8s.io/v1/namespaces/{}/roles",
    "RoleBinding": "/apis/rbac.authorization.k8s.io/v1/namespaces/{}/rolebindings",
}
PATIENCE = 60.0
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
    try:
        await api.ask("POST", "/api/v1/namespaces", body={"metadata": {"name": namespace}})
        account = await _as_documented(api, kubeconfig)
        yield GivenCluster({**account, "namespace": namespace, "homes_are_given": True}, namespace, REAL_IMAGE, api)
    finally:
        await api.ask("DELETE", f"/api/v1/namespaces/{namespace}")
        await api.close()


async def _as_documented(api: Cluster, kubeconfig: str) -> Mapping[str, str]:
    """Make the account that docs/runtimes.md describes, and return how it comes in."""
    for manifest in yaml.safe_load_all(_documented_role().replace("namespace: deskbay", f"namespace: {api.namespace}")):
        path = f"{PATHS[manifest['kind']].format(api.namespace)}"
        await api.ask("POST", path, body=manifest)
    secret: object = None
    async with asyncio.timeout(PATIENCE):
        while not (isinstance(secret, Mapping) and "token" in secret):
            await asyncio.sleep(0.1)
            secret = (await api.get(Kind.SECRET, "deskbay-token") or {}).get("data")
    cluster = yaml.safe_load(kubeconfig)["clusters"][0]["cluster"]
    authority = b64decode(cluster["certificate-authority-data"]).decode()
    return {"url": cluster["server"], "token": b64decode(secret["token"]).decode(), "authority": authority}


def _documented_role() -> str:
    documented = re.search(r"```yaml\n(.*?)```", DOCUMENTED.read_text(), re.DOTALL)
    assert documented
    return documented[1]
