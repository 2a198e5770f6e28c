"""Sessions that come with a launch: brought back once the desktop runs and its agent listens."""

from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.models import User
from deskbay.database import Database
from deskbay.desktops import service, stops
from deskbay.desktops.models import Desktop
from deskbay.kit.clock import Clock
from deskbay.kit.problems import Problem
from deskbay.sessions import life, restores, saves
from deskbay.sessions import service as sessions
from deskbay.sessions.messenger import Messenger
from deskbay.sessions.models import Save, Session
from deskbay.settings import Settings

log = structlog.get_logger(__name__)


async def find_wish(
    db: AsyncSession, user: User, session_id: int | None, save_id: int | None
) -> tuple[Session | None, Save | None]:
    """Return what shall be brought back. Raises Problem 404 for another's, 409 for a session in the trash."""
    if session_id is None:
        return None, None
    session = await sessions.get_session(db, user.id, session_id)
    life.refuse_trash(session)
    return session, None if save_id is None else await saves.get_save(db, user.id, save_id, session)


class Restorer:
    """Begins the restore that a launch was asked for, once."""

    def __init__(self, database: Database, clock: Clock, settings: Settings, messenger: Messenger) -> None:
        self._database = database
        self._clock = clock
        self._patience = timedelta(seconds=settings.restore_seconds)
        self._messenger = messenger

    async def begin(self, desktop_id: int) -> None:
        """Begin the restore of a running desktop, unless it was. What can't be brought back is told as its reason."""
        await self._look_at_both(desktop_id)
        async with self._database.write() as db:
            desktop = await stops.lock_desktop(db, desktop_id)
            if desktop is None or not is_wished(desktop) or not stops.is_running(desktop):
                return
            try:
                desktop.restore_id = await self._begin(db, desktop)
            except Problem as problem:
                log.info("a session can't be brought back", desktop=desktop_id, why=problem.detail)
                desktop.session_id, desktop.reason = None, problem.detail
            service.announce(db, desktop)

    async def _look_at_both(self, desktop_id: int) -> None:
        """Have the desktop, and the device that the session is on, say what is open: it will be saved there."""
        async with self._database.read() as db:
            both = select(Desktop, Session).join(Session, Session.id == Desktop.session_id)
            found = (await db.execute(both.where(Desktop.id == desktop_id))).one_or_none()
        if found is not None:
            for device_id in {found.Desktop.device_id, found.Session.place}:
                await self._messenger.ask_what_is_open(device_id)

    async def _begin(self, db: AsyncSession, desktop: Desktop) -> int:
        assert desktop.session_id and desktop.device_id  # noqa: S101, PT018 - asked before
        session = await sessions.get_session(db, desktop.owner_id, desktop.session_id)
        save = None if desktop.save_id is None else await saves.get_save(db, desktop.owner_id, desktop.save_id, session)
        restore = await restores.begin_restore(
            db, self._clock, session, desktop.device_id, save, patience=self._patience
        )
        return restore.id


def is_wished(desktop: Desktop) -> bool:
    """Tell whether a session is still to be brought back in a desktop."""
    return desktop.session_id is not None and desktop.restore_id is None and desktop.device_id is not None
