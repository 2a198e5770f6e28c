"""A simulator of Guacamole's REST interface with its database extension, as guacamole-client 1.5 and 1.6 have it.

It knows one data source, and one administrator from the start. What the real one would drop in silence it refuses:
fields and attributes that it does not know, parameters that a protocol has not, members and connections that are not
there. It can be told to misbehave.
"""

import asyncio
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Annotated, Literal
from uuid import uuid4

from fastapi import APIRouter, Depends, FastAPI, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, StrictStr

DATA_SOURCE = "postgresql"
ADMINISTRATOR = ("guacadmin", "guacadmin's own password")
USER_ATTRIBUTES = {
    *("disabled", "expired", "access-window-start", "access-window-end", "valid-from", "valid-until", "timezone"),
    *("guac-full-name", "guac-email-address", "guac-organization", "guac-organizational-role"),
}
CONNECTION_ATTRIBUTES = {
    *("max-connections", "max-connections-per-user", "weight", "failover-only"),
    *("guacd-hostname", "guacd-port", "guacd-encryption"),
}
COMMON = {"hostname", "port", "username", "password", "disable-copy", "disable-paste"}
PARAMETERS = {
    "vnc": {*COMMON, "read-only", "color-depth"},
    "rdp": {*COMMON, "ignore-cert", "security"},
    "ssh": {*COMMON, "private-key", "color-scheme"},
}
OBJECT_PERMISSIONS = {"READ", "UPDATE", "DELETE", "ADMINISTER"}
SYSTEM_PERMISSIONS = {"CREATE_USER", "CREATE_USER_GROUP", "CREATE_CONNECTION", "ADMINISTER"}
CONNECTION_PATH = re.compile(r"/connectionPermissions/([0-9]+)")


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


Attributes = dict[str, StrictStr | None]


class UserForm(Form):
    username: str
    password: str | None = None
    attributes: Attributes


class GroupForm(Form):
    identifier: str
    attributes: Attributes


class ConnectionForm(Form):
    name: str
    identifier: str | None = None
    parentIdentifier: Literal["ROOT"]  # noqa: N815 - Guacamole's name
    protocol: Literal["vnc", "rdp", "ssh"]
    parameters: dict[str, str]
    attributes: Attributes


class PatchForm(Form):
    op: Literal["add", "remove"]
    path: str
    value: str


class EndForm(Form):
    op: Literal["remove"]
    path: str


