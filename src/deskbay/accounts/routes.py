"""Signing up, in and out over HTTP."""

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts import service
from deskbay.accounts.access import (
    PUBLIC,
    WHOAMI,
    Caller,
    not_signed_in,
    refuse_other_origins,
    refuse_other_pages,
)
from deskbay.accounts.attempts import Attempt, AttemptsOfApp, counted
from deskbay.accounts.cookies import CookiesOfPage, PageCookies
from deskbay.accounts.in_person import OwnWriter, OwnWriterBriefly
from deskbay.accounts.models import User
from deskbay.accounts.new_passwords import NewPasswordsOfApp
from deskbay.accounts.oidc.service import OidcOfApp
from deskbay.accounts.rights.rights import Rights
from deskbay.accounts.schemas import LinkIn, MeOut, RefreshIn, SignedOut, SignInIn, SignUpIn, TokensOut, UserOut
from deskbay.accounts.second_step import service as second_step
from deskbay.accounts.second_step.codes import CodesOfApp
from deskbay.accounts.second_step.schemas import NextStepOut, ProgramSignInIn, Step
from deskbay.accounts.service import Visit
from deskbay.accounts.sign_in import PasswordSignInsOfApp
from deskbay.accounts.tokens import TokenIssuer, Tokens
from deskbay.accounts.visits import BaseUrl, CallerAddress, VisitOfRequest
from deskbay.database import DatabaseOfApp, Transaction
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.problems import Problem, documented
from deskbay.settings import Settings, SettingsOfApp

router = APIRouter(prefix="/api/v1/auth", tags=["accounts"])

OTHER_PAGE = documented(HTTPStatus.FORBIDDEN)
REFUSED = documented(HTTPStatus.UNAUTHORIZED)
NEXT_STEP: dict[int | str, dict[str, object]] = {
    int(HTTPStatus.ACCEPTED): {
        "model": NextStepOut,
        "description": "The password was right, and a second step is wanted",
    }
}
BY_PASSWORD = documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS)


async def _issuer(request: Request) -> TokenIssuer:
    issuer: TokenIssuer = request.app.state.token_issuer
    return issuer


Issuer = Annotated[TokenIssuer, Depends(_issuer)]


async def _user_by_password(given: SignInIn, address: CallerAddress, sign_ins: PasswordSignInsOfApp) -> User:
    return await sign_ins.check(given, address)


UserByPassword = Annotated[User, Depends(_user_by_password)]


async def _user_by_both_steps(  # noqa: PLR0917 - each is a part of the request
    given: ProgramSignInIn,
    address: CallerAddress,
    sign_ins: PasswordSignInsOfApp,
    database: DatabaseOfApp,
    settings: SettingsOfApp,
    codes: CodesOfApp,
) -> User:
    user = await sign_ins.check(given, address)
    async with database.read() as db:
        step = await second_step.needed_step(db, settings, user)
    if step is Step.SET_UP:
        what = "This server wants a second step of you. Sign in on its page once, and set it up there."
        raise Problem(HTTPStatus.FORBIDDEN, what, kind="set-up-needed")
    if step is Step.CODE and given.code is None:
        what = "This account has a second step. Send the code of its app, too, or use a token of the API."
        raise Problem(HTTPStatus.UNAUTHORIZED, what, kind="code-needed")
    if step is Step.CODE and given.code is not None:
        await codes.check(user, given.code.get_secret_value(), address)
    return user


UserByBothSteps = Annotated[User, Depends(_user_by_both_steps)]


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
    settings: Settings
    response: Response

    async def admit(self, db: AsyncSession, user: User) -> MeOut:
        """Sign a user in, and have the page keep the tokens. Raises Problem 403 for disabled people."""
        self.page.put(await service.issue_tokens(db, self.issuer, user, self.visit))
        return await described(db, Rights(user))

    async def admit_proven(self, db: AsyncSession, user: User) -> MeOut:
        """Sign in a user who has shown who they are, as far as is wanted here. Raises Problem 403 for disabled ones."""
        return await replace(self, visit=replace(self.visit, is_proven=True)).admit(db, user)

    async def admit_or_ask(self, db: AsyncSession, user: User) -> MeOut | NextStepOut:
        """Sign in a user whose password is right, or have the page ask for a second step. Raises Problem 403."""
        service.refuse_disabled(user)
        step = await second_step.needed_step(db, self.settings, user)
        if step is None:
            return await self.admit_proven(db, user)
        secret = await second_step.await_step(db, self.issuer.clock, user)
        self.page.put_pending(secret, second_step.PENDING_LIFETIME)
        self.response.status_code = HTTPStatus.ACCEPTED
        return NextStepOut(step=step)


