"""Profiles over HTTP."""

from http import HTTPStatus

from fastapi import APIRouter

from deskbay.accounts.attempts import AttemptsOfApp
from deskbay.accounts.in_person import OwnReader, OwnWriter, OwnWriterBriefly
from deskbay.accounts.models import User
from deskbay.accounts.new_passwords import NewPasswordsOfApp
from deskbay.accounts.oidc.service import OidcOfApp, OidcSignIns
from deskbay.accounts.profile import service
from deskbay.accounts.profile.schemas import LoginList, LoginOut, PasswordIn, ProfileIn, ProfileOut
from deskbay.database import DatabaseOfApp, Transaction
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.keys import Key
from deskbay.kit.problems import documented

router = APIRouter(
    prefix="/api/v1/profile", tags=["profile"], responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
)
ELSEWHERE = documented(HTTPStatus.CONFLICT)
BY_PASSWORD = documented(HTTPStatus.TOO_MANY_REQUESTS)


@router.get("", name="get_profile")
async def get_profile(caller: OwnReader, db: Transaction, oidc: OidcOfApp) -> ProfileOut:
    """Show your account."""
    return _shown(caller.user, oidc, await service.issuers_of(db, caller.user))


@router.patch("", name="change_profile", responses=BY_PASSWORD | documented(HTTPStatus.CONFLICT))
async def change_profile(
    wish: ProfileIn, caller: OwnWriterBriefly, database: DatabaseOfApp, attempts: AttemptsOfApp, oidc: OidcOfApp
) -> ProfileOut:
    """Change your name, e-mail address, zone or colours. Another address takes your password."""
    if "email" in wish.model_fields_set and wish.email != caller.user.email:
        await service.check_own_password(attempts, caller.user, wish.password)
    async with database.write() as db:
        user = await db.get_one(User, caller.user.id)
        await service.change_profile(db, user, wish)
        return _shown(user, oidc, await service.issuers_of(db, user))


@router.put("/password", name="change_password", status_code=HTTPStatus.NO_CONTENT, responses=BY_PASSWORD | ELSEWHERE)
async def change_password(  # noqa: PLR0917 - each is a part of the request
    given: PasswordIn,
    caller: OwnWriterBriefly,
    database: DatabaseOfApp,
    clock: ClockOfApp,
    attempts: AttemptsOfApp,
    new_passwords: NewPasswordsOfApp,
) -> None:
    """Take another password, and sign out everywhere else. Who has none yet need not tell the old one."""
    async with database.read() as db:
        await service.refuse_kept_elsewhere(db, caller.user)
    await service.check_own_password(attempts, caller.user, given.password)
    password_hash = await new_passwords.hash(given.new_password.get_secret_value())
    async with database.write() as db:
        user = await db.get_one(User, caller.user.id)
        user.password_hash = password_hash
        await service.end_other_logins(db, clock, user, caller.login_id)


@router.get("/sign-ins", name="list_own_logins")
async def list_logins(caller: OwnReader, db: Transaction, clock: ClockOfApp) -> LoginList:
    """List where you are signed in."""
    logins = await service.list_logins(db, clock, caller.user)
    items = [
        LoginOut(
            id=login.id,
            program=login.program,
            address=login.address,
            created_at=login.created_at,
            seen_at=login.seen_at,
            is_this=login.id == caller.login_id,
        )
        for login in logins
    ]
    return LoginList(items=items)


@router.delete("/sign-ins", name="end_other_logins", status_code=HTTPStatus.NO_CONTENT)
async def end_other_logins(caller: OwnWriter, db: Transaction, clock: ClockOfApp) -> None:
    """Sign out everywhere but here."""
    await service.end_other_logins(db, clock, caller.user, caller.login_id)


@router.delete(
    "/sign-ins/{login_id}",
    name="end_own_login",
    status_code=HTTPStatus.NO_CONTENT,
    responses=documented(HTTPStatus.NOT_FOUND),
)
async def end_login(login_id: Key, caller: OwnWriter, db: Transaction, clock: ClockOfApp) -> None:
    """Sign out at one browser or program."""
    await service.end_own_login(db, clock, caller.user, login_id)


def _shown(user: User, oidc: OidcSignIns, issuers: set[str]) -> ProfileOut:
    return ProfileOut(
        id=user.id,
        username=user.username,
        full_name=user.full_name,
        email=user.email,
        email_verified_at=user.email_verified_at,
        role=user.role,
        zone=user.zone,
        language=user.language,
        theme=user.theme,
        has_password=user.password_hash is not None,
        providers=[provider.title for provider in oidc.providers if provider.url in issuers],
    )
