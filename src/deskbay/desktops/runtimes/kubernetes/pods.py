"""A pod and its service as the cluster tells of them, and what that means for a desktop, in words for people."""

from pydantic import BaseModel, Field

from deskbay.desktops.runtimes import Observation, Presence

NEVER_STARTS = {
    "ErrImagePull",
    "ImagePullBackOff",
    "InvalidImageName",
    "ErrImageNeverPull",
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
}
OF_IMAGE = {"ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"}
CRASHING = "CrashLoopBackOff"
OUT_OF_MEMORY = "OOMKilled"
DELETED = "The desktop's pod was deleted in the cluster. Start the desktop again."
NO_LIVING_NODE = "The cluster does not know how the desktop is: its node gives no answer."


class Waiting(BaseModel):
    """Why a container does not run yet."""

    reason: str = ""
    message: str = ""


class Ended(BaseModel):
    """How a container ended."""

    code: int = Field(0, alias="exitCode")
    reason: str = ""
    message: str = ""


class ContainerState(BaseModel):
    """One of these is there; none before the node has looked at the pod."""

    waiting: Waiting | None = None
    running: dict[str, str] | None = None
    terminated: Ended | None = None


class ContainerStatus(BaseModel):
    """A container of a pod, and how it ended before, if it was started again."""

    name: str
    image: str = ""
    is_ready: bool = Field(False, alias="ready")
    state: ContainerState = ContainerState()
    before: ContainerState = Field(ContainerState(), alias="lastState")


class Condition(BaseModel):
    type: str
    status: str
    reason: str = ""
    message: str = ""


class PodStatus(BaseModel):
    phase: str = "Pending"
    address: str | None = Field(None, alias="podIP")
    reason: str = ""
    message: str = ""
    conditions: list[Condition] = []
    first: list[ContainerStatus] = Field([], alias="initContainerStatuses")
    containers: list[ContainerStatus] = Field([], alias="containerStatuses")


class Metadata(BaseModel):
    name: str
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    deleted_at: str | None = Field(None, alias="deletionTimestamp")


class Item(BaseModel):
    metadata: Metadata


class Items(BaseModel):
    """A list of objects, of which nothing but what they are called is known; an empty one is null."""

    items: list[Item] | None


class Pod(BaseModel):
    """A pod as the cluster's API tells of it."""

    metadata: Metadata
    status: PodStatus = PodStatus()

    @property
    def no_place(self) -> str | None:
        """Why no node takes it, for now; None where one has, or may."""
        for condition in self.status.conditions:
            if condition.type == "PodScheduled" and condition.status == "False":
                return condition.message
        return None

    @property
    def is_placed(self) -> bool:
        return any(it.type == "PodScheduled" and it.status == "True" for it in self.status.conditions)

    @property
    def is_running(self) -> bool:
        """Whether its processes exist."""
        return any(container.state.running is not None for container in self.status.containers)

    @property
    def is_over(self) -> bool:
        """Whether it is deleted and its processes are gone: nothing is left but what the cluster knows of it."""
        ended = [container.state.terminated is not None for container in self.status.containers]
        return self.metadata.deleted_at is not None and bool(ended) and all(ended)

    @property
    def is_ready(self) -> bool:
        containers = self.status.containers
        return self.status.phase == "Running" and bool(containers) and all(it.is_ready for it in containers)


class _Requests(BaseModel):
    storage: str


class _Resources(BaseModel):
    requests: _Requests


class _ClaimSpec(BaseModel):
    resources: _Resources


class _ClaimStatus(BaseModel):
    phase: str = ""


class Claim(BaseModel):
    """A claim for a volume of ours, as the cluster's API tells of it."""

    spec: _ClaimSpec
    status: _ClaimStatus = _ClaimStatus()

    @property
    def is_bound(self) -> bool:
        """Whether there is storage for it already."""
        return self.status.phase == "Bound"

    @property
    def size_mb(self) -> int:
        """What it asks for, in MiB; the cluster writes whole GiB as such."""
        asked = self.spec.resources.requests.storage
        return int(asked[:-2]) * {"Mi": 1, "Gi": 2**10, "Ti": 2**20}[asked[-2:]]


class Port(BaseModel):
    name: str
    port: int


class ServiceSpec(BaseModel):
    ports: list[Port]


class Service(BaseModel):
    """A service as the cluster's API tells of it."""

    spec: ServiceSpec


def observe(pod: Pod | None) -> Observation:
    """What there is of a desktop whose pod this is."""
    if pod is None:
        return Observation(Presence.ABSENT)
    if pod.metadata.deleted_at is not None:
        return Observation(Presence.ABSENT, DELETED)
    if pod.status.phase == "Succeeded":
        return Observation(Presence.ABSENT, "The person inside signed out.", left=True)
    if reason := trouble(pod):
        return Observation(Presence.ABSENT, reason)
    return Observation(Presence.READY if pod.is_ready else Presence.STARTING)


def trouble(pod: Pod) -> str | None:
    """Why the pod does not do its work, and won't by itself; None when it does, or may yet."""
    if pod.status.phase == "Unknown":
        return NO_LIVING_NODE
    if pod.status.phase == "Failed" and pod.status.reason:
        return f"The cluster ended the desktop: {sentence(pod.status.message or pod.status.reason)}"
    for container in (*pod.status.first, *pod.status.containers):
        if reason := _trouble_of(container, is_first=container in pod.status.first):
            return reason
    return "The desktop's processes ended unexpectedly." if pod.status.phase == "Failed" else None


def _trouble_of(container: ContainerStatus, *, is_first: bool) -> str | None:
    state = container.state
    if state.waiting and state.waiting.reason == CRASHING:
        return _how_it_crashes(container.before.terminated)
    if state.waiting and state.waiting.reason in NEVER_STARTS:
        return _why_it_never_starts(container.image, state.waiting)
    if state.terminated and (state.terminated.code != 0 or not is_first):
        return _why_it_ended(state.terminated)
    return None


def _how_it_crashes(last: Ended | None) -> str:
    why = "it runs out of memory" if last and last.reason == OUT_OF_MEMORY else "its log may tell why"
    return f"The desktop's processes end again and again: {why}."


def _why_it_never_starts(image: str, waiting: Waiting) -> str:
    if waiting.reason in OF_IMAGE:
        remedy = "Correct the image in the template, or see that the cluster can fetch it."
        return f"The image {image} can't be had in the cluster: {sentence(waiting.message or waiting.reason)} {remedy}"
    return f"The cluster can't start the desktop's container: {sentence(waiting.message or waiting.reason)}"


def _why_it_ended(ended: Ended) -> str:
    if ended.reason == OUT_OF_MEMORY:
        return "The desktop ran out of memory."
    if ended.message:
        return f"The desktop's container ended: {sentence(ended.message)}"
    return "The desktop's processes ended unexpectedly. Its log may tell why."


def sentence(text: str) -> str:
    """Return what a cluster says as the end of a sentence, on one line, 300 characters at most."""
    line = " ".join(text.split())[:300].rstrip(".")
    return f"{line}."
