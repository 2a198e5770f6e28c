"""Signing in, by password or at a provider, and the people who may."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field, SecretStr, ValidationError
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts import service
from deskbay.accounts.access import PUBLIC, Caller
from deskbay.accounts.attempts import Attempt, AttemptsOfApp, counted
from deskbay.accounts.models import Identity, Login, Role, User
from deskbay.accounts.new_passwords import NewPasswords, NewPasswordsOfApp
from deskbay.accounts.oidc.service import OidcOfApp, OidcSignIns, add_identity
from deskbay.accounts.rights.no_way_up import refuse_over_administrators
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.accounts.routes import Issuer
from deskbay.accounts.schemas import Email, NewPassword, NewUser, Secret, SignInIn, Username
from deskbay.accounts.sign_in import PasswordSignInsOfApp
from deskbay.accounts.visits import BaseUrl, CallerAddress, VisitOfRequest
from deskbay.contracts.desktop_manager.admission import (
    ManagerNeeds,
    ManagerNeedsBriefly,
    refuse_to_make_administrators,
)
from deskbay.contracts.desktop_manager.answers import Message
from deskbay.contracts.desktop_manager.errors import ERRORS, ErrorRoute, NotAdmitted, Refused
from deskbay.contracts.long_tokens import long_token
from deskbay.database import DatabaseOfApp, Transaction
from deskbay.desktops.leaving import remove_person
from deskbay.kit.clock import Clock, ClockOfApp
from deskbay.kit.problems import Problem
from deskbay.kit.sign_in_places import OidcProvider

router = APIRouter(
    prefix="/api",
    tags=["desktop manager (contract)"],
    route_class=ErrorRoute,
    responses=ERRORS,
    generate_unique_id_function=lambda route: f"desktop_manager_{route.name}",
)
SHORTEST_USERNAME = 3
MISSING = "Missing required parameters"

Reader = Annotated[Caller, Depends(ManagerNeeds(Scope.PEOPLE_READ, Reach.ALL))]
Writer = Annotated[Caller, Depends(ManagerNeeds(Scope.PEOPLE_WRITE, Reach.ALL))]


class LoginIn(BaseModel):
    username: str = ""
    password: Secret = SecretStr("")


class PasswordLogin(BaseModel):
    token: str
    is_admin: bool
    username: str


class RegisterIn(BaseModel):
    username: Username
    password: NewPassword
    is_admin: bool = False


class Beginning(BaseModel):
    authorization_url: str


class ProviderAnswer(BaseModel):
    code: Secret = SecretStr("")
    state: Secret = SecretStr("")


class Person(BaseModel):
    id: int
    username: str
    email: str | None
    is_admin: bool


class Callback(BaseModel):
    token: str
    user: Person


class PersonDetails(Person):
    organization: str | None = None
    created_at: datetime
    last_login: datetime | None
    sub: str | None


class AuthProvider(BaseModel):
    provider_type: str
    provider_name: str
    provider_user_id: str
    created_at: datetime


class PersonWithProviders(PersonDetails):
    auth_providers: list[AuthProvider]


class People(BaseModel):
    users: list[PersonDetails]


class PersonAnswer(BaseModel):
    user: PersonWithProviders


class CreateIn(BaseModel):
    username: Annotated[Username, Field(min_length=SHORTEST_USERNAME)]
    sub: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    password: NewPassword | None = None
    email: Email | None = None
    is_admin: bool = False


class Created(BaseModel):
    id: int
    username: str
    is_admin: bool
    created_at: datetime
    message: str
    user: PersonDetails


class RemoveIn(BaseModel):
    username: str


@router.post("/auth/login", dependencies=[PUBLIC])
async def login(  # noqa: PLR0917 - each is a part of the request
    given: LoginIn,
    address: CallerAddress,
    sign_ins: PasswordSignInsOfApp,
    database: DatabaseOfApp,
    issuer: Issuer,
    visit: VisitOfRequest,
) -> PasswordLogin:
    """Sign in by password."""
    if not given.username or not given.password.get_secret_value():
        raise NotAdmitted("Missing username or password", HTTPStatus.BAD_REQUEST)
    try:
        wish = SignInIn.model_validate({"username": given.username, "password": given.password})
        user = await sign_ins.check_alone(wish, address)
    except ValidationError as error:
        raise NotAdmitted("Invalid credentials") from error
    except Problem as problem:
        if problem.status is not HTTPStatus.UNAUTHORIZED:
            raise
        raise NotAdmitted("Invalid credentials") from problem
    async with database.write() as db:
        token = long_token(issuer, await service.issue_tokens(db, issuer, user, visit))
    return PasswordLogin(token=token, is_admin=user.role is Role.ADMINISTRATOR, username=user.username)


@router.post("/auth/register", status_code=HTTPStatus.CREATED)
async def register(
    given: RegisterIn,
    database: DatabaseOfApp,
    by: Annotated[Caller, Depends(ManagerNeedsBriefly(Scope.PEOPLE_WRITE, Reach.ALL, in_person=True))],
    clock: ClockOfApp,
    new_passwords: NewPasswordsOfApp,
) -> Message:
    """Make an account for somebody."""
    if given.is_admin:
        refuse_to_make_administrators(by)
    password_hash = await _hash(new_passwords, given.password)
    async with database.write() as db:
        await _create(db, clock, NewUser(username=given.username), password_hash, is_admin=given.is_admin)
    return Message(message="User registered successfully")


@router.get("/auth/oidc/login", dependencies=[PUBLIC, counted(Attempt.PROVIDER)])
async def begin(database: DatabaseOfApp, oidc: OidcOfApp, base_url: BaseUrl) -> Beginning:
    """Tell where to sign in. The answer comes back to the client's own page, which hands it to the callback."""
    provider = _first_provider(oidc)
    redirect_uri = provider.redirect_uri or f"{base_url}/auth/callback"
    return Beginning(authorization_url=await oidc.begin(database, provider.name, redirect_uri, None))


