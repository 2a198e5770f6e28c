"""CloudDesk's accounts: signing up and in."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Header
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts import service as accounts
from deskbay.accounts.access import PUBLIC, Caller
from deskbay.accounts.attempts import Attempt, counted
from deskbay.accounts.models import User
from deskbay.accounts.new_passwords import NewPasswordsOfApp
from deskbay.accounts.rights.scopes import Scope
from deskbay.accounts.routes import Issuer, refuse_closed
from deskbay.accounts.schemas import LONGEST_PASSWORD, NO_CONTROLS, Email, NewUser, Secret
from deskbay.accounts.sign_in import PasswordSignInsOfApp
from deskbay.accounts.tokens import TokenIssuer, Tokens
from deskbay.accounts.visits import CallerAddress, VisitOfRequest
from deskbay.contracts.admission import ContractNeeds
from deskbay.contracts.password_form import user_of_form
from deskbay.contracts.plain import ERRORS, PlainRoute, Refused
from deskbay.database import DatabaseOfApp
from deskbay.kit.clock import ClockOfApp
from deskbay.sessions import devices

router = APIRouter(
    prefix="/auth",
    tags=["CloudDesk (contract)"],
    route_class=PlainRoute,
    responses=ERRORS,
    generate_unique_id_function=lambda route: f"cloud_desk_{route.name}",
)
CHALLENGE = {"WWW-Authenticate": "Bearer"}
LONGEST_FINGERPRINT = 255

PersonName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20, pattern=NO_CONTROLS)]
FingerprintHeader = Annotated[str | None, Header(alias="X-Device-Fingerprint", max_length=LONGEST_FINGERPRINT)]


class ClientSignUp(BaseModel):
    name: PersonName
    surname: PersonName
    email: Email
    password: Secret = Field(min_length=6, max_length=LONGEST_PASSWORD)


class ClientUser(BaseModel):
    id: int
    name: str
    surname: str
    email: str | None


class TokenPair(BaseModel):
    access_token: str
    refresh_token: str
    token_type: str = "bearer"  # noqa: S105 - as the contract has it


def _unauthorized(detail: str) -> Refused:
    return Refused(HTTPStatus.UNAUTHORIZED, detail, CHALLENGE)


@dataclass(frozen=True, slots=True)
class DeskNeeds(ContractNeeds):
    """A right that a route of CloudDesk takes."""

    async def unknown(self, token: str, issuer: TokenIssuer, db: AsyncSession) -> Refused:  # noqa: ARG002 - of all
        """Return 401 in the contract's words."""
        if not token:
            return _unauthorized("Not authenticated")
        return _unauthorized("Expired token" if issuer.is_expired(token) else "Could not validate credentials")


WhoAsks = Annotated[Caller, Depends(DeskNeeds(Scope.PROFILE_READ, private=True))]


@router.post("/signup", dependencies=[PUBLIC, Depends(refuse_closed), counted(Attempt.SIGN_UP)])
async def signup(
    given: ClientSignUp, database: DatabaseOfApp, clock: ClockOfApp, new_passwords: NewPasswordsOfApp
) -> ClientUser:
    """Make yourself an account."""
    password_hash = await new_passwords.hash(given.password.get_secret_value())
    async with database.write() as db:
        if await accounts.find_user(db, given.email):
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "User with this email already exists")
        username = await accounts.free_username(db, given.email.partition("@")[0])
        new = NewUser(username=username, email=given.email, full_name=f"{given.name} {given.surname}")
        user = await accounts.create_user(db, clock, new, password_hash=password_hash)
        user.family_name = given.surname
        return _user(user)


@router.post("/token", dependencies=[PUBLIC])
async def token(  # noqa: PLR0917 - each is a part of the request
    address: CallerAddress,
    form: Annotated[OAuth2PasswordRequestForm, Depends()],
    sign_ins: PasswordSignInsOfApp,
    database: DatabaseOfApp,
    issuer: Issuer,
    visit: VisitOfRequest,
    fingerprint: FingerprintHeader = None,
) -> TokenPair:
    """Sign in. With a fingerprint the tokens speak for that device."""
    user = await user_of_form(form, sign_ins, address, _unauthorized("Invalid email or password"))
    async with database.write() as db:
        tokens = await accounts.issue_tokens(db, issuer, user, visit)
        if fingerprint is not None and (claims := issuer.verify(tokens.access)):
            device = await devices.find_or_make_device(db, issuer.clock, user, claims.login_id, fingerprint)
            await devices.bind_login(db, claims.login_id, device.id)
    return _tokens(tokens)


@router.post("/refresh", dependencies=[PUBLIC])
async def refresh(
    database: DatabaseOfApp, issuer: Issuer, spent: Annotated[str, Header(alias="X-Refresh-Token")] = ""
) -> TokenPair:
    """Trade a refresh token for new tokens. One that was used before ends the sign-in."""
    async with database.write() as db:
        rotated = await accounts.rotate_tokens(db, issuer, spent)
        expired = rotated is None and await accounts.is_refresh_expired(db, issuer.clock, spent)
    if rotated is None:
        raise _unauthorized("Expired refresh token" if expired else "Invalid refresh token")
    return _tokens(rotated[1])


@router.get("/me")
async def me(caller: WhoAsks) -> ClientUser:
    """Tell who is signed in."""
    return _user(caller.user)


def _user(user: User) -> ClientUser:
    full, family = user.full_name or user.username, user.family_name
    if family is not None and full.endswith(family):
        return ClientUser(id=user.id, name=full.removesuffix(family).strip(), surname=family, email=user.email)
    name, _, surname = full.rpartition(" ")
    return ClientUser(id=user.id, name=name or surname, surname=surname if name else "", email=user.email)


def _tokens(tokens: Tokens) -> TokenPair:
    return TokenPair(access_token=tokens.access, refresh_token=tokens.refresh)
