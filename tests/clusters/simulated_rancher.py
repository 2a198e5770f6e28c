"""A simulation of Rancher's catalog and of the cluster behind it, as the desktop manager's contract describes them.

It takes no field that is not named there. As with a real one, an install or uninstall is accepted at once, and carried
out by an operation that goes on for a while, and may fail.
"""

from dataclasses import dataclass, field
from http import HTTPStatus
from uuid import UUID

from aiohttp import web
from tests.clusters.descriptions import Object
from tests.clusters.kubelet import IMAGE
from tests.clusters.simulated_kubernetes import NAMESPACE, SimulatedKubernetes

CLUSTER = "c-m-school"
REPOSITORY = "desktops"
TO_SOURCE = "catalog.cattle.io/ui-source-repo"
LONGEST_RELEASE = 53
SLOWNESS = 4
"""How many looks an operation takes for each of its steps."""
IN_A_CHART = {"chartName", "version", "releaseName", "values", "annotations"}
IN_AN_INSTALL = {"charts", "namespace", "timeout", "wait", "noHooks", "disableOpenAPIValidation", "projectId"}
IN_A_CLAIM = {"type", "metadata", "spec"}
VALUES = {"image": str, "home": str, "memory": str, "vnc": dict}


class NotAsDescribed(Exception):
    """A request that Rancher would not take, or not heed."""


@dataclass
class Operation:
    """Something done to a release, step by step."""

    name: str
    release: str
    steps: list[str]
    chart: Object = field(default_factory=dict)
    waits: int = SLOWNESS
    error: str | None = None

    @property
    def is_over(self) -> bool:
        return not self.steps or self.error is not None

    def shown(self) -> Object:
        stalled = {"type": "Stalled", "status": str(self.error is not None), "message": self.error or ""}
        reconciling = {"type": "Reconciling", "status": str(not self.is_over)}
        state = {"name": "active", "error": self.error is not None, "message": self.error or ""}
        return {
            "id": f"cattle-system/{self.name}",
            "type": "catalog.cattle.io.operation",
            "metadata": {"name": self.name, "state": {**state, "transitioning": not self.is_over}},
            "status": {"releaseName": self.release, "conditions": [stalled, reconciling]},
        }


class SimulatedRancher(SimulatedKubernetes):
    """One cluster with one repository, in which the charts `desktop` and `broken` are."""

    prefix = f"/k8s/clusters/{CLUSTER}"

    def __init__(self) -> None:
        super().__init__()
        self.apps: dict[str, Object] = {}
        self.operations: list[Operation] = []
        self.refused: list[str] = []

    def extend(self, application: web.Application) -> None:
        steve, router = f"{self.prefix}/v1", application.router
        router.add_post(f"{steve}/catalog.cattle.io.clusterrepos/{REPOSITORY}", self._install)
        router.add_get(f"{steve}/catalog.cattle.io.apps", self._list_apps)
        router.add_post(f"{steve}/catalog.cattle.io.apps/{NAMESPACE}/{{release}}", self._uninstall)
        router.add_get(f"{steve}/catalog.cattle.io.operations", self._list_operations)
        router.add_post(f"{steve}/persistentvolumeclaims", self._claim)

    async def _install(self, request: web.Request) -> web.Response:
        wish = await request.json()
        try:
            _require(request.query.get("action") == "install", "the action is install")
            chart = _checked(wish)
        except NotAsDescribed as flaw:
            self.refused.append(str(flaw))
            return _refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "InvalidBodyContent", str(flaw))
        if (chart["chartName"], chart["version"]) not in {("desktop", "1.4.0"), ("broken", "1.0.0"), ("mute", "1.0.0")}:
            what = f"chart {chart['chartName']} version {chart['version']} not found"
            return _refusal(HTTPStatus.NOT_FOUND, "NotFound", what)
        steps = {"desktop": ["record", "run", "finish"], "broken": ["record", "run", "break"], "mute": ["stop"]}
        return self._begin(chart["releaseName"], steps[chart["chartName"]], chart)

    async def _uninstall(self, request: web.Request) -> web.Response:
        release = request.match_info["release"]
        _require(request.query.get("action") == "uninstall" and await request.json() == {}, "an uninstall is empty")
        if release not in self.apps:
            return _refusal(HTTPStatus.NOT_FOUND, "NotFound", f'apps.catalog.cattle.io "{release}" not found')
        return self._begin(release, ["end", "erase"], {})

    def _begin(self, release: str, steps: list[str], chart: Object) -> web.Response:
        operation = Operation(f"helm-operation-{len(self.operations)}", release, steps, chart)
        self.operations.append(operation)
        answer = {"operationName": operation.name, "operationNamespace": "cattle-system"}
        return web.json_response(answer, status=HTTPStatus.CREATED)

    async def _list_apps(self, _: web.Request) -> web.Response:
        return web.json_response({"type": "collection", "data": list(self.apps.values())})

    async def _list_operations(self, _: web.Request) -> web.Response:
        return web.json_response({"type": "collection", "data": [it.shown() for it in self.operations]})

    async def _claim(self, request: web.Request) -> web.Response:
        claim = await request.json()
        _require(claim.keys() == IN_A_CLAIM and claim["type"] == "persistentvolumeclaim", "a claim is as described")
        _require(claim["spec"]["accessModes"] == ["ReadWriteMany"], "a claim may be written by many")
        _require(claim["metadata"]["namespace"] == NAMESPACE, "a claim names its namespace")
        described = {name: value for name, value in claim.items() if name != "type"}
        return web.json_response(self.make("persistentvolumeclaims", described), status=HTTPStatus.CREATED)

    def go_on(self) -> None:
        super().go_on()
        for operation in [it for it in self.operations if not it.is_over]:
            operation.waits -= 1
            if operation.waits <= 0 and self._take(operation, operation.steps[0]):
                operation.steps.pop(0)
                operation.waits = SLOWNESS

    def _take(self, operation: Operation, step: str) -> bool:
        """Take a step. Returns whether it is done."""
        steps = {"record": self._record, "run": self._run, "finish": self._finish, "break": self._break}
        steps |= {"stop": self._stop, "end": self._end, "erase": self._erase}
        return steps[step](operation)

    def _record(self, operation: Operation) -> bool:
        self.apps[operation.release] = _app(operation)
        return True

    def _run(self, operation: Operation) -> bool:
        self.make("pods", _pod(operation))
        return True

    def _finish(self, operation: Operation) -> bool:
        self.apps[operation.release]["spec"]["info"] = {"status": "deployed", "description": "Install complete"}
        return True

    def _break(self, operation: Operation) -> bool:
        operation.error = "post-install hook failed: job failed: BackoffLimitExceeded"
        info = {"status": "failed", "description": f"Release {operation.release} failed: {operation.error}"}
        self.apps[operation.release]["spec"]["info"] = info
        return True

    def _stop(self, operation: Operation) -> bool:
        operation.error = "Exit code: 123, Error: values don't meet the specifications of the schema"
        return True

    def _end(self, operation: Operation) -> bool:
        if pod := self.objects.get(("pods", f"{operation.release}-0")):
            self.node.take_away("pods", pod)
        return True

    def _erase(self, operation: Operation) -> bool:
        if ("pods", f"{operation.release}-0") in self.objects:
            return False
        self.apps.pop(operation.release, None)
        return True


