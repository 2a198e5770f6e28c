"""What only Windows has, on wine."""

from pathlib import Path

from tests.agent.wine import Wine, windows_path

TICK = 64
"""Milliseconds in which Windows' clocks may stand still."""


def test_one_at_a_time_has_the_state_folder_which_is_the_persons_own(wine: Wine) -> None:
    told = wine.tell("""
import json, os
from deskbay.agent.state import AlreadyRunning, StateFolder, folder_of_this_device
state = folder_of_this_device()
lock = state.lock()
try:
    state.lock()
    second = "works, too"
except AlreadyRunning as refusal:
    second = str(refusal)
running = state.is_running()
os.close(lock)
inside = state.path.is_relative_to(os.environ["LOCALAPPDATA"])
print(json.dumps([inside, second, running, state.is_running()]))
""")
    assert told == [True, "The agent runs already on this device.", True, False]


def test_a_unix_socket_is_no_address_there(wine: Wine) -> None:
    told = wine.tell("""
import json
from deskbay.agent.connection import Address, BadAddress
try:
    Address("unix:/run/server.sock")
    told = "taken"
except BadAddress as refusal:
    told = str(refusal)
print(json.dumps(told))
""")
    assert told == "unix:/run/server.sock is no server's address. Give it like https://desk.example.org."


def test_a_file_that_is_in_use_for_a_moment_is_replaced_after_it(wine: Wine, tmp_path: Path) -> None:
    told = wine.tell(
        """
import json, threading
from pathlib import Path
from deskbay.agent.state import Choices, StateFolder
state = StateFolder(Path(sys.argv[1]))
state.keep_choices(Choices())
reading, read = threading.Event(), threading.Event()
def read_for_a_while():
    with (state.path / "choices.json").open():
        reading.set()
        read.wait(1)
reader = threading.Thread(target=read_for_a_while)
reader.start()
reading.wait()
state.keep_choices(Choices(excluded=frozenset({"notepad"})))
kept = sorted(state.choices().excluded)
read.set()
reader.join()
print(json.dumps(kept))
""",
        windows_path(tmp_path),
    )
    assert told == ["notepad"]


def test_time_goes_on_as_the_clock_does(wine: Wine) -> None:
    told = wine.tell("""
import json, time
from deskbay.agent.clock import DeviceClock
clock = DeviceClock()
around = time.monotonic()
began = clock.elapsed()
time.sleep(0.5)
passed = clock.elapsed() - began
print(json.dumps([passed, (time.monotonic() - around) * 1000, clock.boot]))
""")
    assert isinstance(told, list)
    passed, at_the_most, boot = told
    assert 500 - TICK <= passed <= at_the_most + TICK
    assert int(boot) > 0


def test_what_is_recorded_is_on_disk_and_survives(wine: Wine, tmp_path: Path) -> None:
    told = wine.tell(
        """
import json
from contextlib import closing
from pathlib import Path
from deskbay.agent.clock import DeviceClock
from deskbay.agent.journal import Journal, Kind, new_period
clock, file = DeviceClock(), Path(sys.argv[1]) / "journal.sqlite"
with closing(Journal(file, clock)) as first, closing(Journal(file, clock)) as second:
    now = clock.elapsed()
    first.write([new_period(Kind.OPEN, "notepad", "Notepad", None, now)], [], now + 1000, now)
    seen = [[period.application, period.ends - period.starts] for period in second.unsent(9)]
print(json.dumps(seen))
""",
        windows_path(tmp_path),
    )
    assert told == [["notepad", 1000]]


def test_a_message_is_shown_in_a_window(wine: Wine) -> None:
    told = wine.tell("""
import json, time
from deskbay.agent import system
from deskbay.agent.platforms.windows import Windows
with Windows() as platform:
    system.notify("Idle since 10:00")
    end = time.monotonic() + 60
    while not (windows := platform.windows()) and time.monotonic() < end:
        platform.wait(1)
print(json.dumps([window.title for window in windows]))
""")
    assert told == ["Deskbay"]


def test_the_agent_ends_at_ctrl_break(wine: Wine, tmp_path: Path) -> None:
    """The signal is raised in the process itself: without a console wine brings none from outside."""
    told = wine.tell(
        """
import json, os, signal, threading, time
os.environ["LOCALAPPDATA"] = sys.argv[1]
from deskbay.agent.commands import main
from deskbay.agent.connection import Address
from deskbay.agent.state import Pairing, folder_of_this_device
state = folder_of_this_device()
state.keep_pairing(Pairing(Address("http://127.0.0.1:9"), "dd_token"))

def press():
    while state.status().get("process") != os.getpid():
        time.sleep(0.05)
    signal.raise_signal(signal.SIGBREAK)

threading.Thread(target=press, daemon=True).start()
code = main(["run"])
print(json.dumps([code, state.is_running()]))
""",
        windows_path(tmp_path),
    )
    assert told == [0, False]
