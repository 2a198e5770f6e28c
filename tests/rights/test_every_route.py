"""Each route lets in who its declaration says, and the table of the docs tells just that.

Every route is asked by everybody, in a small school where each thing that has an owner is the same person's. Nothing
that is asked lasts: each question finds the school as it was.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession
from tests.applications import shared_application
from tests.rights.asking import Question, status_of
from tests.rights.questions import QUESTIONS
from tests.rights.routes import Declared, declared_routes
from tests.rights.world import Builder, Who, World

from deskbay.accounts.access import Declaration, Needs, Public
from deskbay.accounts.rights.scopes import Reach
from deskbay.contracts.cloud_os.containers import ByDeleteKey
from deskbay.contracts.session_manager import ComputerOrNeeds
from deskbay.database import EVENTS, Database
from deskbay.devices.access import ByDevice
from deskbay.gateway.entering import NeedsOrTicket
from deskbay.settings import Settings

TABLE = Path(__file__).parents[2] / "docs" / "rights.md"
ROW = re.compile(r"^\| `((?:GET|POST|PUT|PATCH|DELETE|WebSocket) \S+)` \| (.+?) \|(.+)\|$", re.MULTILINE)
REFUSALS = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
LAB_COMPUTERS = ("/api/v1/devices/{device_id}",)
"""Where a device is one of a room, not somebody's own."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path, runner: asyncio.Runner) -> Iterator[FastAPI]:
    settings = Settings(data=tmp_path_factory.mktemp("rights"), session_manager_trusted_networks=())
    with shared_application(settings, migrated_file, runner) as app:
        yield app


@pytest.fixture(scope="module")
def world(app: FastAPI, runner: asyncio.Runner) -> Iterator[World]:
    stack = AsyncExitStack()
    yield runner.run(Builder(app, stack).build())
    runner.run(stack.aclose())


@pytest.fixture
def nothing_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    @asynccontextmanager
    async def forget(self: Database) -> AsyncIterator[AsyncSession]:
        async with self._writer() as db, db.begin() as transaction:
            yield db
            await self._audit(db)
            db.info.pop(EVENTS, None)
            await transaction.rollback()

    monkeypatch.setattr(Database, "write", forget)


def told() -> dict[str, tuple[str, list[str]]]:
    """Return what the docs tell: the right that each route takes, and how it answers each caller."""
    rows = ROW.findall(TABLE.read_text())
    return {name: (right, [cell.strip() for cell in cells.split("|")]) for name, right, cells in rows}


def in_words(declaration: Declaration) -> str:
    match declaration:
        case Public():
            return "–"
        case ByDeleteKey():
            return "`delete_key`"
        case ByDevice():
            return f"`{declaration.scope}!{Reach.OWN}` of a device"
        case Needs():
            return f"`{declaration.scope}!{declaration.reach}`{in_addition(declaration)}"
    raise AssertionError(declaration)


def in_addition(needs: Needs) -> str:
    match needs:
        case NeedsOrTicket():
            return ", or a ticket"
        case ComputerOrNeeds():
            return ", or a device"
        case Needs(private=True):
            return ", own alone"
    return ""


def test_each_route_declares_once_who_may_call_it(app: FastAPI) -> None:
    unclear = {route.name: route.declarations for route in declared_routes(app) if len(route.declarations) != 1}
    assert not unclear


def test_the_docs_tell_of_each_route_what_it_declares(app: FastAPI) -> None:
    declared = {route.name: in_words(route.declaration) for route in declared_routes(app)}
    assert {name: right for name, (right, _) in told().items()} == declared


def filled(value: object, keys: Mapping[str, object]) -> object:
    """Put ids in the place of their names in braces; a text that is nothing else becomes the id itself."""
    if isinstance(value, Mapping):
        return {name: filled(one, keys) for name, one in value.items()}
    if isinstance(value, str) and (name := re.fullmatch(r"\{(\w+)\}", value)):
        return keys[name[1]]
    return value


def path_of(route: Declared, keys: Mapping[str, object]) -> str:
    there = {**keys, "device_id": keys["lab_id"]} if route.path.startswith(LAB_COMPUTERS) else keys
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda name: str(there[name[1]]), route.path)


async def answers(app: FastAPI, world: World, route: Declared) -> dict[Who, int]:
    """Ask as everybody; where a route is for all, as nobody: it doesn't know who asks."""
    asked = QUESTIONS.get(route.name, Question())
    query, body = filled(asked.query, world.keys), filled(asked.body, world.keys)
    assert isinstance(query, dict)
    question = replace(asked, query=query, body=body)
    path = path_of(route, world.keys)
    if isinstance(route.declaration, Public):
        return dict.fromkeys(Who, await status_of(app, route.method, path, question, None))
    return {who: await status_of(app, route.method, path, question, world.bearers[who]) for who in Who}


def as_told(status: int) -> str:
    return str(status) if status in REFUSALS else "yes"


@pytest.mark.usefixtures("nothing_lasts")
def test_each_caller_is_answered_as_the_docs_tell(app: FastAPI, world: World, runner: asyncio.Runner) -> None:
    otherwise = {}
    for route in declared_routes(app):
        found = runner.run(answers(app, world, route))
        assert HTTPStatus.UNPROCESSABLE_ENTITY not in found.values(), f"{route.name} was asked wrongly: {found}"
        assert all(status < HTTPStatus.INTERNAL_SERVER_ERROR for status in found.values()), f"{route.name}: {found}"
        shown = [as_told(status) for status in found.values()]
        if told()[route.name][1] != shown:
            otherwise[route.name] = shown
    assert not otherwise
