"""Desktops by way of guacd whose templates say what may be copied, or that they are recorded."""

import pytest
from fastapi import FastAPI
from tests.gateway.guacd.doubles import ARGUMENTS, ID, FakeGuacd
from tests.gateway.guacd.test_routes import end_of, entering
from tests.gateway.recordings.test_routes import change, ended
from tests.people import People

from deskbay.accounts.models import Role, User
from deskbay.desktops.models import Clipboard
from deskbay.gateway.guacd.instructions import instruction

WORDS = ("disable-copy", "disable-paste")


@pytest.fixture
def address(port: int, running: int) -> str:
    return f"ws://127.0.0.1:{port}/api/v1/desktops/{running}/guacamole"


@pytest.fixture
async def bearer(people: People, ada: User) -> dict[str, str]:
    return {"Authorization": (await people.program(ada)).headers["Authorization"]}


@pytest.mark.parametrize(
    ("clipboard", "told"),
    [
        (Clipboard.BOTH, {}),
        (Clipboard.IN, {"disable-copy": "true"}),
        (Clipboard.OUT, {"disable-paste": "true"}),
        (Clipboard.NONE, {"disable-copy": "true", "disable-paste": "true"}),
    ],
)
async def test_guacd_is_told_what_may_be_copied(  # noqa: PLR0917 - each is a part of the stage
    app: FastAPI, address: str, bearer: dict[str, str], guacd: FakeGuacd, clipboard: Clipboard, told: dict[str, str]
) -> None:
    guacd.arguments = (*ARGUMENTS, *WORDS)
    await change(app, clipboard=clipboard)
    async with entering(address, bearer) as websocket:
        await websocket.recv()
    connected = dict(zip(guacd.arguments, await guacd.told("connect"), strict=True))
    assert {word: connected[word] for word in WORDS if connected[word]} == told


async def test_a_guacd_that_would_not_keep_to_it_is_not_used(
    app: FastAPI, address: str, bearer: dict[str, str], guacd: FakeGuacd
) -> None:
    await change(app, clipboard=Clipboard.IN)
    async with entering(address, bearer) as websocket:
        assert await end_of(websocket) == (4409, "519")
    told = [guacd.heard.get_nowait()[0] for _ in range(guacd.heard.qsize())]
    assert told == ["select"]


async def test_whole_instructions_are_recorded(
    app: FastAPI, address: str, bearer: dict[str, str], guacd: FakeGuacd, people: People
) -> None:
    await change(app, is_recorded=True)
    asked = instruction("size", "0", "1280", "800")
    shown = instruction("size", "0", "640", "400") + instruction("sync", "12345")
    guacd.behaviour = guacd.says(shown[:9], shown[9:30], shown[30:] + b"4.na")
    async with entering(address, bearer) as websocket:
        assert await websocket.recv() == instruction("", ID).decode()
        received = ""
        while len(received) < len(asked + shown):
            received += str(await websocket.recv())
    administrator = await people.program(await people.add("grace", Role.ADMINISTRATOR))
    (item,) = await ended(administrator)
    answer = await administrator.get(f"/api/v1/recordings/{item['id']}/content")
    assert (item["protocol"], answer.content) == ("rdp", asked + shown)
