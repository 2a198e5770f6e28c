"""What a desktop is made of in a cluster, as the cluster's API wants it described."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from deskbay.desktops.runtimes import LaunchSpec, Network
from deskbay.desktops.runtimes.clusters import ANYWHERE, ClusterWish
from deskbay.desktops.runtimes.kubernetes.access import JSONObject
from deskbay.desktops.runtimes.kubernetes.volumes import claim_of
from deskbay.desktops.runtimes.people import HOME, HOST_NAME, accounts, login_of
from deskbay.desktops.runtimes.volumes import Mount
from deskbay.kit.vnc import password_file

DESKTOP_LABEL = "deskbay.desktop"
PORT = 5900
PERSON = 1000
"""User and group inside of every desktop: each has a home of its own."""
FAREWELL_SECONDS = 3
STARTING_SECONDS = 3600
"""The cluster's own limit. Who launches has less patience, and tells why."""
PASSWORD = "password"  # noqa: S105 - where it is kept
SERVER_URL = "server-url"
SHARED_MEMORY = "/dev/shm"  # noqa: S108 - the pod's own, as what follows
_PRIVATE = ("/tmp", "/var/tmp", "/run/user", SHARED_MEMORY)  # noqa: S108
_ETC = ("passwd", "group", "machine-id")
_PRIVATE_NETWORKS = ("10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16")
_PRIVATE_NETWORKS_6 = ("fc00::/7", "fe80::/10")


@dataclass(frozen=True, slots=True)
class Ways:
    """How an administrator wants desktops in a namespace to be. `gateway` is who may reach them, as peers of a policy.

    `seccomp` names a file on the nodes. Where storage does not heed a pod's group, `homes_are_given` to their person by
    a container that runs first. `server_url` is where agents reach this server.
    """

    labels: Mapping[str, str]
    gateway: tuple[JSONObject, ...]
    storage_class: str | None = None
    home_size: str = "10Gi"
    homes_are_given: bool = False
    seccomp: str | None = None
    gpu_resource: str = "nvidia.com/gpu"
    server_url: str | None = None


def name_of(desktop: UUID) -> str:
    """The name of a desktop's objects: 44 characters, of 53 that a name may have everywhere."""
    return f"deskbay-{desktop}"


def home_of(desktop: UUID) -> str:
    """The name of a desktop's home, 49 characters."""
    return f"{name_of(desktop)}-home"


def log_of(desktop: UUID) -> str:
    """The name of what a desktop printed last."""
    return f"{name_of(desktop)}-log"


def metadata(name: str, desktop: UUID, ways: Ways, notes: Mapping[str, str] | None = None) -> JSONObject:
    """What every object carries."""
    labels = {**ways.labels, DESKTOP_LABEL: str(desktop), "app.kubernetes.io/managed-by": "deskbay"}
    return {"name": name, "labels": labels, "annotations": notes or {}}


def home(desktop: UUID, ways: Ways) -> JSONObject:
    """The claim for a home."""
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": metadata(home_of(desktop), desktop, ways),
        "spec": storage(ways, "ReadWriteOnce"),
    }


def storage(ways: Ways, access: str) -> JSONObject:
    """What a home asks of the cluster's storage."""
    of_class: JSONObject = {} if ways.storage_class is None else {"storageClassName": ways.storage_class}
    return {"accessModes": [access], "resources": {"requests": {"storage": ways.home_size}}, **of_class}


def log(desktop: UUID, text: str, ways: Ways) -> JSONObject:
    """The last lines of a pod that is taken away."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata(log_of(desktop), desktop, ways),
        "data": {"log": text},
    }


def port_of(spec: LaunchSpec) -> int:
    """Where the desktop listens."""
    return spec.port or PORT


def service(spec: LaunchSpec, ways: Ways, selector: Mapping[str, str]) -> JSONObject:
    """The one address of a desktop, whatever its pod's is. The port is called as what is spoken there."""
    port: JSONObject = {"name": spec.protocol, "port": port_of(spec), "targetPort": port_of(spec)}
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(name_of(spec.desktop), spec.desktop, ways),
        "spec": {"selector": selector, "ports": [port]},
    }


