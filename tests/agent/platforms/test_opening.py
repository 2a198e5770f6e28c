"""Which platform is opened."""

import pytest
from tests.agent.screens import screen
from tests.agent.sways import sway

from deskbay.agent.platforms import NoDesktop
from deskbay.agent.platforms.opening import open_platform
from deskbay.agent.shapes import System


def test_an_x11_desktop_is_opened(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with screen(tmp_path_factory.mktemp("x")) as display:
        monkeypatch.setenv("DISPLAY", display)
        with open_platform() as platform:
            assert platform.system is System.X11


def test_sway_is_opened_though_there_is_a_display_for_older_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    with sway() as environment:
        for name in ("SWAYSOCK", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"):
            monkeypatch.setenv(name, environment[name])
        with open_platform() as platform:
            assert platform.system is System.WAYLAND


def test_without_a_desktop_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WAYLAND_DISPLAY", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(NoDesktop, match=r"\."):
        open_platform()
