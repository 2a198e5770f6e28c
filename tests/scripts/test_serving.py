"""How scripts/run stays with its server, and ends it."""

import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest
from scripts.setup.serving import _stay
from scripts.setup.steps import Stopped


@pytest.fixture
def interrupted() -> Iterator[None]:
    """SIGINT is told by KeyboardInterrupt, whatever runs the tests."""

    def interrupt(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    usual = signal.signal(signal.SIGINT, interrupt)
    yield
    signal.signal(signal.SIGINT, usual)


def interrupt_unnoticed() -> None:
    """Interrupt this process without waking its main thread: so it is, too, when a signal comes just before a wait."""
    signal.pthread_kill(threading.get_ident(), signal.SIGINT)


@pytest.mark.usefixtures("interrupted")
def test_an_interrupt_counts_whenever_it_comes(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "60"], text=True) as server:
        threading.Timer(0.5, interrupt_unnoticed).start()
        with pytest.raises(KeyboardInterrupt):
            _stay(server, tmp_path / "log")
        assert server.poll() is None, "it was seen only when the server had ended"
        server.kill()


def test_a_server_that_ends_by_itself_is_told_of_with_its_last_lines(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("no room left\n")
    with subprocess.Popen(["false"], text=True) as server, pytest.raises(Stopped, match="code 1") as told:
        _stay(server, log)
    assert told.value.lines == ["no room left"]
