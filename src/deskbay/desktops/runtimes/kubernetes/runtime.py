"""The kubernetes runtime: desktops as pods of one namespace of a cluster."""

import asyncio
from uuid import UUID

from deskbay.desktops.runtimes import LaunchError, LaunchSpec, Report
from deskbay.desktops.runtimes.kubernetes import manifests
from deskbay.desktops.runtimes.kubernetes.cluster import Cluster, Kind
from deskbay.desktops.runtimes.kubernetes.desktops import ClusterRuntime, password_for
from deskbay.desktops.runtimes.kubernetes.manifests import DESKTOP_LABEL, PodPlan, Ways, home_of, name_of
from deskbay.desktops.runtimes.kubernetes.pods import sentence
from deskbay.desktops.runtimes.kubernetes.volumes import ClaimVolumes, claim_of

UNBOUND = "unbound"
STORAGE_REMEDY = "See that the storage class of the runtime gives volumes."
ROOM_REMEDY = "Stop a desktop, choose a smaller one, or try again later."


class KubernetesRuntime(ClusterRuntime):
    """Each desktop a pod that is made here. `patience` is for how many seconds it waits for a node with room."""

    def __init__(self, cluster: Cluster, ways: Ways, patience: float) -> None:
        super().__init__(cluster, ways)
        self._patience = patience
        self.volumes = ClaimVolumes(cluster, ways.labels, ways.storage_class)

    async def _pod_name(self, desktop: UUID) -> str:
        return name_of(desktop)

    async def _start(self, spec: LaunchSpec, report: Report) -> None:
        if spec.image is None:
            raise LaunchError("The template names no image. Ask an administrator to give it one.")
        report("Preparing the home")
        await self.end(spec.desktop)
        await self._require_volumes(spec)
        plan = PodPlan(spec, self._ways, password_for(spec))
        await self._prepare(plan)
        report("Finding a place in the cluster")
        await self._cluster.create(Kind.POD, plan.pod())
        await self._find_place(spec.desktop)
        report("Starting the desktop")
        await self._until(spec.desktop, lambda pod: pod.is_running)

    async def _require_volumes(self, spec: LaunchSpec) -> None:
        for mount in spec.volumes:
            if await self._cluster.get(Kind.CLAIM, claim_of(mount.volume)) is None:
                raise LaunchError(f"The volume for {mount.path} is not in the cluster any more. Detach it, then start.")

    async def _prepare(self, plan: PodPlan) -> None:
        desktop, selector = plan.spec.desktop, {DESKTOP_LABEL: str(plan.spec.desktop)}
        await self._cluster.create(Kind.SECRET, plan.secret())  # the first one, by which the desktop is found again
        await self._cluster.create(Kind.POLICY, manifests.policy(plan.spec, self._ways, selector))
        await self._cluster.create(Kind.SERVICE, manifests.service(plan.spec, self._ways, selector))
        await self._cluster.create_missing(Kind.CLAIM, manifests.home(desktop, self._ways))

    async def _find_place(self, desktop: UUID) -> None:
        """Wait until a node has taken the pod. Raises LaunchError when none does for too long."""
        try:
            async with asyncio.timeout(self._patience):
                await self._until(desktop, lambda pod: pod.is_placed)
        except TimeoutError as error:
            pod = await self._pod(desktop)
            why = (pod.no_place if pod else None) or ""
            remedy = STORAGE_REMEDY if UNBOUND in why else ROOM_REMEDY
            raise LaunchError(f"No node of the cluster takes the desktop: {sentence(why)} {remedy}") from error

    async def _take_down(self, desktop: UUID, pod: str | None) -> None:  # noqa: ARG002 - it always has a name
        await self._end_pod(name_of(desktop))

    async def _forget_home(self, desktop: UUID) -> None:
        await self._delete_home(home_of(desktop))
