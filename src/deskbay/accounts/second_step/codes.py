"""Codes that people send to finish a sign-in."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends

from deskbay.accounts.attempts import Attempt, Attempts, AttemptsOfApp
from deskbay.accounts.models import User
from deskbay.accounts.second_step.service import use_code
from deskbay.database import Database, DatabaseOfApp
from deskbay.kit.clock import Clock, ClockOfApp
from deskbay.kit.problems import Problem
from deskbay.kit.vault import Vault, VaultOfApp

WRONG = "wrong-code"


@dataclass(frozen=True, slots=True)
class Codes:
    """Checks codes, of which only so many may be guessed."""

    database: Database
    clock: Clock
    vault: Vault
    attempts: Attempts

    async def check(self, user: User, code: str, address: str) -> None:
        """Use a code up. It opens transactions of its own. Raises Problem 401 for a wrong one, 429 after too many."""
        whose = {"account": user.username_key, "address": address}
        await self.attempts.count(Attempt.TOTP, **whose)
        async with self.database.write() as db:
            is_good = await use_code(db, self.clock, self.vault, user, code)
        if not is_good:
            await self.attempts.tell(Attempt.TOTP, user.username_key, WRONG)
            what = "That code is not right, or was used before. Wait for the next one, or use a recovery code."
            raise Problem(HTTPStatus.UNAUTHORIZED, what, kind=WRONG)
        await self.attempts.forgive(Attempt.TOTP, **whose)


async def _codes(database: DatabaseOfApp, clock: ClockOfApp, vault: VaultOfApp, attempts: AttemptsOfApp) -> Codes:
    return Codes(database, clock, vault, attempts)


CodesOfApp = Annotated[Codes, Depends(_codes)]
