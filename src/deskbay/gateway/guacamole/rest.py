"""Guacamole's REST interface, as its web page uses it: accounts, groups, connections and permissions.

What is sent and what comes are the shapes of guacamole-client 1.5 and 1.6. Attributes that Guacamole does not know are
dropped there, so none of our own can be kept in it.
"""

import asyncio
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Annotated, Literal, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, BeforeValidator, Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from deskbay.gateway.guacamole.tickets import Connection
from deskbay.kit.trust import trusted

ANSWER_SECONDS = 10.0
ROOT = "ROOT"
LONGEST_WORDS = 200
Shape = TypeVar("Shape")


class Trouble(Exception):
    """Nothing can be done in Guacamole now. Its text tells why, and what to do."""


class WrongPassword(Trouble):
    """Guacamole does not let us in. Who tries that often is shut out."""


class Refused(Exception):
    """One thing that Guacamole refuses, in its words."""


def _or_nothing(attributes: object) -> object:
    return {} if attributes is None else attributes


Attributes = Annotated[dict[str, str | None], BeforeValidator(_or_nothing)]


class Account(BaseModel):
    """A user of Guacamole, as it tells of one."""

    username: str
    attributes: Attributes = {}


class Group(BaseModel):
    """A group of users."""

    identifier: str


class FoundConnection(BaseModel):
    """A connection, without its parameters."""

    identifier: str
    name: str
    parent: str | None = Field(None, alias="parentIdentifier")
    protocol: str
    attributes: Attributes = {}


class Active(BaseModel):
    """A connection that somebody uses now."""

    identifier: str
    connection: str | None = Field(None, alias="connectionIdentifier")
    username: str | None = None


class Permissions(BaseModel):
    """What a user or a group was given: on connections, by their identifiers, and over Guacamole itself."""

    connections: dict[str, set[str]] = Field({}, alias="connectionPermissions")
    system: set[str] = Field(set(), alias="systemPermissions")


class Patch(TypedDict):
    """A step of a JSON Patch, as far as Guacamole takes one."""

    op: Literal["add", "remove"]
    path: str
    value: str


class _SignedIn(BaseModel):
    token: str = Field(alias="authToken", min_length=1)
    data_source: str = Field(alias="dataSource", min_length=1, max_length=64)


class _Words(BaseModel):
    message: str = ""