def _checked(wish: Object) -> Object:
    """Return the chart that is wished for. Raises NotAsDescribed."""
    _require(wish.keys() <= IN_AN_INSTALL, f"an install has no {wish.keys() - IN_AN_INSTALL}")
    _require(IN_AN_INSTALL - wish.keys() <= {"projectId"}, f"an install lacks {IN_AN_INSTALL - wish.keys()}")
    _require((wish["namespace"], wish["timeout"]) == (NAMESPACE, "600s"), "namespace and timeout are as described")
    asked = (wish["wait"], wish["noHooks"], wish["disableOpenAPIValidation"])
    _require(asked == (True, False, False), "wait, noHooks and disableOpenAPIValidation are as described")
    (chart,) = wish["charts"]
    _require(chart.keys() == IN_A_CHART, f"a chart has {IN_A_CHART}")
    _require(len(chart["releaseName"]) <= LONGEST_RELEASE, "a release's name has 53 characters at most")
    _require(UUID(chart["releaseName"][-36:]).version == 4, "a release ends with a UUID")
    source = {f"{TO_SOURCE}-type": "cluster", TO_SOURCE: REPOSITORY}
    _require(source.items() <= chart["annotations"].items(), "annotations tell where the chart is from")
    _require(all(isinstance(it, str) for it in chart["annotations"].values()), "annotations are texts")
    _require(
        all(isinstance(chart["values"].get(name), kind) for name, kind in VALUES.items()), "values are the chart's"
    )
    _require(chart["values"].keys() == VALUES.keys(), "the chart has no other values")
    return dict(chart)


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise NotAsDescribed(what)


def _refusal(status: HTTPStatus, code: str, message: str) -> web.Response:
    said = {"type": "error", "links": {}, "code": code, "message": message, "status": int(status)}
    return web.json_response(said, status=status)


def _app(operation: Operation) -> Object:
    chart = operation.chart
    metadata = {"name": chart["chartName"], "version": chart["version"], "annotations": chart["annotations"]}
    return {
        "id": f"{NAMESPACE}/{operation.release}",
        "type": "catalog.cattle.io.app",
        "metadata": {"name": operation.release, "namespace": NAMESPACE},
        "spec": {
            "name": operation.release,
            "namespace": NAMESPACE,
            "chart": {"metadata": metadata},
            "info": {"status": "pending-install", "description": "Initial install underway"},
        },
    }


def _pod(operation: Operation) -> Object:
    """What the chart makes: the pod of its stateful set."""
    values, name = operation.chart["values"], f"{operation.release}-0"
    resources = {"memory": values["memory"], "cpu": "1"}
    volumes = [
        {"name": "home", "persistentVolumeClaim": {"claimName": values["home"]}},
        {"name": "vnc", "secret": {"secretName": values["vnc"]["secret"]}},
    ]
    container = {"name": "desktop", "image": values["image"] or IMAGE, "imagePullPolicy": "IfNotPresent"}
    return {
        "metadata": {"name": name, "labels": {"statefulset.kubernetes.io/pod-name": name}},
        "spec": {
            "containers": [{**container, "resources": {"limits": resources, "requests": resources}}],
            "volumes": volumes,
        },
    }
