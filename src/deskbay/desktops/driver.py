"""Brings one desktop to what is wanted of it, under a lease, step by step."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Update, UpdateBase, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.database import Database
from deskbay.desktops import mounting, service
from deskbay.desktops.lifecycle import TOO_SLOW_TO_START, TOO_SLOW_TO_STOP, Action, Decision, Situation, decide
from deskbay.desktops.models import Change, Desktop, State, Step, Template, Wanted
from deskbay.desktops.pool import RuntimePool
from deskbay.desktops.runtimes import DisplayProtocol, LaunchError, LaunchSpec, Runtime, Unreachable
from deskbay.desktops.runtimes.clusters import ClusterWish
from deskbay.desktops.runtimes.volumes import Mount
from deskbay.devices.models import Device
from deskbay.devices.tokens import new_token
from deskbay.kit.clock import Clock
from deskbay.kit.secrets import digest, new_secret
from deskbay.kit.vault import WrongKey
from deskbay.kit.vnc import new_password
from deskbay.settings import Settings

POLL_SECONDS = 0.002
WAITING = "Waiting for the screen"
ON_THE_WAY_UP = {State.PENDING, State.STARTING}
AT_REST = {State.STOPPED, State.FAILED}
UNEXPECTED = "The server could not {} the desktop: an unexpected error, which its log has. Try again."

Begun = tuple[str, datetime]
"""A step's name and when it began."""

LANGUAGE = "DESKBAY_LANGUAGE"
"""The variable by which a desktop knows its owner's language, of which it takes what is installed there."""
LANGUAGES = {"LANG", "LANGUAGE", "LC_ALL", LANGUAGE}
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every driver of a server shares. `name` is the server's own, for its leases."""

    name: str
    database: Database
    clock: Clock
    settings: Settings
    runtimes: RuntimePool


class LeaseLost(Exception):
    """Another server looks after the desktop now."""


