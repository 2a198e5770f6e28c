"""Finding people by name, in the order of their usernames."""

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Annotated

from pydantic import Field
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.access import Caller
from deskbay.accounts.models import User
from deskbay.kit.paging import Page, cut
from deskbay.kit.problems import Problem


class UserFilter(Page):
    """Which people are wanted, and which part of them."""

    search: Annotated[
        str, Field(max_length=200, description="Words, each of them in the username, the full name or the e-mail")
    ] = ""

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        for word in self.search.split():
            columns = (User.username, User.full_name, User.email)
            yield or_(*(column.icontains(word, autoescape=True) for column in columns))


async def list_users(
    db: AsyncSession, wanted: UserFilter, *among: ColumnElement[bool]
) -> tuple[Sequence[User], int | None, int]:
    """Return a page of people by username, the cursor of the next page, and how many match in all.

    `among` says which people come into question.
    """
    conditions = [*wanted.conditions(), *among, User.removed_at.is_(None)]
    page = select(User).where(*conditions).order_by(User.username_key).limit(wanted.limit + 1)
    if wanted.cursor is not None:
        page = page.where(
            User.username_key > select(User.username_key).where(User.id == wanted.cursor).scalar_subquery()
        )
    users, cursor = cut((await db.scalars(page)).all(), wanted.limit)
    total = await db.scalar(select(func.count()).select_from(User).where(*conditions))
    return users, cursor, total or 0


async def get_user(db: AsyncSession, user_id: int) -> User:
    """Return a person. Raises Problem 404."""
    user = await db.get(User, user_id)
    if user is None:
        raise no_user(user_id)
    return user


async def get_user_within_reach(db: AsyncSession, caller: Caller, user_id: int) -> User:
    """Return a person. Raises Problem 404, also for one who is out of the caller's reach."""
    if not await caller.reaches(db, user_id):
        raise no_user(user_id)
    return await get_user(db, user_id)


def no_user(user_id: int) -> Problem:
    what = f"There is no user {user_id}. GET /api/v1/users lists them."
    return Problem(HTTPStatus.NOT_FOUND, what, kind="no-user")