class Rest:
    """Asks a Guacamole as one of its administrators; signs in again once a session is over.

    Each method raises Trouble; those that change something Refused, too.
    """

    def __init__(self, address: str, username: str, password: str) -> None:
        self._address = address
        self._credentials = {"username": username, "password": password}
        self._client = httpx.AsyncClient(timeout=ANSWER_SECONDS, verify=trusted())
        self._session: _SignedIn | None = None

    async def close(self) -> None:
        """Let go of what is open."""
        await self._client.aclose()

    async def data_source(self) -> str:
        """Return the name of the database that accounts and connections are in."""
        self._session = self._session or await self._sign_in()
        return self._session.data_source

    async def accounts(self) -> dict[str, Account]:
        return await self._get("users", dict[str, Account])

    async def add_account(self, username: str, attributes: Mapping[str, str]) -> None:
        """Add an account without a password: nobody signs in with it, but whom another way in says to be that user."""
        await self._do("POST", "users", {"username": username, "attributes": attributes})

    async def change_account(self, username: str, attributes: Mapping[str, str]) -> None:
        """Change these attributes, and leave others as they are."""
        await self._do("PUT", _path("users", username), {"username": username, "attributes": attributes})

    async def delete_account(self, username: str) -> None:
        await self._do("DELETE", _path("users", username))

    async def groups(self) -> dict[str, Group]:
        return await self._get("userGroups", dict[str, Group])

    async def add_group(self, name: str) -> None:
        await self._do("POST", "userGroups", {"identifier": name, "attributes": {}})

    async def members(self, group: str) -> set[str]:
        return await self._get(_path("userGroups", group, "memberUsers"), set[str])

    async def change_members(self, group: str, *, add: Iterable[str], remove: Iterable[str]) -> None:
        patches = [_patch("add", "/", name) for name in add] + [_patch("remove", "/", name) for name in remove]
        await self._patch(_path("userGroups", group, "memberUsers"), patches)

    async def permissions(self, kind: Literal["users", "userGroups"], name: str) -> Permissions:
        return await self._get(_path(kind, name, "permissions"), Permissions)

    async def change_permissions(
        self,
        kind: Literal["users", "userGroups"],
        name: str,
        *,
        add: Iterable[tuple[str, str]],
        remove: Iterable[tuple[str, str]],
    ) -> None:
        """Give and take permissions on connections: pairs of identifier and permission."""
        given = [_patch("add", f"/connectionPermissions/{identifier}", value) for identifier, value in add]
        taken = [_patch("remove", f"/connectionPermissions/{identifier}", value) for identifier, value in remove]
        await self._patch(_path(kind, name, "permissions"), given + taken)

    async def connections(self) -> dict[str, FoundConnection]:
        return await self._get("connections", dict[str, FoundConnection])

    async def parameters(self, identifier: str) -> dict[str, str]:
        return await self._get(_path("connections", identifier, "parameters"), dict[str, str])

    async def add_connection(self, name: str, connection: Connection) -> str:
        """Add a connection, and return its identifier."""
        made = await self._do("POST", "connections", _described(name, connection, {}))
        return _read(made, FoundConnection).identifier

    async def change_connection(self, found: FoundConnection, name: str, connection: Connection) -> None:
        described = {"identifier": found.identifier, **_described(name, connection, found.attributes)}
        await self._do("PUT", _path("connections", found.identifier), described)

    async def delete_connection(self, identifier: str) -> None:
        await self._do("DELETE", _path("connections", identifier))

    async def active(self) -> dict[str, Active]:
        return await self._get("activeConnections", dict[str, Active])

    async def end(self, active: str) -> None:
        """Cut off who uses a connection now."""
        await self._do("PATCH", "activeConnections", [{"op": "remove", "path": f"/{active}"}])

    async def _patch(self, path: str, patches: list[Patch]) -> None:
        if patches:
            await self._do("PATCH", path, patches)

    async def _get(self, path: str, shape: type[Shape]) -> Shape:
        answer = await self._ask("GET", path)
        if answer.status_code == HTTPStatus.NOT_FOUND and "/" in path:
            raise Refused(f"{path} is gone.")
        return _read(_content(answer), shape)

    async def _do(self, method: str, path: str, body: object = None) -> bytes:
        answer = await self._ask(method, path, body)
        if answer.status_code == HTTPStatus.NOT_FOUND and method == "DELETE":
            return b""
        if answer.status_code in {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}:
            raise Refused(_words(answer))
        return _content(answer)

    async def _ask(self, method: str, path: str, body: object = None) -> httpx.Response:
        """Ask, and once more with a new session where Guacamole knows ours no longer."""
        had_session = self._session is not None
        answer = await self._ask_in_session(method, path, body)
        if answer.status_code == HTTPStatus.FORBIDDEN and had_session:
            self._session = None
            answer = await self._ask_in_session(method, path, body)
        return answer

    async def _ask_in_session(self, method: str, path: str, body: object) -> httpx.Response:
        self._session = self._session or await self._sign_in()
        path = f"session/data/{quote(self._session.data_source, safe='')}/{path}"
        return await self._send(method, path, headers={"Guacamole-Token": self._session.token}, json=body)

    async def _sign_in(self) -> _SignedIn:
        answer = await self._send("POST", "tokens", data=self._credentials)
        if answer.status_code == HTTPStatus.FORBIDDEN:
            what = "Guacamole does not know GUACAMOLE_USERNAME with GUACAMOLE_PASSWORD. Set those of an account there."
            raise WrongPassword(what)
        return _read(_content(answer), _SignedIn)

    async def _send(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: object = None,
        data: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        url = f"{self._address}/api/{path}"
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._client.request(method, url, headers=headers, json=json, data=data)
        except (httpx.HTTPError, TimeoutError) as error:
            what = f"Guacamole at {self._address} gives no answer. Is it up, and does this server reach it?"
            raise Trouble(what) from error


def _path(*parts: str) -> str:
    return "/".join(quote(part, safe="") for part in parts)


def _patch(op: Literal["add", "remove"], path: str, value: str) -> Patch:
    return {"op": op, "path": path, "value": value}


def _described(name: str, connection: Connection, attributes: Mapping[str, str | None]) -> dict[str, object]:
    return {
        "name": name,
        "parentIdentifier": ROOT,
        "protocol": connection.protocol,
        "parameters": dict(connection.parameters),
        "attributes": dict(attributes),
    }


def _content(answer: httpx.Response) -> bytes:
    if answer.is_success:
        return answer.content
    if answer.status_code == HTTPStatus.FORBIDDEN:
        what = "Guacamole forbids it. GUACAMOLE_USERNAME has to have the permission to administer the system."
        raise Trouble(what)
    raise Trouble(f"Guacamole answers with status {answer.status_code}. Its own log tells more.")


def _read(content: bytes, shape: type[Shape]) -> Shape:
    try:
        return TypeAdapter(shape).validate_json(content)
    except ValidationError as error:
        what = "Guacamole answers what can't be understood. Is GUACAMOLE_URL its address, of version 1.5 or newer?"
        raise Trouble(what) from error


def _words(answer: httpx.Response) -> str:
    try:
        return _Words.model_validate_json(answer.content).message[:LONGEST_WORDS]
    except ValidationError:
        return f"status {answer.status_code}"
