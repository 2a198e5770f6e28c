"""People who use the server: in the database, at a page with cookies, or with a program and a bearer token."""

from contextlib import AsyncExitStack
from functools import cache

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from deskbay.accounts import passwords, service
from deskbay.accounts.models import Role, User
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

    async def _client(self) -> AsyncClient:
        return await self._clients.enter_async_context(client_of(self._app))
