"""Debian packages: which are wanted, which are missing, and who may install them."""

import os
from pathlib import Path

import pytest
from scripts.setup.debian import SERVER, TESTS, install_debian_packages, missing_packages, packages_in
from scripts.setup.steps import Stopped

NEVER = "no-such-package-as-this"


@pytest.fixture
def wanting(tmp_path: Path) -> Path:
    """A list with a package that is always there and one that never is."""
    file = tmp_path / "list.txt"
    file.write_text(f"# Everything\ndpkg\n\n{NEVER}  # proof\ndpkg\n")
    return file


def programs(folder: Path, monkeypatch: pytest.MonkeyPatch, **scripts: str) -> None:
    """Put programs of our own first in PATH."""
    for name, script in scripts.items():
        program = folder / name.replace("_", "-")
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)


def test_lists_are_read_without_comments_and_repeats(wanting: Path) -> None:
    assert [package for package in packages_in([wanting]) if package != "python3-venv"] == ["dpkg", NEVER]


def test_the_lists_of_the_project_name_what_desktops_need() -> None:
    assert {"bubblewrap", "tigervnc-standalone-server", "openbox"} <= set(packages_in([SERVER]))
    assert {"chromium", "postgresql"} <= set(packages_in([TESTS]))


def test_what_is_not_installed_is_missing() -> None:
    assert missing_packages(["dpkg", NEVER]) == [NEVER]


def test_where_there_is_no_dpkg_it_says_what_is_needed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Stopped, match=f"Debian 12.*{NEVER}"):
        missing_packages([NEVER])


def test_without_root_and_sudo_the_command_is_told_and_nothing_done(
    wanting: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    programs(tmp_path, monkeypatch, sudo="exit 1", apt_get=f"touch {tmp_path}/called")
    with pytest.raises(Stopped) as stopped:
        install_debian_packages(wanting)
    told = stopped.value.sentence
    assert f"apt-get update && apt-get install --no-install-recommends {NEVER}" in told
    assert not (tmp_path / "called").exists()
    assert capfd.readouterr().out == ""


def test_with_sudo_apt_is_called_once_for_all(wanting: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    called = tmp_path / "called"
    programs(tmp_path, monkeypatch, sudo='[ "$1" = -n ] || exec "$@"', apt_get=f'echo "$DEBIAN_FRONTEND $*" >>{called}')
    install_debian_packages(wanting)
    update, install = called.read_text().splitlines()
    assert update.endswith(" update")
    assert install.startswith("noninteractive ")
    assert install.endswith(f"install --yes --no-install-recommends {NEVER}")


def test_a_failing_apt_stops_with_its_last_lines(
    wanting: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    programs(tmp_path, monkeypatch, apt_get="echo E: no network; exit 100")
    with pytest.raises(Stopped, match="Check the network") as stopped:
        install_debian_packages(wanting)
    assert stopped.value.lines == ["E: no network"]


def test_nothing_is_done_when_nothing_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    there = tmp_path / "list.txt"
    there.write_text("dpkg\n")
    programs(tmp_path, monkeypatch, apt_get=f"touch {tmp_path}/called")
    install_debian_packages(there)
    assert not (tmp_path / "called").exists()
    assert capfd.readouterr().out == ""
