"""A simulated Guacamole, and a school that has it."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr
from tests.clock import FrozenClock
from tests.desktops.conftest import Stage, a_person
from tests.desktops.first_start import first_start
from tests.gateway.doubles import PATIENCE
from tests.gateway.guacamole.doubles import School
from tests.guacamole import SimulatedGuacamole, serving
from tests.guacamole_rest import ADMINISTRATOR

from deskbay.database import Database
from deskbay.gateway.guacamole import rest
from deskbay.settings import Settings

KEY = "4C0B569E4C96DF157EEE1B65DD0E4D41"


@pytest.fixture(autouse=True)
def slow_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guacamole is as slow here as the machine is busy."""
    monkeypatch.setattr(rest, "ANSWER_SECONDS", PATIENCE)


@pytest.fixture
def simulated(clock: FrozenClock) -> SimulatedGuacamole:
    return SimulatedGuacamole(KEY, clock)


@pytest.fixture
async def settings(settings: Settings, simulated: SimulatedGuacamole) -> AsyncIterator[Settings]:
    async with serving(simulated) as address:
        named = {"guacamole_url": address, "external_guacamole_url": "https://guac.example"}
        yield settings.model_copy(update={**named, "guacamole_json_secret_key": KEY})
        simulated.rest.voice.set()


@pytest.fixture
async def school(settings: Settings, database: Database, clock: FrozenClock, simulated: SimulatedGuacamole) -> School:
    """Ada is there, and no desktop yet; nobody has looked at Guacamole."""
    person = a_person(clock)
    await first_start(database)
    async with database.write() as db:
        db.add(person)
    named = {"guacamole_username": ADMINISTRATOR[0], "guacamole_password": SecretStr(ADMINISTRATOR[1])}
    school = School(settings.model_copy(update=named), Stage(database, clock, person), simulated.rest)
    await school.ledger.begin_anew()
    return school
