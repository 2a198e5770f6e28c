"""A simulation of the part of Kubernetes' API that desktops need, for machines that have no cluster.

It takes nothing that a real cluster (1.20) would not take or not heed: every field is looked up in the descriptions of
the API which that cluster gave out (`described.json`). What it answers has the shape of what that cluster answered.
Pods "run" in it: where a service leads to one that is ready, somebody greets like a VNC server.
"""

import asyncio
import itertools
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from http import HTTPStatus
from uuid import uuid4

import trustme
from aiohttp import web
from tests.clusters.descriptions import Object, flaws
from tests.clusters.kubelet import Node, Refusal

GREETING = b"RFB 003.008\n"
TOKEN = "the account's token"
NAMESPACE = "desks"
ACCOUNT = f"system:serviceaccount:{NAMESPACE}:deskbay"
KINDS = {
    "pods": "Pod",
    "secrets": "Secret",
    "services": "Service",
    "persistentvolumeclaims": "PersistentVolumeClaim",
    "configmaps": "ConfigMap",
    "networkpolicies": "NetworkPolicy",
}
GROUPS = {"networkpolicies": "networking.k8s.io"}
NAMES_ONLY = "as=PartialObjectMetadataList"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def failure(status: HTTPStatus, reason: str, message: str) -> web.Response:
    """What a real cluster says when it does not want to."""
    said = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure"}
    return web.json_response({**said, "message": message, "reason": reason, "code": int(status)}, status=status)


