"""What Windows tells of processes, on wine."""

from pathlib import Path

from tests.agent.wine import Wine, windows_path

OPENING = """
import json, os, subprocess, sys
from deskbay.agent.processes import children_of, environment_of, folder_of, processes_with, read_process

def sleeping(*arguments, **options):
    code = "import sys; print(1, flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code, *arguments]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options)
    process.stdout.readline()
    return process
"""


def test_arguments_are_told_one_by_one_with_file_and_folder(wine: Wine, tmp_path: Path) -> None:
    told = wine.tell(
        OPENING
        + """
process = sleeping("two words", 'a "quote"', "", cwd=sys.argv[1])
read = read_process(process.pid)
process.kill()
print(json.dumps([os.path.basename(read.exe), read.command[3:], read.folder]))
""",
        windows_path(tmp_path),
    )
    assert isinstance(told, list)
    assert told[:2] == ["python.exe", ["two words", 'a "quote"', ""]]
    assert told[2].rstrip("\\").lower() == windows_path(tmp_path).lower()


def test_a_process_is_found_by_what_it_was_started_with(wine: Wine) -> None:
    told = wine.tell(
        OPENING
        + """
process = sleeping(env={**os.environ, "MARK": "a=b"})
marks = [environment_of(process.pid)["MARK"], list(processes_with("MARK", "a=b")) == [process.pid]]
marks.append(list(processes_with("MARK", "a")))
process.kill()
print(json.dumps(marks))
"""
    )
    assert told == ["a=b", True, []]


def test_children_are_told(wine: Wine) -> None:
    told = wine.tell(
        OPENING
        + """
process = sleeping()
told = children_of(os.getpid()) == [process.pid]
process.kill()
process.wait()
print(json.dumps([told, children_of(process.pid)]))
"""
    )
    assert told == [True, []]


def test_of_a_process_that_is_gone_nothing_is_told(wine: Wine) -> None:
    told = wine.tell(
        OPENING
        + """
print(json.dumps([read_process(99999), folder_of(99999), environment_of(99999)]))
"""
    )
    assert told == [None, None, {}]
