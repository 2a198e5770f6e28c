"""Accounts: signing up, with a mail to verify the address, and signing in."""

from base64 import b64decode, urlsafe_b64encode
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import BaseModel, BeforeValidator, Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts import service as accounts
from deskbay.accounts.access import PUBLIC
from deskbay.accounts.attempts import Attempt, counted
from deskbay.accounts.mail import registration
from deskbay.accounts.mail import service as mail
from deskbay.accounts.mail.routes import LanguageOfBrowser, PostmanOfApp
from deskbay.accounts.models import MailPurpose, User
from deskbay.accounts.new_passwords import NewPasswordsOfApp
from deskbay.accounts.routes import Issuer, refuse_closed
from deskbay.accounts.schemas import LONGEST_PASSWORD, SHORTEST_PASSWORD, Email, FullName, NewUser, Secret
from deskbay.accounts.sign_in import PasswordSignInsOfApp
from deskbay.accounts.visits import BaseUrl, CallerAddress, VisitOfRequest
from deskbay.contracts.cloud_os.admission import Oneself, is_plain, new_router, unauthorized
from deskbay.contracts.cloud_os.containers import Container, containers_of, most_of
from deskbay.contracts.long_tokens import long_token
from deskbay.contracts.password_form import user_of_form
from deskbay.contracts.plain import Refused
from deskbay.database import DatabaseOfApp
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.problems import Problem, answered
from deskbay.settings import SettingsOfApp

router = new_router()


def _blank_is_none(given: object) -> object:
    return given if not isinstance(given, str) or given.strip() else None


class RegisterIn(BaseModel):
    """Who signs up."""

    username: Annotated[str, StringConstraints(max_length=64)]
    email: Email
    full_name: Annotated[FullName | None, BeforeValidator(_blank_is_none)] = None
    password: Secret = Field(max_length=LONGEST_PASSWORD)


class CloudUser(BaseModel):
    username: str
    email: str | None
    full_name: str | None
    disabled: bool
    active_containers: int
    max_containers: int
    containers: dict[str, Container]


class Bearer(BaseModel):
    access_token: str
    token_type: str = "bearer"  # noqa: S105 - as the contract has it


class SpentLink(BaseModel):
    Error: str


class Verified(BaseModel):
    Success: str


@router.post("/register", dependencies=[PUBLIC, Depends(refuse_closed), counted(Attempt.MAIL)])
async def register(  # noqa: PLR0917 - each is a part of the request
    given: RegisterIn,
    database: DatabaseOfApp,
    clock: ClockOfApp,
    postman: PostmanOfApp,
    browser: LanguageOfBrowser,
    settings: SettingsOfApp,
    new_passwords: NewPasswordsOfApp,
) -> CloudUser:
    """Make yourself an account, which is open once the address is verified."""
    password = given.password.get_secret_value()
    if not is_plain(given.username):
        raise Refused(HTTPStatus.BAD_REQUEST, "Only alphabets and numbers are allowed in username.")
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(HTTPStatus.BAD_REQUEST, "Password should be atleast 8 characters long.")
    new = NewUser(username=given.username, email=given.email, full_name=given.full_name)
    password_hash = await new_passwords.hash(password)
    async with database.write() as db:
        try:
            user = await registration.register(db, clock, new, password_hash)
        except Problem as problem:
            raise await _taken(db, given.email) from problem
        most = await most_of(db, user, settings)
    purpose = MailPurpose.VERIFY_ADDRESS
    postman.run_aside(mail.send_link(database, clock, postman, user.id, purpose, browser, _path))
    return _shown(user, most, {})


async def _taken(db: AsyncSession, email: str) -> Refused:
    known = await accounts.find_user(db, email)
    return Refused(HTTPStatus.CONFLICT, "User already exists" if known else "Username is already taken")


def _path(address: str, secret: str) -> str:
    return f"/verify/{_encoded(secret)}/{_encoded(address)}"


def _encoded(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


@router.get("/verify/{code}/{email}", dependencies=[PUBLIC], responses=answered(SpentLink, HTTPStatus.BAD_REQUEST))
async def verify(code: str, email: str, database: DatabaseOfApp, clock: ClockOfApp) -> Verified:
    """Verify the address by the link of the mail, once: the account is open."""
    async with database.write() as db:
        user = await mail.verify_address(db, clock, _decoded(code))
        if user is None or user.email != _decoded(email).lower():
            raise _invalid()
    return Verified(Success="Email Verified")


def _decoded(text: str) -> str:
    try:
        return b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
    except ValueError as error:
        raise _invalid() from error


def _invalid() -> Refused:
    return Refused(HTTPStatus.BAD_REQUEST, "Invalid OTP", name="Error")


@router.post("/token", dependencies=[PUBLIC])
async def token(  # noqa: PLR0917 - each is a part of the request
    form: Annotated[OAuth2PasswordRequestForm, Depends()],
    sign_ins: PasswordSignInsOfApp,
    database: DatabaseOfApp,
    address: CallerAddress,
    issuer: Issuer,
    visit: VisitOfRequest,
) -> Bearer:
    """Sign in by username or address. Until the address is verified the token is told so wherever it is shown."""
    user = await user_of_form(form, sign_ins, address, unauthorized("Incorrect username or password"))
    async with database.write() as db:
        tokens = await accounts.begin_login(db, issuer, user, visit)
    return Bearer(access_token=long_token(issuer, tokens))


@router.get("/user")
async def show_user(
    caller: Oneself, database: DatabaseOfApp, clock: ClockOfApp, settings: SettingsOfApp, base_url: BaseUrl
) -> CloudUser:
    """Tell who is signed in, with their containers."""
    async with database.write() as db:
        containers = await containers_of(db, clock, caller, base_url)
        most = await most_of(db, caller.user, settings)
    return _shown(caller.user, most, containers)


def _shown(user: User, most: int, containers: dict[str, Container]) -> CloudUser:
    return CloudUser(
        username=user.username,
        email=user.email,
        full_name=user.full_name,
        disabled=user.disabled_at is not None,
        active_containers=len(containers),
        max_containers=most,
        containers=containers,
    )
