"""What happens to running desktops by itself, on every database."""

from datetime import timedelta

from sqlalchemy import select
from tests.desktops.conftest import Stage
from tests.desktops.running import HOUR, running, tell
from tests.sessions.doubles import application, snapshot

from deskbay.database import Database
from deskbay.desktops.keeper import DesktopKeeper
from deskbay.desktops.models import Desktop, Wanted
from deskbay.desktops.restoring import Restorer
from deskbay.devices.channel import AgentChannel
from deskbay.sessions import life, saves
from deskbay.sessions.messenger import Messenger
from deskbay.sessions.models import Restore, RestoreState, SaveReason, Session
from deskbay.sessions.service import NewSession
from deskbay.sessions.snapshots import Snapshot
from deskbay.settings import Settings

SETTINGS = Settings()


class PresentAgents(AgentChannel):
    """A channel at which agents listen, but for those that are away; they answer nothing."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.database, stage.clock)
        self.are_there = True

    async def connected_anywhere(self, _: object, device_ids: object) -> set[int]:
        return set(device_ids) if self.are_there else set()  # type: ignore[call-overload]


class SilentMessenger(Messenger):
    """Notes whom it should ask, and asks nobody."""

    def __init__(self, stage: Stage, channel: AgentChannel) -> None:
        super().__init__(stage.database, stage.bus, stage.clock, SETTINGS, channel)
        self.asked: set[int] = set()

    async def ask_what_is_open(self, device_id: int) -> None:
        self.asked.add(device_id)


class Server:
    """One server's keeper, and what it works with."""

    def __init__(self, stage: Stage) -> None:
        self.channel = PresentAgents(stage)
        self.messenger = SilentMessenger(stage, self.channel)
        restorer = Restorer(stage.database, stage.clock, SETTINGS, self.messenger)
        self.keeper = DesktopKeeper(stage.database, stage.clock, self.channel, restorer)

    async def look(self) -> None:
        await self.keeper.look()


async def add_session(stage: Stage, device_id: int) -> Session:
    """Add a session with an editor in it, saved on a device."""
    async with stage.database.write() as db:
        new = NewSession("Thesis", "", is_tracking=False)
        session = await life.begin_session(db, stage.clock, stage.person.id, device_id, new, activate=False)
        content = Snapshot.model_validate(snapshot(application("mousepad")))
        await saves.add_save(db, stage.clock, session, content, SaveReason.SAVED)
    return session


async def with_session(stage: Stage) -> tuple[Desktop, Session]:
    """Return a running desktop in which a session is still to be brought back, and the session."""
    elsewhere = await running(stage)
    session = await add_session(stage, elsewhere.device_id or 0)
    desktop = await running(stage)
    async with stage.changing(desktop) as row:
        row.session_id = session.id
    return desktop, session


async def all_restores(database: Database) -> list[Restore]:
    async with database.read() as db:
        return list(await db.scalars(select(Restore)))


async def test_it_warns_and_stops_what_has_a_limit(stage: Stage) -> None:
    desktop = await running(stage, lifetime=HOUR)
    server = Server(stage)
    await server.look()
    assert (await stage.look(desktop)).stop_at is None
    stage.clock.advance(minutes=55)
    await server.look()
    assert (await stage.look(desktop)).stop_at == stage.clock.now() + timedelta(minutes=5)
    stage.clock.advance(minutes=5)
    await server.look()
    assert (await stage.look(desktop)).wanted is Wanted.STOPPED


async def test_a_server_that_takes_over_during_the_warning_stops_it_at_the_same_time(stage: Stage) -> None:
    desktop = await running(stage, idle=HOUR)
    stage.clock.advance(minutes=55)
    await tell(stage, desktop, idle=55)
    stage.clock.advance(minutes=4)
    await tell(stage, desktop, idle=59)
    await Server(stage).look()
    assert (await stage.look(desktop)).wanted is Wanted.RUNNING
    stage.clock.advance(minutes=1)
    await tell(stage, desktop, idle=60)
    await Server(stage).look()
    assert (await stage.look(desktop)).wanted is Wanted.STOPPED


async def test_without_a_word_from_the_agent_nothing_is_stopped_as_idle(stage: Stage) -> None:
    desktop = await running(stage, idle=HOUR)
    stage.clock.advance(days=3)
    await Server(stage).look()
    assert (await stage.look(desktop)).stop_at is None


async def test_a_session_comes_back_once_the_agent_listens(stage: Stage) -> None:
    desktop, session = await with_session(stage)
    server = Server(stage)
    server.channel.are_there = False
    await server.look()
    assert await all_restores(stage.database) == []
    server.channel.are_there = True
    await server.look()
    (restore,) = await all_restores(stage.database)
    assert (restore.session_id, restore.device_id, restore.state) == (
        session.id,
        desktop.device_id,
        RestoreState.WAITING,
    )
    assert (await stage.look(desktop)).restore_id == restore.id
    assert server.messenger.asked == {desktop.device_id, session.device_id}


async def test_it_comes_back_once_however_many_servers_look(stage: Stage) -> None:
    await with_session(stage)
    for _ in range(3):
        await Server(stage).look()
    assert len(await all_restores(stage.database)) == 1


async def test_two_servers_at_once_begin_one_restore(stage: Stage) -> None:
    desktop, _ = await with_session(stage)
    one, other = Server(stage), Server(stage)
    seen = await one.keeper._running(), await other.keeper._running()
    assert [[row.id for row in rows] for rows in seen] == [[desktop.id], [desktop.id]]
    for server in (one, other):
        await server.keeper._restorer.begin(desktop.id)
    assert len(await all_restores(stage.database)) == 1


async def test_a_stopped_desktop_waits_for_its_next_start(stage: Stage) -> None:
    desktop, _ = await with_session(stage)
    await stage.stop(desktop)
    await Server(stage).look()
    assert await all_restores(stage.database) == []


async def test_a_session_in_the_trash_is_told_and_not_tried_again(stage: Stage) -> None:
    desktop, session = await with_session(stage)
    async with stage.database.write() as db:
        await life.throw_away(db, stage.clock, await db.get_one(Session, session.id))
    await Server(stage).look()
    told = await stage.look(desktop)
    assert (told.session_id, told.restore_id) == (None, None)
    assert told.reason is not None
    assert "in the trash" in told.reason


async def test_a_session_that_is_deleted_for_good_leaves_the_desktop_alone(stage: Stage) -> None:
    desktop, session = await with_session(stage)
    async with stage.database.write() as db:
        await db.delete(await db.get_one(Session, session.id))
    await Server(stage).look()
    assert ((await stage.look(desktop)).session_id, await all_restores(stage.database)) == (None, [])
