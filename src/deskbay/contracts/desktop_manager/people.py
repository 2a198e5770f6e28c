"""People as this API's clients name them: by their usernames."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.models import User
from deskbay.contracts.desktop_manager.errors import Refused


class UserBrief(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    username: str


class Users(BaseModel):
    users: list[UserBrief]


async def ids_of(db: AsyncSession, usernames: Sequence[str]) -> list[int]:
    """Return the ids of people. Raises Refused for a name that nobody has."""
    wanted = {username.lower(): username for username in usernames}
    people = (await db.scalars(select(User).where(User.username_key.in_(wanted)))).all()
    if missing := wanted.keys() - {person.username_key for person in people}:
        raise Refused(f"There is no user “{wanted[min(missing)]}”. Correct the name, or leave it out.")
    return [person.id for person in people]
