"""Second steps over HTTP: to finish a sign-in, and to set them up and turn them off."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends

from deskbay.accounts.access import PUBLIC, refuse_other_origins
from deskbay.accounts.attempts import Attempt, AttemptsOfApp
from deskbay.accounts.cookies import CookiesOfPage
from deskbay.accounts.in_person import OwnReader, OwnWriterBriefly
from deskbay.accounts.models import User
from deskbay.accounts.profile.service import check_own_password
from deskbay.accounts.proof import Proven, prove, proven_until
from deskbay.accounts.routes import EntranceOfPage
from deskbay.accounts.schemas import MeOut
from deskbay.accounts.second_step import service
from deskbay.accounts.second_step.codes import CodesOfApp
from deskbay.accounts.second_step.schemas import (
    ProofIn,
    RecoveryCodesOut,
    SecondStepOut,
    SetUpOut,
    SignedInOut,
    StepCodeIn,
)
from deskbay.accounts.service import refuse_disabled
from deskbay.accounts.visits import CallerAddress
from deskbay.database import DatabaseOfApp, Transaction
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.problems import Problem, documented
from deskbay.kit.vault import VaultOfApp
from deskbay.settings import SettingsOfApp

signing_in = APIRouter(
    prefix="/api/v1/auth/second-step",
    tags=["accounts"],
    dependencies=[PUBLIC, Depends(refuse_other_origins)],
    responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN),
)
profile = APIRouter(
    prefix="/api/v1/profile",
    tags=["profile"],
    responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN),
)
BY_CODE = documented(HTTPStatus.TOO_MANY_REQUESTS)
OTHERWISE = documented(HTTPStatus.CONFLICT)


async def _pending(page: CookiesOfPage, database: DatabaseOfApp, clock: ClockOfApp, attempts: AttemptsOfApp) -> User:
    async with attempts.told(Attempt.TOTP), database.read() as db:
        user = await service.find_pending(db, clock, page.pending)
        refuse_disabled(user)
        return user


Pending = Annotated[User, Depends(_pending)]


@signing_in.post("", name="finish_sign_in", summary="Finish a sign-in by a code", responses=BY_CODE)
async def finish(  # noqa: PLR0917 - each is a part of the request
    given: StepCodeIn,
    user: Pending,
    page: CookiesOfPage,
    codes: CodesOfApp,
    address: CallerAddress,
    entrance: EntranceOfPage,
    database: DatabaseOfApp,
) -> MeOut:
    """Take a code of the app or a recovery code, each good once, and set the page's cookies."""
    await codes.check(user, given.code.get_secret_value(), address)
    async with database.write() as db:
        await service.end_pending(db, page.pending)
        return await entrance.admit_proven(db, await db.get_one(User, user.id))


@signing_in.post("/app", name="begin_app_at_sign_in", summary="Set an app up to finish a sign-in", responses=OTHERWISE)
async def begin_at_sign_in(user: Pending, db: Transaction, clock: ClockOfApp, vault: VaultOfApp) -> SetUpOut:
    """Return what an authenticator app is set up with, where this server wants one and there is none."""
    return await service.begin_set_up(db, clock, vault, user)


@signing_in.post("/app/confirm", name="confirm_app_at_sign_in", responses=OTHERWISE)
async def confirm_at_sign_in(  # noqa: PLR0917 - each is a part of the request
    given: StepCodeIn,
    user: Pending,
    page: CookiesOfPage,
    entrance: EntranceOfPage,
    db: Transaction,
    clock: ClockOfApp,
    vault: VaultOfApp,
) -> SignedInOut:
    """Take a first code of the app, set the page's cookies, and return recovery codes, this once."""
    codes = await service.confirm(db, clock, vault, user, given.code.get_secret_value())
    await service.end_pending(db, page.pending)
    return SignedInOut(codes=codes, user=await entrance.admit_proven(db, user))


@profile.get("/second-step", name="get_second_step")
async def get_second_step(caller: OwnReader, db: Transaction, settings: SettingsOfApp) -> SecondStepOut:
    """Show whether codes are asked of you."""
    app = await service.confirmed_authenticator(db, caller.user)
    return SecondStepOut(
        confirmed_at=app and app.confirmed_at,
        recovery_codes=await service.count_recovery_codes(db, caller.user),
        is_required=service.is_required_of(settings, caller.user),
        proven_until=await proven_until(db, caller.login_id),
        has_password=caller.user.password_hash is not None,
    )


@profile.post("/proof", name="prove_by_password", status_code=HTTPStatus.NO_CONTENT, responses=BY_CODE | OTHERWISE)
async def prove_by_password(
    given: ProofIn, caller: OwnWriterBriefly, database: DatabaseOfApp, clock: ClockOfApp, attempts: AttemptsOfApp
) -> None:
    """Show by your password that it is you: for ten minutes you may change how you sign in."""
    if caller.user.password_hash is None:
        what = "You have no password here. Use a passkey, or sign in anew."
        raise Problem(HTTPStatus.CONFLICT, what, kind="no-password")
    await check_own_password(attempts, caller.user, given.password)
    async with database.write() as db:
        await prove(db, clock, caller.login_id)


@profile.post("/second-step/app", name="begin_app", responses=OTHERWISE)
async def begin(user: Proven, db: Transaction, clock: ClockOfApp, vault: VaultOfApp) -> SetUpOut:
    """Return what an authenticator app is set up with. It counts once a first code has come from it."""
    return await service.begin_set_up(db, clock, vault, user)


@profile.post("/second-step/app/confirm", name="confirm_app", responses=OTHERWISE)
async def confirm(
    given: StepCodeIn, user: Proven, db: Transaction, clock: ClockOfApp, vault: VaultOfApp
) -> RecoveryCodesOut:
    """Take a first code of the app, and return recovery codes, this once. Sign-ins ask for a code from now on."""
    return RecoveryCodesOut(codes=await service.confirm(db, clock, vault, user, given.code.get_secret_value()))


@profile.post("/second-step/recovery-codes", name="renew_recovery_codes", responses=OTHERWISE)
async def renew_recovery_codes(user: Proven, db: Transaction) -> RecoveryCodesOut:
    """Return new recovery codes, this once. Those that you had are good for nothing."""
    if await service.confirmed_authenticator(db, user) is None:
        what = "There is no authenticator app. Set one up first: recovery codes come with it."
        raise Problem(HTTPStatus.CONFLICT, what, kind="second-step-off")
    return RecoveryCodesOut(codes=await service.new_recovery_codes(db, user))


@profile.delete("/second-step", name="turn_second_step_off", status_code=HTTPStatus.NO_CONTENT)
async def turn_off(user: Proven, db: Transaction) -> None:
    """Be asked for no codes any more. Recovery codes are good for nothing from now on."""
    await service.turn_off(db, user)
