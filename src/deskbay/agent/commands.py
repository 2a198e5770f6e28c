"""What a person asks of the agent: `deskbay agent`, and `python3 -m deskbay.agent` where that is all there is."""

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NoReturn

from deskbay.agent import system
from deskbay.agent.failures import Failed
from deskbay.agent.state import FOREVER, Choices, StateFolder, folder_of_this_device

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

DONE, FAILED, MISUSED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command tells a person, what it tells a program, and its exit code."""

    text: str
    document: Mapping[str, object] = field(default_factory=dict)
    code: int = DONE


class Misused(Exception):
    """The words can't be understood; the text says which."""


def main(words: Sequence[str] | None = None) -> int:
    """Run a command. Return 0 when it is done, 1 when it can't be, 2 when it was asked wrongly."""
    words = sys.argv[1:] if words is None else words
    as_json = "--json" in words
    outcome = _outcome([word for word in words if word != "--json"])
    shown = json.dumps(outcome.document) if as_json else outcome.text
    stream = sys.stderr if outcome.code and not as_json else sys.stdout
    if shown and stream is not None:  # a program of Windows' without a console has none
        stream.write(f"{shown}\n")
    return outcome.code


def _outcome(words: Sequence[str]) -> Outcome:
    try:
        state = folder_of_this_device()
        if words == ["run"]:
            return _run(state)  # it stays for long, and needs no reader of words in memory
        options = _parser().parse_args(words)
        command: Callable[[Namespace, StateFolder], Outcome] = options.command
        return command(options, state)
    except Failed as failure:
        return _problem("agent", "Agent", str(failure), FAILED)
    except Misused as misuse:
        return _problem("misuse", "Wrong command line", str(misuse), MISUSED)


def _problem(kind: str, title: str, detail: str, code: int) -> Outcome:
    return Outcome(detail, {"type": kind, "title": title, "detail": detail}, code)


def _parser() -> "ArgumentParser":
    from argparse import ArgumentParser

    class Parser(ArgumentParser):
        def error(self, message: str) -> NoReturn:
            raise Misused(f"{message}. Run: {self.prog} --help")

    what = "Report which applications are used on this device, and bring sessions back."
    parser = Parser(prog=system.COMMAND, description=what, epilog="--json prints one JSON document, and nothing else.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    pair = commands.add_parser("pair", help="make this device yours, by a code from the page “Devices”")
    pair.add_argument("server", help="like https://desk.example.org")
    pair.add_argument("code")
    pair.add_argument("--name", help="what to call this device, if not by its own name")
    pair.add_argument("--service", action="store_true", help="start the agent now and whenever you sign in")
    pair.set_defaults(command=_pair)
    commands.add_parser("run", help="work until ended").set_defaults(command=lambda _, state: _run(state))
    commands.add_parser("status", help="tell how the agent is doing").set_defaults(command=_status)
    pause = commands.add_parser("pause", help="record nothing until you resume")
    pause.add_argument("--minutes", type=int, help="only for so long")
    pause.set_defaults(command=_pause)
    commands.add_parser("resume", help="record again").set_defaults(command=_resume)
    for name, what in (("exclude", "never record an application"), ("include", "record an application again")):
        command = commands.add_parser(name, help=what)
        command.add_argument("application", help="as the page names it, like firefox-esr")
        command.set_defaults(command=_exclude, wanted=name == "exclude")
    return parser


def _pair(options: "Namespace", state: StateFolder) -> Outcome:
    from deskbay.agent import services  # what only one command needs takes no memory of another
    from deskbay.agent.pairing import pair

    name = pair(state, options.server, options.code, options.name)
    if options.service:
        services.install()
    then = "The agent runs, and starts whenever you sign in." if options.service else f"Now run: {system.COMMAND} run"
    return Outcome(f"This device is yours now, as “{name}”.\n{then}", {"name": name})


def _run(state: StateFolder) -> Outcome:
    from deskbay.agent.agent import Agent
    from deskbay.agent.clock import DeviceClock
    from deskbay.agent.platforms import NoDesktop
    from deskbay.agent.platforms.opening import open_platform, open_sign

    lock = state.lock()
    try:
        agent = Agent(state, state.pairing(), DeviceClock(), open_platform, open_sign())
        agent.leave_on(*system.ENDING)
        agent.run()
    except NoDesktop as error:
        raise Failed(str(error)) from error
    finally:
        os.close(lock)
    if agent.was_revoked:
        return Outcome(
            f"The server does not know this device any more. Pair it again: {system.COMMAND} pair SERVER CODE"
        )
    return Outcome("")


def _status(_: "Namespace", state: StateFolder) -> Outcome:
    running = state.is_running()
    status = {"running": running, "excluded": sorted(state.choices().excluded), **state.status()}
    return Outcome("\n".join(_in_words(status)), status, DONE if running else FAILED)


def _in_words(status: Mapping[str, object]) -> Sequence[str]:
    if not status["running"]:
        return [f"The agent does not run on this device. Start it with: {system.COMMAND} run"]
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


def _pause(options: "Namespace", state: StateFolder) -> Outcome:
    until = datetime.now(UTC) + timedelta(minutes=options.minutes) if options.minutes else FOREVER
    state.keep_choices(Choices(until, state.choices().excluded))
    told = f"for {options.minutes} minutes" if options.minutes else "until you resume"
    return Outcome(f"Nothing is recorded {told}.", {"paused_until": until.isoformat()})


def _resume(_: "Namespace", state: StateFolder) -> Outcome:
    state.keep_choices(Choices(None, state.choices().excluded))
    return Outcome("What you use is recorded again, where the server may.", {"paused_until": None})


def _exclude(options: "Namespace", state: StateFolder) -> Outcome:
    choices, application = state.choices(), {options.application.lower()}
    excluded = choices.excluded | application if options.wanted else choices.excluded - application
    state.keep_choices(Choices(choices.paused_until, excluded))
    return Outcome(f"Never recorded: {', '.join(sorted(excluded)) or 'nothing'}", {"excluded": sorted(excluded)})
