"""scripts/run: its options, the server that it starts, and that all ends with it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from scripts.setup import ROOT
from tests.serving import PATIENCE, eventually, processes_naming

LINK = re.compile(r"  (http://127\.0\.0\.1:\d+)/#/link/([\w-]{43})\?next=(\S+)")
SERVE = """if True:
    import sys
    from argparse import Namespace
    from pathlib import Path
    from scripts.setup.endings import ending_well
    from scripts.setup.serving import serve
    data, no_desktop, keep, port = sys.argv[1:]
    options = Namespace(
        host=None, port=int(port), data=Path(data), no_desktop=bool(no_desktop), keep=bool(keep)
    )
    ending_well(lambda: serve(options) or 0)
"""


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder that is not there yet, with a blank in its path, short enough for the sockets in it."""
    with TemporaryDirectory(prefix="deskbay-") as folder:
        yield Path(folder) / "my data"


class Run:
    """What comes of scripts/run once all is installed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []

    def until_link(self) -> tuple[str, str, str]:
        """Return where the server is, the token of the link, and the page that it opens."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if found := LINK.fullmatch(self.lines[-1]):
                return found[1], found[2], found[3]
        pytest.fail("\n".join(self.lines))

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.rest()

    def rest(self) -> int:
        printed, _ = self.process.communicate(timeout=PATIENCE)
        self.lines += printed.splitlines()
        return self.process.returncode


@contextmanager
def running(data: Path, *, no_desktop: bool = False, keep: bool = False, port: int = 0) -> Iterator[Run]:
    words = [str(data), "yes" * no_desktop, "yes" * keep, str(port)]
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, *words],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield Run(process)
        finally:
            process.terminate()


def test_the_link_signs_in_and_names_a_running_desktop(data: Path) -> None:
    with running(data) as run:
        url, token, page = run.until_link()
        with httpx.Client(base_url=url, trust_env=False, timeout=PATIENCE) as client:
            client.post("/api/v1/auth/link", json={"token": token}, headers={"Origin": url}).raise_for_status()
            desktop = client.get(f"/api/v1{page}").raise_for_status().json()
        assert (desktop["state"], desktop["owner"]["username"]) == ("running", "admin")
        assert run.end() == 0
    assert processes_naming(data / "run") == []
    assert [line.split()[1] for line in run.lines if line.startswith("✓")] == ["Server", "Desktop", "Ending"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_other_ends_are_as_clean_as_ctrl_c(data: Path, number: signal.Signals) -> None:
    with running(data) as run:
        run.until_link()
        assert run.end(number) == 0
    assert processes_naming(data) == []


def test_an_interrupt_counts_also_for_a_run_in_a_scripts_background(data: Path) -> None:
    usual = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as shells start what runs in their background
    try:
        with running(data, no_desktop=True) as run:
            run.until_link()
            assert run.end(signal.SIGINT) == 0
    finally:
        signal.signal(signal.SIGINT, usual)


def test_where_the_terminal_is_gone_the_server_ends_all_the_same(data: Path) -> None:
    with running(data, no_desktop=True) as run:
        run.until_link()
        assert run.process.stdout
        run.process.stdout.close()
        run.process.send_signal(signal.SIGHUP)
        run.process.wait(PATIENCE)
    eventually(lambda: processes_naming(data) == [], "the server has ended")


def test_a_stopped_desktop_is_started_again(data: Path) -> None:
    with running(data) as run:
        first = run.until_link()[2]
        run.end()
    with running(data) as run:
        assert run.until_link()[2] == first
        run.end()


def test_a_kept_desktop_is_used_again(data: Path) -> None:
    with running(data, keep=True) as run:
        first = run.until_link()[2]
        run.end()
    kept = processes_naming(data / "run")
    assert kept
    with running(data) as run:
        assert run.until_link()[2] == first
        assert set(kept) <= set(processes_naming(data / "run"))
        run.end()
    assert processes_naming(data / "run") == []


def test_without_a_desktop_the_link_opens_the_home_page(data: Path) -> None:
    with running(data, no_desktop=True) as run:
        assert run.until_link()[2] == "/"
        assert processes_naming(data / "run") == []
        run.end()


def test_a_second_run_on_the_same_data_is_refused(data: Path) -> None:
    with running(data, no_desktop=True) as run:
        url, *_ = run.until_link()
        with running(data, no_desktop=True) as second:
            assert second.rest() == 1
        assert "Another Deskbay server" in second.lines[-1]
        assert httpx.get(f"{url}/api/health", trust_env=False, timeout=PATIENCE).is_success
        run.end()


def test_a_taken_port_is_told_and_nothing_made(data: Path) -> None:
    with running(data, no_desktop=True) as run:
        url, *_ = run.until_link()
        other = data.with_name("other")
        with running(other, no_desktop=True, port=int(url.rpartition(":")[2])) as second:
            assert second.rest() == 1
        assert re.search(r"is taken by .* \(process \d+\).*--port", second.lines[-1])
        assert not other.exists()
        run.end()


def test_a_server_that_dies_is_told_with_its_last_lines(data: Path) -> None:
    with running(data, no_desktop=True) as run:
        run.until_link()
        eventually((data / "server.json").exists, "the server is announced")
        (server,) = [
            pid for pid in processes_naming(data) if b"setup.server" in Path(f"/proc/{pid}/cmdline").read_bytes()
        ]
        os.kill(server, signal.SIGKILL)
        assert run.rest() == 1
    assert "The server ended with code -9" in run.lines[-1]


@pytest.mark.parametrize("words", [["--port", "http"], ["--port", "65536"], ["--port=-1"], ["--colour"], ["now"]])
def test_wrong_options_are_refused_before_anything_is_done(words: list[str], tmp_path: Path) -> None:
    link = tmp_path / "a link"
    link.symlink_to(ROOT / "scripts" / "run")
    done = subprocess.run([link, *words], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert words[0].split("=")[0] in done.stderr


def test_it_tells_its_options_from_any_folder(tmp_path: Path) -> None:
    command: list[str | Path] = [ROOT / "scripts" / "run", "--help"]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    for option in ("--host", "--port", "--data", "--no-desktop", "--keep"):
        assert option in told
