"""The ways into a Guacamole, against a simulated one that checks each ticket."""

import pytest
from fastapi import FastAPI
from starlette.requests import HTTPConnection
from tests.clock import FrozenClock
from tests.gateway.guacamole.conftest import KEY
from tests.gateway.guacamole.doubles import OnePortRuntime
from tests.guacamole import SimulatedGuacamole
from tests.people import People

from deskbay.accounts.models import User
from deskbay.desktops import service as desktops
from deskbay.desktops.models import Desktop, State
from deskbay.desktops.runtimes import Runtime
from deskbay.gateway.guacamole.identifiers import client_page
from deskbay.gateway.guacamole.ledger import Ledger
from deskbay.gateway.guacamole.models import GuacamoleConnection
from deskbay.gateway.guacamole.service import Guacamole, dashboard, direct_connect
from deskbay.kit.problems import Problem
from deskbay.settings import Settings


@pytest.fixture
def runtime() -> OnePortRuntime:
    return OnePortRuntime()


@pytest.fixture
def runtimes(runtime: OnePortRuntime) -> dict[str, Runtime]:
    return {"local": runtime}


@pytest.fixture
async def desktop(app: FastAPI, running: int) -> Desktop:
    """A running desktop of Ada's."""
    async with app.state.database.read() as db:
        found = await desktops.find_desktop(db, running)
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
    stopped = Desktop(name="At rest", state=State.STOPPED, template=desktop.template)
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
    desktop.template.is_recorded = True
    with pytest.raises(Problem) as refused:
        await direct_connect(connection, ada, desktop)
    assert (refused.value.status, refused.value.kind) == (409, "recorded")
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


class TestWithAccounts:
    """Where accounts there are kept in step, too."""

    @pytest.fixture
    async def kept(self, app: FastAPI, ada: User, desktop: Desktop) -> Ledger:
        """A connection of Ada's that her account has."""
        ledger = Ledger(app.state.database)
        await ledger.begin_anew()
        made = GuacamoleConnection(
            desktop_id=desktop.id, identifier="7", owner_id=ada.id, endpoint="10.0.0.5:3389", is_granted=True
        )
        await ledger.close_well({desktop.id: made}, 1, None, data_source="postgresql")
        return ledger

    @pytest.fixture
    def without_key(self, app: FastAPI, settings: Settings, clock: FrozenClock) -> None:
        changed = {"guacamole_json_secret_key": None, "guacamole_username": "guacadmin"}
        app.state.guacamole = Guacamole(settings.model_copy(update=changed), clock)

    @pytest.mark.usefixtures("kept")
    async def test_the_owner_is_signed_in_and_led_to_the_connection_that_is_there(
        self, connection: HTTPConnection, ada: User, desktop: Desktop, simulated: SimulatedGuacamole
    ) -> None:
        link = await direct_connect(connection, ada, desktop)
        address, _, token = link.partition("?token=")
        assert address == f"https://guac.example/#{client_page('7', 'postgresql')}"
        assert simulated.sessions[token]["connections"] == {}
        link = await dashboard(connection, ada, [desktop])
        assert link.startswith("https://guac.example/#/?token=")
        assert simulated.sessions[link.partition("token=")[2]]["connections"] == {}

    @pytest.mark.usefixtures("kept")
    async def test_others_who_may_have_it_for_themselves(
        self, connection: HTTPConnection, people: People, desktop: Desktop, simulated: SimulatedGuacamole
    ) -> None:
        link = await direct_connect(connection, await people.add("grace"), desktop)
        assert simulated.sessions[link.partition("token=")[2]]["connections"] == {"Desktop": EXPECTED}

    @pytest.mark.usefixtures("kept", "without_key")
    async def test_without_a_key_guacamole_asks_who_it_is(
        self, connection: HTTPConnection, ada: User, desktop: Desktop
    ) -> None:
        page = client_page("7", "postgresql")
        assert await direct_connect(connection, ada, desktop) == f"https://guac.example/#{page}"
        assert await dashboard(connection, ada, [desktop]) == "https://guac.example/#/"

    @pytest.mark.usefixtures("without_key")
    async def test_without_a_key_what_is_not_there_can_not_be_shown(
        self, connection: HTTPConnection, ada: User, desktop: Desktop
    ) -> None:
        with pytest.raises(Problem) as refused:
            await direct_connect(connection, ada, desktop)
        assert (refused.value.status, refused.value.kind) == (409, "no-port")


@pytest.mark.parametrize("given", ["http://guacamole:8080/guacamole", "http://guacamole:8080/guacamole/api/"])
def test_the_address_of_its_interface_is_understood(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("GUACAMOLE_API_URL", given)
    assert Settings().guacamole_url == "http://guacamole:8080/guacamole"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"GUACAMOLE_USERNAME": "guacadmin"}, "set both, or none"),
        ({"GUACAMOLE_PASSWORD": "secret"}, "set both, or none"),
        ({"GUACAMOLE_USERNAME": "guacadmin", "GUACAMOLE_PASSWORD": "secret"}, "set that, too"),
    ],
)
def test_an_account_that_is_half_named_is_refused_at_start(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], words: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=words) as refused:
        Settings()
    assert "secret" not in str(refused.value)


def test_an_account_there_has_the_names_of_the_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUACAMOLE_URL", "http://guacamole:8080/guacamole")
    monkeypatch.setenv("GUACAMOLE_USERNAME", "guacadmin")
    monkeypatch.setenv("GUACAMOLE_PASSWORD", "a password")
    settings = Settings()
    assert settings.guacamole_is_kept
    assert settings.guacamole_password is not None
    assert settings.guacamole_password.get_secret_value() == "a password"
    assert "a password" not in repr(settings)