class Driver:
    """Looks after one desktop until it has what is wanted, or another server has it."""

    def __init__(self, surroundings: Surroundings, desktop_id: int) -> None:
        self._around = surroundings
        self._id = desktop_id
        self._poked = asyncio.Event()
        self._launched: int | None = None
        self._leased_until: datetime | None = None

    def poke(self) -> None:
        """Say that something about the desktop has changed."""
        self._poked.set()

    @property
    def is_poked(self) -> bool:
        """Whether something has changed since it last looked."""
        return self._poked.is_set()

    async def run(self) -> None:
        try:
            with suppress(LeaseLost):
                while await self._go_on():
                    pass
        finally:
            await self._release_in_any_case()

    async def _go_on(self) -> bool:
        """Do the next thing. Returns whether there is more to do."""
        self._poked.clear()
        desktop = await self._load()
        if desktop is None:
            return False
        try:
            return await self._go_on_with(desktop, self._around.runtimes.of(desktop))
        except Unreachable as error:
            return await self._go_on_blindly(desktop, str(error))

    async def _go_on_blindly(self, desktop: Desktop, reason: str) -> bool:
        """A start fails when nothing is known of the desktop; everything else waits until something is."""
        if desktop.wanted is Wanted.RUNNING and desktop.state in ON_THE_WAY_UP:
            await self._record(desktop, State.FAILED, reason)
        elif desktop.wanted is Wanted.STOPPED and desktop.state not in AT_REST:
            await self._record(desktop, State.STOPPING, desktop.reason)  # the history keeps why it was wished for
            await self._record(desktop, State.STOPPING, reason)
        return False

    async def _go_on_with(self, desktop: Desktop, runtime: Runtime) -> bool:
        decision = await self._decide(desktop, runtime)
        if decision.action is Action.WAIT:
            async with self._renewing():
                decision = await self._wait(desktop, runtime)
        if self.is_poked:
            return True
        if decision.action is Action.REST:
            return await self._rest(desktop, decision)
        if not await self._record(desktop, decision.during, desktop.reason):
            return True
        async with self._renewing():
            return await self._act(desktop, runtime, decision)

    async def _decide(self, desktop: Desktop, runtime: Runtime) -> Decision:
        return decide(
            Situation(
                wanted=desktop.wanted,
                state=desktop.state,
                deadline=desktop.deadline,
                seen=await runtime.observe(desktop.uuid),
                launched=self._launched == desktop.launch,
                now=self._around.clock.now(),
            )
        )

    async def _rest(self, desktop: Desktop, decision: Decision) -> bool:
        if decision.after is desktop.state:
            return False
        await self._record(desktop, decision.after, decision.reason)
        return True

    async def _act(self, desktop: Desktop, runtime: Runtime, decision: Decision) -> bool:
        if decision.action is Action.LAUNCH:
            return await self._launch(desktop, runtime)
        if decision.action is Action.DELETE:
            return await self._delete(desktop, runtime)
        if await self._end(desktop, runtime):
            await self._record(desktop, decision.after, decision.reason or await self._why_ended(desktop))
            return True
        return False

    async def _why_ended(self, desktop: Desktop) -> str | None:
        """Return why a stop was wished for, whatever trouble there was with it since."""
        if desktop.state is not State.STOPPING:
            return desktop.reason
        stopping = select(Change.reason).where(Change.desktop_id == desktop.id, Change.state == State.STOPPING)
        async with self._around.database.read() as db:
            reason: str | None = await db.scalar(stopping.order_by(Change.id.desc()).limit(1))
            return reason

    async def _launch(self, desktop: Desktop, runtime: Runtime) -> bool:
        self._launched = desktop.launch
        token = new_token() if desktop.device_id else None
        async with self._around.database.read() as db:
            mounts = await mounting.mounts_of(db, desktop)
        try:
            async with (
                asyncio.timeout(self._around.settings.start_seconds),
                self._writing_steps(desktop, token) as steps,
            ):
                spec = _spec(desktop, token, mounts, self._password_of(desktop))
                await runtime.launch(spec, lambda name: steps.put_nowait((name, self._around.clock.now())))
                steps.put_nowait((WAITING, self._around.clock.now()))
        except (LaunchError, Unreachable, WrongKey) as error:
            await self._record(desktop, State.FAILED, str(error))
        except TimeoutError:
            await self._record(desktop, State.FAILED, TOO_SLOW_TO_START)
        except Exception:
            log.exception("launch failed", desktop=self._id)
            await self._record(desktop, State.FAILED, UNEXPECTED.format("start"))
        return True

    def _password_of(self, desktop: Desktop) -> str | None:
        """Return what its person chose for its display; None where nobody did, or it takes none. Raises WrongKey."""
        if desktop.sealed_password is None or desktop.template.password_variable is None:
            return None
        return self._around.runtimes.open(desktop.sealed_password)

    async def _delete(self, desktop: Desktop, runtime: Runtime) -> bool:
        if await self._end(desktop, runtime):
            await runtime.forget(desktop.uuid)
            async with self._around.database.write() as db:
                gone = await self._own(db)
                gone.deleted_at, gone.sealed_password = self._around.clock.now(), None
                await mounting.release(db, self._id)
                await db.execute(self._token_of(desktop, None))
        return False

    async def _end(self, desktop: Desktop, runtime: Runtime) -> bool:
        try:
            async with asyncio.timeout(self._around.settings.stop_seconds):
                await runtime.end(desktop.uuid)
        except TimeoutError:
            await self._record(desktop, desktop.state, TOO_SLOW_TO_STOP)
        except Unreachable:
            raise
        except Exception:
            log.exception("end failed", desktop=self._id)
            await self._record(desktop, desktop.state, UNEXPECTED.format("end"))
        else:
            return True
        return False

    async def _wait(self, desktop: Desktop, runtime: Runtime) -> Decision:
        """Wait until there is something else to do, as far as it depends on what is seen."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            decision = await self._decide(desktop, runtime)
            if decision.action is not Action.WAIT or self.is_poked:
                return decision

    @asynccontextmanager
    async def _writing_steps(self, desktop: Desktop, token: str | None) -> AsyncIterator[asyncio.Queue[Begun | None]]:
        steps: asyncio.Queue[Begun | None] = asyncio.Queue()
        # What is of a server that died over this launch, and the token of the agent, which starts later than this.
        first = [delete(Step).where(Step.desktop_id == desktop.id, Step.launch == desktop.launch)]
        writer = asyncio.create_task(self._write_steps(desktop, steps, [*first, self._token_of(desktop, token)]))
        try:
            yield steps
        finally:
            steps.put_nowait(None)
            await writer

    async def _write_steps(self, desktop: Desktop, steps: asyncio.Queue[Begun | None], first: list[UpdateBase]) -> None:
        while begun := await _all_of(steps):
            async with self._around.database.write() as db:
                while first:
                    await db.execute(first.pop())
                db.add_all(Step(desktop_id=desktop.id, launch=desktop.launch, name=name, at=at) for name, at in begun)
                service.announce(db, desktop)

    def _token_of(self, desktop: Desktop, token: str | None) -> Update:
        """Return what gives the desktop's device this token, or revokes the one that it had."""
        now = self._around.clock.now()
        device = update(Device).where(Device.id == desktop.device_id)
        if token is None:
            return device.values(token_digest=None, revoked_at=now)
        return device.values(token_digest=digest(token), token_issued_at=now, revoked_at=None)

    async def _load(self) -> Desktop | None:
        async with self._around.database.read() as db:
            desktop: Desktop | None = await db.scalar(
                select(Desktop).where(Desktop.id == self._id, Desktop.deleted_at.is_(None)).options(*service.WHOLE)
            )
            return desktop

    async def _record(self, known: Desktop, state: State, reason: str | None) -> bool:
        """Write down a state under the lease. Returns False when the wish has changed since `known` was read."""
        async with self._around.database.write() as db:
            desktop = await self._own(db)
            if (desktop.wanted, desktop.launch, desktop.state) != (known.wanted, known.launch, known.state):
                return False
            changed = (desktop.state, desktop.reason) != (state, reason)
            service.enter(db, desktop, state, reason, self._around.clock)
            desktop.deadline = desktop.deadline or self._deadline(state)
            if state in {State.STOPPED, State.FAILED} and desktop.wanted is Wanted.RUNNING:
                desktop.wanted = Wanted.STOPPED
            if changed:
                service.announce(db, desktop)
            known.state, known.reason, known.deadline = desktop.state, desktop.reason, desktop.deadline
        return True

    def _deadline(self, state: State) -> datetime | None:
        settings = self._around.settings
        seconds = {State.STARTING: settings.start_seconds, State.STOPPING: settings.stop_seconds}.get(state)
        return None if seconds is None else self._around.clock.now() + timedelta(seconds=seconds)

    async def _own(self, db: AsyncSession) -> Desktop:
        """Return the desktop with its lease taken or renewed. Raises LeaseLost when another server has it."""
        desktop = await db.get_one(Desktop, self._id, with_for_update=True, populate_existing=True)
        now, name = self._around.clock.now(), self._around.name
        if desktop.lease_owner not in {None, name} and desktop.lease_until and desktop.lease_until > now:
            raise LeaseLost
        desktop.lease_owner = name
        desktop.lease_until = self._leased_until = now + self._lease
        return desktop

    @property
    def _lease(self) -> timedelta:
        return timedelta(seconds=self._around.settings.lease_seconds)

    @asynccontextmanager
    async def _renewing(self) -> AsyncIterator[None]:
        heartbeat = asyncio.create_task(self._renew())
        try:
            yield
        finally:
            heartbeat.cancel()

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._lease.total_seconds() / 2)
            async with self._around.database.write() as db:
                await self._own(db)

    async def _release_in_any_case(self) -> None:
        """Give the lease back, also when we are cancelled meanwhile: else the next server has to wait for its end."""
        release = asyncio.create_task(self._release())
        cancelled: asyncio.CancelledError | None = None
        while not release.done():
            try:
                await asyncio.shield(release)
            except asyncio.CancelledError as error:
                cancelled = error
        release.result()
        if cancelled:
            raise cancelled

    async def _release(self) -> None:
        if self._leased_until is None:
            return
        mine = update(Desktop).where(Desktop.id == self._id, Desktop.lease_owner == self._around.name)
        async with self._around.database.write() as db:
            await db.execute(mine.values(lease_owner=None, lease_until=None))


