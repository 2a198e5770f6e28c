"""The rules on second steps."""

import re
import secrets
from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus

import pyotp
import segno
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from deskbay.accounts.models import Role, User
from deskbay.accounts.passkeys.models import Passkey
from deskbay.accounts.second_step.models import Authenticator, PendingSignIn, RecoveryCode
from deskbay.accounts.second_step.schemas import SetUpOut, Step
from deskbay.accounts.service import changes_row
from deskbay.kit.clock import Clock
from deskbay.kit.problems import Problem
from deskbay.kit.secrets import digest, new_secret
from deskbay.kit.vault import Vault
from deskbay.settings import SecondStepFor, Settings

PENDING_LIFETIME = timedelta(minutes=10)
ISSUER = "Deskbay"
STEPS_EITHER_SIDE = 1
"""Half minutes by which the clock of a phone may be wrong."""
NUMBER_OF_RECOVERY_CODES = 10
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
RECOVERY_CODE_LENGTH = 24
"""Each letter is worth 5 bits: 120, which nobody can try all of, so that a plain digest keeps them well enough."""
BLOCK = 4


async def needed_step(db: AsyncSession, settings: Settings, user: User) -> Step | None:
    """Return what is asked of a user after the password, if anything.

    Raises Problem 403 where they have to use their passkey: who knows nothing but a password could else set up an app
    of their own.
    """
    if await confirmed_authenticator(db, user) is not None:
        return Step.CODE
    if not is_required_of(settings, user):
        return None
    if await db.scalar(select(Passkey.id).where(Passkey.user_id == user.id).limit(1)):
        what = "A password alone is not enough here. Sign in with your passkey."
        raise Problem(HTTPStatus.FORBIDDEN, what, kind="passkey-needed")
    return Step.SET_UP


def is_required_of(settings: Settings, user: User) -> bool:
    """Tell whether this server wants a second step of a user."""
    wanted = {SecondStepFor.EVERYONE: True, SecondStepFor.ADMINISTRATORS: user.role is Role.ADMINISTRATOR}
    return wanted.get(settings.second_step_for, False)


async def await_step(db: AsyncSession, clock: Clock, user: User) -> str:
    """Note that a user's password was right, and return the secret with which the sign-in can be finished."""
    secret, now = new_secret(), clock.now()
    await db.execute(delete(PendingSignIn).where(PendingSignIn.expires_at <= now))
    db.add(PendingSignIn(user_id=user.id, digest=digest(secret), expires_at=now + PENDING_LIFETIME))
    await db.flush()
    return secret


async def find_pending(db: AsyncSession, clock: Clock, secret: str) -> User:
    """Return whose sign-in waits for its second step. Raises Problem 401."""
    waiting = (PendingSignIn.digest == digest(secret)) & (PendingSignIn.expires_at > clock.now())
    pending = await db.scalar(select(PendingSignIn).where(waiting).options(joinedload(PendingSignIn.user)))
    if pending is None:
        raise _lost()
    user: User = pending.user
    return user


async def end_pending(db: AsyncSession, secret: str) -> None:
    """Use a sign-in's secret up. Raises Problem 401 when somebody was quicker."""
    if not await changes_row(db, delete(PendingSignIn).where(PendingSignIn.digest == digest(secret))):
        raise _lost()


def _lost() -> Problem:
    what = "This sign-in took longer than ten minutes, or began in another browser. Begin again."
    return Problem(HTTPStatus.UNAUTHORIZED, what, kind="sign-in-lost")


async def confirmed_authenticator(db: AsyncSession, user: User) -> Authenticator | None:
    """Return the app whose codes a user is asked for, if any."""
    theirs = (Authenticator.user_id == user.id) & Authenticator.confirmed_at.is_not(None)
    found: Authenticator | None = await db.scalar(select(Authenticator).where(theirs))
    return found


