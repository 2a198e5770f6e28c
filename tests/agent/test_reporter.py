"""What reaches the server, whatever it does meanwhile."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.agent.device_time import DeviceTime
from tests.agent.servers import Heard, loopback_server
from tests.serving import eventually

from deskbay.agent import reporter as reporters
from deskbay.agent.connection import Address, NoServer, Refused, Server
from deskbay.agent.journal import Begun, Journal, Kind
from deskbay.agent.reporter import Reporter
from deskbay.agent.waiting import Patience

REPORTS = "/api/v1/agent/reports"


class Device:
    """A reporter whose journal the test writes, and what it says about its luck."""

    def __init__(self, file: Path, port: int) -> None:
        self.time = DeviceTime()
        self.journal = Journal(file, self.time)
        self.luck: list[NoServer | Refused | None] = []
        server = Server(Address(f"http://127.0.0.1:{port}"), "dd_token")
        self.reporter = Reporter(server, lambda: Journal(file, self.time), self.time, self.luck.append)

    def work(self, *periods: str) -> None:
        """Have periods of a second."""
        begun = [Begun(Kind.OPEN, "xterm", "XTerm", None, 5000, id_) for id_ in periods]
        self.journal.write(begun, [(6000, id_) for id_ in periods], 6000, 6000)

    def report(self) -> None:
        self.reporter.report(self.journal)


@pytest.fixture
def heard() -> Heard:
    return Heard(answer={"results": []})


@pytest.fixture
def device(heard: Heard, tmp_path: Path) -> Iterator[Device]:
    with loopback_server(heard) as port:
        device = Device(tmp_path / "journal.sqlite", port)
        yield device
        device.reporter.leave()
        if device.reporter.ident:
            device.reporter.join()
        else:
            device.reporter.run()
        device.journal.close()


def ids(heard: Heard) -> list[list[str]]:
    """The periods of each report."""
    bodies: list[Any] = [body for _, path, _, body in heard.requests if path == REPORTS]
    return [[period["id"] for period in body["periods"]] for body in bodies]


def test_a_report(device: Device, heard: Heard) -> None:
    device.work("one")
    device.report()
    ((_, path, token, body),) = heard.requests
    assert (path, token) == (REPORTS, "Bearer dd_token")
    assert isinstance(body, dict)
    assert body["sent_at"] == "2026-01-05T09:00:00+00:00"
    assert (body["snapshot"], len(body["sign_in"])) == (None, 36)
    (period,) = body["periods"]
    assert period == {
        "id": "one",
        "kind": "open",
        "application": "xterm",
        "name": "XTerm",
        "starts": "2026-01-05T09:00:00+00:00",
        "ends": "2026-01-05T09:00:01+00:00",
        "run": None,
    }


def test_nothing_new_is_no_report(device: Device, heard: Heard) -> None:
    device.work("one")
    device.report()
    device.report()
    assert ids(heard) == [["one"]]
    assert device.journal.count() == 0


def test_much_is_sent_in_parts(device: Device, heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporters, "MOST_PERIODS", 2)
    device.work("one", "two", "three", "four", "five")
    device.report()
    assert ids(heard) == [["one", "two"], ["three", "four"], ["five"]]


@pytest.mark.parametrize(("status", "failure"), [(503, NoServer), (401, Refused)])
def test_what_is_not_taken_stays(device: Device, heard: Heard, status: int, failure: type[Exception]) -> None:
    device.work("one")
    heard.status = status
    with pytest.raises(failure):
        device.report()
    assert device.journal.count() == 1
    heard.status = 200
    device.report()
    assert ids(heard)[-1] == ["one"]


def test_an_answer_that_was_lost_has_the_same_period_sent_again_under_its_id(device: Device, heard: Heard) -> None:
    device.work("one")
    device.journal.unsent(10)  # read, sent, and then the agent was killed before it heard the answer
    device.report()
    assert ids(heard) == [["one"]]


def test_what_is_open_goes_along_once(device: Device, heard: Heard) -> None:
    device.reporter.keep({"system": "x11"})
    device.report()
    device.report()
    ((_, _, _, body),) = heard.requests
    assert isinstance(body, dict)
    assert (body["snapshot"], body["periods"]) == ({"system": "x11"}, [])


def test_the_thread_delivers_what_is_handed_to_it_in_order(device: Device, heard: Heard) -> None:
    device.work("one")
    device.reporter.start()
    for number in range(3):
        device.reporter.hand("/api/v1/agent/restores/7", {"number": number})
    eventually(lambda: len(heard.requests) >= 4, "all of it is delivered")
    assert [body for _, path, _, body in heard.requests if "restores" in path] == [{"number": n} for n in range(3)]
    assert ["one"] in ids(heard)


def test_what_is_handed_over_while_the_server_is_away_is_delivered_later(
    device: Device, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Patience, "next", lambda _: 0.01)
    heard.status = 503
    device.reporter.start()
    device.reporter.hand("/progress", {"finished": True})
    eventually(lambda: len(heard.requests) >= 2, "it is tried again")
    heard.status = 200
    eventually(lambda: bool(device.luck) and device.luck[-1] is None, "it is delivered")
    assert isinstance(device.luck[0], NoServer)


def test_what_nobody_wants_any_more_holds_nothing_up(device: Device, heard: Heard) -> None:
    device.work("one")
    heard.status = 404
    device.reporter.start()
    device.reporter.hand("/progress", {})
    eventually(lambda: len(heard.requests) >= 1, "it is refused")
    heard.status = 200
    device.reporter.hand("/other", {})
    eventually(lambda: "/other" in [path for _, path, _, _ in heard.requests], "the next is delivered")


def test_it_delivers_once_more_before_it_leaves(device: Device, heard: Heard) -> None:
    device.reporter.start()
    device.work("last")
    device.reporter.leave()
    device.reporter.join()
    assert ["last"] in ids(heard)


def test_input_is_told_with_how_long_ago_it_was_seen(device: Device, heard: Heard) -> None:
    device.reporter.tell_input(5000, 2000)
    device.time.advance(4)
    device.reporter._deliver(device.journal)
    ((_, path, _, body),) = heard.requests
    assert (path, body) == ("/api/v1/agent/input", {"idle_seconds": 3, "seconds_ago": 4})
    device.reporter._deliver(device.journal)
    assert len(heard.requests) == 1


def test_of_what_could_not_be_told_only_the_newest_is(device: Device, heard: Heard) -> None:
    heard.status = 503
    device.reporter.tell_input(5000, 2000)
    device.reporter._deliver(device.journal)
    heard.status, heard.requests = 200, []
    device.time.advance(60)
    device.reporter.tell_input(65_000, 2000)
    device.reporter._deliver(device.journal)
    assert heard.bodies == [{"idle_seconds": 63, "seconds_ago": 0}]
