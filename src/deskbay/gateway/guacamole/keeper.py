"""Keeps a Guacamole in step with who there is and what runs. Nothing of Deskbay waits for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

import structlog

from deskbay.database import Database
from deskbay.desktops.pool import RuntimePool
from deskbay.gateway.guacamole.ledger import Ledger
from deskbay.gateway.guacamole.mending import mend
from deskbay.gateway.guacamole.models import GuacamoleStanding
from deskbay.gateway.guacamole.rest import Rest, Trouble, WrongPassword
from deskbay.gateway.guacamole.wishes import Known, read_known, wish_for
from deskbay.kit.clock import Clock
from deskbay.kit.vault import Vault
from deskbay.settings import Settings

LOOK_SECONDS = 2.0
EVERY = timedelta(seconds=60)
"""So often it is looked at what somebody may have changed by hand."""
PAUSE = timedelta(seconds=5)
MOST_DOUBLINGS = 6
PAUSE_AFTER_WRONG_PASSWORD = timedelta(minutes=10)
"""Guacamole shuts the whole server out that tries too often, and people's sign-ins with it."""
UNEXPECTED = "The server met an unexpected error over it, which its log has. It tries again."

log = structlog.get_logger(__name__)


class GuacamoleKeeper:
    """Looks again and again; any number of servers may. A lease has one at a time work on it."""

    def __init__(
        self, database: Database, clock: Clock, settings: Settings, runtimes: RuntimePool, vault: Vault
    ) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._runtimes = runtimes
        self._vault = vault
        self._ledger = Ledger(database)
        self._name = str(uuid4())
        self._lease = timedelta(seconds=settings.lease_seconds)

    async def run(self) -> None:
        """Go on until cancelled. Where the settings name no account there, all that was noted is forgotten."""
        if not self._settings.guacamole_is_kept:
            await self._ledger.forget()
            return
        await self._ledger.begin_anew()
        async with self.rest() as rest:
            while True:
                try:
                    await self.look(rest)
                except Exception:
                    log.exception("looking at Guacamole failed")
                await asyncio.sleep(LOOK_SECONDS)

    @asynccontextmanager
    async def rest(self) -> AsyncIterator[Rest]:
        """Give the way into the Guacamole that the settings name."""
        settings = self._settings
        assert settings.guacamole_url and settings.guacamole_username and settings.guacamole_password  # noqa: S101, PT018
        rest = Rest(settings.guacamole_url, settings.guacamole_username, settings.guacamole_password.get_secret_value())
        try:
            yield rest
        finally:
            await rest.close()

    async def look(self, rest: Rest) -> None:
        """Do what is due. Writes only where there is something."""
        standing = await self._ledger.standing()
        if standing.retry_at is not None and standing.retry_at > self._clock.now():
            return
        async with self._database.read() as db:
            known = await read_known(db)
        is_old = standing.reviewed_at is None or standing.reviewed_at + EVERY <= self._clock.now()
        if (is_old or standing.brought != known.digest) and await self._take_lease():
            await self._work(rest, known, standing, is_thorough=is_old)

    async def _take_lease(self) -> bool:
        return await self._ledger.take_lease(self._name, self._clock.now(), self._lease)

    async def _work(self, rest: Rest, known: Known, standing: GuacamoleStanding, *, is_thorough: bool) -> None:
        """Work as long as the lease can be renewed."""
        try:
            async with asyncio.TaskGroup() as group:
                renewing = group.create_task(self._renew_again_and_again())
                await self._try(rest, known, standing, is_thorough=is_thorough)
                renewing.cancel()
        except* _LeaseLost:
            log.warning("another server works on Guacamole now")

    async def _renew_again_and_again(self) -> None:
        while True:
            await asyncio.sleep(self._lease.total_seconds() / 3)
            if not await self._take_lease():
                raise _LeaseLost

    async def _try(self, rest: Rest, known: Known, standing: GuacamoleStanding, *, is_thorough: bool) -> None:
        try:
            await self._bring(rest, known, standing, is_thorough=is_thorough)
        except Trouble as trouble:
            await self._give_up(standing, str(trouble), is_final=isinstance(trouble, WrongPassword))
        except Exception:
            log.exception("Guacamole could not be brought to what is wanted")
            await self._give_up(standing, UNEXPECTED, is_final=False)

    async def _bring(self, rest: Rest, known: Known, standing: GuacamoleStanding, *, is_thorough: bool) -> None:
        wish = await wish_for(known, self._runtimes, self._vault)
        done = await mend(rest, wish, self._ledger, standing.mark, is_thorough=is_thorough)
        now = self._clock.now()
        await self._ledger.close_well(
            done.connections,
            done.accounts,
            " ".join(done.notes),
            looked_at=now,
            reviewed_at=now if is_thorough else standing.reviewed_at,
            brought=known.digest,
            data_source=await rest.data_source(),
        )

    async def _give_up(self, standing: GuacamoleStanding, reason: str, *, is_final: bool) -> None:
        """Wait longer each time."""
        if standing.reason != reason:
            log.warning("Guacamole is not kept in step", why=reason)
        pause = PAUSE_AFTER_WRONG_PASSWORD if is_final else PAUSE * 2 ** min(standing.failures, MOST_DOUBLINGS)
        await self._ledger.close_badly(reason, self._clock.now() + pause)


class _LeaseLost(Exception):
    """Another server has taken it over."""