class SimulatedKubernetes:
    """One namespace. Tests change what it has, and how it behaves."""

    prefix = ""

    def __init__(self) -> None:
        self.authority = trustme.CA()
        self.node = Node()
        self.objects = self.node.objects
        self.denied: set[tuple[str, str]] = set()
        self.has_namespace = True
        self.token = TOKEN
        self._go_on = asyncio.Event()
        self._go_on.set()
        self._listeners: dict[str, asyncio.Server] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def authority_pem(self) -> str:
        return self.authority.cert_pem.bytes().decode()

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Answer nothing meanwhile."""
        self._go_on.clear()
        try:
            yield
        finally:
            self._go_on.set()

    def names(self, kind: str) -> set[str]:
        return {name for known, name in self.objects if known == kind}

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        """Answer at an address, until the context ends."""
        application = web.Application(middlewares=[self._gate])
        below = f"/namespaces/{NAMESPACE}/{{kind}}"
        for root in (f"{self.prefix}/api/v1", f"{self.prefix}/apis/{{group}}/v1"):
            application.router.add_get(f"{root}/namespaces/{{namespace}}", self._namespace)
            application.router.add_get(root + below, self._list)
            application.router.add_post(root + below, self._create)
            application.router.add_get(f"{root}{below}/{{name}}", self._show)
            application.router.add_delete(f"{root}{below}/{{name}}", self._delete)
            application.router.add_patch(f"{root}{below}/{{name}}", self._patch)
            application.router.add_get(f"{root}{below}/{{name}}/log", self._log)
        self.extend(application)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0)
        await runner.setup()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.authority.issue_cert("127.0.0.1").configure_cert(context)
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
        await site.start()
        living = asyncio.create_task(self._live())
        try:
            yield f"https://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            living.cancel()
            self._go_on.set()
            for server in self._listeners.values():
                server.close()
            await runner.cleanup()

    def extend(self, application: web.Application) -> None:
        """Answer to more: for who simulates what stands before a cluster."""

    def go_on(self) -> None:
        """Let each thing take its next step."""
        self.node.go_on()

    async def _live(self) -> None:
        """Let time go on for pods and volumes, and let who is ready be reached."""
        while True:
            self.go_on()
            await self._connect_services()
            await asyncio.sleep(0.005)

    async def _connect_services(self) -> None:
        wanted = dict(self._open_ports())
        for address in self._listeners.keys() - wanted.keys():
            self._listeners.pop(address).close()
        for address in wanted.keys() - self._listeners.keys():
            self._listeners[address] = await asyncio.start_server(_greet, address, wanted[address])

    def _open_ports(self) -> Iterator[tuple[str, int]]:
        for service in self.node.of("services"):
            for pod in self.node.ready_pods(service["spec"]["selector"]):
                yield pod["status"]["podIP"], service["spec"]["ports"][0]["targetPort"]

    @web.middleware
    async def _gate(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        await self._go_on.wait()
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return failure(HTTPStatus.UNAUTHORIZED, "Unauthorized", "Unauthorized")
        if denied := self._denied(request):
            return denied
        try:
            return await handler(request)
        except Refusal as refusal:
            return failure(refusal.status, refusal.reason, str(refusal))

    def _denied(self, request: web.Request) -> web.Response | None:
        kind = request.match_info.get("kind", "namespaces")
        verb = {"GET": "get", "POST": "create", "DELETE": "delete", "PATCH": "patch"}[request.method]
        verb = "list" if verb == "get" and "name" not in request.match_info and kind != "namespaces" else verb
        if (verb, kind) not in self.denied:
            return None
        of = f'in API group "{GROUPS.get(kind, "")}" in the namespace "{NAMESPACE}"'
        what = f'{kind} is forbidden: User "{ACCOUNT}" cannot {verb} resource "{kind}" {of}'
        return failure(HTTPStatus.FORBIDDEN, "Forbidden", what)

    async def _namespace(self, request: web.Request) -> web.Response:
        name = request.match_info["namespace"]
        if name != NAMESPACE or not self.has_namespace:
            return failure(HTTPStatus.NOT_FOUND, "NotFound", f'namespaces "{name}" not found')
        return web.json_response({"kind": "Namespace", "apiVersion": "v1", "metadata": {"name": name}})

    async def _list(self, request: web.Request) -> web.Response:
        kind, selector = _kind_of(request), request.query.get("labelSelector", "")
        wanted = dict(part.split("=") for part in selector.split(",") if part)
        found = [self.objects[key] for key in sorted(self.objects) if key[0] == kind]
        items = [it for it in found if wanted.items() <= it["metadata"].get("labels", {}).items()]
        if NAMES_ONLY in request.headers["Accept"]:
            items = [{"metadata": it["metadata"]} for it in items]
            return web.json_response({"kind": "PartialObjectMetadataList", "items": items or None})
        return web.json_response({"kind": f"{KINDS[kind]}List", "items": items})

    async def _create(self, request: web.Request) -> web.Response:
        kind, manifest = _kind_of(request), await request.json()
        return web.json_response(self.make(kind, manifest), status=HTTPStatus.CREATED)

    def make(self, kind: str, manifest: Object) -> Object:
        """Take a manifest as a real cluster does. Raises Refusal."""
        name = manifest["metadata"]["name"]
        if found := list(itertools.islice(flaws(KINDS[kind], manifest), 1)):
            raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "Invalid", f'{KINDS[kind]} "{name}" is invalid: {found[0]}')
        if (kind, name) in self.objects:
            raise Refusal(HTTPStatus.CONFLICT, "AlreadyExists", f'{kind} "{name}" already exists')
        if kind == "pods":
            self.node.require_quota(manifest)
        made = {**manifest, "metadata": {**manifest["metadata"], "uid": str(uuid4()), "namespace": NAMESPACE}}
        self.objects[kind, name] = made
        return made

    async def _show(self, request: web.Request) -> web.Response:
        return web.json_response(self._named(request))

    async def _delete(self, request: web.Request) -> web.Response:
        found = self._named(request)
        asked = await request.json() if request.can_read_body else {}
        unknown = asked.keys() - {"gracePeriodSeconds"}
        assert not unknown, unknown
        self.node.take_away(_kind_of(request), found, asked.get("gracePeriodSeconds"))
        return web.json_response({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"})

    async def _patch(self, request: web.Request) -> web.Response:
        """Let a claim grow; nothing else is ever changed."""
        claim, change = self._named(request), await request.json()
        assert request.content_type == "application/merge-patch+json"
        assert (_kind_of(request), change.keys(), change["spec"].keys()) == (
            "persistentvolumeclaims",
            {"spec"},
            {"resources"},
        )
        if claim.get("status") != {"phase": "Bound"}:
            why = "spec: Forbidden: spec is immutable after creation except resources.requests for bound claims"
            raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "Invalid", why)
        if not self.node.volumes_grow:
            why = "only dynamically provisioned pvc can be resized and the storageclass must support resize"
            what = f'persistentvolumeclaims "{claim["metadata"]["name"]}" is forbidden: {why}'
            raise Refusal(HTTPStatus.FORBIDDEN, "Forbidden", what)
        claim["spec"] = {**claim["spec"], **change["spec"]}
        return web.json_response(claim)

    async def _log(self, request: web.Request) -> web.Response:
        pod = self._named(request)
        lines = self.node.log_of(pod)[-int(request.query["tailLines"]) :]
        return web.Response(text="".join(f"{line}\n" for line in lines))

    def _named(self, request: web.Request) -> Object:
        kind, name = _kind_of(request), request.match_info["name"]
        if (kind, name) not in self.objects:
            group = f".{GROUPS[kind]}" if kind in GROUPS else ""
            raise Refusal(HTTPStatus.NOT_FOUND, "NotFound", f'{kind}{group} "{name}" not found')
        return self.objects[kind, name]


def _kind_of(request: web.Request) -> str:
    kind, group = request.match_info["kind"], request.match_info.get("group", "")
    if kind not in KINDS or GROUPS.get(kind, "") != group:
        raise Refusal(HTTPStatus.NOT_FOUND, "NotFound", "the server could not find the requested resource")
    return kind


async def _greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(GREETING)
    with suppress(OSError):
        await reader.read()
    writer.close()
