"""Who is asking: by a token of a sign-in, or one of the API."""

from dataclasses import dataclass
from http import HTTPStatus

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from deskbay.accounts.access import Caller
from deskbay.accounts.models import Role, User
from deskbay.accounts.rights.scopes import GRANTABLE, Reach
from deskbay.accounts.tokens import TokenIssuer
from deskbay.contracts.admission import ContractNeeds
from deskbay.contracts.desktop_manager.errors import NotAdmitted
from deskbay.database import Transaction


@dataclass(frozen=True, slots=True)
class ManagerNeedsBriefly(ContractNeeds):
    """A right that a route of this API takes, where something has to be waited for."""

    async def unknown(self, token: str, issuer: TokenIssuer, db: AsyncSession) -> NotAdmitted:
        """Return 401 in the contract's words."""
        if not token:
            return NotAdmitted("Token is missing!")
        if issuer.is_expired(token):
            return NotAdmitted("Token has expired!")
        claims = issuer.verify(token)
        gone = claims is not None and await db.get(User, claims.user_id) is None
        return NotAdmitted("User not found!" if gone else "Token is invalid!")

    def refusal(self) -> NotAdmitted:
        """Return what refuses who lacks the right, in the contract's words."""
        return NotAdmitted("Admin privilege required!", HTTPStatus.FORBIDDEN)


@dataclass(frozen=True, slots=True)
class ManagerNeeds(ManagerNeedsBriefly):
    """The same, in the request's transaction."""

    async def __call__(  # type: ignore[override]  # FastAPI gives it what it asks for
        self, connection: HTTPConnection, db: Transaction
    ) -> Caller:
        return await self.admit(connection, db)


def refuse_to_make_administrators(by: Caller) -> None:
    """Raise 403 where one who is no administrator would make one, or a token that may do less than they."""
    limits = by.rights.limits
    is_narrow = limits is not None and any(limits.get(scope) is not Reach.ALL for scope in GRANTABLE)
    if by.user.role is not Role.ADMINISTRATOR or is_narrow:
        raise NotAdmitted("Admin privilege required!", HTTPStatus.FORBIDDEN)
