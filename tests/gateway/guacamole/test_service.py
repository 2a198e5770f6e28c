"""The ways into a Guacamole, against a simulated one that checks each ticket."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from starlette.requests import HTTPConnection
from tests.clock import FrozenClock
from tests.desktops.doubles import PromptRuntime
from tests.guacamole import SimulatedGuacamole, serving
from tests.people import People

from deskbay.accounts.models import User
from deskbay.desktops import service as desktops
from deskbay.desktops.models import Desktop, State
from deskbay.desktops.placing import add_first_runtime
from deskbay.desktops.runtimes import Display, DisplayProtocol, Runtime, TcpDisplay
from deskbay.desktops.templates import add_missing_templates, get_launchable
from deskbay.gateway.guacamole.service import Guacamole, dashboard, direct_connect
from deskbay.kit.problems import Problem
from deskbay.settings import Settings

KEY = "4C0B569E4C96DF157EEE1B65DD0E4D41"


class OnePortRuntime(PromptRuntime):
    """Has every desktop's display at the same place, or at none that Guacamole reaches."""

    is_reached = True

    async def display(self, desktop: object) -> Display:
        if self.is_reached:
            return TcpDisplay("10.0.0.5", 3389, DisplayProtocol.RDP, "ada", "pässword")
        return await super().display(desktop)  # type: ignore[arg-type]


@pytest.fixture
def runtime() -> OnePortRuntime:
    return OnePortRuntime()


@pytest.fixture
def runtimes(runtime: OnePortRuntime) -> dict[str, Runtime]:
    return {"local": runtime}


@pytest.fixture
def simulated(clock: FrozenClock) -> SimulatedGuacamole:
    return SimulatedGuacamole(KEY, clock)


@pytest.fixture
async def settings(settings: Settings, simulated: SimulatedGuacamole) -> AsyncIterator[Settings]:
    async with serving(simulated) as address:
        named = {"guacamole_url": address, "external_guacamole_url": "https://guac.example"}
        yield settings.model_copy(update={**named, "guacamole_json_secret_key": KEY})


@pytest.fixture
async def ada(people: People) -> User:
    return await people.add("ada")


@pytest.fixture
async def desktop(app: FastAPI, ada: User) -> Desktop:
    """A running desktop of Ada's."""
    async with app.state.database.write() as db:
        await add_missing_templates(db)
        await add_first_runtime(db)
        template = await get_launchable(db, ada, "desktop")
        made = await desktops.launch_desktop(db, app.state.clock, ada, template, name=None, limit=5)
        made.state = State.RUNNING
    async with app.state.database.read() as db:
        found = await desktops.find_desktop(db, made.id)
    assert found
    return found


@pytest.fixture
def connection(app: FastAPI) -> HTTPConnection:
    return HTTPConnection({"type": "http", "app": app, "headers": []})


EXPECTED = {
    "protocol": "rdp",
    "parameters": {"hostname": "10.0.0.5", "port": "3389", "username": "ada", "password": "pässword"},
}


async def test_one_desktop(
    connection: HTTPConnection, ada: User, desktop: Desktop, simulated: SimulatedGuacamole
) -> None:
    link = await direct_connect(connection, ada, desktop)
    address, _, token = link.partition("/#/?token=")
    assert address == "https://guac.example"
    ticket = simulated.sessions[token]
    assert (ticket["username"], ticket["connections"]) == ("ada", {"Desktop": EXPECTED})


async def test_all_that_run_and_can_be_reached(
    connection: HTTPConnection, ada: User, desktop: Desktop, simulated: SimulatedGuacamole, runtime: OnePortRuntime
) -> None:
    stopped = Desktop(name="At rest", state=State.STOPPED)
    link = await dashboard(connection, ada, [desktop, stopped])
    assert simulated.sessions[link.partition("token=")[2]]["connections"] == {"Desktop": EXPECTED}
    runtime.is_reached = False
    link = await dashboard(connection, ada, [desktop])
    assert simulated.sessions[link.partition("token=")[2]]["connections"] == {}


async def test_what_can_not_be_shown_is_refused(
    connection: HTTPConnection, ada: User, desktop: Desktop, runtime: OnePortRuntime
) -> None:
    runtime.is_reached = False
    with pytest.raises(Problem) as refused:
        await direct_connect(connection, ada, desktop)
    assert (refused.value.status, refused.value.kind) == (409, "no-port")
    desktop.state = State.STOPPED
    with pytest.raises(Problem) as refused:
        await direct_connect(connection, ada, desktop)
    assert (refused.value.status, refused.value.kind) == (409, "not-running")


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"guacamole_json_secret_key": "0" * 32}, "guacamole-refused"),
        ({"guacamole_url": "http://127.0.0.1:9/guacamole"}, "guacamole-silent"),
        ({"guacamole_url": None}, "no-guacamole"),
        ({"guacamole_json_secret_key": None}, "no-guacamole"),
    ],
)
async def test_a_guacamole_that_does_not_let_in_is_told(
    settings: Settings, clock: FrozenClock, changed: dict[str, str | None], kind: str
) -> None:
    guacamole = Guacamole(settings.model_copy(update=changed), clock)
    with pytest.raises(Problem) as refused:
        await guacamole.link("ada", {})
    assert refused.value.kind == kind
    assert "0" * 32 not in refused.value.detail


@pytest.mark.parametrize("key", ["", "4C0B", "G" * 32, "0" * 33])
def test_a_key_that_is_none_is_refused_at_start(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("GUACAMOLE_JSON_SECRET_KEY", key)
    with pytest.raises(ValueError, match="guacamole_json_secret_key"):
        Settings()


def test_the_names_of_the_field_are_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUACAMOLE_API_URL", "http://guacamole:8080/guacamole")
    monkeypatch.setenv("EXTERNAL_GUACAMOLE_URL", "https://guac.example")
    monkeypatch.setenv("GUACAMOLE_JSON_SECRET_KEY", KEY)
    settings = Settings()
    assert settings.guacamole_url == "http://guacamole:8080/guacamole"
    assert settings.external_guacamole_url == "https://guac.example"
    assert settings.guacamole_json_secret_key == KEY
    assert KEY not in repr(settings)
