"""What is put on a host runs there with nothing but Python, and unpacks itself once."""

import io
import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zipfile import ZipFile

import pytest

from deskbay.desktops.runtimes.ssh.begin import unpack
from deskbay.desktops.runtimes.ssh.package import package
from deskbay.desktops.runtimes.ssh.questions import COMMAND


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    name, content = package()
    (tmp_path / "programs").mkdir()
    (tmp_path / "programs" / name).write_bytes(content)
    return tmp_path / "programs" / name


def asked(archive: Path, *questions: dict[str, object]) -> list[dict[str, object]]:
    """What a steward says to questions, each once the one before was answered."""
    with subprocess.Popen(
        ["sh", "-c", COMMAND], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/"
    ) as steward:
        assert steward.stdin
        assert steward.stdout
        steward.stdin.write(f"{archive}\n")
        steward.stdin.flush()
        answers = [json.loads(steward.stdout.readline())]
        for question in questions:
            steward.stdin.write(f"{json.dumps(question)}\n")
            steward.stdin.flush()
            answers.append(json.loads(steward.stdout.readline()))
        steward.stdin.close()
    assert steward.returncode == 0
    return answers


def test_it_is_named_for_what_is_in_it_and_has_no_library() -> None:
    assert package() == package()
    with ZipFile(io.BytesIO(package()[1])) as packed:
        names = packed.namelist()
    assert {"__main__.py", "deskbay/agent/__init__.py", "deskbay/desktops/profiles/start.sh"} <= set(names)
    assert not [name for name in names if name.endswith((".pyc", ".so"))]


def test_it_answers_with_nothing_but_python_there(archive: Path) -> None:
    nobody = "00000000-0000-0000-0000-000000000001"
    owned = {"id": 1, "do": "owned", "words": {}}
    observed = {"id": 2, "do": "observe", "words": {"desktop": nobody}}
    ready, none, absent = asked(archive, owned, observed)
    assert ready == {"id": 0, "value": "ready"}
    assert none == {"id": 1, "value": []}
    assert absent == {"id": 2, "value": {"presence": "absent", "reason": None, "left": False, "lost": False}}


@pytest.mark.parametrize("question", [{"do": "reboot", "words": {}}, {"do": "end", "words": {"desktop": "../../x"}}])
def test_what_it_does_not_know_it_says(archive: Path, question: dict[str, object]) -> None:
    _, answer = asked(archive, {"id": 3, **question})
    assert answer["id"] == 3
    assert str(answer["trouble"]).startswith(("KeyError", "ValueError"))


def test_two_that_begin_at_once_unpack_it_once(archive: Path) -> None:
    folder = archive.with_suffix("")
    with ThreadPoolExecutor() as threads:
        list(threads.map(lambda _: unpack(archive, folder), range(4)))
    assert sorted(entry.name for entry in archive.parent.iterdir()) == [folder.name, archive.name]
    start = folder / "deskbay" / "desktops" / "profiles" / "start.sh"
    assert start.stat().st_mode & 0o777 == 0o644
    assert folder.stat().st_mode & 0o777 == 0o755


def test_older_programs_go_when_no_desktop_can_have_them(archive: Path) -> None:
    older = archive.parent / "older"
    desktop = archive.parents[1] / "run" / ("a" * 32)
    desktop.mkdir(parents=True)
    older.mkdir()
    older.with_suffix(".zip").touch()
    asked(archive)
    assert older.exists()
    desktop.rmdir()
    asked(archive)
    assert sorted(entry.name for entry in archive.parent.iterdir()) == [archive.stem, archive.name]
