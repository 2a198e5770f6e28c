"""When tokens were used last, written together now and then: a request that only reads need not write for that."""

import asyncio
from datetime import datetime

import structlog
from sqlalchemy import update

from deskbay.accounts.models import ApiToken
from deskbay.database import Database
from deskbay.kit.clock import Clock

WRITE_SECONDS = 10.0

log = structlog.get_logger(__name__)


class TokenUses:
    """Collects uses until they are written."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._used: dict[int, datetime] = {}

    def note(self, token_id: int) -> None:
        """Remember that a token is used now."""
        self._used[token_id] = self._clock.now()

    async def run(self) -> None:
        """Write every some seconds, and once more when cancelled."""
        try:
            while True:
                await asyncio.sleep(WRITE_SECONDS)
                await self._try_to_write()
        finally:
            await self._try_to_write()

    async def write(self) -> None:
        """Write what was collected."""
        used, self._used = self._used, {}
        if used:
            async with self._database.write() as db:
                for token_id, at in used.items():
                    await db.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=at))

    async def _try_to_write(self) -> None:
        try:
            await self.write()
        except Exception:
            log.exception("uses of tokens can't be written")
