import re
from pathlib import Path

import pytest

from deskbay.desktops.runtimes.local.packages import (
    LIST,
    Package,
    install_command,
    missing_packages,
    missing_sentence,
    packages,
)
from deskbay.desktops.runtimes.local.runtime import PROFILES

PROFILE_NAMES = sorted(path.parent.name for path in PROFILES.glob("*/session.sh"))


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A computer without a single program."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def install(programs: Path, *names: str) -> None:
    for name in names:
        (programs / name).touch(0o755)


def test_the_list_is_the_one_that_requirements_point_to() -> None:
    assert (Path(__file__).parents[4] / "requirements" / "system.txt").resolve() == LIST.resolve()


def test_every_line_names_a_package_and_its_proof() -> None:
    for package in packages():
        assert re.fullmatch(r"[a-z0-9][a-z0-9.+-]+", package.name)
        assert re.fullmatch(r"/?[\w./+-]+", package.proof)
    assert {package.profile for package in packages()} == {None, *PROFILE_NAMES}


@pytest.mark.parametrize("profile", PROFILE_NAMES)
def test_nothing_is_missing_where_all_is_installed(profile: str) -> None:
    assert [package.name for package in missing_packages(profile)] == []
    assert missing_sentence(profile) is None


def test_a_missing_program_is_named_with_the_command_that_brings_it(programs: Path) -> None:
    install(programs, "bwrap", "slirp4netns", "setpriv", "dbus-daemon", "openbox", "tint2", "pcmanfm", "xterm")
    assert missing_sentence("desktop") == (
        "This computer lacks Xvnc. As root, run: apt-get install --no-install-recommends tigervnc-standalone-server"
    )
    install(programs, "Xvnc")
    assert missing_sentence("desktop") is None
    assert "chromium" in (missing_sentence("browser") or "")


def test_a_look_that_is_missing_keeps_nobody_from_starting(tmp_path: Path) -> None:
    look = Package("some-theme", str(tmp_path / "theme"), None)
    assert not look.is_program
    assert not look.is_installed
    (tmp_path / "theme").mkdir()
    assert look.is_installed


def test_a_package_is_installed_once() -> None:
    assert install_command(["tint2", "openbox", "tint2"]) == "apt-get install --no-install-recommends openbox tint2"
