"""Signing up, in and out over HTTP."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts import passwords, service
from deskbay.accounts.access import (
    CallerBriefly,
    SignedIn,
    not_signed_in,
    refuse_other_origins,
    refuse_other_pages,
)
from deskbay.accounts.attempts import Attempt, AttemptsOfApp, counted
from deskbay.accounts.cookies import CookiesOfPage, PageCookies
from deskbay.accounts.models import User
from deskbay.accounts.oidc.service import OidcOfApp
from deskbay.accounts.schemas import LinkIn, MeOut, RefreshIn, SignedOut, SignInIn, SignUpIn, TokensOut
from deskbay.accounts.service import Visit
from deskbay.accounts.sign_in import check_password
from deskbay.accounts.tokens import TokenIssuer, Tokens
from deskbay.accounts.visits import BaseUrl, CallerAddress, VisitOfRequest
from deskbay.database import DatabaseOfApp, Transaction
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.problems import Problem, documented
from deskbay.settings import SettingsOfApp

router = APIRouter(prefix="/api/v1/auth", tags=["accounts"])

OTHER_PAGE = documented(HTTPStatus.FORBIDDEN)
REFUSED = documented(HTTPStatus.UNAUTHORIZED)
BY_PASSWORD = documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS)


async def _issuer(request: Request) -> TokenIssuer:
    issuer: TokenIssuer = request.app.state.token_issuer
    return issuer


Issuer = Annotated[TokenIssuer, Depends(_issuer)]


async def _user_by_password(
    given: SignInIn, address: CallerAddress, database: DatabaseOfApp, attempts: AttemptsOfApp
) -> User:
    return await check_password(database, attempts, given, address)


UserByPassword = Annotated[User, Depends(_user_by_password)]


async def refuse_closed(settings: SettingsOfApp) -> None:
    """Raise Problem 403 where people may not make themselves accounts."""
    if not settings.sign_up_open:
        raise Problem(
            HTTPStatus.FORBIDDEN, "Sign-up is closed here. Ask an administrator for an account.", kind="sign-up-closed"
        )


@dataclass(frozen=True, slots=True)
class Entrance:
    """The page that somebody comes in by."""

    page: PageCookies
    issuer: TokenIssuer
    visit: Visit

    async def admit(self, db: AsyncSession, user: User) -> MeOut:
        """Sign a user in, and have the page keep the tokens. Raises Problem 403 for disabled people."""
        self.page.put(await service.issue_tokens(db, self.issuer, user, self.visit))
        return MeOut.model_validate(user)


async def _entrance(page: CookiesOfPage, issuer: Issuer, visit: VisitOfRequest) -> Entrance:
    return Entrance(page, issuer, visit)


EntranceOfPage = Annotated[Entrance, Depends(_entrance)]


@router.post(
    "/sign-up",
    status_code=HTTPStatus.CREATED,
    summary="Make yourself an account",
    dependencies=[Depends(refuse_other_pages), Depends(refuse_closed), counted(Attempt.SIGN_UP)],
    responses=OTHER_PAGE | documented(HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS),
)
async def sign_up(new: SignUpIn, entrance: EntranceOfPage, database: DatabaseOfApp, clock: ClockOfApp) -> MeOut:
    """Add a user and sign the page in. 403 where the server takes no new people."""
    password_hash = await passwords.hash_password(new.password.get_secret_value())
    async with database.write() as db:
        user = await service.create_user(db, clock, new, password_hash=password_hash)
        return await entrance.admit(db, user)


@router.post(
    "/sign-in",
    summary="Sign in at the page",
    dependencies=[Depends(refuse_other_pages)],
    responses=OTHER_PAGE | BY_PASSWORD,
)
async def sign_in(user: UserByPassword, entrance: EntranceOfPage, db: Transaction) -> MeOut:
    """Take a username or e-mail address and a password, and set the page's cookies."""
    return await entrance.admit(db, user)


