"""Access tokens for clients that know no refresh: they last for a working day, or until their sign-in ends."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.models import User
from deskbay.accounts.service import Visit, issue_tokens
from deskbay.accounts.tokens import TokenIssuer

LIFETIME = timedelta(hours=12)


async def issue_long_token(db: AsyncSession, issuer: TokenIssuer, user: User, visit: Visit) -> str:
    """Sign the user in, and return the one token. Raises Problem 403 for disabled people."""
    tokens = await issue_tokens(db, issuer, user, visit)
    claims = issuer.verify(tokens.access)
    assert claims is not None  # noqa: S101 - it was signed just now
    return issuer.sign(claims, LIFETIME)
