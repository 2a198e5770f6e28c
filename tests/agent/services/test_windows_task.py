"""The task that starts the agent on Windows, with a stand-in for `schtasks`: wine's has no scheduler behind it.

What the stand-in gets is looked at as Microsoft's schema of tasks has it.
"""

import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.agent.services.programs import noting

from deskbay.agent.failures import Failed
from deskbay.agent.services import windows_task

SPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("USERDOMAIN", "LAB")
    monkeypatch.setenv("USERNAME", "ada & <co>")
    return tmp_path


def test_it_starts_with_each_sign_in_of_this_person(folder: Path) -> None:
    heard = noting(folder, "schtasks.exe")
    windows_task.install()
    create, run = heard.read_text().splitlines()
    assert create.startswith("/Create /TN Deskbay agent /XML ")
    assert create.endswith(" /F")
    assert run == "/Run /TN Deskbay agent"

    task = ET.fromstring((folder / "file").read_bytes())  # noqa: S314 - it is our own

    def text(path: str) -> str | None:
        return task.findtext("/".join(SPACE + part for part in path.split("/")))

    assert task.tag == f"{SPACE}Task"
    assert [part.tag.removeprefix(SPACE) for part in task] == [
        "RegistrationInfo",
        "Triggers",
        "Principals",
        "Settings",
        "Actions",
    ]
    assert text("Triggers/LogonTrigger/UserId") == text("Principals/Principal/UserId") == r"LAB\ada & <co>"
    assert text("Principals/Principal/RunLevel") == "LeastPrivilege"
    assert text("Actions/Exec/Command") == str(Path(sys.executable).with_name("pythonw.exe"))
    assert text("Actions/Exec/Arguments") == "-m deskbay.agent run"
    assert text("Settings/ExecutionTimeLimit") == "PT0S"


def test_the_file_is_written_as_the_scheduler_reads_it(folder: Path) -> None:
    noting(folder, "schtasks.exe")
    windows_task.install()
    assert (folder / "file").read_bytes()[:2] in {b"\xff\xfe", b"\xfe\xff"}


@pytest.mark.parametrize(("failing", "what"), [("/Create*", "can't be made"), ("/Run*", "can't be started")])
def test_what_the_scheduler_says_is_told(folder: Path, failing: str, what: str) -> None:
    noting(folder, "schtasks.exe", failing=failing)
    with pytest.raises(Failed, match=rf"{what}: No, because\. Run: .+ run"):
        windows_task.install()


def test_without_a_scheduler_it_is_said_how_to_go_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(Failed, match="Run: "):
        windows_task.install()
