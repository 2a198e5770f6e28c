"""The rules on desktops. A request only says what is wanted; the reconciler makes it so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from deskbay.accounts.access import Needs, right_missing
from deskbay.accounts.models import User
from deskbay.accounts.rights.rights import Rights
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.database import emit
from deskbay.desktops import budgets, history, limits, mounting, placing, quotas, spares
from deskbay.desktops.models import Desktop, State, Step, Template, Wanted
from deskbay.desktops.schemas import DesktopOut, StepOut, StopOut
from deskbay.devices.models import Device, System
from deskbay.devices.service import new_device
from deskbay.kit.clock import Clock
from deskbay.kit.events import Event
from deskbay.kit.paging import Page, cut
from deskbay.kit.problems import Problem
from deskbay.sessions.models import Restore, Save, Session
from deskbay.settings import Settings
from deskbay.volumes import service as volumes
from deskbay.volumes.models import Volume
from deskbay.volumes.schemas import VolumeBrief

CHANGED = "desktop"
WANTED = "desktop-wanted"
DELETED = "desktop-deleted"
LONGEST_PART = 57
"""Letters of a desktop's name that are in its device's."""


@dataclass(frozen=True, slots=True)
class Size:
    """The memory in MiB and the cores that somebody chose for a desktop; None where the template decides."""

    memory_mb: int | None = None
    cpus: float | None = None


DEFAULT_SIZE = Size()


@dataclass(frozen=True, slots=True)
class Right:
    """How many desktops of one person may run where no rule says so, and in which zone weeks and months begin."""

    running: int | None = None
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    @classmethod
    def of(cls, settings: Settings) -> "Right":
        return cls(settings.running_desktops_per_user, ZoneInfo(settings.time_zone))


UNLIMITED = Right()


WHOLE = (joinedload(Desktop.owner), joinedload(Desktop.template), joinedload(Desktop.runtime))
"""What is loaded with a desktop."""


THERE = (Desktop.deleted_at.is_(None), Desktop.wanted != Wanted.DELETED)
"""What is true of a desktop that nobody has deleted."""


def _there() -> Select[Desktop]:
    return select(Desktop).where(*THERE).options(*WHOLE)


def announce(db: AsyncSession, desktop: Desktop) -> None:
    """Tell, once committed, that a desktop has changed."""
    name = DELETED if desktop.wanted is Wanted.DELETED else CHANGED
    emit(db, Event(name, desktop.id, desktop.owner_id, desktop.state))


def announce_gone(db: AsyncSession, desktop: Desktop) -> None:
    """Tell its owner, once committed, that a desktop is theirs no more."""
    emit(db, Event(DELETED, desktop.id, desktop.owner_id))


def tell_wish(db: AsyncSession, desktop: Desktop) -> None:
    """Tell, once committed, that something else is wanted of a desktop."""
    emit(db, Event(WANTED, desktop.id, desktop.owner_id))
    announce(db, desktop)


async def find_desktop(db: AsyncSession, desktop_id: int) -> Desktop | None:
    desktop: Desktop | None = await db.scalar(_there().where(Desktop.id == desktop_id))
    return desktop


async def ids_where(db: AsyncSession, *conditions: ColumnElement[bool]) -> set[int]:
    """Return the ids of all desktops of which that is true."""
    return set(await db.scalars(select(Desktop.id).where(*THERE, *conditions)))


async def desktops_where(db: AsyncSession, *conditions: ColumnElement[bool]) -> Sequence[Desktop]:
    """Return all desktops of which that is true, newest first."""
    return (await db.scalars(_there().where(*conditions).order_by(Desktop.id.desc()))).all()


async def get_desktop(
    db: AsyncSession, rights: Rights, desktop_id: int, scope: Scope = Scope.DESKTOPS_WRITE
) -> Desktop:
    """Return a desktop that somebody may use, or see. Raises Problem 404, also for one that is out of their reach."""
    desktop = await find_desktop(db, desktop_id)
    if desktop is None or not await may_use(db, rights, desktop, scope):
        raise _no_desktop(desktop_id)
    return desktop


def _no_desktop(desktop_id: int) -> Problem:
    return Problem(HTTPStatus.NOT_FOUND, f"There is no desktop {desktop_id}, or it is not yours.")


async def may_use(db: AsyncSession, rights: Rights, desktop: Desktop, scope: Scope = Scope.DESKTOPS_WRITE) -> bool:
    """Tell whether a desktop is somebody's own, or within their reach."""
    return desktop.owner_id == rights.user.id or await rights.reach_of(db, scope, desktop.owner_id)