def policy(spec: LaunchSpec, ways: Ways, selector: Mapping[str, str]) -> JSONObject:
    """Who reaches a desktop: the gateway alone; and what it reaches."""
    port = port_of(spec)
    ways_in: JSONObject = {"ingress": [{"from": ways.gateway, "ports": [{"protocol": "TCP", "port": port}]}]}
    if spec.network is Network.HOST:
        rules: JSONObject = {"policyTypes": ["Ingress"], **ways_in}
    else:
        rules = {"policyTypes": ["Ingress", "Egress"], **ways_in, "egress": _ways_out(spec.network, ways)}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata(name_of(spec.desktop), spec.desktop, ways),
        "spec": {"podSelector": {"matchLabels": selector}, **rules},
    }


def _ways_out(network: Network, ways: Ways) -> list[JSONObject]:
    names: JSONObject = {
        "to": [{"namespaceSelector": {}}],
        "ports": [{"protocol": protocol, "port": 53} for protocol in ("UDP", "TCP")],
    }
    server: JSONObject = {"to": ways.gateway}
    if network is Network.NONE:
        return [names, server]
    everywhere: JSONObject = {
        "to": [
            {"ipBlock": {"cidr": "0.0.0.0/0", "except": list(_PRIVATE_NETWORKS)}},
            {"ipBlock": {"cidr": "::/0", "except": list(_PRIVATE_NETWORKS_6)}},
        ]
    }
    return [names, server, everywhere]


