"""The kubernetes runtime: desktops as pods of one namespace of a cluster."""

import asyncio
from base64 import b64decode
from collections.abc import Callable, Set
from contextlib import suppress
from uuid import UUID

from deskbay.desktops.runtimes import (
    DisplayProtocol,
    LaunchError,
    LaunchSpec,
    Observation,
    Report,
    TcpDisplay,
    Unreachable,
)
from deskbay.desktops.runtimes.kubernetes import manifests
from deskbay.desktops.runtimes.kubernetes.access import JSONObject
from deskbay.desktops.runtimes.kubernetes.cluster import Cluster, Kind, Refused
from deskbay.desktops.runtimes.kubernetes.manifests import (
    DESKTOP_LABEL,
    PASSWORD,
    PodPlan,
    Ways,
    home_of,
    log_of,
    name_of,
)
from deskbay.desktops.runtimes.kubernetes.pods import Pod, Service, observe, sentence, trouble
from deskbay.kit.vnc import new_password

LOG_LINES = 200
LONGEST_LOG = 256 * 1024
"""Characters that are kept of a pod that is gone: the cluster's limit is a megabyte."""
TROUBLE_SECONDS = 5.0
"""For so long a cluster that gave no answer is not asked again whether it does: each template asks."""
LOOK_SECONDS = 0.2
"""A cluster is not asked about the same desktop more often."""
QUOTA = "exceeded quota: "
FOUND_BY = (Kind.SECRET, Kind.POD, Kind.CLAIM, Kind.NOTE)