async def _all_of(steps: asyncio.Queue[Begun | None]) -> list[Begun]:
    """Wait for the next step, and return it with those that came with it; nothing when there are no more."""
    begun = [await steps.get()]
    while not steps.empty() and begun[-1] is not None:
        begun.append(steps.get_nowait())
    if begun[-1] is None and len(begun) > 1:
        steps.put_nowait(None)
    return [step for step in begun if step is not None]


def _spec(desktop: Desktop, token: str | None, mounts: tuple[Mount, ...], password: str | None) -> LaunchSpec:
    return LaunchSpec(
        desktop=desktop.uuid,
        owner=desktop.owner.uuid,
        owner_id=desktop.owner.id,
        owner_name=desktop.owner.username,
        name=desktop.name,
        profile=desktop.template.profile,
        network=desktop.template.network,
        memory_mb=desktop.memory_mb,
        cpus=desktop.cpus,
        environment=_environment(desktop.template, password, desktop.owner.language),
        agent_token=token,
        image=desktop.template.image,
        cluster=ClusterWish.model_validate_json(desktop.template.cluster),
        protocol=desktop.template.protocol,
        port=desktop.template.port,
        password_variable=desktop.template.password_variable,
        volumes=mounts,
        keeps_home=desktop.keeps_home,
    )


def _environment(template: Template, password: str | None, language: str | None = None) -> dict[str, str]:
    """Return the variables of a desktop. What its template says of the language counts more than its owner's."""
    environment: dict[str, str] = json.loads(template.environment)
    if language and not LANGUAGES & environment.keys():
        environment[LANGUAGE] = language
    if template.password_variable:
        make = new_password if template.protocol is DisplayProtocol.VNC else new_secret
        environment[template.password_variable] = password or make()
    return environment