async def list_desktops(
    db: AsyncSession, rights: Rights, page: Page, *, everyones: bool
) -> tuple[Sequence[Desktop], int | None]:
    """Return a page of one's own desktops or all within reach, newest first, and the cursor of the next page.

    Raises Problem 403 when someone who reaches nobody else's asks for everyone's.
    """
    if everyones and not await rights.include(db, Scope.DESKTOPS_READ, Reach.GROUP):
        raise right_missing(Needs(Scope.DESKTOPS_READ, Reach.GROUP))
    wanted = _there().order_by(Desktop.id.desc()).limit(page.limit + 1)
    if everyones:
        wanted = wanted.where(await rights.within_reach(db, Scope.DESKTOPS_READ, Desktop.owner_id))
    else:
        wanted = wanted.where(Desktop.owner_id == rights.user.id)
    if page.cursor is not None:
        wanted = wanted.where(Desktop.id < page.cursor)
    return cut((await db.scalars(wanted)).all(), page.limit)


async def launch_desktop(
    db: AsyncSession,
    clock: Clock,
    user: User,
    template: Template,
    *,
    name: str | None,
    limit: int,
    right: Right = UNLIMITED,
    size: Size = DEFAULT_SIZE,
    session: Session | None = None,
    save: Save | None = None,
    volume: Volume | None = None,
    keeps_home: bool = True,
    sealed_password: str | None = None,
    idempotency_key: str | None = None,
) -> Desktop:
    """Want a new desktop. Raises Problem 409 when the user has as many as the limit allows, or as run at once, or has
    no hours left; 422 for a size that the template does not have.

    One that does not keep its home begins with an empty one, which is deleted with it. A spare that is just like it
    becomes it. The same idempotency key gives the desktop that it gave before.
    """
    if volume is not None:
        await volumes.lock(db, volume)  # before people, as whoever lets it grow does
    await lock_owner(db, user)
    if idempotency_key and (known := await _launched_before(db, user, idempotency_key)):
        return known
    memory_mb, cpus = _chosen(template, size)
    names = await names_of(db, user)
    if len(names) >= limit:
        raise _limit_reached(limit)
    now = clock.now()
    desktop = Desktop(
        uuid=uuid4(),
        owner=await db.get_one(User, user.id),
        template=template,
        name=name or _free_name(template.name, set(names)),
        memory_mb=memory_mb,
        cpus=cpus,
        wanted=Wanted.RUNNING,
        state=State.PENDING,
        state_since=now,
        created_at=now,
        started_at=now,
        wanted_by_id=user.id,
        session_id=session.id if session else None,
        save_id=save.id if save else None,
        keeps_home=keeps_home,
        sealed_password=sealed_password,
        idempotency_key=idempotency_key,
    )
    await _refuse_over(db, clock, desktop, right)
    if volume is not None or not await spares.take(db, desktop):
        await placing.place(db, desktop, where=await mounting.places_for(db, template, volume))
    desktop.device = as_device(desktop, clock, desktop.uuid)
    db.add(desktop)
    await db.flush()
    if volume is not None:
        await mounting.attach_at_launch(db, desktop, volume)
    history.note(db, desktop, now)
    tell_wish(db, desktop)
    return desktop


async def _refuse_over(db: AsyncSession, clock: Clock, desktop: Desktop, right: Right) -> None:
    with db.no_autoflush:  # the desktop is not there yet
        await quotas.refuse_more(db, desktop, right.running)
        await budgets.refuse_used_up(db, desktop.owner, right.zone, clock.now())


