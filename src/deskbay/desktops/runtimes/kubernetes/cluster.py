"""The API of a Kubernetes cluster: each call ends in time, and its troubles are told as sentences."""

import asyncio
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from http import HTTPStatus
from typing import TYPE_CHECKING

import aiohttp

from deskbay.desktops.runtimes import Unreachable
from deskbay.desktops.runtimes.kubernetes.access import JSONObject
from deskbay.desktops.runtimes.kubernetes.pods import Items, Metadata, sentence
from deskbay.desktops.runtimes.requests import to_the_end

if TYPE_CHECKING:
    from kubernetes_asyncio.client import ApiException
    from kubernetes_asyncio.client.api_client import ApiClient

CALL_SECONDS = 10.0
ANSWER_SECONDS = 3.0
GONE_SECONDS = 120.0
"""A node that missed the end of a pod looks again after a minute."""
POLL_SECONDS = 0.1
_QUIET = {"as": "PartialObjectMetadataList", "g": "meta.k8s.io", "v": "v1"}
NAMES_ONLY = ";".join(["application/json", *(f"{key}={value}" for key, value in _QUIET.items())])
"""Asks for lists without what is in the objects: secrets stay where they are."""
_SORT_OF = {"PATCH": {"Content-Type": "application/merge-patch+json"}}
logging.getLogger("kubernetes_asyncio").setLevel(logging.INFO)  # below, it tells whole answers, secrets and all


class Kind(StrEnum):
    """What desktops are made of in a cluster."""

    POD = "pods"
    SECRET = "secrets"  # noqa: S105 - a kind of object
    SERVICE = "services"
    CLAIM = "persistentvolumeclaims"
    POLICY = "networkpolicies"
    NOTE = "configmaps"


class Refused(Exception):
    """The cluster understood and does not want to. `reason` is one of the API's words, the text says why."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason


class Cluster:
    """One namespace of a cluster. Every method raises Unreachable when the cluster gives no answer, or no access.

    `kubeconfig` says where it is; without one, it is the cluster that this server runs in.
    """

    def __init__(self, kubeconfig: JSONObject | None, namespace: str) -> None:
        self._kubeconfig = kubeconfig
        self.namespace = namespace
        self._opened: ApiClient | None = None
        self._opening = asyncio.Lock()

    async def close(self) -> None:
        """Close the connections."""
        if self._opened is not None:
            await self._opened.close()
            self._opened = None

    async def check(self) -> None:
        """See whether the namespace is there and may be used. Raises Unreachable with the remedy."""
        try:
            await self.ask("GET", f"/api/v1/namespaces/{self.namespace}", seconds=ANSWER_SECONDS)
        except Refused as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise Unreachable(f"The cluster refuses: {sentence(str(error))}") from error
            remedy = f"Create it: kubectl create namespace {self.namespace}"
            raise Unreachable(f"The cluster has no namespace {self.namespace}. {remedy}") from error

    async def get(self, kind: Kind, name: str) -> JSONObject | None:
        """Return an object; None when there is none of that name."""
        try:
            found = await self.ask("GET", self._path(kind, name))
        except Refused as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise Unreachable(f"The cluster does not show {name}: {sentence(str(error))}") from error
        return _object(found)

    async def create(self, kind: Kind, manifest: JSONObject) -> None:
        """Make an object. Raises Refused with what the cluster has against it.

        What the cluster was told can't be called back: cancelled, it waits for the answer, so that nothing comes later.
        """
        await self.tell(self._path(kind), manifest)

    async def tell(self, path: str, body: JSONObject, query: Mapping[str, str] | None = None) -> None:
        """Post something, as `create` does. Raises Refused."""
        await to_the_end(self.ask("POST", path, query=query, body=body))

    async def create_missing(self, kind: Kind, manifest: JSONObject) -> None:
        """Make an object unless there is one of that name."""
        try:
            await self.create(kind, manifest)
        except Refused as error:
            if error.reason != "AlreadyExists":
                raise

    async def patch(self, kind: Kind, name: str, change: JSONObject) -> None:
        """Change an object where `change` tells something else. Raises Refused."""
        await to_the_end(self.ask("PATCH", self._path(kind, name), body=change))

    async def delete(self, kind: Kind, name: str, grace: int | None = None) -> None:
        """Take an object away, or see that it is not there; a pod's programs get `grace` seconds."""
        body: JSONObject = {} if grace is None else {"gracePeriodSeconds": grace}
        try:
            await self.ask("DELETE", self._path(kind, name), body=body)
        except Refused as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise Unreachable(f"The cluster does not delete {name}: {sentence(str(error))}") from error

    async def wait_until_gone(self, kind: Kind, name: str) -> None:
        """Wait until an object that was deleted is not there any more. Raises Unreachable when that takes too long."""
        try:
            async with asyncio.timeout(GONE_SECONDS):
                while await self.get(kind, name) is not None:  # noqa: ASYNC110 - the cluster is asked
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError as error:
            raise Unreachable(f"The cluster has not deleted {name} in {GONE_SECONDS:g} seconds.") from error

    async def labelled(self, kind: Kind, wanted: Mapping[str, str]) -> Sequence[Metadata]:
        """Return what every object of a kind is called that has all of the wanted labels."""
        selector = ",".join(f"{name}={value}" for name, value in wanted.items())
        found = await self.look(self._path(kind), {"labelSelector": selector}, NAMES_ONLY)
        return [item.metadata for item in Items.model_validate(found).items or ()]

    async def look(
        self, path: str, query: Mapping[str, str] | None = None, accept: str = "application/json"
    ) -> JSONObject:
        """Return what has to be there, be it an empty list."""
        try:
            found = await self.ask("GET", path, query=query, accept=accept)
        except Refused as error:
            raise Unreachable(f"The cluster does not show what is there: {sentence(str(error))}") from error
        return _object(found)

    async def log(self, pod: str, lines: int) -> list[str]:
        """Return the last lines that a pod's container printed; none when there is no such pod, or no word yet."""
        try:
            text = await self.ask(
                "GET", f"{self._path(Kind.POD, pod)}/log", query={"tailLines": str(lines)}, accept="*/*"
            )
        except Refused as error:
            if error.status in {HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST}:
                return []
            raise Unreachable(f"The cluster does not give the log: {sentence(str(error))}") from error
        return text.splitlines() if isinstance(text, str) else []

    def _path(self, kind: Kind, name: str | None = None) -> str:
        group = "/apis/networking.k8s.io/v1" if kind is Kind.POLICY else "/api/v1"
        path = f"{group}/namespaces/{self.namespace}/{kind}"
        return path if name is None else f"{path}/{name}"

    async def ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: JSONObject | None = None,
        accept: str = "application/json",
        seconds: float = CALL_SECONDS,
    ) -> JSONObject | str:
        """Return the answer to one request: an object, or text. Raises Refused."""
        with _explained(seconds):
            async with asyncio.timeout(seconds):
                client = await self._client()
                answer: JSONObject | str = await client.call_api(
                    path,
                    method,
                    query_params=list((query or {}).items()),
                    header_params={"Accept": accept, **_SORT_OF.get(method, {})},
                    body=body,
                    response_types_map=dict.fromkeys(range(200, 300), "object"),
                    auth_settings=["BearerToken"],
                    _return_http_data_only=True,
                )
        return answer

    async def _client(self) -> "ApiClient":
        async with self._opening:
            if self._opened is None:
                self._opened = await _client_of(self._kubeconfig)
            return self._opened


