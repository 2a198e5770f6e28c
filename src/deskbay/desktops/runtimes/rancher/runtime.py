"""The rancher runtime: desktops as charts, which Rancher installs in one namespace of a cluster of its."""

import asyncio
from collections.abc import Mapping, Sequence
from uuid import UUID

from pydantic import JsonValue
from slugify import slugify

from deskbay.desktops.runtimes import LaunchError, LaunchSpec, Report, Unreachable
from deskbay.desktops.runtimes.clusters import Chart
from deskbay.desktops.runtimes.kubernetes import manifests
from deskbay.desktops.runtimes.kubernetes.cluster import Cluster, Kind, Refused
from deskbay.desktops.runtimes.kubernetes.desktops import LOOK_SECONDS, ClusterRuntime, password_for
from deskbay.desktops.runtimes.kubernetes.manifests import DESKTOP_LABEL, PodPlan, Ways, name_of
from deskbay.desktops.runtimes.kubernetes.pods import sentence
from deskbay.desktops.runtimes.rancher.catalog import App, Catalog, Operation
from deskbay.desktops.runtimes.rancher.values import filled

LONGEST_NAME = 12
"""With a UUID behind it a release has 49 characters, of 53 that Helm allows."""
RELEASE_NOTE = "deskbay.release"
HOME = "-home"
POD_NAME = "statefulset.kubernetes.io/pod-name"
GONE_SECONDS = 120.0