@router.post("/auth/oidc/callback", dependencies=[PUBLIC])
async def finish(  # noqa: PLR0917 - each is a part of the request
    given: ProviderAnswer,
    database: DatabaseOfApp,
    oidc: OidcOfApp,
    issuer: Issuer,
    visit: VisitOfRequest,
    attempts: AttemptsOfApp,
) -> Callback:
    """Trade what the provider answered for a token."""
    code, state = given.code.get_secret_value(), given.state.get_secret_value()
    if not code or not state:
        raise Refused(MISSING)
    try:
        async with attempts.told(Attempt.PROVIDER):
            arrival = await oidc.finish(database, code, state, None)
    except Problem as problem:
        raise Refused(_why_not(problem)) from problem
    visit = replace(visit, identity_id=arrival.identity_id, provider_session=arrival.provider_session)
    async with attempts.told(Attempt.PROVIDER), database.write() as db:
        token = long_token(issuer, await service.issue_tokens(db, issuer, arrival.user, visit))
    return Callback(token=token, user=_person(arrival.user))


def _why_not(problem: Problem) -> str:
    known = {"sign-in-lost": "Invalid or expired state", "unknown-person": "User not found"}
    return known.get(problem.kind, f"Token exchange failed: {problem.detail}")


def _first_provider(oidc: OidcSignIns) -> OidcProvider:
    if not oidc.providers:
        raise Refused("No provider of OpenID Connect is set up here. Sign in by password.")
    return oidc.providers[0]


@router.get("/users/list")
async def list_users(db: Transaction, _: Reader) -> People:
    """List everyone."""
    people = (await db.scalars(select(User).where(User.removed_at.is_(None)).order_by(User.username_key))).all()
    return People(users=await _described(db, people))


