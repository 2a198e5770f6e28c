"""Routes for devices: each by its own token, and nobody else."""

from typing import NamedTuple

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from starlette.requests import HTTPConnection
from tests.clock import FrozenClock
from tests.people import People

from deskbay.accounts.rights.built_in import DEVICE
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.database.audit.circumstances import Actor, ActorKind, Circumstances, circumstances, under
from deskbay.devices.access import ByDevice
from deskbay.devices.service import get_device, new_device
from deskbay.devices.tokens import issue_token, revoke_token
from deskbay.kit.problems import Problem

REPORTING = ByDevice(Scope.ACTIVITY_WRITE)


def sending(app: FastAPI, authorization: str | None) -> HTTPConnection:
    headers = [] if authorization is None else [(b"authorization", authorization.encode())]
    return HTTPConnection({"type": "http", "app": app, "headers": headers})


class Pc(NamedTuple):
    """A device that has a token."""

    id: int
    token: str


@pytest.fixture
async def pc(people: People, clock: FrozenClock) -> Pc:
    async with people.database.write() as db:
        device = new_device(clock, "pc-1")
        token = issue_token(device, clock)
        db.add(device)
    return Pc(device.id, token)


async def test_a_device_is_known_by_its_token_and_acts_for_itself(app: FastAPI, pc: Pc) -> None:
    with under(Circumstances()):
        assert await REPORTING(sending(app, f"Bearer {pc.token}")) == pc.id
        assert circumstances().actor == Actor(ActorKind.DEVICE, pc.id)


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer dd_made-up", "Basic ZGRfeA=="])
async def test_others_are_refused(app: FastAPI, authorization: str | None) -> None:
    with pytest.raises(Problem) as refused:
        await REPORTING(sending(app, authorization))
    assert (refused.value.status, refused.value.kind) == (401, "no-device-token")


async def test_a_person_is_no_device(app: FastAPI, administrator_client: AsyncClient) -> None:
    with pytest.raises(Problem):
        await REPORTING(sending(app, administrator_client.headers["Authorization"]))


async def test_a_token_that_was_replaced_or_revoked_is_refused_soon(
    app: FastAPI, people: People, pc: Pc, clock: FrozenClock
) -> None:
    old = sending(app, f"Bearer {pc.token}")
    assert await REPORTING(old) == pc.id
    async with people.database.write() as db:
        new = sending(app, f"Bearer {issue_token(await get_device(db, pc.id), clock)}")
    clock.advance(seconds=5)
    with pytest.raises(Problem):
        await REPORTING(old)
    assert await REPORTING(new) == pc.id
    async with people.database.write() as db:
        revoke_token(await get_device(db, pc.id), clock)
    clock.advance(seconds=5)
    with pytest.raises(Problem):
        await REPORTING(new)


def test_a_device_may_do_what_its_role_has_and_to_its_own_alone() -> None:
    assert set(DEVICE.rights.values()) == {Reach.OWN}
    assert {ByDevice(scope).scope for scope in DEVICE.rights} == set(DEVICE.rights)
    for scope in set(Scope) - set(DEVICE.rights):
        with pytest.raises(ValueError, match=scope):
            ByDevice(scope)


def test_the_same_scope_is_the_same_dependency() -> None:
    assert ByDevice(Scope.ACTIVITY_WRITE) == REPORTING
    assert len({REPORTING, ByDevice(Scope.ACTIVITY_WRITE), ByDevice(Scope.DEVICES_WRITE)}) == 2