def _chosen(template: Template, size: Size) -> tuple[int, float]:
    memory_mb = template.memory_mb if size.memory_mb is None else size.memory_mb
    cpus = template.cpus if size.cpus is None else size.cpus
    _refuse_outside(template, memory_mb, (template.least_memory_mb, template.most_memory_mb), "MiB of memory")
    _refuse_outside(template, cpus, (template.least_cpus, template.most_cpus), "cores")
    return memory_mb, cpus


def _refuse_outside(template: Template, chosen: float, bounds: tuple[float, float], unit: str) -> None:
    least, most = bounds
    if not least <= chosen <= most:
        what = f"“{template.name}” has {least:g} to {most:g} {unit}, not {chosen:g}. Choose something in between."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="size-not-offered")


def as_device(desktop: Desktop, clock: Clock, uuid: UUID) -> Device:
    """Return the device that a desktop reports as. Names of devices are unique: so it has part of its id."""
    device = new_device(clock, f"{desktop.name[:LONGEST_PART]} {uuid.hex[:6]}")
    device.uuid, device.owner, device.system = uuid, desktop.owner, System.LINUX
    device.template = desktop.template.slug
    return device


async def lock(db: AsyncSession, desktop: Desktop) -> None:
    """See that nobody else changes a desktop until the transaction ends, and read it anew.

    Desktops are locked before people: who notes what became of a desktop holds it, and then needs its owner.
    """
    await db.flush()  # reading anew would lose what is not written yet
    await db.refresh(desktop, Desktop.__mapper__.column_attrs.keys(), with_for_update=True)


async def lock_owner(db: AsyncSession, user: User) -> None:
    """See that nobody else changes how many desktops somebody has, until the transaction ends."""
    await db.execute(select(User.id).where(User.id == user.id).with_for_update(key_share=True))


async def _launched_before(db: AsyncSession, user: User, key: str) -> Desktop | None:
    owned = select(Desktop).where(Desktop.owner_id == user.id, Desktop.idempotency_key == key)
    desktop: Desktop | None = await db.scalar(owned.options(*WHOLE))
    return desktop


async def names_of(db: AsyncSession, user: User) -> Sequence[str]:
    """Return the names of all desktops that a user has."""
    return (await db.scalars(select(Desktop.name).where(Desktop.owner_id == user.id, *THERE))).all()


def _limit_reached(limit: int) -> Problem:
    what = "1 desktop" if limit == 1 else f"{limit} desktops"
    detail = f"You may have {what}, and have as many. Delete one, or start one that is stopped."
    return Problem(HTTPStatus.CONFLICT, detail, kind="limit-reached")


