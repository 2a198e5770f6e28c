"""How a command reaches the database of a data folder, and acts as a user of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.models import Role, User
from deskbay.accounts.service import create_sign_in_link, end_login, find_user, first_administrator, issue_tokens
from deskbay.accounts.tokens import TokenIssuer
from deskbay.cli.client import Client
from deskbay.cli.data_folder import find_server, hold, read_server
from deskbay.cli.failures import Failure
from deskbay.database import Database, create_engine
from deskbay.database.complaints import explained
from deskbay.database.upgrade import upgrade
from deskbay.kit.clock import SystemClock
from deskbay.kit.events import EventBus
from deskbay.kit.secrets import kept_secret
from deskbay.settings import Settings

CLOCK = SystemClock()
SECONDS = 30.0


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """Open the database of a data folder, which is made and brought up to date unless a server runs on it."""
    if read_server(settings.data) is None:
        with hold(settings.data) as undo:
            await upgrade(settings.database_address)
            undo.pop_all()
    database = Database(create_engine(settings.database_address), EventBus())
    try:
        with explained(settings.database_address):
            yield database
    finally:
        await database.close()


@asynccontextmanager
async def acting(settings: Settings, username: str | None) -> AsyncIterator[Client]:
    """Talk to the running server as a user, or else as its first administrator; signed out again at the end."""
    server = find_server(settings.data)
    issuer = TokenIssuer(settings.signing_key(kept_secret(settings.data / "secret.key")), CLOCK, settings)
    async with open_database(settings) as database:
        async with database.write() as db:
            user = await _find(db, username)
            tokens = await issue_tokens(db, issuer, user)
        headers = {"Authorization": f"Bearer {tokens.access}"}
        try:
            async with AsyncClient(base_url=server.url, headers=headers, trust_env=False, timeout=SECONDS) as http:
                yield Client(http, settings.data, sees_all=user.role is Role.ADMINISTRATOR)
        finally:
            claims = issuer.verify(tokens.access)
            async with database.write() as db:
                if claims:
                    await end_login(db, CLOCK, claims.login_id)


async def _find(db: AsyncSession, username: str | None) -> User:
    if username is None:
        return await first_administrator(db, CLOCK)
    if user := await find_user(db, username):
        return user
    what = f"There is no user “{username}”."
    raise Failure(f"{what} Make one: deskbay users create {username}", kind="unknown-user")


async def sign_in_link(settings: Settings, username: str | None, page: str) -> str:
    """Return a link that signs the user in once and opens a page of the web page, such as `/desktops/7`."""
    base = settings.public_url or find_server(settings.data).url
    async with open_database(settings) as database, database.write() as db:
        token = await create_sign_in_link(db, CLOCK, await _find(db, username))
    return f"{base.rstrip('/')}/#/link/{token}?next={page}"