async def _entrance(
    page: CookiesOfPage, issuer: Issuer, visit: VisitOfRequest, settings: SettingsOfApp, response: Response
) -> Entrance:
    return Entrance(page, issuer, visit, settings, response)


EntranceOfPage = Annotated[Entrance, Depends(_entrance)]


@router.post(
    "/sign-up",
    status_code=HTTPStatus.CREATED,
    summary="Make yourself an account",
    dependencies=[PUBLIC, Depends(refuse_other_pages), Depends(refuse_closed), counted(Attempt.SIGN_UP)],
    responses=OTHER_PAGE | NEXT_STEP | documented(HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS),
)
async def sign_up(
    new: SignUpIn,
    entrance: EntranceOfPage,
    database: DatabaseOfApp,
    clock: ClockOfApp,
    new_passwords: NewPasswordsOfApp,
) -> MeOut | NextStepOut:
    """Add a user and sign the page in, or ask for a second step. 403 where the server takes no new people."""
    password_hash = await new_passwords.hash(new.password.get_secret_value())
    async with database.write() as db:
        user = await service.create_user(db, clock, new, password_hash=password_hash)
        return await entrance.admit_or_ask(db, user)


@router.post(
    "/sign-in",
    summary="Sign in at the page",
    dependencies=[PUBLIC, Depends(refuse_other_pages)],
    responses=OTHER_PAGE | NEXT_STEP | BY_PASSWORD,
)
async def sign_in(user: UserByPassword, entrance: EntranceOfPage, db: Transaction) -> MeOut | NextStepOut:
    """Take a username or e-mail address and a password, and set the page's cookies, or ask for a second step."""
    return await entrance.admit_or_ask(db, user)


@router.post(
    "/link",
    summary="Sign in at the page by a one-time link",
    dependencies=[PUBLIC, Depends(refuse_other_pages)],
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
    dependencies=[PUBLIC, Depends(refuse_other_origins)],
    responses=OTHER_PAGE | REFUSED,
)
async def refresh(page: CookiesOfPage, database: DatabaseOfApp, issuer: Issuer) -> MeOut:
    """Trade the refresh cookie for new cookies. One that was used before ends the sign-in."""
    user, tokens = await _rotated(database, issuer, page.refresh)
    page.put(tokens)
    async with database.read() as db:
        return await described(db, Rights(user))


@router.post("/token", summary="Sign in a program", dependencies=[PUBLIC], responses=OTHER_PAGE | BY_PASSWORD)
async def create_token(user: UserByBothSteps, db: Transaction, issuer: Issuer, visit: VisitOfRequest) -> TokensOut:
    """Take a username or e-mail address and a password, with a code where one is wanted, and return tokens."""
    return _out(await service.issue_tokens(db, issuer, user, replace(visit, is_proven=True)))


@router.post("/token/refresh", summary="Keep a program signed in", dependencies=[PUBLIC], responses=REFUSED)
async def refresh_token(given: RefreshIn, database: DatabaseOfApp, issuer: Issuer) -> TokensOut:
    """Trade a refresh token for new tokens. One that was used before ends the sign-in."""
    _, tokens = await _rotated(database, issuer, given.refresh_token.get_secret_value())
    return _out(tokens)


@router.post("/sign-out", summary="Sign out here", responses=OTHER_PAGE | REFUSED)
async def sign_out(  # noqa: PLR0917 - each is a part of the request
    page: CookiesOfPage,
    caller: OwnWriterBriefly,
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
async def sign_out_everywhere(page: CookiesOfPage, caller: OwnWriter, db: Transaction, clock: ClockOfApp) -> None:
    """End every sign-in of yours, and every sign-in link that was not used yet."""
    await service.end_every_login(db, clock, caller.user)
    page.clear()


@router.get("/me", summary="Who is signed in", responses=REFUSED)
async def me(caller: Annotated[Caller, Depends(WHOAMI)], db: Transaction) -> MeOut:
    """Return the user who asks, and what they may do, or the token with which they ask."""
    return await described(db, caller.rights)


async def described(db: AsyncSession, rights: Rights) -> MeOut:
    """Return who somebody is, and what they may do."""
    known = UserOut.model_validate(rights.user).model_dump()
    user = rights.user
    return MeOut(**known, zone=user.zone, language=user.language, theme=user.theme, rights=await rights.everything(db))


async def _rotated(database: DatabaseOfApp, issuer: TokenIssuer, token: str) -> tuple[User, Tokens]:
    async with database.write() as db:
        rotated = await service.rotate_tokens(db, issuer, token)
    if rotated is None:  # only now: that a spent token has ended the sign-in has to be kept
        raise not_signed_in()
    return rotated


def _out(tokens: Tokens) -> TokensOut:
    return TokensOut(access_token=tokens.access, refresh_token=tokens.refresh, expires_in=tokens.expires_in)
