"""How the commands ask the server."""

from pathlib import Path

from httpx import AsyncClient, MockTransport, Request, Response

from deskbay.accounts.groups.schemas import GroupList
from deskbay.cli.client import Client


class Shelf:
    """Answers with a list of three groups, one on each page, and notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, request: Request) -> Response:
        self.asked.append(request.url.query.decode())
        number = int(request.url.params.get("cursor", 0)) + 1
        group = {"id": number, "name": f"Class {number}", "slug": f"class-{number}", "description": "", "people": 0}
        items = [{**group, "tracking": "off", "window_titles": False}]
        return Response(200, json={"items": items, "next_cursor": number if number < 3 else None, "total": 3})


async def test_every_page_of_a_list_is_asked_for_once() -> None:
    shelf = Shelf()
    async with AsyncClient(transport=MockTransport(shelf), base_url="http://server") as http:
        client = Client(http, Path(), sees_all=False)
        names = [one.name async for page in client.pages(GroupList, "/groups", limit=1) for one in page.items]
    assert names == ["Class 1", "Class 2", "Class 3"]
    assert shelf.asked == ["limit=1", "limit=1&cursor=1", "limit=1&cursor=2"]
