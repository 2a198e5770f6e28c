"""What only one may have, such as a name."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.kit.problems import Problem


@asynccontextmanager
async def unless_taken(db: AsyncSession, what: str) -> AsyncIterator[None]:
    """Write what is made or changed within. Raises Problem 409, which says `what`, where another has what it wants.

    Then all within is taken back, and the transaction may go on.
    """
    try:
        async with db.begin_nested():
            yield
    except IntegrityError as error:
        raise Problem(HTTPStatus.CONFLICT, what, kind="taken") from error