class Wrong(Exception):
    """What Guacamole answers in place of what was asked for."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind


def not_found(what: str) -> Wrong:
    return Wrong(404, "NOT_FOUND", f'Not found: "{what}"')


def bad(what: str) -> Wrong:
    return Wrong(400, "BAD_REQUEST", what)


def denied() -> Wrong:
    return Wrong(403, "PERMISSION_DENIED", "Permission Denied.")


@dataclass
class Rights:
    """What a user or a group was given."""

    connections: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    system: set[str] = field(default_factory=set)

    def shown(self) -> dict[str, object]:
        others = ("connectionGroup", "sharingProfile", "activeConnection", "user", "userGroup")
        return {
            "connectionPermissions": {key: sorted(given) for key, given in self.connections.items() if given},
            **{f"{one}Permissions": {} for one in others},
            "systemPermissions": sorted(self.system),
        }


@dataclass
class SimulatedRest:
    """What is in this Guacamole, and the wishes for misbehaviour.

    `changes` counts what was changed. After so many as `breaks_after` tells it answers 500. After so many as
    `mute_after` tells it does what it is told, and says nothing any more until `voice` comes back. `status` is what it
    answers to all but sign-ins; connections of `refused_names` it does not take.
    """

    users: dict[str, Attributes] = field(default_factory=lambda: {ADMINISTRATOR[0]: {}})
    groups: dict[str, Attributes] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    connections: dict[str, ConnectionForm] = field(default_factory=dict)
    rights: dict[tuple[str, str], Rights] = field(default_factory=lambda: defaultdict(Rights))
    active: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    password: str = ADMINISTRATOR[1]
    sign_ins: int = 0
    requests: int = 0
    changes: int = 0
    breaks_after: int | None = None
    status: int | None = None
    mute_after: int | None = None
    voice: asyncio.Event = field(default_factory=asyncio.Event)
    answers_nonsense: bool = False
    refused_names: set[str] = field(default_factory=set)
    keys: "count[int]" = field(default_factory=lambda: count(1))

    def sign_in(self, username: str, password: str) -> dict[str, object]:
        self.sign_ins += 1
        if (username, password) != (ADMINISTRATOR[0], self.password):
            raise Wrong(403, "INVALID_CREDENTIALS", "Invalid login")
        token = uuid4().hex.upper()
        self.tokens.add(token)
        known = [DATA_SOURCE, f"{DATA_SOURCE}-shared"]
        return {"authToken": token, "username": username, "dataSource": DATA_SOURCE, "availableDataSources": known}

    def add_connection(self, name: str, protocol: Literal["vnc", "rdp", "ssh"] = "vnc", **parameters: str) -> str:
        """Add one by hand."""
        form = ConnectionForm(
            name=name, parentIdentifier="ROOT", protocol=protocol, parameters=parameters, attributes={}
        )
        return self._keep(form)

    def _keep(self, form: ConnectionForm) -> str:
        form.identifier = str(next(self.keys))
        self.connections[form.identifier] = form
        return form.identifier

    def remove_connection(self, identifier: str) -> None:
        del self.connections[identifier]
        for rights in self.rights.values():
            rights.connections.pop(identifier, None)

    def use(self, identifier: str, username: str) -> str:
        """Have somebody use a connection."""
        active = str(uuid4())
        told = {"identifier": active, "connectionIdentifier": identifier, "username": username, "remoteHost": "::1"}
        self.active[active] = told
        return active

    def may(self, kind: str, name: str) -> dict[str, set[str]]:
        """Return what a user or a group may do with which connections."""
        return {key: given for key, given in self.rights[kind, name].connections.items() if given}


def install(app: FastAPI, rest: SimulatedRest, prefix: str) -> None:
    """Answer for a simulated Guacamole at `prefix`/session/data/…."""
    app.include_router(_users(rest), prefix=f"{prefix}/session/data/{{data_source}}")
    app.include_router(_connections(rest), prefix=f"{prefix}/session/data/{{data_source}}")
    app.add_exception_handler(Wrong, _tell)
    app.add_exception_handler(RequestValidationError, _tell_of_form)

    @app.middleware("http")
    async def misbehave(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        rest.requests += 1
        if rest.answers_nonsense:
            return Response("<html>It works!</html>", media_type="text/html")
        is_sign_in = request.url.path.endswith("/tokens")
        if rest.status is not None and not is_sign_in:
            return JSONResponse({"message": "No.", "type": "INTERNAL_ERROR"}, rest.status)
        if request.method != "GET" and not is_sign_in:
            if rest.breaks_after is not None and rest.changes >= rest.breaks_after:
                return JSONResponse({"message": "Unexpected internal error.", "type": "INTERNAL_ERROR"}, 500)
            rest.changes += 1
        answer = await go_on(request)
        if rest.mute_after is not None and rest.changes >= rest.mute_after:
            await rest.voice.wait()
        return answer


async def _tell(_: Request, error: Exception) -> Response:
    assert isinstance(error, Wrong)
    return JSONResponse({"message": str(error), "type": error.kind, "statusCode": None}, error.status)


async def _tell_of_form(_: Request, error: Exception) -> Response:
    return JSONResponse({"message": f"Unexpected: {error}", "type": "BAD_REQUEST"}, 400)


def _router(rest: SimulatedRest) -> APIRouter:
    async def check(data_source: str, guacamole_token: Annotated[str, Header()] = "") -> None:
        if guacamole_token not in rest.tokens:
            raise denied()
        if data_source != DATA_SOURCE:
            raise not_found(data_source)

    return APIRouter(dependencies=[Depends(check)])


def _known(attributes: Attributes, names: set[str]) -> None:
    if strange := set(attributes) - names:
        raise bad(f"attributes that are not known: {strange}")


def _users(rest: SimulatedRest) -> APIRouter:  # noqa: C901 - a list of endpoints
    router = _router(rest)

    def subject(kind: str, name: str) -> Rights:
        if name not in (rest.users if kind == "users" else rest.groups):
            raise not_found(name)
        return rest.rights[kind, name]

    @router.get("/users")
    async def users() -> dict[str, dict[str, object]]:
        nothing: Attributes = dict.fromkeys(USER_ATTRIBUTES)
        return {name: {"username": name, "attributes": nothing | told} for name, told in rest.users.items()}

    @router.post("/users")
    async def add_user(form: UserForm) -> UserForm:
        _known(form.attributes, USER_ATTRIBUTES)
        if form.username in rest.users:
            raise bad(f'User "{form.username}" already exists.')
        rest.users[form.username] = form.attributes
        return form

    @router.put("/users/{name}", status_code=204)
    async def change_user(name: str, form: UserForm) -> None:
        subject("users", name)
        _known(form.attributes, USER_ATTRIBUTES)
        if form.username != name:
            raise bad("The identifier of the object differs.")
        rest.users[name] |= {key: value or None for key, value in form.attributes.items()}

    @router.delete("/users/{name}", status_code=204)
    async def delete_user(name: str) -> None:
        subject("users", name)
        if name == ADMINISTRATOR[0]:
            raise bad("Deleting your own user is not allowed.")
        del rest.users[name]
        rest.rights.pop(("users", name), None)
        for members in rest.members.values():
            members.discard(name)

    @router.get("/userGroups")
    async def groups() -> dict[str, dict[str, object]]:
        return {name: {"identifier": name, "attributes": told} for name, told in rest.groups.items()}

    @router.post("/userGroups")
    async def add_group(form: GroupForm) -> GroupForm:
        _known(form.attributes, {"disabled"})
        if form.identifier in rest.groups:
            raise bad(f'Group "{form.identifier}" already exists.')
        rest.groups[form.identifier] = form.attributes
        return form

    @router.get("/userGroups/{name}/memberUsers")
    async def members(name: str) -> list[str]:
        subject("userGroups", name)
        return sorted(rest.members[name])

    @router.patch("/userGroups/{name}/memberUsers", status_code=204)
    async def change_members(name: str, patches: list[PatchForm]) -> None:
        subject("userGroups", name)
        for patch in patches:
            if patch.path != "/":
                raise bad(f'Unsupported patch path: "{patch.path}"')
            subject("users", patch.value)
            (rest.members[name].add if patch.op == "add" else rest.members[name].discard)(patch.value)

    @router.get("/{kind}/{name}/permissions")
    async def permissions(kind: Literal["users", "userGroups"], name: str) -> dict[str, object]:
        return subject(kind, name).shown()

    @router.patch("/{kind}/{name}/permissions", status_code=204)
    async def change_permissions(kind: Literal["users", "userGroups"], name: str, patches: list[PatchForm]) -> None:
        rights = subject(kind, name)
        for patch in patches:
            match = CONNECTION_PATH.fullmatch(patch.path)
            if match is None or patch.value not in OBJECT_PERMISSIONS:
                raise bad(f'Unsupported patch: "{patch.path}" {patch.value}')
            if match[1] not in rest.connections:
                raise not_found(match[1])
            given = rights.connections[match[1]]
            (given.add if patch.op == "add" else given.discard)(patch.value)

    return router


def _connections(rest: SimulatedRest) -> APIRouter:  # noqa: C901 - a list of endpoints
    router = _router(rest)

    def there(identifier: str) -> ConnectionForm:
        if identifier not in rest.connections:
            raise not_found(identifier)
        return rest.connections[identifier]

    def check(form: ConnectionForm, identifier: str | None) -> None:
        _known(form.attributes, CONNECTION_ATTRIBUTES)
        if strange := set(form.parameters) - PARAMETERS[form.protocol]:
            raise bad(f"parameters that {form.protocol} has not: {strange}")
        if form.name in rest.refused_names:
            raise bad("It may not be.")
        if any(one.name == form.name and one.identifier != identifier for one in rest.connections.values()):
            raise bad(f'The connection "{form.name}" already exists.')

    @router.get("/connections")
    async def connections() -> dict[str, dict[str, object]]:
        shown = (one.model_dump(exclude={"parameters"}) for one in rest.connections.values())
        return {one["identifier"]: one | {"activeConnections": 0} for one in shown}

    @router.get("/connections/{identifier}/parameters")
    async def parameters(identifier: str) -> dict[str, str]:
        return there(identifier).parameters

    @router.post("/connections")
    async def add_connection(form: ConnectionForm) -> ConnectionForm:
        check(form, None)
        rest._keep(form)
        return form

    @router.put("/connections/{identifier}", status_code=204)
    async def change_connection(identifier: str, form: ConnectionForm) -> None:
        there(identifier)
        check(form, identifier)
        rest.connections[identifier] = form.model_copy(update={"identifier": identifier})

    @router.delete("/connections/{identifier}", status_code=204)
    async def delete_connection(identifier: str) -> None:
        there(identifier)
        rest.remove_connection(identifier)

    @router.get("/activeConnections")
    async def active() -> dict[str, dict[str, str]]:
        return rest.active

    @router.patch("/activeConnections", status_code=204)
    async def end(patches: list[EndForm]) -> None:
        for patch in patches:
            if rest.active.pop(patch.path.removeprefix("/"), None) is None:
                raise not_found(patch.path)

    return router
