"""How things are with Guacamole, for administrators."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from tests.clock import FrozenClock

from deskbay.gateway.guacamole.ledger import Ledger

PATH = "/api/v1/guacamole"
NOTHING = {"reason": None, "looked_at": None, "retry_at": None, "accounts": 0, "connections": 0}


@pytest.fixture
def ledger(app: FastAPI) -> Ledger:
    return Ledger(app.state.database)


async def test_anonymous_gets_401(client: AsyncClient) -> None:
    assert (await client.get(PATH)).status_code == 401


async def test_who_does_not_administer_gets_403(user_client: AsyncClient) -> None:
    assert (await user_client.get(PATH)).status_code == 403


async def test_it_is_off_until_an_account_is_named(administrator_client: AsyncClient, ledger: Ledger) -> None:
    assert (await administrator_client.get(PATH)).json() == {"state": "off", **NOTHING}
    await ledger.begin_anew()
    assert (await administrator_client.get(PATH)).json() == {"state": "waiting", **NOTHING}


async def test_what_is_there_and_what_is_in_the_way(
    administrator_client: AsyncClient, ledger: Ledger, clock: FrozenClock
) -> None:
    await ledger.begin_anew()
    await ledger.close_well({}, 12, None, looked_at=clock.now())
    told = {**NOTHING, "looked_at": "2026-01-05T09:00:00Z", "accounts": 12}
    assert (await administrator_client.get(PATH)).json() == {**told, "state": "in-step"}
    await ledger.close_well({}, 12, "Ada is a stranger.", looked_at=clock.now())
    told["reason"] = "Ada is a stranger."
    assert (await administrator_client.get(PATH)).json() == {**told, "state": "partly"}
    await ledger.close_badly("It is down.", clock.now() + timedelta(seconds=5))
    told |= {"reason": "It is down.", "retry_at": "2026-01-05T09:00:05Z"}
    assert (await administrator_client.get(PATH)).json() == {**told, "state": "failing"}
