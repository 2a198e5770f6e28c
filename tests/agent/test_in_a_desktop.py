"""The agent in a desktop that Deskbay launched: it is there by itself, and reaches the server through the sandbox."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.agent.devices import Ada
from tests.serving import ServerProcess, eventually


@pytest.fixture
def server() -> Iterator[ServerProcess]:
    with TemporaryDirectory(prefix="deskbay-", ignore_cleanup_errors=True) as folder:
        server = ServerProcess(Path(folder) / "data", keep_desktops="false")
        server.start()
        yield server
        server.leave()


@pytest.mark.parametrize("template", ["desktop", "full-desktop", "browser"])
def test_an_agent_listens_in_every_kind_of_desktop(server: ServerProcess, template: str) -> None:
    desktops, ada = server.desktops(), Ada(server)
    desktop = desktops.launch(template)
    desktops.wait_for(desktop, "running")
    eventually(lambda: ada.device()["connected"], "the agent listens")
    device = ada.device()
    assert (device["system"], device["template"]) == ("linux", template)
    desktops.want(desktop, "stop")
    eventually(lambda: not ada.device()["connected"], "it went with the desktop")


def test_a_desktop_reports_its_applications_also_to_a_server_that_was_started_again(server: ServerProcess) -> None:
    ada = Ada(server)
    ada.consents()
    desktops = server.desktops()
    desktop = desktops.launch("browser")
    desktops.wait_for(desktop, "running")
    eventually(lambda: "Chromium" in ada.used(), "the browser is reported")
    server.kill()
    server.start()
    ada = Ada(server)
    eventually(lambda: ada.device()["connected"], "the agent found the socket of the new server")


def test_a_deleted_desktops_token_is_good_for_nothing(server: ServerProcess) -> None:
    desktops, ada = server.desktops(), Ada(server)
    desktop = desktops.launch("browser")
    desktops.wait_for(desktop, "running")
    eventually(lambda: ada.device()["connected"], "the agent listens")
    desktops.delete(desktop)
    mine = "/api/v1/devices/mine"
    eventually(lambda: ada.client.get(mine).json()["items"] == [], "its token is revoked, and it is no device any more")
