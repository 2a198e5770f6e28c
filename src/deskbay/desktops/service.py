"""The rules on desktops. A request only says what is wanted; the reconciler makes it so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from deskbay.accounts.access import Needs, right_missing
from deskbay.accounts.models import User
from deskbay.accounts.rights.rights import Rights
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.database import emit
from deskbay.desktops import budgets, history, limits, mounting, placing, quotas
from deskbay.desktops.models import Desktop, State, Step, Wanted
from deskbay.desktops.schemas import DesktopOut, StepOut, StopOut
from deskbay.devices.models import Device, System
from deskbay.devices.service import new_device
from deskbay.kit.clock import Clock
from deskbay.kit.events import Event
from deskbay.kit.paging import Page, cut
from deskbay.kit.problems import Problem
from deskbay.sessions.models import Restore
from deskbay.settings import Settings
from deskbay.volumes.schemas import VolumeBrief

CHANGED = "desktop"
WANTED = "desktop-wanted"
DELETED = "desktop-deleted"
LONGEST_PART = 57
"""Letters of a desktop's name that are in its device's."""


@dataclass(frozen=True, slots=True)
class Right:
    """How many desktops of one person may run where no rule says so, and be there at all; None: as many as they like.

    Weeks and months begin in the zone.
    """

    running: int | None = None
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    desktops: int | None = None

    @classmethod
    def of(cls, settings: Settings) -> "Right":
        return cls(settings.running_desktops_per_user, ZoneInfo(settings.time_zone), settings.desktops_per_user)


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
    db: AsyncSession, rights: Rights, page: Page, *, everyones: bool, scope: Scope = Scope.DESKTOPS_READ
) -> tuple[Sequence[Desktop], int | None]:
    """Return a page of one's own desktops or all within reach, newest first, and the cursor of the next page.

    `scope` is what one wants to do to those of others. Raises Problem 403 when someone who reaches nobody else's asks
    for everyone's.
    """
    if everyones and not await rights.include(db, Scope.DESKTOPS_READ, Reach.GROUP):
        raise right_missing(Needs(Scope.DESKTOPS_READ, Reach.GROUP))
    wanted = _there().order_by(Desktop.id.desc()).limit(page.limit + 1)
    if everyones:
        wanted = wanted.where(await rights.within_reach(db, scope, Desktop.owner_id))
    else:
        wanted = wanted.where(Desktop.owner_id == rights.user.id)
    if page.cursor is not None:
        wanted = wanted.where(Desktop.id < page.cursor)
    return cut((await db.scalars(wanted)).all(), page.limit)


async def refuse_over(db: AsyncSession, clock: Clock, desktop: Desktop, right: Right) -> None:
    """Raise Problem 409 where another desktop of its owner may not run now, or they have no hours left."""
    with db.no_autoflush:  # the desktop is not there yet
        await quotas.refuse_more(db, desktop, right.running)
        await budgets.refuse_used_up(db, desktop.owner, right.zone, clock.now())


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


async def names_of(db: AsyncSession, user: User) -> Sequence[str]:
    """Return the names of all desktops that a user has."""
    return (await db.scalars(select(Desktop.name).where(Desktop.owner_id == user.id, *THERE))).all()


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

    Raises Problem 409 when the runtime that it is on has no room, or takes no desktops, and as `launching.launch` does;
    404 when it was deleted meanwhile.
    """
    await lock(db, desktop)
    if desktop.wanted is Wanted.DELETED:
        raise _no_desktop(desktop.id)
    if desktop.wanted is Wanted.RUNNING:
        return
    await lock_owner(db, desktop.owner)
    await refuse_over(db, clock, desktop, right)
    await placing.make_room(db, desktop)
    _want(desktop, Wanted.RUNNING, by)
    _begin_launch(desktop, clock)
    desktop.reason = reason
    if desktop.state in {State.STOPPED, State.FAILED}:
        enter(db, desktop, State.PENDING, reason, clock)
    tell_wish(db, desktop)


def _begin_launch(desktop: Desktop, clock: Clock) -> None:
    """Have a desktop begin anew: nobody has used it yet, and no end is set to it."""
    desktop.launch += 1
    if desktop.device_id is None:  # launched by a Deskbay that had no agent yet
        desktop.device = as_device(desktop, clock, desktop.uuid)
    desktop.started_at = clock.now()
    desktop.active_at = desktop.watched_at = desktop.stop_at = desktop.stop_cause = None
    desktop.ends_at = desktop.budget_ends_at = None


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