@dataclass(frozen=True, slots=True)
class PodPlan:
    """A desktop's pod, and the secret that it takes its files and variables from.

    An image of ours takes `password` from a file, and is shut in tightly. Another one is as whoever made it wants: it
    gets its variables, a home, and the cluster's limits.
    """

    spec: LaunchSpec
    ways: Ways
    password: str | None = field(repr=False)

    @property
    def _name(self) -> str:
        return name_of(self.spec.desktop)

    @property
    def _is_ours(self) -> bool:
        return self.spec.port is None

    @property
    def _wish(self) -> ClusterWish:
        return self.spec.cluster or ANYWHERE

    def secret(self, notes: Mapping[str, str] | None = None) -> JSONObject:
        """The secret: what only this desktop may know."""
        texts = {**self._variables(), **(self._files() if self._is_ours else {})}
        if self.password is not None:
            texts[PASSWORD] = self.password.encode()
        return {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": metadata(self._name, self.spec.desktop, self.ways, notes),
            "type": "Opaque",
            "data": {name: b64encode(text).decode() for name, text in texts.items()},
        }

    def _files(self) -> dict[str, bytes]:
        etc = accounts(login_of(self.spec.owner_name), PERSON, PERSON, self.spec.desktop)
        files = {f"etc.{name}": text.encode() for name, text in etc.items()}
        if self.password is not None:
            files["vnc-password"] = password_file(self.password)
        if self.spec.agent_token is not None and self.ways.server_url is not None:
            files |= {"token": self.spec.agent_token.encode(), SERVER_URL: self.ways.server_url.encode()}
        return files

    def _variables(self) -> dict[str, bytes]:
        return {f"env.{name}": value.encode() for name, value in self.spec.environment.items()}

    def pod(self) -> JSONObject:
        """The pod. It is not started again when it ends: whether it shall, Deskbay decides."""
        notes = {"deskbay.name": self.spec.name, "deskbay.owner": self.spec.owner_name}
        return {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": metadata(self._name, self.spec.desktop, self.ways, notes),
            "spec": {
                "restartPolicy": "Never",
                "hostname": HOST_NAME,
                "terminationGracePeriodSeconds": FAREWELL_SECONDS,
                "automountServiceAccountToken": False,
                "enableServiceLinks": False,
                "nodeSelector": self._wish.node_labels,
                "securityContext": self._person(),
                "initContainers": [self._giver()] if self.ways.homes_are_given else [],
                "containers": [self._desktop()],
                "volumes": self._volumes(),
            },
        }

    def _person(self) -> JSONObject:
        profile: JSONObject = {"type": "RuntimeDefault"}
        if self.ways.seccomp is not None:
            profile = {"type": "Localhost", "localhostProfile": self.ways.seccomp}
        user: JSONObject = {"runAsUser": PERSON, "runAsGroup": PERSON} if self._is_ours else {}
        return {**user, "fsGroup": PERSON, "fsGroupChangePolicy": "OnRootMismatch", "seccompProfile": profile}

    def _desktop(self) -> JSONObject:
        look: JSONObject = {"tcpSocket": {"port": port_of(self.spec)}, "periodSeconds": 1}
        return {
            "name": "desktop",
            "image": self.spec.image,
            "imagePullPolicy": "IfNotPresent",
            "env": self._environment(),
            "ports": [{"name": self.spec.protocol, "containerPort": port_of(self.spec)}],
            "resources": self._resources(gpus=self._wish.gpus),
            "volumeMounts": self._mounts(),
            # Once only: VNC servers shut those out who connect again and again without a password.
            "startupProbe": {**look, "failureThreshold": STARTING_SECONDS},
            **(self._shut_in() if self._is_ours else {}),
        }

    def _shut_in(self) -> JSONObject:
        size = f"{self.spec.width}x{self.spec.height}"
        return {"args": [size], "securityContext": {"runAsNonRoot": True, **_SHUT_IN}}

    def _giver(self) -> JSONObject:
        """Gives the home to its person, before anything of theirs runs."""
        return {
            "name": "give-home",
            "image": self.spec.image,
            "imagePullPolicy": "IfNotPresent",
            "command": ["chown", f"{PERSON}:{PERSON}", HOME, *(mount.path for mount in self._writable)],
            "resources": self._resources(gpus=0),
            "securityContext": {**_SHUT_IN, "runAsUser": 0, "capabilities": {"drop": ["ALL"], "add": ["CHOWN"]}},
            "volumeMounts": [{"name": "home", "mountPath": HOME}, *self._storage(*self._writable)],
        }

    def _environment(self) -> list[JSONObject]:
        login = login_of(self.spec.owner_name)
        plain = {"USER": login, "LOGNAME": login, "DISPLAY": ":1"} if self._is_ours else {}
        own: list[JSONObject] = [{"name": name, "value": value} for name, value in plain.items()]
        return own + [self._variable(name) for name in self.spec.environment]

    def _variable(self, name: str) -> JSONObject:
        return {"name": name, "valueFrom": {"secretKeyRef": {"name": self._name, "key": f"env.{name}"}}}

    def _resources(self, gpus: int) -> JSONObject:
        asked = {"memory": f"{self.spec.memory_mb}Mi", "cpu": f"{round(self.spec.cpus * 1000)}m"}
        all_of_it = {**asked, self.ways.gpu_resource: str(gpus)} if gpus else asked
        return {"limits": all_of_it, "requests": all_of_it}

    def _mounts(self) -> list[JSONObject]:
        ours: list[JSONObject] = [
            {"name": "secret", "mountPath": "/run/deskbay", "readOnly": True},
            *map(_of_etc, _ETC),
        ]
        return [
            {"name": "home", "mountPath": HOME},
            *self._storage(*self.spec.volumes),
            *(ours if self._is_ours else []),
            *({"name": _volume(path), "mountPath": path} for path in self._private),
        ]

    @property
    def _writable(self) -> Sequence[Mount]:
        return [mount for mount in self.spec.volumes if not mount.is_read_only]

    def _storage(self, *mounts: Mount) -> list[JSONObject]:
        return [{"name": f"volume-{it.volume.hex}", "mountPath": it.path, "readOnly": it.is_read_only} for it in mounts]

    @property
    def _private(self) -> Sequence[str]:
        return _PRIVATE if self._is_ours else (SHARED_MEMORY,)

    def _volumes(self) -> list[JSONObject]:
        memory: JSONObject = {"medium": "Memory", "sizeLimit": f"{self.spec.memory_mb}Mi"}
        private: list[JSONObject] = [{"name": _volume(path), "emptyDir": memory} for path in self._private]
        had: list[JSONObject] = [
            {"name": f"volume-{it.volume.hex}", "persistentVolumeClaim": {"claimName": claim_of(it.volume)}}
            for it in self.spec.volumes
        ]
        return [
            {"name": "home", "persistentVolumeClaim": {"claimName": home_of(self.spec.desktop)}},
            *had,
            {"name": "secret", "secret": {"secretName": self._name, "defaultMode": 0o440}},
            *private,
        ]


_SHUT_IN: JSONObject = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}


def _volume(path: str) -> str:
    return path.strip("/").replace("/", "-")


def _of_etc(name: str) -> JSONObject:
    return {"name": "secret", "mountPath": f"/etc/{name}", "subPath": f"etc.{name}", "readOnly": True}
