"""What an administrator says of a cluster behind Rancher."""

from typing import Annotated

from pydantic import Field, SecretStr, StringConstraints, field_validator

from deskbay.desktops.runtimes.kinds import Place
from deskbay.desktops.runtimes.kubernetes.access import HttpsUrl, kubeconfig_of, require_certificates
from deskbay.desktops.runtimes.kubernetes.cluster import Cluster
from deskbay.desktops.runtimes.kubernetes.settings import LINES, NamespaceSettings
from deskbay.desktops.runtimes.rancher.catalog import Catalog
from deskbay.desktops.runtimes.rancher.runtime import RancherRuntime

Id = Annotated[str, StringConstraints(max_length=100, pattern=r"^[a-z0-9][a-z0-9.-]*$")]
ProjectId = Annotated[str, StringConstraints(max_length=200, pattern=r"^[a-z0-9][a-z0-9.:-]*$")]


class RancherSettings(NamespaceSettings):
    """Where Rancher is, which of its clusters, and from where charts come."""

    url: HttpsUrl = Field(description="Rancher's address", examples=["https://rancher.example.org"])
    token: SecretStr = Field(description="A token of Rancher's API, with access to the cluster")
    cluster_id: Id = Field(description="The cluster, as in the addresses of Rancher's pages", examples=["c-m-x7f2k9qd"])
    repository: Id = Field(description="The repository of charts in that cluster", examples=["desktops"])
    project_id: ProjectId | None = Field(None, description="The project that charts go to", examples=["c-m-x7f2:p-9s8"])
    authority: str | None = Field(
        None,
        description="Whose certificates are believed there, as PEM; those that this host believes, unless it is told",
        json_schema_extra=LINES,
    )

    @field_validator("authority")
    @classmethod
    def _has_certificates(cls, authority: str | None) -> str | None:
        return None if authority is None else require_certificates(authority)

    def open(self, place: Place) -> RancherRuntime:
        """Return the desktops of that namespace which are this runtime's."""
        base = f"{self.url.rstrip('/')}/k8s/clusters/{self.cluster_id}"
        access = kubeconfig_of(base, self.token.get_secret_value(), self.authority)
        cluster = Cluster(access, self.namespace)
        return RancherRuntime(cluster, Catalog(cluster, self.repository, self.project_id), self.ways(place))
