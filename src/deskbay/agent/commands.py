"""What a person asks of the agent: `python3 -m deskbay.agent`, and `deskbay agent` where Deskbay is installed."""

import json
import os
import platform as system
import signal
import sys
import uuid
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import run as run_program

from deskbay.agent.connection import Address, BadAddress, NoServer, Refused, Server
from deskbay.agent.state import FOREVER, AlreadyRunning, Choices, NotPaired, Pairing, StateFolder, folder_of_this_device

_SYSTEMS = {"Linux": "linux", "Windows": "windows", "Darwin": "macos"}
UNIT = "deskbay-agent.service"


class Failed(Exception):
    """It can't be done; the text says why, and what to do."""


def main(words: Sequence[str] | None = None) -> int:
    """Return the exit code: 0 when it is done, 1 when it can't be, 2 when it was asked wrongly."""
    options = _parser().parse_args(words)
    command: Callable[[Namespace, StateFolder], int] = options.command
    try:
        return command(options, folder_of_this_device())
    except (Failed, NotPaired, BadAddress, AlreadyRunning, NoServer, Refused) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="deskbay agent", description="Report what is used on this device, and restore sessions."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    pair = commands.add_parser("pair", help="make this device yours, by a code from the page “Devices”")
    pair.add_argument("server", help="like https://desk.example.org")
    pair.add_argument("code")
    pair.add_argument("--name", default=system.node().partition(".")[0], help="what to call this device (%(default)s)")
    pair.add_argument("--service", action="store_true", help="start the agent now and whenever you sign in (systemd)")
    pair.set_defaults(command=_pair)
    commands.add_parser("run", help="work until ended").set_defaults(command=_run)
    status = commands.add_parser("status", help="tell how the agent is doing")
    status.add_argument("--json", action="store_true")
    status.set_defaults(command=_status)
    pause = commands.add_parser("pause", help="record nothing until you resume")
    pause.add_argument("--minutes", type=int, help="only for so long")
    pause.set_defaults(command=_pause)
    commands.add_parser("resume", help="record again").set_defaults(command=_resume)
    for name, what in (("exclude", "never record an application"), ("include", "record an application again")):
        command = commands.add_parser(name, help=what)
        command.add_argument("application", help="as `status` and the page name it, like firefox-esr")
        command.set_defaults(command=_exclude, wanted=name == "exclude")
    return parser


def _pair(options: Namespace, state: StateFolder) -> int:
    address = Address(options.server.rstrip("/"))
    answer = Server(address).post(
        "/api/v1/agent/pair", {**_about_this_device(), "code": options.code, "name": options.name}
    )
    state.keep_pairing(Pairing(address, str(answer["token"])))
    sys.stdout.write(f"This device is yours now, as “{options.name}”.\n")
    if options.service:
        _install_service()
    else:
        sys.stdout.write("Start the agent with: deskbay agent run\n")
    return 0


def _about_this_device() -> Mapping[str, object]:
    return {
        "system": _SYSTEMS.get(system.system(), "linux"),
        "system_release": system.release()[:100],
        "system_version": _version()[:255],
        "architecture": system.machine()[:50],
        "mac_address": _mac_address(),
    }


def _version() -> str:
    try:
        return system.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return system.version()


def _mac_address() -> str | None:
    number = uuid.getnode()
    if number >> 40 & 1:
        return None  # made up: this device tells none
    return ":".join(f"{number >> shift & 0xFF:02x}" for shift in range(40, -8, -8))


def _install_service() -> None:
    """Write a unit for this person's systemd and start it. Raises Failed where there is none."""
    base = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    unit = base / "systemd" / "user" / UNIT
    unit.parent.mkdir(parents=True, exist_ok=True)
    unit.write_text(_unit())
    for words in (["daemon-reload"], ["enable", "--now", UNIT]):
        done = run_program(["systemctl", "--user", *words], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failed(f"{unit} is written, but can't be started: {done.stderr.strip()} Run: deskbay agent run")
    sys.stdout.write("The agent runs, and starts whenever you sign in.\n")


def _unit() -> str:
    return f"""[Unit]
Description=Deskbay agent
PartOf=graphical-session.target
After=graphical-session.target

[Service]
ExecStart={sys.executable} -m deskbay.agent run
Restart=on-failure
RestartSec=10

[Install]
WantedBy=graphical-session.target
"""


def _run(_: Namespace, state: StateFolder) -> int:
    from deskbay.agent.agent import Agent  # only now: the other commands need no desktop
    from deskbay.agent.clock import DeviceClock
    from deskbay.agent.platforms import NoDesktop
    from deskbay.agent.platforms.opening import open_platform, open_sign

    lock = state.lock()
    try:
        agent = Agent(state, state.pairing(), DeviceClock(), open_platform, open_sign())
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: agent.leave())
        agent.run()
    except NoDesktop as error:
        raise Failed(str(error)) from error
    finally:
        os.close(lock)
    if agent.was_revoked:
        sys.stderr.write(
            "The server does not know this device any more. Pair it again: deskbay agent pair SERVER CODE\n"
        )
    return 0


def _status(options: Namespace, state: StateFolder) -> int:
    running = state.is_running()
    status = {"running": running, "excluded": sorted(state.choices().excluded), **state.status()}
    if options.json:
        sys.stdout.write(json.dumps(status) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in _in_words(status))
    return 0 if running else 1


def _in_words(status: Mapping[str, object]) -> Sequence[str]:
    if not status["running"]:
        return ["The agent does not run on this device. Start it with: deskbay agent run"]
    lines = [f"The agent runs, {_doing(status)}.", f"Server: {status.get('server', 'not reached yet')}"]
    if problem := status.get("problem"):
        lines.append(f"It can't be reached: {problem}")
    lines.append(f"Waiting to be sent: {status.get('waiting', 0)} periods")
    if isinstance(excluded := status["excluded"], list) and excluded:
        lines.append(f"Never recorded: {', '.join(excluded)}")
    return lines


def _doing(status: Mapping[str, object]) -> str:
    if status.get("paused"):
        return "paused"
    return "recording which applications you use" if status.get("tracking") else "recording nothing"


def _pause(options: Namespace, state: StateFolder) -> int:
    until = datetime.now(UTC) + timedelta(minutes=options.minutes) if options.minutes else FOREVER
    state.keep_choices(Choices(until, state.choices().excluded))
    sys.stdout.write("Paused. Nothing is recorded until you resume.\n" if until == FOREVER else "Paused.\n")
    return 0


def _resume(_: Namespace, state: StateFolder) -> int:
    state.keep_choices(Choices(None, state.choices().excluded))
    return 0


def _exclude(options: Namespace, state: StateFolder) -> int:
    choices, application = state.choices(), {options.application.lower()}
    excluded = choices.excluded | application if options.wanted else choices.excluded - application
    state.keep_choices(Choices(choices.paused_until, excluded))
    return 0