async def _client_of(kubeconfig: JSONObject | None) -> "ApiClient":
    # Takes a second and 60 MB: only for those who have a cluster.
    from kubernetes_asyncio import config
    from kubernetes_asyncio.client import Configuration
    from kubernetes_asyncio.client.api_client import ApiClient

    configuration = Configuration()
    if kubeconfig is not None:
        await config.load_kube_config_from_dict(kubeconfig, client_configuration=configuration)
        return ApiClient(configuration)
    try:
        config.load_incluster_config(client_configuration=configuration)  # type: ignore[no-untyped-call] # theirs
    except config.ConfigException as error:
        remedy = "Give the runtime a kubeconfig, or an address and a token."
        raise Unreachable(f"This server does not run in a cluster, or as no service account. {remedy}") from error
    return ApiClient(configuration)


@contextmanager
def _explained(seconds: float) -> Iterator[None]:
    """Tell what went wrong with a request in a sentence: raises Refused, or Unreachable."""
    from kubernetes_asyncio.client import ApiException

    try:
        yield
    except TimeoutError as error:
        raise Unreachable(f"The cluster did not answer in {seconds:g} seconds. See how it is.") from error
    except ApiException as error:
        raise _refusal(error) from error
    except aiohttp.ClientConnectorCertificateError as error:
        raise Unreachable("The cluster's certificate is of an authority that the runtime does not name.") from error
    except (aiohttp.ClientError, OSError) as error:
        raise Unreachable(f"The cluster can't be reached: {sentence(str(error))}") from error


def _refusal(error: "ApiException") -> Exception:
    reason, message = _told(error)
    if error.status == HTTPStatus.UNAUTHORIZED:
        return Unreachable("The cluster does not take the credentials: wrong, or expired. Enter new ones.")
    if error.status == HTTPStatus.FORBIDDEN and " cannot " in message:
        role = "Give its account the role that docs/runtimes.md shows."
        return Unreachable(f"The cluster does not let Deskbay do this: {sentence(message)} {role}")
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR or error.status == HTTPStatus.TOO_MANY_REQUESTS:
        return Unreachable(f"The cluster is in trouble: {sentence(message)}")
    return Refused(error.status, reason, message)


def _told(error: "ApiException") -> tuple[str, str]:
    try:
        status = json.loads(error.body or "")
        return str(status.get("reason") or status.get("code", "")), str(status.get("message", ""))
    except (ValueError, AttributeError):
        return "", f"{error.status} {error.reason}"


def _object(answer: JSONObject | str) -> JSONObject:
    if not isinstance(answer, dict):
        raise Unreachable("What answers at the cluster's address is not Kubernetes. Correct the address.")
    return answer
