"""Passkeys over HTTP."""

from http import HTTPStatus

from fastapi import APIRouter, Depends

from deskbay.accounts.access import PUBLIC, refuse_other_pages
from deskbay.accounts.attempts import Attempt, AttemptsOfApp, counted
from deskbay.accounts.in_person import OwnReader, OwnWriter, OwnWriterBriefly
from deskbay.accounts.models import User
from deskbay.accounts.passkeys import service
from deskbay.accounts.passkeys.schemas import (
    NewPasskeyIn,
    PasskeyList,
    PasskeyNameIn,
    PasskeyOptions,
    PasskeyOut,
    UsedPasskeyIn,
)
from deskbay.accounts.passkeys.service import SiteOfRequest
from deskbay.accounts.proof import Proven, prove, refuse_other
from deskbay.accounts.routes import EntranceOfPage
from deskbay.accounts.schemas import MeOut
from deskbay.accounts.visits import CallerAddress
from deskbay.database import DatabaseOfApp, Transaction
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.keys import Key
from deskbay.kit.problems import documented

signing_in = APIRouter(
    prefix="/api/v1/auth/passkey",
    tags=["accounts"],
    dependencies=[PUBLIC, Depends(refuse_other_pages)],
    responses=documented(HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS),
)
profile = APIRouter(
    prefix="/api/v1/profile", tags=["profile"], responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
)
NAMELESS = documented(HTTPStatus.CONFLICT)
GONE = documented(HTTPStatus.NOT_FOUND)


@signing_in.post("/begin", name="begin_passkey_sign_in", dependencies=[counted(Attempt.PROVIDER)])
async def begin_sign_in(db: Transaction, clock: ClockOfApp, site: SiteOfRequest) -> PasskeyOptions:
    """Return what the browser asks for a passkey with. It is good once, for five minutes."""
    return PasskeyOptions(options=await service.options_to_sign_in(db, clock, site))


@signing_in.post(
    "", name="sign_in_by_passkey", summary="Sign in by a passkey", responses=documented(HTTPStatus.UNAUTHORIZED)
)
async def sign_in(  # noqa: PLR0917 - each is a part of the request
    given: UsedPasskeyIn,
    database: DatabaseOfApp,
    clock: ClockOfApp,
    site: SiteOfRequest,
    entrance: EntranceOfPage,
    attempts: AttemptsOfApp,
    address: CallerAddress,
) -> MeOut:
    """Take what a passkey has signed, and set the page's cookies. No second step is asked for: it is two by itself."""
    async with attempts.guess(Attempt.PASSKEY, address=address):
        user = await _shown(database, clock, site, given)
    async with attempts.told(Attempt.PASSKEY), database.write() as db:
        return await entrance.admit_proven(db, user)


@profile.get("/passkeys", name="list_passkeys")
async def list_passkeys(caller: OwnReader, db: Transaction) -> PasskeyList:
    """List your passkeys."""
    return PasskeyList(items=[PasskeyOut.model_validate(one) for one in await service.list_passkeys(db, caller.user)])


@profile.post("/passkeys/begin", name="begin_passkey", responses=NAMELESS)
async def begin(user: Proven, db: Transaction, clock: ClockOfApp, site: SiteOfRequest) -> PasskeyOptions:
    """Return what the browser makes a passkey with. It is good once, for five minutes."""
    return PasskeyOptions(options=await service.options_to_add(db, clock, site, user))


@profile.post("/passkeys", name="add_passkey", status_code=HTTPStatus.CREATED, responses=NAMELESS)
async def add(
    new: NewPasskeyIn, user: Proven, database: DatabaseOfApp, clock: ClockOfApp, site: SiteOfRequest
) -> PasskeyOut:
    """Add a passkey that a device has made."""
    async with database.write() as db:
        challenge = await service.take_challenge(db, clock, new.credential.response.client_data, user)
    async with database.write() as db:
        return PasskeyOut.model_validate(await service.add_passkey(db, clock, site, user, new, challenge))


@profile.patch("/passkeys/{passkey_id}", name="rename_passkey", responses=GONE)
async def rename(passkey_id: Key, wish: PasskeyNameIn, caller: OwnWriter, db: Transaction) -> PasskeyOut:
    """Give a passkey of yours another name."""
    passkey = await service.get_passkey(db, caller.user, passkey_id)
    passkey.name = wish.name
    return PasskeyOut.model_validate(passkey)


@profile.delete("/passkeys/{passkey_id}", name="remove_passkey", status_code=HTTPStatus.NO_CONTENT, responses=GONE)
async def remove(passkey_id: Key, user: Proven, db: Transaction) -> None:
    """Sign in by a passkey no more."""
    await db.delete(await service.get_passkey(db, user, passkey_id))


@profile.post("/proof/passkey", name="prove_by_passkey", status_code=HTTPStatus.NO_CONTENT, responses=NAMELESS)
async def prove_by_passkey(  # noqa: PLR0917 - each is a part of the request
    given: UsedPasskeyIn,
    caller: OwnWriterBriefly,
    database: DatabaseOfApp,
    clock: ClockOfApp,
    site: SiteOfRequest,
    attempts: AttemptsOfApp,
) -> None:
    """Show by a passkey that it is you: for ten minutes you may change how you sign in."""
    async with attempts.told(Attempt.PASSKEY, account=caller.user.username_key):
        refuse_other(caller, await _shown(database, clock, site, given))
    async with database.write() as db:
        await prove(db, clock, caller.login_id)


async def _shown(database: DatabaseOfApp, clock: ClockOfApp, site: SiteOfRequest, given: UsedPasskeyIn) -> User:
    async with database.write() as db:
        challenge = await service.take_challenge(db, clock, given.credential.response.client_data, None)
    async with database.write() as db:
        return await service.use_passkey(db, clock, site, given.credential, challenge)