@router.post(
    "/link",
    summary="Sign in at the page by a one-time link",
    dependencies=[Depends(refuse_other_pages)],
    responses=OTHER_PAGE | BY_PASSWORD,
)
async def sign_in_by_link(  # noqa: PLR0917 - each is a part of the request
    given: LinkIn,
    entrance: EntranceOfPage,
    database: DatabaseOfApp,
    clock: ClockOfApp,
    attempts: AttemptsOfApp,
    address: CallerAddress,
) -> MeOut:
    """Use up the link's token and set the page's cookies."""
    async with attempts.guess(Attempt.SIGN_IN_LINK, address=address), database.write() as db:
        user = await service.use_sign_in_link(db, clock, given.token.get_secret_value())
        if user is None:
            raise Problem(
                HTTPStatus.UNAUTHORIZED,
                "This link was used before or is older than ten minutes. Sign in another way, or make a new link.",
                kind="link-spent",
            )
        return await entrance.admit(db, user)


@router.post(
    "/refresh",
    summary="Stay signed in at the page",
    dependencies=[Depends(refuse_other_origins)],
    responses=OTHER_PAGE | REFUSED,
)
async def refresh(page: CookiesOfPage, database: DatabaseOfApp, issuer: Issuer) -> MeOut:
    """Trade the refresh cookie for new cookies. One that was used before ends the sign-in."""
    user, tokens = await _rotated(database, issuer, page.refresh)
    page.put(tokens)
    return MeOut.model_validate(user)


@router.post("/token", summary="Sign in a program", responses=BY_PASSWORD)
async def create_token(user: UserByPassword, db: Transaction, issuer: Issuer, visit: VisitOfRequest) -> TokensOut:
    """Take a username or e-mail address and a password, and return tokens."""
    return _out(await service.issue_tokens(db, issuer, user, visit))


@router.post("/token/refresh", summary="Keep a program signed in", responses=REFUSED)
async def refresh_token(given: RefreshIn, database: DatabaseOfApp, issuer: Issuer) -> TokensOut:
    """Trade a refresh token for new tokens. One that was used before ends the sign-in."""
    _, tokens = await _rotated(database, issuer, given.refresh_token.get_secret_value())
    return _out(tokens)


@router.post("/sign-out", summary="Sign out here", responses=OTHER_PAGE | REFUSED)
async def sign_out(  # noqa: PLR0917 - each is a part of the request
    page: CookiesOfPage,
    caller: CallerBriefly,
    database: DatabaseOfApp,
    clock: ClockOfApp,
    oidc: OidcOfApp,
    base: BaseUrl,
) -> SignedOut:
    """End this sign-in: its tokens are good for nothing from now on."""
    async with database.write() as db:
        await service.end_login(db, clock, caller.login_id)
    page.clear()
    return SignedOut(continue_at=await oidc.sign_out_url(database, caller.login_id, f"{base}/sign-in"))


@router.post(
    "/sign-out-everywhere",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Sign out on every device",
    responses=OTHER_PAGE | REFUSED,
)
async def sign_out_everywhere(page: CookiesOfPage, user: SignedIn, db: Transaction, clock: ClockOfApp) -> None:
    """End every sign-in of yours, and every sign-in link that was not used yet."""
    await service.end_every_login(db, clock, user)
    page.clear()


@router.get("/me", summary="Who is signed in", responses=REFUSED)
async def me(user: SignedIn) -> MeOut:
    """Return the user who asks."""
    return MeOut.model_validate(user)


async def _rotated(database: DatabaseOfApp, issuer: TokenIssuer, token: str) -> tuple[User, Tokens]:
    async with database.write() as db:
        rotated = await service.rotate_tokens(db, issuer, token)
    if rotated is None:  # only now: that a spent token has ended the sign-in has to be kept
        raise not_signed_in()
    return rotated


def _out(tokens: Tokens) -> TokensOut:
    return TokensOut(access_token=tokens.access, refresh_token=tokens.refresh, expires_in=tokens.expires_in)
