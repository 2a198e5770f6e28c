"""How often someone may try, counted in the database: every server of an installation knows of every attempt.

The `limits` library is not used: it keeps its counts in memory, Redis and the like, not in an SQL database, and reads
the machine's clock, so that no test could move the time.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from typing import Annotated

import structlog
from fastapi import Depends, Request
from fastapi.params import Depends as DependsMarker
from sqlalchemy import Insert, delete, select, update
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.failures import account_in, tell_failure
from deskbay.accounts.models import AttemptCount
from deskbay.accounts.passwords import AT_ONCE
from deskbay.accounts.visits import CallerAddress
from deskbay.database import Database
from deskbay.database.audit.happenings import Values
from deskbay.kit.clock import Clock
from deskbay.kit.problems import Problem
from deskbay.kit.secrets import digest

WINDOW = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)
MOST_STRIKES = 4
IPV6_NETWORK_BITS = 64
CLEAN_SECONDS = 600.0

log = structlog.get_logger(__name__)


class Attempt(StrEnum):
    """What is counted: guesses as long as they fail, and what is asked for each time."""

    SIGN_IN = "sign-in"
    PASSWORD = "password"  # noqa: S105 - the name of a kind
    SIGN_IN_LINK = "sign-in-link"
    MAIL_LINK = "mail-link"
    PAIRING = "pairing"
    TOTP = "totp"
    PASSKEY = "passkey"
    MAIL = "mail"
    SIGN_UP = "sign-up"
    PROVIDER = "provider"
    DELETE_KEY = "delete-key"


COMPLAINTS = {
    Attempt.SIGN_IN: "Too many sign-ins have failed.",
    Attempt.PASSWORD: "The password was wrong too often.",
    Attempt.SIGN_IN_LINK: "Too many links were not good.",
    Attempt.MAIL_LINK: "Too many links were not good.",
    Attempt.PAIRING: "Too many codes were wrong.",
    Attempt.TOTP: "Too many codes were wrong.",
    Attempt.PASSKEY: "Too many passkeys were not good.",
    Attempt.MAIL: "You have asked for too many mails.",
    Attempt.SIGN_UP: "Too many accounts were made from your network.",
    Attempt.PROVIDER: "Too many sign-ins were begun from your network.",
    Attempt.DELETE_KEY: "Too many keys were wrong.",
}
REFUSALS = {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
OF_A_CLASS = {Attempt.SIGN_UP: 60, Attempt.PROVIDER: 60}
"""So many a minute of what a class does at once, from one address."""


class Attempts:
    """Counts attempts within a minute, by account and by address.

    Who reaches the most has to wait: a minute, then two, four, and up to a quarter of an hour, until an hour has passed
    without another wait. All of it happens in transactions of its own, so call it within none. `turn` lets only as many
    passwords be checked at once as there are processors: of a flood of sign-ins sent together no more are looked
    at than allowed, and one for each other processor of each server.
    """

    def __init__(self, database: Database, clock: Clock, most: int) -> None:
        self.turn = asyncio.Semaphore(AT_ONCE)
        self._database = database
        self._clock = clock
        self._most = most

    async def refuse(self, kind: Attempt, *, address: str | None = None, account: str | None = None) -> None:
        """Raise Problem 429 with Retry-After for an address or account with too many attempts. It counts nothing."""
        wanted = select(AttemptCount).where(AttemptCount.key.in_(_keys(kind, address, account)))
        async with self._database.read() as db:
            self._refuse(kind, (await db.scalars(wanted)).all())

    async def count(
        self,
        kind: Attempt,
        *,
        address: str | None = None,
        account: str | None = None,
        why: str | None = None,
        whose: str | None = None,
    ) -> None:
        """Count an attempt. Raises Problem 429 in its place where there were too many: of many at once, too.

        The audit tells why it failed, if that is known, and into whose account if that isn't what is counted by; and
        that somebody has to wait from now on.
        """
        async with self._database.write() as db:
            counts = [await self._locked(db, key) for key in _keys(kind, address, account)]
            self._refuse(kind, counts)
            wait = max([self._add(one, self._most_of(kind)) for one in counts], default=timedelta())
            if why is not None:
                await tell_failure(db, self._clock.now(), whose or account, {"attempt": kind, "why": why})
            if wait:
                what: Values = {"attempt": kind, "why": "too-many-attempts", "wait_seconds": int(wait.total_seconds())}
                await tell_failure(db, self._clock.now(), account, what)

    async def tell(self, kind: Attempt, account: str | None, why: str) -> None:
        """Have the audit tell of an attempt that failed, and isn't counted for that."""
        async with self._database.write() as db:
            await tell_failure(db, self._clock.now(), account, {"attempt": kind, "why": why})

    async def forgive(self, kind: Attempt, *, address: str | None = None, account: str | None = None) -> None:
        """Take back one attempt that was counted before it was known to be good."""
        counted = AttemptCount.key.in_(_keys(kind, address, account)) & (AttemptCount.count > 0)
        async with self._database.write() as db:
            await db.execute(update(AttemptCount).where(counted).values(count=AttemptCount.count - 1))

    @asynccontextmanager
    async def guess(
        self, kind: Attempt, *, address: str | None = None, account: str | None = None
    ) -> AsyncIterator[None]:
        """Refuse who has guessed too often; count what ends in Problem 401, and have the audit tell of 403, too."""
        await self.refuse(kind, address=address, account=account)
        try:
            yield
        except Problem as problem:
            whose = account_in(problem)
            if problem.status is HTTPStatus.UNAUTHORIZED:
                await self.count(kind, address=address, account=account, why=problem.kind, whose=whose)
            if problem.status is HTTPStatus.FORBIDDEN:
                await self.tell(kind, whose or account, problem.kind)
            raise

    @asynccontextmanager
    async def told(self, kind: Attempt, *, account: str | None = None) -> AsyncIterator[None]:
        """Have the audit tell of what is refused and is no guess to be counted. Call it within no transaction."""
        try:
            yield
        except Problem as problem:
            if problem.status in REFUSALS:
                await self.tell(kind, account_in(problem) or account, problem.kind)
            raise

    async def run(self) -> None:
        """Forget what is over, every some minutes, until cancelled."""
        while True:
            await asyncio.sleep(CLEAN_SECONDS)
            try:
                await self.clean()
            except Exception:
                log.exception("old attempts can't be forgotten")

    async def clean(self) -> None:
        """Forget what is over."""
        over = AttemptCount.ends_at < self._clock.now() - FORGOTTEN_AFTER
        async with self._database.write() as db:
            await db.execute(delete(AttemptCount).where(over))

    async def _locked(self, db: AsyncSession, key: str) -> AttemptCount:
        await db.execute(_made_if_missing(db.get_bind().dialect.name, key, self._clock.now()))
        return (await db.scalars(select(AttemptCount).where(AttemptCount.key == key).with_for_update())).one()

    def _refuse(self, kind: Attempt, counts: Sequence[AttemptCount]) -> None:
        most, now = self._most_of(kind), self._clock.now()
        wait = ceil(max(((one.ends_at - now).total_seconds() for one in counts if one.count >= most), default=0))
        if wait > 0:
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"{COMPLAINTS[kind]} Try again in {wait} seconds.",
                kind="too-many-attempts",
                headers={"Retry-After": str(wait)},
            )

    def _add(self, one: AttemptCount, most: int) -> timedelta:
        """Count one more, and return how long somebody has to wait now."""
        now = self._clock.now()
        if now >= one.ends_at:
            if now >= one.ends_at + FORGOTTEN_AFTER:
                one.strikes = 0
            one.count, one.ends_at = 0, now + WINDOW
        one.count += 1
        if one.count < most:
            return timedelta()
        wait: timedelta = min(WINDOW * 2**one.strikes, LONGEST_WAIT)
        one.ends_at, one.strikes = now + wait, min(one.strikes + 1, MOST_STRIKES)
        return wait

    def _most_of(self, kind: Attempt) -> int:
        return OF_A_CLASS.get(kind, self._most)


