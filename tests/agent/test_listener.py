"""The stream of commands, opened again whenever it breaks."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.agent.servers import Heard, loopback_server
from tests.ports import free_port
from tests.serving import eventually

from deskbay.agent.connection import Address, NoServer, Refused, Server
from deskbay.agent.events import Event
from deskbay.agent.listener import Listener
from deskbay.agent.waiting import Patience


class Ear:
    """A listener, what it heard, and what it says about its luck."""

    def __init__(self, port: int) -> None:
        self.heard: list[Event] = []
        self.luck: list[NoServer | Refused | None] = []
        server = Server(Address(f"http://127.0.0.1:{port}"), "dd_token")
        self.listener = Listener(server, self.heard.append, self.luck.append)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Patience, "next", lambda _: 0.01)


@contextmanager
def listening(port: int) -> Iterator[Ear]:
    ear = Ear(port)
    ear.listener.start()
    yield ear
    ear.listener.leave()
    ear.listener.join()


def test_it_hears_each_event_and_comes_again_when_the_stream_ends() -> None:
    heard = Heard(events=[b":\n\n", b"event: policy\ndata: {}\n\n"])
    with loopback_server(heard) as port, listening(port) as ear:
        eventually(lambda: len(ear.heard) >= 3, "it came again, twice")
    assert set(ear.heard) == {Event("policy", "{}")}
    assert {request[:3] for request in heard.requests} == {("GET", "/api/v1/agent/events", "Bearer dd_token")}
    assert any(isinstance(one, NoServer) for one in ear.luck)
    assert None in ear.luck


def test_it_says_that_it_is_refused_and_goes_on_trying() -> None:
    heard = Heard(status=401, answer={"detail": "Pair it anew."})
    with loopback_server(heard) as port, listening(port) as ear:
        eventually(lambda: len(ear.luck) >= 3, "it was refused thrice")
    assert all(isinstance(one, Refused) and one.is_unauthorized for one in ear.luck)


def test_it_comes_back_when_the_server_does() -> None:
    with listening(free_port()) as ear:
        eventually(lambda: bool(ear.luck), "nobody was there")
        assert isinstance(ear.luck[0], NoServer)
