"""What an administrator says of a cluster."""

from dataclasses import replace
from ipaddress import ip_network
from typing import Annotated, Self

from pydantic import AfterValidator, Field, JsonValue, SecretStr, StringConstraints, field_validator, model_validator

from deskbay.desktops.runtimes.clusters import LabelName, LabelValue
from deskbay.desktops.runtimes.kinds import Place, RuntimeSettings
from deskbay.desktops.runtimes.kubernetes.access import (
    HttpsUrl,
    JSONObject,
    kubeconfig_of,
    read_kubeconfig,
    require_certificates,
)
from deskbay.desktops.runtimes.kubernetes.cluster import Cluster
from deskbay.desktops.runtimes.kubernetes.manifests import Ways
from deskbay.desktops.runtimes.kubernetes.runtime import KubernetesRuntime

LINES: dict[str, JsonValue] = {"lines": True}
"""Tells the page to ask for several lines."""


def _network(text: str) -> str:
    return str(ip_network(text))


DnsLabel = Annotated[str, StringConstraints(max_length=63, pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")]
Size = Annotated[str, StringConstraints(max_length=20, pattern=r"^[1-9][0-9]*(Ki|Mi|Gi|Ti)$")]
FilePath = Annotated[str, StringConstraints(max_length=255, pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$")]
ResourceName = Annotated[str, StringConstraints(max_length=253, pattern=r"^[a-z0-9.-]+/[A-Za-z0-9._-]+$")]


class NamespaceSettings(RuntimeSettings):
    """What is the same however a cluster is reached: the namespace, and how desktops in it are to be."""

    namespace: DnsLabel = Field("deskbay", description="Where desktops are made. It has to be there")
    server_url: HttpsUrl | None = Field(
        None,
        description="Where agents in desktops reach this server; the public address, unless it is told",
        examples=["https://desk.example.org"],
    )
    storage_class: str | None = Field(
        None, description="Storage class of homes; the cluster's own, unless it is told", max_length=253
    )
    home_size: Size = Field("10Gi", description="How much a home holds")
    gateway_pods: dict[LabelName, LabelValue] = Field(
        {"app.kubernetes.io/name": "deskbay"}, description="Labels of the pods that may reach desktops: this server's"
    )
    gateway_namespace: DnsLabel | None = Field(None, description="Namespace of those pods, if it is not the desktops'")
    gateway_networks: list[Annotated[str, AfterValidator(_network)]] = Field(
        [],
        description="Networks that may reach desktops, of a server outside of the cluster",
        examples=[["10.1.2.3/32"]],
    )

    @model_validator(mode="after")
    def _somebody_may_enter(self) -> Self:
        if not self.gateway_pods and not self.gateway_networks:
            raise ValueError("say who may reach desktops: gateway_pods or gateway_networks")
        return self

    def gateway(self) -> tuple[JSONObject, ...]:
        """Who may reach desktops, as peers of a network policy."""
        named: JSONObject = {"matchLabels": {"kubernetes.io/metadata.name": self.gateway_namespace}}
        there: JSONObject = {"namespaceSelector": named} if self.gateway_namespace else {}
        pods: JSONObject = {"podSelector": {"matchLabels": self.gateway_pods}, **there}
        networks: list[JSONObject] = [{"ipBlock": {"cidr": network}} for network in self.gateway_networks]
        return (pods, *networks) if self.gateway_pods else tuple(networks)

    def ways(self, place: Place) -> Ways:
        """How desktops are made, as far as this tells."""
        return Ways(
            labels={"deskbay.server": place.server, "deskbay.runtime": place.name},
            gateway=self.gateway(),
            storage_class=self.storage_class,
            home_size=self.home_size,
            server_url=self.server_url or _encrypted(place.address),
        )


class KubernetesSettings(NamespaceSettings):
    """Which cluster, and as whom: a kubeconfig, or an address and a token; neither for the one of this server's pod."""

    kubeconfig: SecretStr | None = Field(
        None, description="What “kubectl config view --minify --flatten --raw” prints", json_schema_extra=LINES
    )
    url: HttpsUrl | None = Field(
        None, description="Address of the cluster's API, instead", examples=["https://10.0.0.1:6443"]
    )
    token: SecretStr | None = Field(None, description="Token of a service account, with the address")
    authority: str | None = Field(
        None,
        description="Whose certificates are believed there, as PEM; those that this host believes, unless it is told",
        json_schema_extra=LINES,
    )
    homes_are_given: bool = Field(
        False, description="Give homes to their people first: for storage that does not heed a pod's group"
    )
    seccomp: FilePath | None = Field(
        None,
        description="Filter of system calls, a file below each node's folder for them; the engine's, unless it is told",
        examples=["deskbay.json"],
    )
    node_wait_seconds: int = Field(
        10, ge=1, le=3600, description="How long a desktop waits for a node with room, also for one that is added first"
    )
    gpu_resource: ResourceName = Field("nvidia.com/gpu", description="What a GPU is called in the cluster")

    @field_validator("kubeconfig")
    @classmethod
    def _can_be_read(cls, kubeconfig: SecretStr | None) -> SecretStr | None:
        if kubeconfig is not None:
            read_kubeconfig(kubeconfig.get_secret_value())
        return kubeconfig

    @field_validator("authority")
    @classmethod
    def _has_certificates(cls, authority: str | None) -> str | None:
        return None if authority is None else require_certificates(authority)

    @model_validator(mode="after")
    def _is_reached_in_one_way(self) -> Self:
        if self.kubeconfig and (self.url or self.token):
            raise ValueError("give a kubeconfig, or an address and a token, not both")
        if bool(self.url) != bool(self.token):
            raise ValueError("an address needs a token, and a token an address")
        return self

    def _access(self) -> JSONObject | None:
        if self.kubeconfig is not None:
            return read_kubeconfig(self.kubeconfig.get_secret_value())
        if self.url is not None and self.token is not None:
            return kubeconfig_of(self.url, self.token.get_secret_value(), self.authority)
        return None

    def open(self, place: Place) -> KubernetesRuntime:
        """Return the desktops of that namespace which are this runtime's."""
        ways = replace(
            self.ways(place),
            homes_are_given=self.homes_are_given,
            seccomp=self.seccomp,
            gpu_resource=self.gpu_resource,
        )
        return KubernetesRuntime(Cluster(self._access(), self.namespace), ways, self.node_wait_seconds)


def _encrypted(address: str | None) -> str | None:
    """Return an address that agents use: by another one their words could be read on the way."""
    return address if address is not None and address.startswith("https://") else None