@router.get("/users/{username}")
async def get_user(username: str, db: Transaction, _: Reader, oidc: OidcOfApp) -> PersonAnswer:
    """Show a person, and the providers that know them."""
    user = await _named(db, username)
    names = {provider.url: provider.name for provider in oidc.providers}
    providers = [
        AuthProvider(
            provider_type="oidc",
            provider_name=names.get(identity.issuer, identity.issuer),
            provider_user_id=identity.subject,
            created_at=identity.created_at,
        )
        for identity in await db.scalars(select(Identity).where(Identity.user_id == user.id).order_by(Identity.id))
    ]
    details = (await _described(db, [user]))[0]
    return PersonAnswer(user=PersonWithProviders(**details.model_dump(), auth_providers=providers))


@router.post("/users/createuser", status_code=HTTPStatus.CREATED)
async def create_user(  # noqa: PLR0917 - each is a part of the request
    given: CreateIn,
    database: DatabaseOfApp,
    by: Annotated[Caller, Depends(ManagerNeedsBriefly(Scope.PEOPLE_WRITE, Reach.ALL))],
    clock: ClockOfApp,
    oidc: OidcOfApp,
    new_passwords: NewPasswordsOfApp,
) -> Created:
    """Make an account for somebody who signs in by password, or at the first provider as a subject of it."""
    if given.sub is None and given.password is None:
        raise Refused("Send a sub, or a password.")
    if given.is_admin:
        refuse_to_make_administrators(by)
    new = NewUser(username=given.username, email=given.email)
    password_hash = await _hash(new_passwords, given.password)
    async with database.write() as db:
        user = await _create(db, clock, new, password_hash, is_admin=given.is_admin)
        if given.sub is not None:
            await _let_in(db, clock, user, _first_provider(oidc).url, given.sub)
        details = (await _described(db, [user]))[0]
    brief = details.model_dump(include={"id", "username", "is_admin", "created_at"})
    return Created(**brief, message="User created successfully", user=details)


@router.post("/users/removeuser")
async def remove_user(given: RemoveIn, db: Transaction, caller: Writer, clock: ClockOfApp) -> Message:
    """Remove a person: they sign in no more, and their desktops are deleted."""
    user = await _named(db, given.username)
    if user.id == caller.user.id:
        raise Refused("You cannot remove your own account", HTTPStatus.FORBIDDEN)
    refuse_over_administrators(caller, user)
    name = user.username
    await remove_person(db, clock, user, by=caller.user)
    return Message(message=f"User {name} removed successfully")


async def _hash(new_passwords: NewPasswords, password: SecretStr | None) -> str | None:
    return await new_passwords.hash(password.get_secret_value()) if password else None


async def _create(db: AsyncSession, clock: Clock, new: NewUser, password_hash: str | None, *, is_admin: bool) -> User:
    role = Role.ADMINISTRATOR if is_admin else Role.USER
    return await service.create_user(db, clock, new, password_hash=password_hash, role=role)


async def _let_in(db: AsyncSession, clock: Clock, user: User, issuer: str, subject: str) -> None:
    try:
        async with db.begin_nested():
            await add_identity(db, clock, user, issuer, subject)
    except IntegrityError as error:
        raise Refused("That sub belongs to another user. Remove that one first, or send another sub.") from error


async def _named(db: AsyncSession, username: str) -> User:
    user = await service.find_user(db, username)
    if user is None:
        raise Refused(f"There is no user “{username}”.", HTTPStatus.NOT_FOUND)
    return user


def _person(user: User) -> Person:
    return Person(id=user.id, username=user.username, email=user.email, is_admin=user.role is Role.ADMINISTRATOR)


async def _described(db: AsyncSession, people: Sequence[User]) -> list[PersonDetails]:
    ids = [user.id for user in people]
    seen = select(Login.user_id, func.max(Login.seen_at)).where(Login.user_id.in_(ids)).group_by(Login.user_id)
    last = dict((await db.execute(seen)).all())
    known = select(Identity.user_id, Identity.subject).where(Identity.user_id.in_(ids)).order_by(Identity.id.desc())
    subjects = dict((await db.execute(known)).all())
    return [
        PersonDetails(
            **_person(user).model_dump(),
            created_at=user.created_at,
            last_login=last.get(user.id),
            sub=subjects.get(user.id),
        )
        for user in people
    ]
