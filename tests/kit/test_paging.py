"""Lists are cut into pages, and each page knows where the next begins."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from hypothesis import given
from hypothesis import strategies as some

from deskbay.kit.paging import DEFAULT_LIMIT, Page, PageQuery, cut


@dataclass
class Row:
    id: int


def fetch(rows: Sequence[Row], limit: int, cursor: int | None) -> Sequence[Row]:
    """Return limit + 1 rows after the cursor, newest first, as a service does."""
    after = [row for row in rows if cursor is None or row.id < cursor]
    return sorted(after, key=lambda row: -row.id)[: limit + 1]


@pytest.mark.parametrize(
    ("fetched", "page", "following"),
    [([], [], None), ([9], [9], None), ([9, 8], [9, 8], None), ([9, 8, 7], [9, 8], 8)],
)
def test_the_last_page_has_no_cursor(fetched: list[int], page: list[int], following: int | None) -> None:
    rows, cursor = cut([Row(number) for number in fetched], 2)
    assert ([row.id for row in rows], cursor) == (page, following)


@given(ids=some.sets(some.integers(1, 500)), limit=some.integers(1, 20))
def test_page_by_page_every_row_comes_once(ids: set[int], limit: int) -> None:
    rows, cursor, seen = [Row(number) for number in ids], None, list[int]()
    while True:
        page, cursor = cut(fetch(rows, limit, cursor), limit)
        assert len(page) <= limit
        seen += [row.id for row in page]
        if cursor is None:
            break
    assert seen == sorted(ids, reverse=True)


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    app = FastAPI()

    @app.get("/")
    async def show(page: PageQuery) -> Page:
        return page

    async with AsyncClient(transport=ASGITransport(app), base_url="http://x") as client:
        yield client


async def test_what_a_page_is_without_a_word(client: AsyncClient) -> None:
    assert (await client.get("/")).json() == {"limit": DEFAULT_LIMIT, "cursor": None}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("limit=1&cursor=9", 200),
        ("limit=200", 200),
        (f"cursor={2**63 - 1}", 200),
        ("limit=0", 422),
        ("limit=201", 422),
        ("limit=-1", 422),
        ("limit=x", 422),
        ("cursor=0", 422),
        (f"cursor={2**63}", 422),
        ("cursor=1;drop", 422),
    ],
)
async def test_bounds(client: AsyncClient, query: str, status: int) -> None:
    assert (await client.get(f"/?{query}")).status_code == status
