"""What only one may have, such as a name."""

from http import HTTPStatus

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.database.base import Base
from deskbay.kit.problems import Problem


async def save_unless_taken(db: AsyncSession, row: Base, what: str) -> None:
    """Write what was made or changed. Raises Problem 409, which says `what`, where another has what only one may."""
    try:
        async with db.begin_nested():
            db.add(row)
    except IntegrityError as error:
        raise Problem(HTTPStatus.CONFLICT, what, kind="taken") from error
