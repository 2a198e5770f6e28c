"""The settings that come of the command line, the environment and the data folder."""

import os
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


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_folder_that_others_may_not_look_into_is_said_to_be_its_owners(data: Path) -> None:
    data.mkdir(mode=0o700)
    data.parent.chmod(0o711)
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        os.setuid(NOBODY)
        try:
            load_settings(data)
        except Failure as refused:
            os.write(write, refused.detail.encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert b"belongs to root, and you are nobody" in os.read(read, 1000)
    os.close(read)
    os.close(write)