def _free_name(base: str, taken: set[str]) -> str:
    names = (base if number == 1 else f"{base} {number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


async def start_desktop(
    db: AsyncSession,
    clock: Clock,
    desktop: Desktop,
    *,
    right: Right = UNLIMITED,
    by: User | None = None,
    reason: str | None = None,
) -> None:
    """Want a desktop to run that is stopped, failed or on its way there, by a person or by Deskbay itself.

    Raises Problem 409 when the runtime that it is on has no room, or takes no desktops, and as `launch_desktop` does;
    404 when it was deleted meanwhile.
    """
    await lock(db, desktop)
    if desktop.wanted is Wanted.DELETED:
        raise _no_desktop(desktop.id)
    if desktop.wanted is Wanted.RUNNING:
        return
    await lock_owner(db, desktop.owner)
    await _refuse_over(db, clock, desktop, right)
    await placing.make_room(db, desktop)
    _want(desktop, Wanted.RUNNING, by)
    desktop.reason = reason
    desktop.launch += 1
    if desktop.device_id is None:  # launched by a Deskbay that had no agent yet
        desktop.device = as_device(desktop, clock, desktop.uuid)
    desktop.started_at = clock.now()
    desktop.active_at = desktop.watched_at = desktop.stop_at = desktop.stop_cause = None
    desktop.ends_at = desktop.budget_ends_at = None
    if desktop.state in {State.STOPPED, State.FAILED}:
        enter(db, desktop, State.PENDING, reason, clock)
    tell_wish(db, desktop)


def _want(desktop: Desktop, wanted: Wanted, by: User | None) -> None:
    desktop.wanted, desktop.wanted_by_id = wanted, by.id if by else None


async def stop_desktop(
    db: AsyncSession, desktop: Desktop, reason: str | None = None, *, by: User | None = None
) -> None:
    """Want a desktop to be stopped, by a person or by Deskbay itself; its home stays. What is deleted stays so."""
    await lock(db, desktop)
    want_stopped(db, desktop, reason, by=by)


def want_stopped(db: AsyncSession, desktop: Desktop, reason: str | None = None, *, by: User | None = None) -> None:
    """Want a desktop to be stopped that is locked already."""
    if desktop.wanted is Wanted.RUNNING:
        _want(desktop, Wanted.STOPPED, by)
        desktop.reason = _named(by, reason) if by else reason
        tell_wish(db, desktop)


def _named(by: User, reason: str | None) -> str:
    return f"{by.username} stopped it: {reason}" if reason else f"{by.username} stopped it."


def delete_desktop(db: AsyncSession, desktop: Desktop, reason: str | None = None, *, by: User | None = None) -> None:
    """Want a desktop to be gone; the home of its owner stays."""
    _want(desktop, Wanted.DELETED, by)
    desktop.reason = reason or desktop.reason
    tell_wish(db, desktop)


def enter(db: AsyncSession, desktop: Desktop, state: State, reason: str | None, clock: Clock) -> None:
    """Put a desktop into a state, for a reason, from now on."""
    desktop.reason = reason
    if desktop.state is not state:
        desktop.state = state
        desktop.state_since = clock.now()
        desktop.deadline = None
        history.note(db, desktop, desktop.state_since)


async def describe(db: AsyncSession, desktops: Sequence[Desktop]) -> list[DesktopOut]:
    """Return desktops as they go over the wire, with the steps of their present launches."""
    steps: dict[int, list[StepOut]] = {desktop.id: [] for desktop in desktops}
    present = and_(Step.desktop_id == Desktop.id, Step.launch == Desktop.launch)
    for step in await db.scalars(select(Step).join(Desktop, present).where(Desktop.id.in_(steps)).order_by(Step.id)):
        steps[step.desktop_id].append(StepOut.model_validate(step))
    runs, mounted = await _runs_of(db, desktops), await mounting.describe(db, desktops)
    return [_describe(desktop, steps[desktop.id], runs, mounted[desktop.id]) for desktop in desktops]


async def _runs_of(db: AsyncSession, desktops: Sequence[Desktop]) -> dict[int, UUID]:
    """Return the runs of the restores that belong to desktops."""
    ids = [desktop.restore_id for desktop in desktops if desktop.restore_id is not None]
    return dict((await db.execute(select(Restore.id, Restore.run).where(Restore.id.in_(ids)))).all()) if ids else {}


def _describe(
    desktop: Desktop, steps: list[StepOut], runs: Mapping[int, UUID], mounted: list[VolumeBrief]
) -> DesktopOut:
    runs_on = desktop.wanted is Wanted.RUNNING
    made_here = {
        **{name: getattr(desktop.template, name) for name in ("protocol", "clipboard", "is_recorded")},
        "steps": steps,
        "volumes": mounted,
        "stop": _stop_of(desktop),
        "ends_at": limits.end_of_lifetime(desktop) if runs_on else None,
        "latest_end": limits.latest_end(desktop) if runs_on else None,
        "restore": runs.get(desktop.restore_id or 0),
    }
    fields = {name: getattr(desktop, name) for name in DesktopOut.model_fields if name not in made_here}
    return DesktopOut.model_validate({**fields, **made_here})


def _stop_of(desktop: Desktop) -> StopOut | None:
    stop = limits.announced(desktop)
    if stop is None or (desktop.wanted, desktop.state) != (Wanted.RUNNING, State.RUNNING):
        return None
    reason = limits.warning_reason(desktop, stop.cause)
    return StopOut(at=stop.at, cause=stop.cause, reason=reason, can_be_kept=limits.may_be_kept(desktop, stop.cause))
