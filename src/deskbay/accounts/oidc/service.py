"""The rules on signing in at a provider: how it begins and ends, and whose account it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated

import httpx
from fastapi import Depends
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload
from starlette.requests import HTTPConnection

from deskbay.accounts import service as accounts
from deskbay.accounts.models import Identity, Login, OidcState, Role, User
from deskbay.accounts.oidc import groups
from deskbay.accounts.oidc.claims import Claims
from deskbay.accounts.oidc.pkce import Bindings
from deskbay.accounts.oidc.provider import PATIENCE_SECONDS, Provider
from deskbay.accounts.schemas import NewUser
from deskbay.database import Database
from deskbay.kit.clock import Clock
from deskbay.kit.problems import Problem
from deskbay.kit.secrets import digest, new_secret
from deskbay.kit.sign_in_places import OidcProvider
from deskbay.kit.trust import trusted
from deskbay.settings import Settings

STATE_LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who has come from a provider."""

    user: User
    identity_id: int
    provider_session: str | None


class OidcSignIns:
    """Sign-ins at the providers that are set."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        key: str,
        http: httpx.AsyncClient | None = None,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._http = http or httpx.AsyncClient(timeout=patience, verify=trusted())
        self._clock = clock
        self._key = key
        self._administrator = settings.admin_oidc_sub
        self._providers = {one.name: Provider(one, self._http, clock, patience) for one in settings.oidc_providers}

    @property
    def providers(self) -> Sequence[OidcProvider]:
        """What is set of each provider, in the order in which people see them."""
        return [provider.config for provider in self._providers.values()]

    async def close(self) -> None:
        await self._http.aclose()

    async def begin(self, database: Database, name: str, redirect_uri: str, browser: str | None) -> str:
        """Return where the browser has to go. Its secret has to come back with the answer of the provider.

        Raises Problem 404 for an unknown provider, 502 when it is away.
        """
        provider = self._provider(name)
        state = new_secret()
        bindings = Bindings.of(state, self._key)
        url = await provider.authorization_url(redirect_uri, state, bindings.nonce, bindings.verifier)
        now = self._clock.now()
        async with database.write() as db:
            await db.execute(delete(OidcState).where(OidcState.expires_at <= now))
            begun = OidcState(digest=digest(state), browser_digest=browser and digest(browser), provider=name)
            begun.redirect_uri, begun.expires_at = redirect_uri, now + STATE_LIFETIME
            db.add(begun)
        return url

    async def finish(self, database: Database, code: str, state: str, browser: str | None) -> Arrival:
        """Return who came back from a provider, with an account made if that is set.

        No transaction is open while the provider is asked. Raises Problem 400 for a state that isn't good, 401 when
        what the provider says can't be believed, 403 for people without an account, 502 when it is away.
        """
        async with database.write() as db:
            begun = await self._take(db, state, browser)
        if begun is None or begun.provider not in self._providers:
            raise Problem(
                HTTPStatus.BAD_REQUEST,
                "This sign-in was finished before, began in another browser, or took longer than ten minutes."
                " Begin again.",
                kind="sign-in-lost",
            )
        provider = self._providers[begun.provider]
        bindings = Bindings.of(state, self._key)
        claims = await provider.redeem(code, begun.redirect_uri, bindings.nonce, bindings.verifier)
        async with database.write() as db:
            identity = await self._identity(db, provider.config, claims)
            return Arrival(identity.user, identity.id, claims.session)

    async def end_sessions(self, database: Database, name: str, logout_token: str) -> None:
        """Sign out whom a provider has signed out. Raises Problem 401 when that can't be believed."""
        provider = self._provider(name)
        subject, session = await provider.read_logout(logout_token)
        theirs = [Identity.issuer == provider.config.url]
        if subject is not None:
            theirs.append(Identity.key == key_of(provider.config.url, subject))
        if session is not None:
            theirs.append(Login.provider_session == session)
        async with database.write() as db:
            going_on = select(Login.id).join(Identity, Identity.id == Login.identity_id)
            for login_id in await db.scalars(going_on.where(*theirs, Login.ended_at.is_(None))):
                await accounts.end_login(db, self._clock, login_id)

    async def sign_out_url(self, database: Database, login_id: int, return_to: str) -> str | None:
        """Return where to go on to sign out of the provider that a sign-in came from, if there is such a page."""
        async with database.read() as db:
            came_from = select(Identity.issuer).join(Login, Login.identity_id == Identity.id)
            issuer = await db.scalar(came_from.where(Login.id == login_id))
        provider = next((one for one in self._providers.values() if one.config.url == issuer), None)
        return await provider.sign_out_url(return_to) if provider else None

    def _provider(self, name: str) -> Provider:
        if name not in self._providers:
            raise Problem(HTTPStatus.NOT_FOUND, f"There is no provider “{name}” to sign in with.", kind="no-provider")
        return self._providers[name]

    async def _take(self, db: AsyncSession, state: str, browser: str | None) -> OidcState | None:
        """Use a state up: whatever comes of it, it is good for nothing more."""
        known = OidcState.digest == digest(state)
        begun: OidcState | None = await db.scalar(select(OidcState).where(known).with_for_update())
        if begun is None or not await accounts.changes_row(db, delete(OidcState).where(known)):
            return None
        is_same_browser = begun.browser_digest == (browser and digest(browser))
        return begun if is_same_browser and self._clock.now() < begun.expires_at else None

    async def _identity(self, db: AsyncSession, config: OidcProvider, claims: Claims) -> Identity:
        is_first = config is self.providers[0]
        administers = is_first and self._administrator is not None and claims.subject == self._administrator
        known = select(Identity).where(Identity.key == key_of(config.url, claims.subject))
        identity: Identity | None = await db.scalar(known.options(joinedload(Identity.user)))
        if identity is None:
            identity = await self._first_sign_in(db, config, claims, may_come=administers or config.makes_accounts)
        if administers:
            identity.user.role = Role.ADMINISTRATOR
        if claims.groups is not None:
            await groups.follow(db, identity.user, config.groups, claims.groups)
        return identity

    async def _first_sign_in(
        self, db: AsyncSession, config: OidcProvider, claims: Claims, *, may_come: bool
    ) -> Identity:
        user = await _known_by_email(db, claims)
        if user is None and not may_come:
            what = f"Nobody here is known to {config.title} as you are. Ask an administrator for an account."
            raise Problem(HTTPStatus.FORBIDDEN, what, kind="unknown-person")
        try:
            async with db.begin_nested():
                return await add_identity(
                    db, self._clock, user or await self._add(db, claims), config.url, claims.subject
                )
        except IntegrityError as error:
            what = "You are being signed in for the first time in another window. Sign in again."
            raise Problem(HTTPStatus.CONFLICT, what, kind="sign-in-twice") from error

    async def _add(self, db: AsyncSession, claims: Claims) -> User:
        username = await accounts.free_username(db, claims.username or "")
        is_taken = claims.email is not None and await accounts.find_user(db, claims.email) is not None
        email = None if is_taken else claims.email
        new = NewUser(username=username, full_name=claims.full_name, email=email)
        user = await accounts.create_user(db, self._clock, new)
        user.email_verified_at = self._clock.now() if email else None
        return user


async def add_identity(db: AsyncSession, clock: Clock, user: User, issuer: str, subject: str) -> Identity:
    """Let a person sign in as a subject of an issuer."""
    identity = Identity(issuer=issuer, subject=subject, key=key_of(issuer, subject), created_at=clock.now(), user=user)
    db.add(identity)
    await db.flush()
    return identity


async def _known_by_email(db: AsyncSession, claims: Claims) -> User | None:
    """Return whom the address belongs to, where both sides have verified it: others may have typed it."""
    if claims.email is None:
        return None
    verified = (User.email == claims.email) & User.email_verified_at.is_not(None)
    user: User | None = await db.scalar(select(User).where(verified))
    return user


def key_of(issuer: str, subject: str) -> str:
    """Return the digest by which an identity is found."""
    return sha256(f"{issuer}\n{subject}".encode()).hexdigest()


async def _oidc(connection: HTTPConnection) -> OidcSignIns:
    oidc: OidcSignIns = connection.app.state.oidc
    return oidc


OidcOfApp = Annotated[OidcSignIns, Depends(_oidc)]