def _keys(kind: Attempt, address: str | None, account: str | None) -> list[str]:
    """Return the keys of counts in one order for all, so that nobody waits for each other: digests, all of a length."""
    whose = [account and f"account {account.lower()}", address and f"address {network_of(address)}"]
    return sorted(digest(f"{kind} {one}") for one in whose if one)


def _made_if_missing(dialect: str, key: str, now: datetime) -> Insert:
    row = {"key": key, "count": 0, "strikes": 0, "ends_at": now}
    if dialect == "mysql":  # to ignore the duplicate would share its lock, and two would wait for each other
        return mysql.insert(AttemptCount).values(row).on_duplicate_key_update(key=key)
    if dialect == "sqlite":
        return sqlite.insert(AttemptCount).values(row).on_conflict_do_nothing()
    return postgresql.insert(AttemptCount).values(row).on_conflict_do_nothing()


def network_of(address: str) -> str:
    """Return whom an address stands for: itself, or with IPv6 its network of 64 bits, which one person has whole."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and not parsed.ipv4_mapped:
        return str(ip_network((int(parsed), IPV6_NETWORK_BITS), strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


async def _attempts(request: Request) -> Attempts:
    attempts: Attempts = request.app.state.attempts
    return attempts


AttemptsOfApp = Annotated[Attempts, Depends(_attempts)]


def counted(kind: Attempt) -> DependsMarker:
    """Return what a route depends on that counts every request by its address, and answers 429 to too many."""

    async def count(attempts: AttemptsOfApp, address: CallerAddress) -> None:
        await attempts.count(kind, address=address)

    return DependsMarker(count)
