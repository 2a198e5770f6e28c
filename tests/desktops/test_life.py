"""Owners, messages and histories of desktops, on every database."""

import asyncio

from tests.desktops.conftest import Stage, a_person
from tests.desktops.doubles import PromptRuntime, RefusingRuntime
from tests.desktops.test_driver import drive

from deskbay.accounts.models import Role, User
from deskbay.accounts.rights.rights import Rights
from deskbay.desktops import history, life, service
from deskbay.desktops.crier import Crier
from deskbay.desktops.models import Desktop
from deskbay.desktops.runtimes import Observation, Presence
from deskbay.devices.channel import AgentChannel, Command, CommandKind
from deskbay.kit.paging import Page
from deskbay.kit.problems import Problem

PATIENCE = 30


class EveryoneListens(AgentChannel):
    """A channel at which each device's agent listens, and keeps what it hears."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.database, stage.clock)
        self.heard: asyncio.Queue[tuple[int, Command]] = asyncio.Queue()

    def send(self, device_id: int, command: Command) -> bool:
        self.heard.put_nowait((device_id, command))
        return True


async def add(stage: Stage, username: str, role: Role = Role.USER) -> User:
    async with stage.database.write() as db:
        person = a_person(stage.clock, username, role)
        db.add(person)
    return person


async def known(stage: Stage, desktop: Desktop) -> list[str]:
    """Return the history of a desktop, oldest first, in words."""
    async with stage.database.read() as db:
        changes, _ = await history.list_changes(db, desktop, Page())
    words = [(change.state, change.actor and change.actor.username, change.reason) for change in reversed(changes)]
    return [" · ".join(str(word) for word in one if word) for one in words]


async def stop(stage: Stage, desktop: Desktop, by: User, reason: str | None = None) -> None:
    async with stage.database.write() as db:
        await service.stop_desktop(db, await service.get_desktop(db, Rights(by), desktop.id), reason, by=by)


async def transfer(stage: Stage, desktop: Desktop, owner: User, by: User, limit: int = 5) -> None:
    async with stage.database.write() as db:
        mine = await service.get_desktop(db, Rights(by), desktop.id)
        await life.transfer(db, stage.clock, mine, owner, by=by, limit=limit)


async def test_a_history_tells_who_wanted_what_and_what_happened_by_itself(stage: Stage) -> None:
    grace = await add(stage, "grace", Role.ADMINISTRATOR)
    runtime = PromptRuntime()
    desktop = await drive(stage, await stage.launch(), runtime)
    await stop(stage, desktop, grace, "The lab closes.")
    await drive(stage, desktop, runtime)
    await stage.start(desktop)
    await drive(stage, desktop, runtime)
    runtime.seen[desktop.uuid] = Observation(Presence.ABSENT, left=True)
    await drive(stage, desktop, runtime)
    assert await known(stage, desktop) == [
        "pending · ada",
        "starting · ada",
        "running · ada",
        "stopping · grace · grace stopped it: The lab closes.",
        "stopped · grace · grace stopped it: The lab closes.",
        "pending",
        "starting",
        "running",
        "stopped · You signed out of the desktop.",
    ]


async def test_a_failure_is_nobodys_wish(stage: Stage) -> None:
    desktop = await drive(stage, await stage.launch(), RefusingRuntime())
    assert (await known(stage, desktop))[-1] == "failed · The disk is full. Free some space, then try again."


async def test_a_new_owner_starts_it_with_their_own_home(stage: Stage) -> None:
    grace, bob = await add(stage, "grace", Role.ADMINISTRATOR), await add(stage, "bob")
    runtime = PromptRuntime()
    desktop = await drive(stage, await stage.launch(), runtime)
    await stop(stage, desktop, grace)
    await drive(stage, desktop, runtime)
    await transfer(stage, desktop, bob, grace)
    async with stage.database.write() as db:
        await service.start_desktop(db, stage.clock, await service.get_desktop(db, Rights(bob), desktop.id), by=bob)
    await drive(stage, desktop, runtime)
    assert [spec.owner for spec in runtime.launches] == [stage.person.uuid, bob.uuid]
    assert (await known(stage, desktop))[-4:] == [
        "stopped · grace · grace handed it over from ada to bob.",
        "pending · bob",
        "starting · bob",
        "running · bob",
    ]


async def test_two_handed_over_at_once_under_a_limit_of_one_are_one(stage: Stage) -> None:
    grace, bob = await add(stage, "grace", Role.ADMINISTRATOR), await add(stage, "bob")
    runtime = PromptRuntime()
    desktops = [await drive(stage, await stage.launch(), runtime) for _ in range(2)]
    for desktop in desktops:
        await stop(stage, desktop, grace)
        await drive(stage, desktop, runtime)
    moves = (transfer(stage, desktop, bob, grace, limit=1) for desktop in desktops)
    outcomes = await asyncio.gather(*moves, return_exceptions=True)
    assert sorted(isinstance(outcome, Problem) for outcome in outcomes) == [False, True]
    async with stage.database.read() as db:
        assert len((await service.list_desktops(db, Rights(bob), Page(), everyones=False))[0]) == 1


async def test_a_message_is_shown_in_the_desktop(stage: Stage) -> None:
    channel = EveryoneListens(stage)
    crier = asyncio.create_task(Crier(stage.database, channel).run())
    await asyncio.sleep(0)  # it listens from here on
    desktop = await stage.launch()
    async with stage.database.write() as db:
        life.say(db, stage.clock, await service.get_desktop(db, Rights(stage.person), desktop.id), "Save your work.")
    async with asyncio.timeout(PATIENCE):
        heard = await channel.heard.get()
    assert heard == (desktop.device_id, Command(CommandKind.NOTICE, {"text": "Save your work."}))
    crier.cancel()
    await asyncio.gather(crier, return_exceptions=True)
