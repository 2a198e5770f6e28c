"""A phone with an authenticator app, whose clock is the test's."""

from dataclasses import dataclass
from datetime import timedelta

import pyotp
from httpx import AsyncClient, Response
from tests.clock import FrozenClock
from tests.people import PASSWORD

PROOF = "/api/v1/profile/proof"
STEP = "/api/v1/profile/second-step"
AUTH = "/api/v1/auth"
PENDING = f"{AUTH}/second-step"


@dataclass(frozen=True, slots=True)
class Phone:
    """Shows the codes of a secret that was scanned."""

    secret: str
    clock: FrozenClock

    def code(self, seconds: float = 0) -> str:
        """Return what it shows now, or would with a clock that is fast by so many seconds."""
        return pyotp.TOTP(self.secret).at(self.clock.now() + timedelta(seconds=seconds))


async def prove(page: AsyncClient) -> None:
    (await page.post(PROOF, json={"password": PASSWORD})).raise_for_status()


async def scan(page: AsyncClient, clock: FrozenClock, path: str = f"{STEP}/app") -> Phone:
    """Begin to set an app up."""
    begun = await page.post(path)
    begun.raise_for_status()
    return Phone(begun.json()["secret"], clock)


async def set_up(page: AsyncClient, clock: FrozenClock) -> tuple[Phone, list[str]]:
    """Have codes asked for at sign-ins. Return the phone, and recovery codes; the next code is good."""
    await prove(page)
    phone = await scan(page, clock)
    confirmed = await page.post(f"{STEP}/app/confirm", json={"code": phone.code()})
    confirmed.raise_for_status()
    clock.advance(seconds=30)
    return phone, confirmed.json()["codes"]


async def enter_password(page: AsyncClient, username: str = "ada") -> Response:
    return await page.post(f"{AUTH}/sign-in", json={"username": username, "password": PASSWORD})


async def enter_code(page: AsyncClient, code: str) -> Response:
    return await page.post(PENDING, json={"code": code})