async def begin_set_up(db: AsyncSession, clock: Clock, vault: Vault, user: User) -> SetUpOut:
    """Return what to set an app up with. Raises Problem 409 where one is set up."""
    if await confirmed_authenticator(db, user) is not None:
        what = "An authenticator app is set up already. Turn it off first to set up another."
        raise Problem(HTTPStatus.CONFLICT, what, kind="second-step-on")
    secret = pyotp.random_base32()
    await db.execute(delete(Authenticator).where(Authenticator.user_id == user.id))
    app = Authenticator(user_id=user.id, sealed_secret=vault.seal(secret), created_at=clock.now(), last_step=0)
    db.add(app)
    await db.flush()
    uri = pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name=ISSUER)
    return SetUpOut(
        secret=secret, uri=uri, qr=segno.make(uri, micro=False).svg_data_uri(scale=4, border=4, light="#fff")
    )


async def confirm(db: AsyncSession, clock: Clock, vault: Vault, user: User, code: str) -> list[str]:
    """Have an app's codes asked for from now on, as it knows one; return recovery codes.

    Raises Problem 422 for a wrong code, 409 where no app waits for its first.
    """
    waiting = (Authenticator.user_id == user.id) & Authenticator.confirmed_at.is_(None)
    app = await db.scalar(select(Authenticator).where(waiting).with_for_update())
    if app is None:
        what = "No app is being set up. Begin again, and scan the new code."
        raise Problem(HTTPStatus.CONFLICT, what, kind="no-set-up")
    step = _step_of(clock, vault.open(app.sealed_secret), code)
    if step is None:
        what = "That is not the code that the app should show now. Look whether the clock of your phone is right."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="wrong-code")
    app.confirmed_at, app.last_step = clock.now(), step
    return await new_recovery_codes(db, user)


async def new_recovery_codes(db: AsyncSession, user: User) -> list[str]:
    """Return ten codes in place of those that a user had."""
    codes = [_recovery_code() for _ in range(NUMBER_OF_RECOVERY_CODES)]
    await db.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    db.add_all(RecoveryCode(user_id=user.id, digest=digest(_plain(code))) for code in codes)
    await db.flush()
    return codes


async def count_recovery_codes(db: AsyncSession, user: User) -> int:
    """Return how many a user has left."""
    left = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user.id)
    return await db.scalar(left) or 0


async def use_code(db: AsyncSession, clock: Clock, vault: Vault, user: User, code: str) -> bool:
    """Tell whether a code is good, and use it up: one of the app, or a recovery code."""
    app = await confirmed_authenticator(db, user)
    if app is None:
        return False
    step = _step_of(clock, vault.open(app.sealed_secret), code)
    if step is not None:
        newer = (Authenticator.id == app.id) & (Authenticator.last_step < step)
        return await changes_row(db, update(Authenticator).where(newer).values(last_step=step))
    theirs = (RecoveryCode.user_id == user.id) & (RecoveryCode.digest == digest(_plain(code)))
    return await changes_row(db, delete(RecoveryCode).where(theirs))


async def turn_off(db: AsyncSession, user: User) -> None:
    """Ask a user for no codes any more."""
    for table in (Authenticator, RecoveryCode, PendingSignIn):
        await db.execute(delete(table).where(table.user_id == user.id))


def _step_of(clock: Clock, secret: str, code: str) -> int | None:
    """Return the number of the half minute, since 1970, whose code that is; None for none around now."""
    totp = pyotp.TOTP(secret)
    try:
        return totp.verify_and_get_timecode(_plain(code), for_time=clock.now(), valid_window=STEPS_EITHER_SIDE)
    except OTPVerificationError:
        return None


def _recovery_code() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_CODE_LENGTH))
    return "-".join(_blocks(letters))


def _blocks(letters: str) -> Sequence[str]:
    return [letters[start : start + BLOCK] for start in range(0, len(letters), BLOCK)]


def _plain(code: str) -> str:
    """Return a code as it is compared: people type spaces, hyphens and capitals."""
    return re.sub(r"[\s-]", "", code).lower()
