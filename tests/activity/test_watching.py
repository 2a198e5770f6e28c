"""An administrator watches who comes and goes: a real server, a real lab script, the stream as it is sent."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
from tests.activity.test_lab_client import SCRIPT
from tests.serving import ServerProcess

from deskbay.activity.schemas import Looked, SignInBatch, SignOutBatch

EVENTS = "/sign-ins/events"
Sent = SignInBatch | SignOutBatch | Looked
SHAPES: dict[str, type[Sent]] = {"sign-ins": SignInBatch, "sign-outs": SignOutBatch, "looked": Looked}
Kind = TypeVar("Kind", bound=Sent)


def events(stream: httpx.Response) -> Iterator[Sent]:
    """Parse a stream of server-sent events; comments are left out."""
    name = ""
    for line in stream.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield SHAPES[name].model_validate_json(line.removeprefix("data: "))


def next_of(kind: type[Kind], told: Iterator[Sent]) -> Kind:
    """Read on to the next event of that kind."""
    return next(event for event in told if isinstance(event, kind))


@pytest.fixture
def lab_computer(server: ServerProcess, administrator: httpx.Client, tmp_path: Path) -> dict[str, str]:
    """The environment of an enrolled computer that pings each second."""
    environment = os.environ | {"DESKBAY_URL": server.url, "DESKBAY_STATE": str(tmp_path), "DESKBAY_SECONDS": "1"}
    code = administrator.post("/devices/codes", json={}).raise_for_status().json()["code"]
    subprocess.run([str(SCRIPT), "enrol", code], env=environment, check=True)
    return environment


@contextmanager
def sitting(environment: dict[str, str]) -> Iterator[None]:
    """Grace sits at the computer."""
    running = subprocess.Popen([str(SCRIPT), "run", "grace"], env=environment, start_new_session=True)
    try:
        yield
    finally:
        os.killpg(running.pid, signal.SIGTERM)
        running.wait()


def test_who_comes_and_who_goes_is_told(administrator: httpx.Client, lab_computer: dict[str, str]) -> None:
    with administrator.stream("GET", EVENTS) as stream:
        told = events(stream)
        assert isinstance(next(told), Looked)
        with sitting(lab_computer):
            (grace,) = next_of(SignInBatch, told).items
            assert (grace.username, grace.online) == ("grace", True)
        assert next_of(SignOutBatch, told).ids == [grace.id]


def test_who_is_there_already_is_told_first(administrator: httpx.Client, lab_computer: dict[str, str]) -> None:
    with sitting(lab_computer), administrator.stream("GET", EVENTS) as before:
        (grace,) = next_of(SignInBatch, events(before)).items
        with administrator.stream("GET", EVENTS) as stream:
            first = next(events(stream))
            assert isinstance(first, SignInBatch)
            assert [one.id for one in first.items] == [grace.id]


def test_it_ends_when_the_watcher_signs_out(administrator: httpx.Client) -> None:
    with administrator.stream("GET", EVENTS) as stream:
        told = events(stream)
        next_of(Looked, told)
        administrator.post("/auth/sign-out").raise_for_status()
        assert all(isinstance(event, Looked) for event in told), "and then it is over"
    assert administrator.get(EVENTS).status_code == 401
