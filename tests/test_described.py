"""What the server answers to anything that its document allows, and to much that it doesn't, is what the document says.

schemathesis makes the requests, the same each time. What streams without end has tests of its own.
"""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from http import HTTPStatus
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response
from hypothesis import Phase, given
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.core import NotSet
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import update
from tests.applications import shared_application
from tests.desktops.first_start import first_start
from tests.people import ORIGIN, People

from deskbay.accounts.models import Role, User
from deskbay.settings import Settings

Operation = APIOperation[Any, Any, Any, Any]
Request = Case[Any]
EXAMPLES = 3
CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
WAITS = {"POST /api/connections/scaleup"}
"""Waits until somebody has started a desktop."""
LOOKED_UP = {
    "/api/v1/agent/package/{file}?file",
    "/api/v1/devices/import",
    "ProfileIn.zone",
    "ScheduleIn.zone",
}
"""Texts of which only a few are known, and a file whose size is looked at."""
OPEN = {"ReportIn", "RestoreProgress", "Snapshot", "Body_back_channel_sign_out"}
"""What agents send, which may be newer than the server, and providers."""
MADE = [
    ("/api/v1/rooms", {"name": "B-101", "rows": 5, "columns": 6}),
    ("/api/v1/groups", {"name": "Class 7b"}),
    ("/api/v1/devices", {"name": "pc-1"}),
    ("/api/v1/desktops", {"template": "desktop"}),
]


class World:
    """An application with a few things in it, and people who ask."""

    def __init__(self, app: FastAPI, stack: AsyncExitStack) -> None:
        self._app = app
        self._people = People(app, stack)
        self._users: dict[Role, User] = {}

    async def prepare(self) -> None:
        await first_start(self._people.database)
        self._users = {
            Role.ADMINISTRATOR: await self._people.add("grace", Role.ADMINISTRATOR),
            Role.USER: await self._people.add("ada"),
        }
        grace = await self._people.program(self._users[Role.ADMINISTRATOR])
        for path, wish in MADE:
            made = await grace.post(path, json=wish)
            assert made.is_success, made.text

    async def ask(self, case: Request, role: Role | None) -> Response:
        """Send a request as somebody, who is there again if an earlier one removed them."""
        headers = {"Authorization": f"Bearer {await self._token(role)}"} if role else {}
        sent = case.as_transport_kwargs()
        sent["headers"] = {**sent["headers"], **headers}
        if not isinstance(sent.get("data", {}), dict):
            sent["content"] = sent.pop("data")  # as httpx calls it
        transport = ASGITransport(self._app, raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url=ORIGIN, cookies=sent.pop("cookies", None)) as client:
            return await client.request(**sent)

    async def _token(self, role: Role) -> str:
        user = self._users[role]
        there = {"disabled_at": None, "removed_at": None, "role": role, "username": user.username}
        async with self._people.database.write() as db:
            await db.execute(update(User).where(User.id == user.id).values(there))
        program = await self._people.program(user)
        return program.headers["Authorization"].removeprefix("Bearer ")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path, runner: asyncio.Runner) -> Iterator[FastAPI]:
    settings = Settings(data=tmp_path_factory.mktemp("described"), desktops_per_user=1000)
    with shared_application(settings, migrated_file, runner) as app:
        yield app


@pytest.fixture(scope="module")
def world(app: FastAPI, runner: asyncio.Runner) -> Iterator[World]:
    stack = AsyncExitStack()
    world = World(app, stack)
    runner.run(world.prepare())
    yield world
    runner.run(stack.aclose())


def operations(app: FastAPI) -> list[Operation]:
    document = app.openapi()
    results = schemathesis.openapi.from_dict(document).get_all_operations()
    found = [result.ok() for result in results if isinstance(result, Ok)]
    assert len(found) == sum(len(methods) for methods in document["paths"].values())
    return [operation for operation in found if not has_tests_of_its_own(operation)]


def has_tests_of_its_own(operation: Operation) -> bool:
    return operation.label in WAITS or "text/event-stream" in str(operation.definition.raw["responses"])


