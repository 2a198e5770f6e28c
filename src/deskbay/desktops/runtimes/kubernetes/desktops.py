"""What runtimes have in common whose desktops are pods of a cluster, however those come to be there."""

import asyncio
from abc import ABC, abstractmethod
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
from deskbay.desktops.runtimes.kubernetes.cluster import GONE_SECONDS, Cluster, Kind, Refused
from deskbay.desktops.runtimes.kubernetes.manifests import DESKTOP_LABEL, PASSWORD, Ways, log_of, name_of
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


class ClusterRuntime(ABC):
    """Desktops in a namespace, which may be others', too: what is this runtime's has the labels of `ways`."""

    def __init__(self, cluster: Cluster, ways: Ways) -> None:
        self._cluster = cluster
        self._ways = ways
        self._looked_at: dict[UUID, float] = {}
        self._trouble: str | None = None
        self._asked_again_at = 0.0

    @abstractmethod
    async def _pod_name(self, desktop: UUID) -> str | None:
        """Return what the desktop's pod is called, be it there or not; None when there is nothing of the desktop."""

    @abstractmethod
    async def _start(self, spec: LaunchSpec, report: Report) -> None:
        """Make all of a desktop, beginning with what an earlier one left. Raises LaunchError or Refused."""

    @abstractmethod
    async def _take_down(self, desktop: UUID, pod: str | None) -> None:
        """End the desktop's pod, and wait until it is gone."""

    @abstractmethod
    async def _forget_home(self, desktop: UUID) -> None:
        """Take the desktop's home away."""

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
        pod = await self._pod_name(desktop)
        if pod is not None:
            await self._keep_log(desktop, pod)
        await self._take_down(desktop, pod)
        for kind in (Kind.SERVICE, Kind.POLICY, Kind.SECRET):  # the last one is what the desktop is found by
            await self._cluster.delete(kind, name_of(desktop))
        self._looked_at.pop(desktop, None)

    async def _end_pod(self, name: str) -> None:
        """End a pod and wait until it is gone. Raises Unreachable when that takes too long."""
        await self._cluster.delete(Kind.POD, name, manifests.FAREWELL_SECONDS)
        try:
            async with asyncio.timeout(GONE_SECONDS):
                while found := await self._cluster.get(Kind.POD, name):
                    if Pod.model_validate(found).is_over:  # a node may take a minute to say so
                        await self._cluster.delete(Kind.POD, name, 0)
                    await asyncio.sleep(LOOK_SECONDS)
        except TimeoutError as error:
            raise Unreachable(f"The cluster has not ended {name} in {GONE_SECONDS:g} seconds.") from error

    async def _keep_log(self, desktop: UUID, pod: str) -> None:
        lines = await self._cluster.log(pod, LOG_LINES)
        if lines:
            await self._cluster.delete(Kind.NOTE, log_of(desktop))
            with suppress(Refused):  # by a quota; a desktop ends without a log, too
                text = "\n".join(lines)[-LONGEST_LOG:]
                await self._cluster.create(Kind.NOTE, manifests.log(desktop, text, self._ways))

    async def forget(self, desktop: UUID) -> None:
        """Take away what `end` left, and the home, which is this desktop's alone."""
        await self.end(desktop)
        await self._cluster.delete(Kind.NOTE, log_of(desktop))
        await self._forget_home(desktop)

    async def _delete_home(self, name: str) -> None:
        await self._cluster.delete(Kind.CLAIM, name)
        await self._cluster.wait_until_gone(Kind.CLAIM, name)

    async def owned(self) -> set[UUID]:
        """Every desktop that has something in the namespace with this runtime's labels, be it its home alone."""
        return set().union(*await asyncio.gather(*(self._labelled(kind) for kind in FOUND_BY)))

    async def _labelled(self, kind: Kind) -> Set[UUID]:
        found = await self._cluster.labelled(kind, self._ways.labels)
        return {UUID(it.labels[DESKTOP_LABEL]) for it in found if DESKTOP_LABEL in it.labels}

    async def log(self, desktop: UUID) -> list[str]:
        """The last lines that the desktop printed, oldest first, at most 200."""
        pod = await self._pod_name(desktop)
        if pod is not None and (printed := await self._cluster.log(pod, LOG_LINES)):
            return printed
        kept = await self._cluster.get(Kind.NOTE, log_of(desktop))
        return (field_of(kept, "data", "log") or "").splitlines()

    async def display(self, desktop: UUID) -> TcpDisplay:
        """Where the gateway reaches the desktop's screen, and with which password.

        It is the pod's own address: the service's leads nowhere for a while after the pod is ready.
        """
        pod, service = await self._pod(desktop), await self._cluster.get(Kind.SERVICE, name_of(desktop))
        if pod is None or pod.status.address is None or service is None:
            raise Unreachable("The desktop is not in the cluster any more. Start it again.")
        secret = await self._cluster.get(Kind.SECRET, name_of(desktop))
        (port,) = Service.model_validate(service).spec.ports
        password = field_of(secret, "data", PASSWORD)
        known = b64decode(password).decode() if password else None
        return TcpDisplay(pod.status.address, port.port, DisplayProtocol(port.name), password=known)

    async def close(self) -> None:
        """Close the connections to the cluster; the desktops go on."""
        await self._cluster.close()

    async def _pod(self, desktop: UUID) -> Pod | None:
        name = await self._pod_name(desktop)
        found = None if name is None else await self._cluster.get(Kind.POD, name)
        return None if found is None else Pod.model_validate(found)


def password_for(spec: LaunchSpec) -> str | None:
    """Return the password of this launch: a new one, or the one that an image is given, or none that we know."""
    if spec.port is None:
        return new_password()
    return None if spec.password_variable is None else spec.environment.get(spec.password_variable)


def field_of(found: JSONObject | None, part: str, name: str) -> str | None:
    """Return a text that is in a part of an object; None where it is not."""
    within = (found or {}).get(part)
    value = within.get(name) if isinstance(within, dict) else None
    return value if isinstance(value, str) else None


def _why_refused(error: Refused) -> str:
    _, _, quota = str(error).partition(QUOTA)
    if quota:
        return f"The cluster's quota has no room: {sentence(quota)} Stop a desktop, or ask an administrator for more."
    return f"The cluster refuses the desktop: {sentence(str(error))}"