class KubernetesRuntime:
    """Desktops in a namespace, which may be others', too: what is this runtime's has the labels of `ways`.

    `patience` is for how many seconds a desktop waits for a node with room.
    """

    def __init__(self, cluster: Cluster, ways: Ways, patience: float) -> None:
        self._cluster = cluster
        self._ways = ways
        self._patience = patience
        self._looked_at: dict[UUID, float] = {}
        self._trouble: str | None = None
        self._asked_again_at = 0.0

    async def unavailable(self, profile: str) -> str | None:  # noqa: ARG002 - it is the image that matters here
        """Why nothing can be started here, as a sentence with the remedy; None when it can."""
        clock = asyncio.get_running_loop()
        if clock.time() >= self._asked_again_at:
            self._trouble = await self._ask_for_trouble()
            self._asked_again_at = clock.time() + TROUBLE_SECONDS
        return self._trouble

    async def _ask_for_trouble(self) -> str | None:
        try:
            await self._cluster.check()
        except Unreachable as error:
            return str(error)
        return None

    async def launch(self, spec: LaunchSpec, report: Report) -> None:
        """Start a desktop and return as soon as its container runs; `observe` tells when it is ready.

        Raises LaunchError, having taken back all that it made, but the home.
        """
        try:
            pod = await self._pod(spec.desktop)
            if pod is None or not pod.is_running or pod.metadata.deleted_at:
                await self._start(spec, report)
        except BaseException as error:
            with suppress(Unreachable):
                await asyncio.shield(self.end(spec.desktop))
            if isinstance(error, Unreachable):
                raise LaunchError(str(error)) from error
            if isinstance(error, Refused):
                raise LaunchError(_why_refused(error)) from error
            raise

    async def _start(self, spec: LaunchSpec, report: Report) -> None:
        if spec.image is None:
            raise LaunchError("The template names no image. Ask an administrator to give it one.")
        report("Preparing the home")
        await self.end(spec.desktop)
        plan = PodPlan(spec, self._ways, _password_for(spec))
        await self._prepare(plan)
        report("Finding a place in the cluster")
        await self._cluster.create(Kind.POD, plan.pod())
        await self._find_place(spec.desktop)
        report("Starting the desktop")
        await self._until(spec.desktop, lambda pod: pod.is_running)

    async def _prepare(self, plan: PodPlan) -> None:
        desktop, selector = plan.spec.desktop, {DESKTOP_LABEL: str(plan.spec.desktop)}
        await self._cluster.create(Kind.SECRET, plan.secret())  # the first one, by which the desktop is found again
        await self._cluster.create(Kind.POLICY, manifests.policy(plan.spec, self._ways, selector))
        await self._cluster.create(Kind.SERVICE, manifests.service(plan.spec, self._ways, selector))
        await self._cluster.create_missing(Kind.CLAIM, manifests.home(desktop, home_of(desktop), self._ways))

    async def _find_place(self, desktop: UUID) -> None:
        """Wait until a node has taken the pod. Raises LaunchError when none does for too long."""
        try:
            async with asyncio.timeout(self._patience):
                await self._until(desktop, lambda pod: pod.is_placed)
        except TimeoutError as error:
            pod = await self._pod(desktop)
            why = pod.no_place if pod else None
            remedy = "Stop a desktop, choose a smaller one, or try again later."
            raise LaunchError(f"No node of the cluster takes the desktop: {sentence(why or '')} {remedy}") from error

    async def _until(self, desktop: UUID, reached: Callable[[Pod], bool]) -> None:
        """Wait for something of the pod. Raises LaunchError when that won't come."""
        while True:
            pod = await self._pod(desktop)
            if pod is None or pod.metadata.deleted_at:
                raise LaunchError("Somebody deleted the desktop's pod in the cluster. Try again.")
            if reason := trouble(pod):
                raise LaunchError(reason)
            if reached(pod) or pod.status.phase == "Succeeded":
                return
            await asyncio.sleep(LOOK_SECONDS)

    async def observe(self, desktop: UUID) -> Observation:
        """What there is of the desktop now, asked of the cluster; a fifth of a second after the last time, at least."""
        clock = asyncio.get_running_loop()
        await asyncio.sleep(self._looked_at.get(desktop, 0) + LOOK_SECONDS - clock.time())
        self._looked_at[desktop] = clock.time()
        return observe(await self._pod(desktop))

    async def end(self, desktop: UUID) -> None:
        """End the desktop's pod and take away what it alone needed; the home and the log stay."""
        name = name_of(desktop)
        if await self._pod(desktop) is not None:
            await self._keep_log(desktop)
            await self._cluster.delete(Kind.POD, name, manifests.FAREWELL_SECONDS)
            await self._cluster.wait_until_gone(Kind.POD, name)
        for kind in (Kind.SERVICE, Kind.POLICY, Kind.SECRET):  # the last one is what the desktop is found by
            await self._cluster.delete(kind, name)
        self._looked_at.pop(desktop, None)

    async def _keep_log(self, desktop: UUID) -> None:
        lines = await self._cluster.log(name_of(desktop), LOG_LINES)
        if lines:
            await self._cluster.delete(Kind.NOTE, log_of(desktop))
            with suppress(Refused):  # by a quota; a desktop ends without a log, too
                text = "\n".join(lines)[-LONGEST_LOG:]
                await self._cluster.create(Kind.NOTE, manifests.log(desktop, text, self._ways))

    async def forget(self, desktop: UUID) -> None:
        """Take away what `end` left, and the home, which is this desktop's alone."""
        await self.end(desktop)
        await self._cluster.delete(Kind.NOTE, log_of(desktop))
        await self._cluster.delete(Kind.CLAIM, home_of(desktop))
        await self._cluster.wait_until_gone(Kind.CLAIM, home_of(desktop))

    async def owned(self) -> set[UUID]:
        """Every desktop that has something in the namespace with this runtime's labels, be it its home alone."""
        return set().union(*await asyncio.gather(*(self._labelled(kind) for kind in FOUND_BY)))

    async def _labelled(self, kind: Kind) -> Set[UUID]:
        found = await self._cluster.labels(kind, self._ways.labels)
        return {UUID(labels[DESKTOP_LABEL]) for labels in found if DESKTOP_LABEL in labels}

    async def log(self, desktop: UUID) -> list[str]:
        """The last lines that the desktop printed, oldest first, at most 200."""
        if printed := await self._cluster.log(name_of(desktop), LOG_LINES):
            return printed
        kept = await self._cluster.get(Kind.NOTE, log_of(desktop))
        return (_field(kept, "data", "log") or "").splitlines()

    async def display(self, desktop: UUID) -> TcpDisplay:
        """Where the gateway reaches the desktop's screen, and with which password."""
        name = name_of(desktop)
        service = await self._cluster.get(Kind.SERVICE, name)
        if service is None:
            raise Unreachable("The desktop is not in the cluster any more. Start it again.")
        password = _field(await self._cluster.get(Kind.SECRET, name), "data", PASSWORD)
        return display_of(service, b64decode(password).decode() if password else None)

    async def close(self) -> None:
        """Close the connections to the cluster; the desktops go on."""
        await self._cluster.close()

    async def _pod(self, desktop: UUID) -> Pod | None:
        found = await self._cluster.get(Kind.POD, name_of(desktop))
        return None if found is None else Pod.model_validate(found)


def display_of(service: JSONObject, password: str | None) -> TcpDisplay:
    """Return where a service of ours leads."""
    spec = Service.model_validate(service).spec
    (port,) = spec.ports
    return TcpDisplay(spec.address, port.port, DisplayProtocol(port.name), password=password)


def _password_for(spec: LaunchSpec) -> str | None:
    """Return the password of this launch: a new one, or the one that an image is given, or none that we know."""
    if spec.port is None:
        return new_password()
    return None if spec.password_variable is None else spec.environment.get(spec.password_variable)


def _field(found: JSONObject | None, part: str, name: str) -> str | None:
    within = (found or {}).get(part)
    value = within.get(name) if isinstance(within, dict) else None
    return value if isinstance(value, str) else None


def _why_refused(error: Refused) -> str:
    _, _, quota = str(error).partition(QUOTA)
    if quota:
        return f"The cluster's quota has no room: {sentence(quota)} Stop a desktop, or ask an administrator for more."
    return f"The cluster refuses the desktop: {sentence(str(error))}"
