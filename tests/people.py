"""People who use the server: in the database, at a page with cookies, or with a program and a bearer token."""

from contextlib import AsyncExitStack
from functools import cache

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from deskbay.accounts import passwords, service
from deskbay.accounts.access import Caller, Credential
from deskbay.accounts.groups.models import Group, Member
from deskbay.accounts.models import Role, User
from deskbay.accounts.rights.models import CustomRole, RoleBinding
from deskbay.accounts.rights.rights import Rights
from deskbay.accounts.rights.scopes import Scope
from deskbay.accounts.schemas import NewUser
from deskbay.accounts.tokens import TokenIssuer
from deskbay.database import Database

ORIGIN = "http://127.0.0.1:8000"
PASSWORD = "correct horse battery"


@cache
def password_hash() -> str:
    """Return the hash of PASSWORD, computed once: it takes long."""
    return passwords.HASHER.hash(PASSWORD)


def client_of(app: FastAPI, base_url: str = ORIGIN) -> AsyncClient:
    """Return a client that nobody has signed in."""
    return AsyncClient(transport=ASGITransport(app), base_url=base_url)


def as_caller(user: User, scope: Scope) -> Caller:
    """Return a user as the caller of a service, as if they had signed in."""
    return Caller(user, 0, Credential.BEARER, Rights(user), scope)


class People:
    """Adds people to an application's database and signs them in."""

    def __init__(self, app: FastAPI, clients: AsyncExitStack) -> None:
        self._app = app
        self._clients = clients
        self.database: Database = app.state.database
        self.issuer: TokenIssuer = app.state.token_issuer

    async def add(self, username: str = "ada", role: Role = Role.USER) -> User:
        """Add a user who has PASSWORD."""
        new = NewUser(username=username, email=f"{username}@example.org")
        async with self.database.write() as db:
            return await service.create_user(db, self._app.state.clock, new, password_hash=password_hash(), role=role)

    async def program(self, user: User) -> AsyncClient:
        """Return a client with a bearer token of the user's."""
        async with self.database.write() as db:
            tokens = await service.issue_tokens(db, self.issuer, user)
        client = await self._client()
        client.headers["Authorization"] = f"Bearer {tokens.access}"
        return client

    async def page(self, user: User) -> AsyncClient:
        """Return a client with the user's cookies that behaves like a browser at our page."""
        async with self.database.write() as db:
            token = await service.create_sign_in_link(db, self._app.state.clock, user)
        client = await self._client()
        client.headers["Origin"] = ORIGIN
        (await client.post("/api/v1/auth/link", json={"token": token})).raise_for_status()
        return client

    async def caller(self, user: User, scope: Scope) -> Caller:
        """Sign the user in, and return them as the caller of a route, for routes that a test calls itself."""
        async with self.database.write() as db:
            tokens = await service.issue_tokens(db, self.issuer, user)
        claims = self.issuer.verify(tokens.access)
        assert claims
        return Caller(user, claims.login_id, Credential.COOKIE, Rights(user), scope)

    async def look_after(self, administrator: User, *people: User, name: str = "Class 7b") -> Group:
        """Make a group of these people with an administrator of its own."""
        slug = name.lower().replace(" ", "-")
        async with self.database.write() as db:
            group = Group(name=name, slug=slug, created_at=self._app.state.clock.now())
            db.add(group)
            await db.flush()
            db.add(Member(group_id=group.id, user_id=administrator.id, is_administrator=True))
            db.add_all(Member(group_id=group.id, user_id=person.id) for person in people)
        return group

    async def give(self, user: User, *rights: str) -> None:
        """Give the user a role that has these rights."""
        async with self.database.write() as db:
            name = f"role of {user.username}"
            role = CustomRole(name=name, rights=" ".join(rights), created_at=self._app.state.clock.now())
            db.add(role)
            await db.flush()
            db.add(RoleBinding(role_id=role.id, user_id=user.id))

    async def _client(self) -> AsyncClient:
        return await self._clients.enter_async_context(client_of(self._app))
