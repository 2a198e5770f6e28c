"""Who may use a contract whose clients send a bearer token."""

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from deskbay.accounts.access import Caller, Needs
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


def bearer_token(connection: HTTPConnection) -> str:
    """Return the bearer token that a request carries, or nothing."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
