"""The agent of a device with Windows, on wine: paired with a real server over HTTP, with three real programs."""

from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

import httpx
import pytest
from tests.agent.devices import Ada
from tests.agent.eyes import RED, Screen
from tests.agent.windows_devices import WindowsDevice
from tests.agent.wine import SECONDS, Wine, windows_path
from tests.serving import ServerProcess, eventually

from deskbay.devices.agent_package import FILE

PROGRAMS = ("notepad", "wordpad", "winefile")
WORDPAD = r"C:\Program Files\Windows NT\Accessories\wordpad.exe"
PLACES = {
    "my notes.txt - Notepad": (50, 60, 520, 310),
    "a letter.rtf - Wine Wordpad": (620, 130, 600, 420),
    "Wine File Manager - [C:\\windows]": (190, 420, 480, 290),
}
SIGN = (1280 - 12, 800 - 12)
"""In the middle of the sign, at the lower right of the screen."""


@pytest.fixture
def server() -> Iterator[ServerProcess]:
    with TemporaryDirectory(prefix="deskbay-") as folder:
        server = ServerProcess(Path(folder) / "data")
        server.start()
        yield server
        server.leave()


@pytest.fixture
def ada(server: ServerProcess) -> Ada:
    ada = Ada(server)
    ada.consents()
    return ada


@pytest.fixture
def screen(wine: Wine) -> Iterator[Screen]:
    screen = Screen(wine.environment["DISPLAY"])
    yield screen
    screen.close()


@pytest.fixture
def package(server: ServerProcess, tmp_path: Path) -> Path:
    """The agent as the server gives it to anybody, unpacked."""
    address = f"{server.url}/api/v1/agent/package/{FILE}"
    wheel = httpx.get(address, trust_env=False, timeout=SECONDS).raise_for_status().content
    ZipFile(BytesIO(wheel)).extractall(tmp_path / "package")
    return tmp_path / "package"


@pytest.fixture
def device(wine: Wine, server: ServerProcess, ada: Ada, package: Path) -> Iterator[WindowsDevice]:
    """A device that is paired, with an agent that listens."""
    device = WindowsDevice(wine, package)
    paired = device.ask("pair", server.url, ada.pairing_code(), "--name", "pc")
    assert paired.returncode == 0, paired.stderr
    device.start_agent()
    eventually(lambda: ada.device()["connected"], "the agent listens", seconds=SECONDS)
    yield device
    with suppress(AssertionError):
        device.end(*PROGRAMS)
    device.clean_up()


def restored(ada: Ada, session: int, save: int) -> dict[str, Any]:
    """Restore a session, and wait until it is over."""
    wish = {"save_id": save}
    run = ada.client.post(f"/api/v1/sessions/{session}/restore", json=wish).raise_for_status().json()["run"]

    def shown() -> dict[str, Any]:
        found: dict[str, Any] = ada.client.get(f"/api/v1/restores/{run}").raise_for_status().json()
        return found

    eventually(lambda: shown()["state"] == "finished", "the restore is over", seconds=SECONDS)
    return shown()


def test_three_programs_are_recorded_saved_and_brought_back(
    ada: Ada, device: WindowsDevice, screen: Screen, tmp_path: Path
) -> None:
    notes, letter = tmp_path / "my notes.txt", tmp_path / "a letter.rtf"
    notes.write_text("Milk")
    letter.write_text(r"{\rtf1 Dear Ada}")
    device.start("notepad.exe", windows_path(notes))
    device.start(WORDPAD, windows_path(letter))
    device.start("winefile.exe", r"C:\windows")
    before = device.windows(PLACES)
    screen.mouse(300, 200, click=True)

    session = ada.client.post("/api/v1/sessions", json={"name": "Notes"}).raise_for_status().json()["id"]
    eventually(lambda: ada.used() >= set(PROGRAMS), "it is reported what is open", seconds=SECONDS)
    eventually(lambda: bool(ada.used("application")), "it is reported what is in front", seconds=SECONDS)
    save = ada.client.post(f"/api/v1/sessions/{session}/save").raise_for_status().json()
    device.end(*PROGRAMS)

    run = restored(ada, session, save["id"])
    assert {each["application"]: each["state"] for each in run["applications"]} == dict.fromkeys(PROGRAMS, "placed")
    assert device.windows() == before
    again = restored(ada, session, save["id"])
    assert {each["state"] for each in again["applications"]} == {"already-running"}
    assert device.windows() == before
    assert ada.activity("presence")


def test_a_click_on_the_sign_pauses_and_the_next_goes_on(ada: Ada, device: WindowsDevice, screen: Screen) -> None:
    eventually(lambda: screen.colour(*SIGN) == RED, "the sign tells that it records", seconds=SECONDS)
    screen.mouse(*SIGN, click=True)
    eventually(lambda: device.state.status().get("paused") is True, "it is paused", seconds=SECONDS)
    assert "paused" in device.ask("status").stdout
    screen.mouse(*SIGN, click=True)
    eventually(lambda: device.state.status().get("tracking") is True, "it goes on", seconds=SECONDS)
    assert ada.device()["system"] == "windows"


def test_a_second_one_is_refused_and_one_that_is_revoked_ends(ada: Ada, device: WindowsDevice) -> None:
    second = device.ask("run")
    assert (second.returncode, second.stderr.strip()) == (1, "The agent runs already on this device.")
    ada.revokes(ada.device()["id"])
    code, said = device.agent_ended()
    assert (code, "does not know this device any more" in said) == (0, True)
