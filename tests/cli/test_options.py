"""The settings that come of the command line, the environment and the data folder."""

import os
import pwd
from pathlib import Path

import pytest

from deskbay.cli.failures import ExitCode, Failure
from deskbay.cli.options import load_settings

NOBODY = 65534


def test_what_the_command_line_says_goes_before_all_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "settings.toml").write_text('port = 8001\nhost = "127.0.0.2"\nstart_seconds = 7')
    monkeypatch.setenv("DESKBAY_PORT", "8002")
    monkeypatch.setenv("DESKBAY_HOST", "127.0.0.3")
    settings = load_settings(tmp_path, port=8003)
    assert (settings.port, settings.host, settings.start_seconds) == (8003, "127.0.0.3", 7)


def test_a_relative_folder_is_below_the_present_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings(Path("my data")).data == tmp_path / "my data"


def test_a_setting_that_is_unknown_is_named(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('colour = "green"')
    with pytest.raises(Failure, match="colour") as refused:
        load_settings(tmp_path)
    assert refused.value.code is ExitCode.MISUSED


def test_a_folder_that_others_may_not_look_into_is_said_to_be_its_owners(data: Path) -> None:
    """Tests that are root's become somebody else; somebody else has root's home."""
    if os.geteuid() == 0:
        data.mkdir(mode=0o700)
        data.parent.chmod(0o711)
        folder, user = data, NOBODY
    else:
        folder, user = Path(pwd.getpwuid(0).pw_dir), os.geteuid()
    assert f"belongs to root, and you are {pwd.getpwuid(user).pw_name}" in refusal(user, folder)


def refusal(user: int, folder: Path) -> str:
    """What a user is told who wants a data folder."""
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        os.setuid(user)
        try:
            load_settings(folder)
        except Failure as refused:
            os.write(write, refused.detail.encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(write)
    with os.fdopen(read) as said:
        return said.read()
