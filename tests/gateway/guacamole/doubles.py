"""A school with a Guacamole: people, desktops at ports, and what keeps both in step."""

from tests.clock import FrozenClock
from tests.desktops.conftest import Stage, a_person
from tests.desktops.doubles import PromptRuntime
from tests.desktops.kinds import pool_of
from tests.guacamole_rest import ADMINISTRATOR, SimulatedRest

from deskbay.accounts.models import Role, User
from deskbay.database import Database
from deskbay.desktops.models import Desktop, State
from deskbay.desktops.runtimes import Display, DisplayProtocol, TcpDisplay, Unreachable
from deskbay.gateway.guacamole.keeper import EVERY, GuacamoleKeeper
from deskbay.gateway.guacamole.ledger import Ledger, Made
from deskbay.gateway.guacamole.models import GuacamoleStanding
from deskbay.gateway.guacamole.rest import Rest
from deskbay.kit.vault import Vault, new_key
from deskbay.settings import Settings


class OnePortRuntime(PromptRuntime):
    """Has every desktop's display at the same place, or at none that Guacamole reaches, or does not say where."""

    is_reached = True
    is_silent = False
    has_password = True
    port = 3389

    async def display(self, desktop: object) -> Display:
        if self.is_silent:
            raise Unreachable("The engine does not answer.")
        if self.is_reached:
            password = "pässword" if self.has_password else None
            return TcpDisplay("10.0.0.5", self.port, DisplayProtocol.RDP, "ada", password)
        return await super().display(desktop)  # type: ignore[arg-type]


class School:
    """Ada and a Guacamole; `there` is what is in it, `keeper` one server's."""

    def __init__(self, settings: Settings, stage: Stage, there: SimulatedRest) -> None:
        self.stage = stage
        self.there = there
        self.runtime = OnePortRuntime()
        self.ledger = Ledger(stage.database)
        self._settings = settings
        self.keeper = self.another_keeper()

    @property
    def clock(self) -> FrozenClock:
        return self.stage.clock

    @property
    def database(self) -> Database:
        return self.stage.database

    def another_keeper(self) -> GuacamoleKeeper:
        """Return what another server would have."""
        pool = pool_of(local=self.runtime)
        return GuacamoleKeeper(self.database, self.clock, self._settings, pool, Vault([new_key()]))

    def rest(self) -> Rest:
        """Return a way into it of one's own."""
        assert self._settings.guacamole_url
        return Rest(self._settings.guacamole_url, ADMINISTRATOR[0], ADMINISTRATOR[1])

    async def person(self, username: str, role: Role = Role.USER) -> User:
        person = a_person(self.clock, username, role)
        async with self.database.write() as db:
            db.add(person)
        return person

    async def desktop(self, state: State = State.RUNNING) -> Desktop:
        """Launch a desktop of Ada's, and have it come to a state."""
        desktop = await self.stage.launch()
        await self.stage.enter(desktop, state)
        return await self.stage.look(desktop)

    async def look(self, keeper: GuacamoleKeeper | None = None) -> GuacamoleStanding:
        """Have a server look once, as it does every two seconds."""
        keeper = keeper or self.keeper
        async with keeper.rest() as rest:
            await keeper.look(rest)
        return await self.ledger.standing()

    async def review(self) -> GuacamoleStanding:
        """Have it looked at what somebody may have changed by hand."""
        self.clock.advance(seconds=EVERY.total_seconds())
        return await self.look()

    async def made(self) -> Made:
        return await self.ledger.made()

    async def identifier(self, desktop: Desktop) -> str:
        return (await self.made())[desktop.id].identifier
