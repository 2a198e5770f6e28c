"""What goes on in a simulated cluster by itself: pods find a node, start, become ready and end; volumes are bound."""

import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from http import HTTPStatus

from tests.clusters.descriptions import Object

IMAGE = "deskbay-tests/desktop"
MEMORY_MB = 16 * 1024
SMALLEST_MB = 64
"""With less the desktop of the image runs out of memory at once."""
LINGERING = 100
"""For so many looks a pod is told of whose processes have ended, unless it is deleted at once."""
OWN_NET = 53 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 200
"""The second part of pods' addresses: other processes of tests have clusters, too, with pods at the same port."""
SCHEDULED = {"type": "PodScheduled", "status": "True"}


class Refusal(Exception):
    """What the cluster does not want, as it says so."""

    def __init__(self, status: HTTPStatus, reason: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason


class Node:
    """The only node, and what there is in its cluster by kind and name."""

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str], Object] = {}
        self.quota_mb: int | None = None
        self.images = {IMAGE}
        self._lingers: dict[str, int] = {}
        self.takes_pods = self.volumes_grow = True
        self._addresses = (f"127.{OWN_NET}.{high}.{low}" for high in range(256) for low in range(1, 255))

    def of(self, kind: str) -> Iterator[Object]:
        return (found for (known, _), found in list(self.objects.items()) if known == kind)

    def require_quota(self, pod: Object) -> None:
        """Raise Refusal where a pod is more than the quota has left."""
        asked, used = memory_of(pod), sum(memory_of(other) for other in self.of("pods"))
        if self.quota_mb is not None and used + asked > self.quota_mb:
            limits = f"requested: limits.memory={asked}Mi, used: limits.memory={used}Mi"
            quota = f"exceeded quota: small, {limits}, limited: limits.memory={self.quota_mb}Mi"
            what = f'pods "{pod["metadata"]["name"]}" is forbidden: {quota}'
            raise Refusal(HTTPStatus.FORBIDDEN, "Forbidden", what)

    def go_on(self) -> None:
        """Let each thing take its next step."""
        for claim in self.of("persistentvolumeclaims"):
            claim["status"] = {"phase": "Bound" if "status" in claim else "Pending"}
        for pod in self.of("pods"):
            self._go_on_with(pod)
        for kind in ("pods", "persistentvolumeclaims"):
            for ended in self.of(kind):
                if "deletionTimestamp" in ended["metadata"] and not self._is_held(kind, ended):
                    del self.objects[kind, ended["metadata"]["name"]]

    def _is_held(self, kind: str, found: Object) -> bool:
        name = found["metadata"]["name"]
        if kind == "persistentvolumeclaims":
            return any(name in _claims_of(pod) for pod in self.of("pods"))
        if "containerStatuses" not in found.get("status", {}):
            return False
        if found["status"]["phase"] not in {"Succeeded", "Failed"}:
            self.end(found, "Error", 143)
        self._lingers[name] = self._lingers.get(name, LINGERING) - 1
        return self._lingers[name] > 0

    def _go_on_with(self, pod: Object) -> None:
        status = pod.setdefault("status", {"phase": "Pending", "conditions": []})
        if status["phase"] in {"Succeeded", "Failed"}:
            return
        if SCHEDULED not in status["conditions"]:
            self._schedule(pod, status)
        elif "containerStatuses" not in status:
            status["containerStatuses"] = [_container(pod, {"waiting": {"reason": "ContainerCreating"}})]
        else:
            self._start(pod, status)

    def _schedule(self, pod: Object, status: Object) -> None:
        missing = [name for name in _claims_of(pod) if ("persistentvolumeclaims", name) not in self.objects]
        if missing:
            why = f'persistentvolumeclaim "{missing[0]}" not found'
        elif pod["spec"].get("nodeSelector"):
            why = "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity."
        elif not self.takes_pods or sum(map(memory_of, self.of("pods"))) > MEMORY_MB:
            why = "0/1 nodes are available: 1 Insufficient memory."
        else:
            status["conditions"] = [SCHEDULED]
            return
        condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": why}
        status["conditions"] = [condition]

    def _start(self, pod: Object, status: Object) -> None:
        (container,) = pod["spec"]["containers"]
        (known,) = status["containerStatuses"]
        if any(("secrets", name) not in self.objects for name in _secrets_of(pod)):
            return  # a real one waits for it, too
        if container["image"] not in self.images or container.get("imagePullPolicy") != "IfNotPresent":
            why = f'failed to resolve reference "docker.io/{container["image"]}:latest": not found'
            known["state"] = {
                "waiting": {"reason": "ErrImagePull", "message": f"rpc error: code = NotFound desc = {why}"}
            }
        elif "running" not in known["state"]:
            status |= {"phase": "Running", "podIP": next(self._addresses)}
            known["state"] = {"running": {"startedAt": _now()}}
        elif memory_of(pod) < SMALLEST_MB:
            self.end(pod, "OOMKilled", 137)
        else:
            known["ready"] = True

    def end(self, pod: Object, reason: str, code: int) -> None:
        """Let a pod's container end."""
        (known,) = pod["status"]["containerStatuses"]
        known |= {"ready": False, "state": {"terminated": {"exitCode": code, "reason": reason}}}
        pod["status"]["phase"] = "Failed" if code else "Succeeded"

    def take_away(self, kind: str, found: Object, grace: int | None = None) -> None:
        """Delete; what has to end first is marked, unless it has no grace."""
        if kind in {"pods", "persistentvolumeclaims"} and grace != 0:
            found["metadata"]["deletionTimestamp"] = _now()
        else:
            del self.objects[kind, found["metadata"]["name"]]

    def ready_pods(self, selector: Mapping[str, str]) -> Iterator[Object]:
        """Yield the pods to which a service leads."""
        for pod in self.of("pods"):
            if selector.items() <= pod["metadata"]["labels"].items() and _is_ready(pod):
                yield pod

    def log_of(self, pod: Object) -> list[str]:
        """Return what a pod printed. Raises Refusal as long as it can't have."""
        state = (pod.get("status", {}).get("containerStatuses") or [{"state": {}}])[0]["state"]
        if state.keys() & {"running", "terminated"}:
            return ["ready"]
        name = pod["metadata"]["name"]
        why = f'container "desktop" in pod "{name}" is waiting to start: ContainerCreating'
        raise Refusal(HTTPStatus.BAD_REQUEST, "BadRequest", why)


def memory_of(pod: Object) -> int:
    """What a pod may take, in MiB."""
    limits = [container["resources"]["limits"]["memory"] for container in pod["spec"]["containers"]]
    return sum(int(limit.removesuffix("Mi")) for limit in limits)


def _claims_of(pod: Object) -> list[str]:
    volumes = pod["spec"].get("volumes", [])
    return [it["persistentVolumeClaim"]["claimName"] for it in volumes if "persistentVolumeClaim" in it]


def _secrets_of(pod: Object) -> list[str]:
    return [it["secret"]["secretName"] for it in pod["spec"].get("volumes", []) if "secret" in it]


def _is_ready(pod: Object) -> bool:
    return all(it["ready"] for it in pod.get("status", {}).get("containerStatuses", [{"ready": False}]))


def _container(pod: Object, state: Object) -> Object:
    (container,) = pod["spec"]["containers"]
    return {"name": container["name"], "image": container["image"], "ready": False, "state": state, "lastState": {}}


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