class RancherRuntime(ClusterRuntime):
    """Each desktop a release whose chart makes a stateful set of that name, with one pod.

    A secret is made first and deleted last: it tells what the release of a desktop is called. The home is made beside
    the chart, as `{release}-home`, and stays when the chart goes.
    """

    def __init__(self, cluster: Cluster, catalog: Catalog, ways: Ways) -> None:
        super().__init__(cluster, ways)
        self._catalog = catalog

    async def _pod_name(self, desktop: UUID) -> str | None:
        release = await self._release(desktop)
        return None if release is None else f"{release}-0"

    async def _release(self, desktop: UUID) -> str | None:
        for secret in await self._cluster.labelled(Kind.SECRET, self._labels_of(desktop)):
            if RELEASE_NOTE in secret.annotations:
                return secret.annotations[RELEASE_NOTE]
        return None

    async def _home(self, desktop: UUID) -> str | None:
        homes = await self._cluster.labelled(Kind.CLAIM, self._labels_of(desktop))
        return homes[0].name if homes else None

    def _labels_of(self, desktop: UUID) -> Mapping[str, str]:
        return {**self._ways.labels, DESKTOP_LABEL: str(desktop)}

    async def _start(self, spec: LaunchSpec, report: Report) -> None:
        chart = spec.cluster.chart if spec.cluster else None
        if chart is None:
            raise LaunchError("The template names no chart. Ask an administrator to give it one.")
        report("Preparing the home")
        await self.end(spec.desktop)
        home = await self._home(spec.desktop)
        release = home.removesuffix(HOME) if home else release_of(spec)
        plan = PodPlan(spec, self._ways, password_for(spec))
        values = filled(chart.values, self._own_values(plan, release))
        await self._prepare(plan, release, is_new=home is None)
        report("Installing the chart")
        await self._install(spec.desktop, release, chart, values)
        report("Starting the desktop")
        await self._finish(spec.desktop, release, chart)

    async def _prepare(self, plan: PodPlan, release: str, *, is_new: bool) -> None:
        spec, selector = plan.spec, {POD_NAME: f"{release}-0"}
        await self._cluster.create(Kind.SECRET, plan.secret({RELEASE_NOTE: release}))
        await self._cluster.create(Kind.POLICY, manifests.policy(spec, self._ways, selector))
        await self._cluster.create(Kind.SERVICE, manifests.service(spec, self._ways, selector))
        if is_new:
            metadata = manifests.metadata(f"{release}{HOME}", spec.desktop, self._ways)
            await self._catalog.make_claim(metadata, manifests.storage(self._ways, "ReadWriteMany"))

    def _own_values(self, plan: PodPlan, release: str) -> Mapping[str, str]:
        spec = plan.spec
        return {
            "release": release,
            "desktop": str(spec.desktop),
            "name": spec.name,
            "owner": spec.owner_name,
            "image": spec.image or "",
            "home": f"{release}{HOME}",
            "secret": name_of(spec.desktop),
            "password": plan.password or "",
            "memory_mb": str(spec.memory_mb),
            "cpus": f"{spec.cpus:g}",
        }

    async def _install(self, desktop: UUID, release: str, chart: Chart, values: Mapping[str, JsonValue]) -> None:
        """Have the chart installed, and wait until there is its pod. Raises LaunchError when it fails."""
        await self._settle(release)
        try:
            await self._catalog.install(release, chart, values, self._labels_of(desktop))
        except Refused as error:
            raise LaunchError(f"Rancher does not install the chart {chart.name}: {sentence(str(error))}") from error
        while await self._pod(desktop) is None:
            await self._require_success(desktop, release, chart)
            await asyncio.sleep(LOOK_SECONDS)

    async def _finish(self, desktop: UUID, release: str, chart: Chart) -> None:
        """Wait until the pod runs and Rancher has done all. Raises LaunchError when that won't come."""
        await self._until(desktop, lambda pod: pod.is_running)
        while any(it.is_going_on for it in await self._catalog.operations(release)):
            await self._until(desktop, lambda pod: pod.is_running)
            await asyncio.sleep(LOOK_SECONDS)
        await self._require_success(desktop, release, chart)

    async def _require_success(self, desktop: UUID, release: str, chart: Chart) -> None:
        if reason := _trouble(await self._apps_of(desktop), await self._catalog.operations(release)):
            what = f"The chart {chart.name} {chart.version} could not be installed: {sentence(reason)}"
            raise LaunchError(f"{what} Ask an administrator to correct the template.")

    async def _apps_of(self, desktop: UUID) -> Sequence[App]:
        wanted = self._labels_of(desktop).items()
        return [app for app in await self._catalog.apps() if wanted <= app.notes.items()]

    async def _settle(self, release: str) -> None:
        """Wait until nothing is done to a release: what was told to be installed may come to be there later."""
        while any(it.is_going_on for it in await self._catalog.operations(release)):  # noqa: ASYNC110 - it is asked
            await asyncio.sleep(LOOK_SECONDS)

    async def _take_down(self, desktop: UUID, pod: str | None) -> None:
        try:
            async with asyncio.timeout(GONE_SECONDS):
                await self._uninstall(desktop, pod)
        except TimeoutError as error:
            raise Unreachable(f"Rancher has not taken the chart away in {GONE_SECONDS:g} seconds.") from error

    async def _uninstall(self, desktop: UUID, pod: str | None) -> None:
        if pod is not None:
            await self._settle(pod.removesuffix("-0"))
        for app in await self._apps_of(desktop):
            await self._settle(app.spec.name)
            await self._tell_to_uninstall(app.spec.name)
        while await self._apps_of(desktop):  # noqa: ASYNC110 - Rancher is asked
            await asyncio.sleep(LOOK_SECONDS)
        if pod is not None:
            await self._end_pod(pod)  # what a chart that failed has left

    async def _tell_to_uninstall(self, release: str) -> None:
        try:
            await self._catalog.uninstall(release)
        except Refused as error:
            raise Unreachable(f"Rancher does not take {release} away: {sentence(str(error))}") from error

    async def _forget_home(self, desktop: UUID) -> None:
        if home := await self._home(desktop):
            await self._delete_home(home)


def release_of(spec: LaunchSpec) -> str:
    """The name of a desktop's release: as much of its own as fits, and its UUID."""
    name = slugify(spec.name, max_length=LONGEST_NAME).lstrip("0123456789-") or "desktop"
    return f"{name}-{spec.desktop}"


def _trouble(apps: Sequence[App], operations: Sequence[Operation]) -> str | None:
    told = [*(app.trouble for app in apps), *(operation.trouble for operation in operations)]
    return next(filter(None, told), None)
