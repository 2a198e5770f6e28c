"""Lists by cursor: the cursor is the key of the last item seen."""

from collections.abc import Sequence
from typing import Annotated, Protocol, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field

from deskbay.kit.keys import LARGEST_KEY

DEFAULT_LIMIT = 50
MOST = 200


class Page(BaseModel):
    """Which part of a list is wanted."""

    limit: Annotated[int, Field(ge=1, le=MOST, description="How many items at the most")] = DEFAULT_LIMIT
    cursor: Annotated[int | None, Field(ge=1, le=LARGEST_KEY, description="`next_cursor` of the page before")] = None


PageQuery = Annotated[Page, Query()]


class HasId(Protocol):
    @property
    def id(self) -> int: ...


T = TypeVar("T", bound=HasId)


def cut(rows: Sequence[T], limit: int) -> tuple[Sequence[T], int | None]:
    """Split limit + 1 fetched rows into a page and the cursor of the next one."""
    page = rows[:limit]
    return page, page[-1].id if len(rows) > limit else None
