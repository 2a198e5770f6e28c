"""The ways into a Guacamole that is there already: one desktop, or all that a person has."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus

import httpx
from pydantic import BaseModel, Field, ValidationError
from starlette.requests import HTTPConnection

from deskbay.accounts.models import User
from deskbay.desktops.models import Desktop, State
from deskbay.desktops.runtimes import TcpDisplay
from deskbay.gateway.displays import display_of
from deskbay.gateway.guacamole.identifiers import pages_of
from deskbay.gateway.guacamole.tickets import Connection, seal, ticket_json
from deskbay.kit.clock import Clock
from deskbay.kit.problems import Problem
from deskbay.kit.trust import trusted
from deskbay.settings import Settings

LIFETIME = timedelta(minutes=5)
"""For so long what is sealed may be handed in. It is at once."""
ANSWER_SECONDS = 10.0
HOME = "/"


class _SignedIn(BaseModel):
    token: str = Field(alias="authToken", min_length=1)


class Guacamole:
    """Signs people in at the Guacamole that the settings name."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    async def link(self, username: str, connections: Mapping[str, Connection], page: str = HOME) -> str:
        """Return an address at which somebody has these connections, by name, and those that are their account's.

        They are signed in there; where there is no key for that, Guacamole asks who they are. Raises Problem 404 where
        there is no Guacamole, 503 when it can't be reached or refuses.
        """
        address, key = self._settings.guacamole_url, self._settings.guacamole_json_secret_key
        if address is None or (key is None and not self._settings.guacamole_is_kept):
            what = "This server has no Guacamole. Open the desktop on its own page."
            raise Problem(HTTPStatus.NOT_FOUND, what, kind="no-guacamole")
        shown = f"{self._settings.external_guacamole_url or address}/#{page}"
        if key is None:
            return shown
        document = ticket_json(username, self._clock.now() + LIFETIME, connections)
        return f"{shown}?token={await _hand_in(address, seal(bytes.fromhex(key), document))}"

    def takes_tickets(self) -> bool:
        """Whether people are signed in there, to whatever a ticket names."""
        return self._settings.guacamole_json_secret_key is not None


async def _hand_in(address: str, sealed: str) -> str:
    try:
        async with httpx.AsyncClient(timeout=ANSWER_SECONDS, verify=trusted()) as client:
            answer = await client.post(f"{address}/api/tokens", data={"data": sealed})
            return _SignedIn.model_validate_json(answer.raise_for_status().content).token
    except httpx.HTTPStatusError as error:
        what = "Guacamole refuses the sign-in. Is GUACAMOLE_JSON_SECRET_KEY the json-secret-key that it has?"
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, what, kind="guacamole-refused") from error
    except (httpx.HTTPError, ValidationError) as error:
        what = "Guacamole gives no answer that can be used. Try again in a moment."
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, what, kind="guacamole-silent") from error


async def direct_connect(connection: HTTPConnection, user: User, desktop: Desktop) -> str:
    """Return an address that shows somebody one desktop. Raises Problem 409 for what Guacamole can't reach."""
    if desktop.state is not State.RUNNING:
        what = f"The desktop is {desktop.state}, not running. Start it, and open it then."
        raise Problem(HTTPStatus.CONFLICT, what, kind="not-running")
    if desktop.template.is_recorded:
        what = "What is done in this desktop is recorded, which Guacamole would not do. Open it on its own page."
        raise Problem(HTTPStatus.CONFLICT, what, kind="recorded")
    guacamole: Guacamole = connection.app.state.guacamole
    if page := (await pages_of(connection.app.state.database, user)).get(desktop.id):
        return await guacamole.link(user.username, {}, page)
    found = await _connection_to(connection, desktop) if guacamole.takes_tickets() else None
    if found is None:
        what = "Guacamole does not reach this desktop. Open it on its own page."
        raise Problem(HTTPStatus.CONFLICT, what, kind="no-port")
    return await guacamole.link(user.username, {desktop.name: found})


async def dashboard(connection: HTTPConnection, user: User, desktops: Sequence[Desktop]) -> str:
    """Return an address that shows somebody those of these desktops that run and that Guacamole can reach.

    Those that their account there has are shown by that.
    """
    guacamole: Guacamole = connection.app.state.guacamole
    has = await pages_of(connection.app.state.database, user)
    others = [
        one for one in desktops if one.state is State.RUNNING and not one.template.is_recorded and one.id not in has
    ]
    found = {one.name: await _connection_to(connection, one) for one in others if guacamole.takes_tickets()}
    return await guacamole.link(user.username, {name: one for name, one in found.items() if one is not None})


async def _connection_to(connection: HTTPConnection, desktop: Desktop) -> Connection | None:
    display = await display_of(connection, desktop)
    return Connection.to(display, desktop.template.clipboard) if isinstance(display, TcpDisplay) else None
