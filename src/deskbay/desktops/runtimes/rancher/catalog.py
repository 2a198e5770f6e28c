"""Rancher's catalog: installs charts and takes them away, by operations that go on for a while after the answer."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from pydantic import BaseModel, Field, JsonValue, ValidationError

from deskbay.desktops.runtimes import Unreachable
from deskbay.desktops.runtimes.clusters import Chart
from deskbay.desktops.runtimes.kubernetes.access import JSONObject
from deskbay.desktops.runtimes.kubernetes.cluster import Cluster
from deskbay.desktops.runtimes.kubernetes.pods import Condition

APPS = "/v1/catalog.cattle.io.apps"
OPERATIONS = "/v1/catalog.cattle.io.operations"
CLAIMS = "/v1/persistentvolumeclaims"
SOURCE = "catalog.cattle.io/ui-source-repo"
FAILED = "failed"

Model = TypeVar("Model", bound=BaseModel)


class _ChartMetadata(BaseModel):
    annotations: dict[str, str] = {}


class _InstalledChart(BaseModel):
    metadata: _ChartMetadata = _ChartMetadata()


class _Info(BaseModel):
    status: str = ""
    description: str = ""


class _AppSpec(BaseModel):
    name: str
    namespace: str
    chart: _InstalledChart = _InstalledChart()
    info: _Info = _Info()


class App(BaseModel):
    """An installed chart, as Rancher tells of it."""

    spec: _AppSpec

    @property
    def notes(self) -> Mapping[str, str]:
        """What was noted on it when it was installed."""
        return self.spec.chart.metadata.annotations

    @property
    def trouble(self) -> str | None:
        """Why it could not be installed; None when it was, or may be yet."""
        return (self.spec.info.description or FAILED) if self.spec.info.status == FAILED else None


class _OperationStatus(BaseModel):
    release: str = Field("", alias="releaseName")
    conditions: list[Condition] = []


class _OperationState(BaseModel):
    is_going_on: bool = Field(False, alias="transitioning")
    is_error: bool = Field(False, alias="error")
    message: str = ""


class _OperationMetadata(BaseModel):
    state: _OperationState = _OperationState()


class Operation(BaseModel):
    """Something that Rancher does to a release."""

    metadata: _OperationMetadata
    status: _OperationStatus = _OperationStatus()

    @property
    def is_going_on(self) -> bool:
        """Whether it is not over yet, or has not begun."""
        return self.metadata.state.is_going_on or not self.status.conditions

    @property
    def trouble(self) -> str | None:
        """Why it failed; None when it did not, or may not have yet."""
        return (self.metadata.state.message or FAILED) if self.metadata.state.is_error else None


class _Listed(BaseModel):
    data: list[JsonValue]


class Catalog:
    """One repository of charts and one namespace. Every method raises Unreachable when there is no answer."""

    def __init__(self, cluster: Cluster, repository: str, project: str | None) -> None:
        self._cluster = cluster
        self._repository = repository
        self._project = {} if project is None else {"projectId": project}

    async def install(
        self, release: str, chart: Chart, values: Mapping[str, JsonValue], notes: Mapping[str, str]
    ) -> None:
        """Have a chart installed; `release` comes later. Raises Refused."""
        source = {"catalog.cattle.io/ui-source-repo-type": "cluster", SOURCE: self._repository}
        installed: JSONObject = {
            "chartName": chart.name,
            "version": chart.version,
            "releaseName": release,
            "values": values,
            "annotations": {**source, **notes},
        }
        ways: JSONObject = {
            "timeout": "600s",
            "wait": True,
            "noHooks": False,
            "disableOpenAPIValidation": False,
            **self._project,
        }
        wish: JSONObject = {"charts": [installed], "namespace": self._cluster.namespace, **ways}
        await self._cluster.tell(
            f"/v1/catalog.cattle.io.clusterrepos/{self._repository}", wish, query={"action": "install"}
        )

    async def uninstall(self, release: str) -> None:
        """Have a release taken away; that takes a while. Raises Refused."""
        path = f"{APPS}/{self._cluster.namespace}/{release}"
        await self._cluster.tell(path, {}, query={"action": "uninstall"})

    async def make_claim(self, metadata: JSONObject, spec: JSONObject) -> None:
        """Make a volume in the namespace. Raises Refused."""
        within = {**metadata, "namespace": self._cluster.namespace}
        await self._cluster.tell(CLAIMS, {"type": "persistentvolumeclaim", "metadata": within, "spec": spec})

    async def apps(self) -> Sequence[App]:
        """Return what is installed in the namespace."""
        apps = [_read(App, one) for one in await self._list(APPS)]
        return [app for app in apps if app.spec.namespace == self._cluster.namespace]

    async def operations(self, release: str) -> Sequence[Operation]:
        """Return what is done, or was lately, to a release."""
        operations = [_read(Operation, one) for one in await self._list(OPERATIONS)]
        return [operation for operation in operations if operation.status.release == release]

    async def _list(self, path: str) -> Sequence[JsonValue]:
        return _read(_Listed, await self._cluster.look(path)).data


def _read(model: type[Model], found: object) -> Model:
    try:
        return model.model_validate(found)
    except ValidationError as error:
        raise Unreachable("What answers at Rancher's address is not Rancher. Correct the address.") from error
