"""The agent as a process: paired with a real server, on a real screen, with real programs."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.agent.desks import wait_for_manager
from tests.agent.devices import Ada, Device
from tests.agent.screens import screen
from tests.serving import ServerProcess, eventually, with_tables

from deskbay.agent.journal import Kind
from deskbay.agent.platforms.x11 import X11


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose path is short enough for sockets."""
    with TemporaryDirectory(prefix="deskbay-") as folder:
        yield Path(folder)


@pytest.fixture
def server(folder: Path, migrated_file: Path) -> Iterator[ServerProcess]:
    server = ServerProcess(with_tables(folder / "data", migrated_file))
    server.start()
    yield server
    server.leave()


@pytest.fixture
def ada(server: ServerProcess) -> Ada:
    return Ada(server)


@pytest.fixture
def device(folder: Path) -> Iterator[Device]:
    """A device with a terminal on its screen."""
    with ExitStack() as stack:
        display = stack.enter_context(screen(folder))
        wait_for_manager(stack.enter_context(X11(display)))
        device = Device(folder / "home", display)
        stack.callback(device.clean_up)
        terminal = subprocess.Popen(["xterm"], env=device.environment)
        stack.callback(terminal.wait)
        stack.callback(terminal.terminate)
        yield device


def test_it_reports_over_tcp_what_is_open_and_in_front(server: ServerProcess, ada: Ada, device: Device) -> None:
    ada.consents()
    device.pair(server.url, ada.pairing_code())
    assert ada.device()["system"] == "linux"
    device.start()
    eventually(lambda: ada.device()["connected"], "the agent listens")
    device.click_on_a_window()
    device.works_until(lambda: bool(ada.used("application")), "it is reported what is in front")
    device.leave()
    eventually(lambda: not ada.device()["connected"], "the server sees that it went")
    assert ada.used() == ada.used("application") == {"XTerm"}
    assert ada.activity("presence")


def test_it_reports_through_the_door_for_agents(server: ServerProcess, ada: Ada, device: Device) -> None:
    ada.consents()
    device.pair(f"unix:{server.data}/agents/server.sock", ada.pairing_code())
    device.start()
    eventually(lambda: bool(device.recorded(Kind.OPEN)), "it records what is open")
    assert device.leave() == (0, "")
    assert ada.used() == {"XTerm"}


def test_without_consent_nothing_is_recorded_and_with_it_at_once(
    server: ServerProcess, ada: Ada, device: Device
) -> None:
    device.pair(server.url, ada.pairing_code())
    device.start()
    eventually(lambda: ada.device()["connected"], "the agent listens")
    eventually(lambda: device.state.status().get("connected") is True, "it was told")
    assert device.state.status()["tracking"] is False
    ada.consents()
    eventually(lambda: device.state.status()["tracking"] is True, "it was told of the consent")
    ada.consents(consent=False)
    eventually(lambda: device.state.status()["tracking"] is False, "it was told that the consent ended")
    device.leave()


def test_what_is_excluded_on_the_device_never_leaves_it(server: ServerProcess, ada: Ada, device: Device) -> None:
    ada.consents()
    device.pair(server.url, ada.pairing_code())
    assert "xterm" in device.ask("exclude", "xterm").stdout
    assert "xterm" in device.ask("exclude", "debian-xterm").stdout
    device.start()
    device.works_until(lambda: bool(device.recorded(Kind.PRESENCE)), "it records that somebody is there")
    device.leave()
    assert ada.activity("presence")
    assert ada.used() == set()


def test_a_pause_on_the_device_holds_until_it_is_resumed(server: ServerProcess, ada: Ada, device: Device) -> None:
    ada.consents()
    device.pair(server.url, ada.pairing_code())
    device.ask("pause")
    device.start()
    eventually(lambda: device.state.status().get("paused") is True, "it knows")
    assert "paused" in device.ask("status").stdout
    device.ask("resume")
    eventually(lambda: bool(device.recorded(Kind.OPEN)), "it goes on")
    device.leave()
    assert ada.used() == {"XTerm"}


def test_a_revoked_device_says_so_and_stops(server: ServerProcess, ada: Ada, device: Device) -> None:
    ada.consents()
    device.pair(server.url, ada.pairing_code())
    device.start()
    eventually(lambda: ada.device()["connected"], "the agent listens")
    ada.revokes(ada.device()["id"])
    code, said = device.wait()
    assert code == 0
    assert "does not know this device any more" in said
    assert "deskbay agent pair" in said


def test_a_server_that_comes_back_gets_what_happened_meanwhile(server: ServerProcess, ada: Ada, device: Device) -> None:
    ada.consents()
    device.pair(f"unix:{server.data}/agents/server.sock", ada.pairing_code())
    device.start()
    eventually(lambda: bool(ada.used()), "it reports")
    server.kill()
    mousepad = subprocess.Popen(["mousepad"], env=device.environment)
    eventually(lambda: device.state.status().get("connected") is False, "it sees that the server is gone")
    server.start()
    eventually(lambda: any("ousepad" in name for name in Ada(server).used()), "it reports what it kept")
    mousepad.terminate()
    mousepad.wait()
    device.leave()


def test_a_second_agent_on_the_same_device_is_refused(server: ServerProcess, ada: Ada, device: Device) -> None:
    device.pair(server.url, ada.pairing_code())
    device.start()
    second = device.ask("run")
    assert (second.returncode, second.stderr) == (1, "The agent runs already on this device.\n")
    device.leave()


def test_without_a_pairing_it_says_what_to_do(device: Device) -> None:
    told = device.ask("run")
    assert (told.returncode, told.stderr) == (1, "This device is not paired. Run: deskbay agent pair SERVER CODE\n")


def test_without_a_screen_it_says_so(server: ServerProcess, ada: Ada, device: Device) -> None:
    device.pair(server.url, ada.pairing_code())
    device.environment["DISPLAY"] = ":9999"
    told = device.ask("run")
    assert told.returncode == 1
    assert "X11 desktop" in told.stderr


def test_a_wrong_code_is_told(server: ServerProcess, device: Device) -> None:
    told = device.ask("pair", server.url, "AAAAA-AAAAA")
    assert told.returncode == 1
    assert "Make a new one" in told.stderr
    assert not (device.state.path / "pairing.json").exists()
