"""Who may use a contract whose clients send a bearer token."""

from abc import abstractmethod
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from deskbay.accounts.access import Caller, Needs, authenticate
from deskbay.accounts.tokens import TokenIssuer
from deskbay.database import DatabaseOfApp


@dataclass(frozen=True, slots=True)
class ContractNeeds(Needs):
    """A right that a route of a contract takes; each contract refuses in its own words.

    Something may be waited for before the request's transaction begins.
    """

    async def __call__(  # type: ignore[override]  # FastAPI gives it what it asks for
        self, connection: HTTPConnection, database: DatabaseOfApp
    ) -> Caller:
        async with database.read() as db:
            return await self.admit(connection, db)

    async def identify(self, connection: HTTPConnection, db: AsyncSession) -> Caller:
        """Return who is asking. Raises what refuses those who are not signed in."""
        token = bearer_token(connection)
        caller = await authenticate(connection, db, self) if token else None
        if caller is None:
            raise await self.unknown(token, connection.app.state.token_issuer, db)
        return caller

    @abstractmethod
    async def unknown(self, token: str, issuer: TokenIssuer, db: AsyncSession) -> Exception:
        """Return what refuses who asks without a token, or with one that is not good."""


def bearer_token(connection: HTTPConnection) -> str:
    """Return the bearer token that a request carries, or nothing."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