def requests(operation: Operation) -> st.SearchStrategy[tuple[Request, Role | None]]:
    """Requests by somebody, half of them for the first thing of its kind, which is there."""
    aimed = st.tuples(operation.as_strategy(), st.booleans()).map(lambda drawn: aim(*drawn))
    return st.tuples(aimed, st.sampled_from([Role.ADMINISTRATOR, Role.ADMINISTRATOR, Role.USER, Role.USER, None]))


def aim(case: Request, at_what_is_there: bool) -> Request:
    if at_what_is_there and not isinstance(case.path_parameters, NotSet):
        for name, value in case.path_parameters.items():
            if isinstance(value, int):
                case.path_parameters[name] = 1
    return case


class Auditor:
    """Asks, and notes each answer that is not as described."""

    def __init__(self, world: World, runner: asyncio.Runner) -> None:
        self.wrong: dict[str, str] = {}
        self._world = world
        self._runner = runner

    def look_at(self, operation: Operation) -> None:
        @hypothesis.settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @given(request=requests(operation))
        def ask(request: tuple[Request, Role | None]) -> None:
            self._ask(*request)

        ask()

    def _ask(self, case: Request, role: Role | None) -> None:
        answer = self._runner.run(self._world.ask(case, role))
        try:
            assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, answer.text
            case.validate_response(answer, checks=CHECKS)
        except (AssertionError, FailureGroup) as error:
            what = f"{case.operation.label} {answer.status_code}"
            self.wrong.setdefault(what, f"asked by {role}: {case.as_curl_command()}\n{error}\n{answer.text[:500]}")


def test_every_answer_is_as_described(app: FastAPI, world: World, runner: asyncio.Runner) -> None:
    auditor = Auditor(world, runner)
    for operation in operations(app):
        auditor.look_at(operation)
    assert not auditor.wrong, "\n\n".join(f"{what}: {why}" for what, why in auditor.wrong.items())


def unbounded(schemas: dict[str, Any], node: dict[str, Any], place: str, seen: frozenset[str]) -> Iterator[str]:
    """Yield where numbers and texts may be as large as they like."""
    if "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        if name not in seen:
            yield from unbounded(schemas, schemas[name], name, seen | {name})
        return
    if node.get("type") == "integer" and not {"maximum", "exclusiveMaximum", "enum"} & set(node):
        yield place
    if node.get("type") == "string" and not {"maxLength", "enum", "const", "format", "pattern"} & set(node):
        yield place
    inside = [*node.get("anyOf", ()), *node.get("allOf", ()), *([node["items"]] if "items" in node else [])]
    for one in inside:
        yield from unbounded(schemas, one, place, seen)
    for name, one in node.get("properties", {}).items():
        yield from unbounded(schemas, one, f"{place}.{name}", seen)


def test_whatever_is_sent_has_an_end(app: FastAPI) -> None:
    """A database that is asked for a number that it can't hold fails; so it does with too long a text."""
    document = app.openapi()
    schemas = document["components"]["schemas"]
    found: set[str] = set()
    for path, methods in document["paths"].items():
        if not path.startswith("/api/v1/"):
            continue  # what older clients send ends with the largest body
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                found.update(unbounded(schemas, parameter["schema"], f"{path}?{parameter['name']}", frozenset()))
            for content in operation.get("requestBody", {}).get("content", {}).values():
                found.update(unbounded(schemas, content["schema"], path, frozenset()))
    assert found == LOOKED_UP


def test_what_a_route_does_not_know_is_refused(app: FastAPI) -> None:
    """So nobody slips in what is not theirs to set."""
    document = app.openapi()
    schemas, found = document["components"]["schemas"], set()
    for path, methods in document["paths"].items():
        contents = [operation.get("requestBody", {}).get("content", {}) for operation in methods.values()]
        for content in (each for one in contents for each in one.values() if path.startswith("/api/v1/")):
            name = content["schema"].get("$ref", "").rpartition("/")[2]
            if name and schemas[name].get("additionalProperties") is not False:
                found.add(name)
    assert found == OPEN
