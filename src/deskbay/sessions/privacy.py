"""What is kept of a person: to be taken along, and to be erased."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.models import User
from deskbay.accounts.rights.on_server import leave_one
from deskbay.activity import keeper
from deskbay.activity.models import Activity, SignIn, UserHours
from deskbay.activity.stretches import SECOND, moment
from deskbay.kit.clock import Clock
from deskbay.sessions import saves
from deskbay.sessions.models import DeviceSnapshot, Restore, Session, TrackingChoice, Usage
from deskbay.sessions.policy import show_choice, tell_devices
from deskbay.sessions.schemas import (
    KeptHours,
    KeptInterval,
    KeptOfPerson,
    KeptSession,
    KeptSignIn,
    KeptSnapshot,
    KeptUsage,
)
from deskbay.sessions.service import delete_session
from deskbay.sessions.snapshots import Snapshot
from deskbay.sessions.transfer import export_session
from deskbay.settings import Settings


async def kept_of(db: AsyncSession, clock: Clock, settings: Settings, user: User) -> KeptOfPerson:
    """Return all that agents and pings have told of a person, and the person's sessions."""
    return KeptOfPerson(
        choice=await show_choice(db, clock, settings, user),
        sign_ins=await _sign_ins(db, user),
        activity=await _activity(db, user),
        hours=await _hours(db, user),
        open_now=await _open_now(db, user),
        sessions=[await _kept(db, session) for session in await _sessions(db, user)],
    )


async def _sign_ins(db: AsyncSession, user: User) -> list[KeptSignIn]:
    found = await db.scalars(select(SignIn).where(SignIn.user_id == user.id).order_by(SignIn.id))
    return [
        KeptSignIn(device_id=one.device_id, address=one.address, started_at=one.started_at, ends_at=one.ends_at)
        for one in found
    ]


async def _activity(db: AsyncSession, user: User) -> list[KeptInterval]:
    of_person = select(Activity).where(Activity.user_id == user.id)
    return [
        KeptInterval(
            device_id=one.device_id, kind=one.kind, name=one.name, start=moment(one.starts), end=moment(one.ends)
        )
        for one in await db.scalars(of_person.order_by(Activity.day, Activity.starts))
    ]


async def _hours(db: AsyncSession, user: User) -> list[KeptHours]:
    found = await db.scalars(select(UserHours).where(UserHours.user_id == user.id).order_by(UserHours.starts_on))
    return [
        KeptHours(
            period=one.period,
            starts_on=one.starts_on,
            kind=one.kind,
            name=one.name,
            seconds=one.microseconds / SECOND,
        )
        for one in found
    ]


async def _open_now(db: AsyncSession, user: User) -> list[KeptSnapshot]:
    return [
        KeptSnapshot(device_id=one.device_id, snapshot=Snapshot.model_validate_json(one.content))
        for one in await db.scalars(select(DeviceSnapshot).where(DeviceSnapshot.user_id == user.id))
    ]


async def _sessions(db: AsyncSession, user: User) -> list[Session]:
    return list(await db.scalars(select(Session).where(Session.user_id == user.id).order_by(Session.id)))


async def _kept(db: AsyncSession, session: Session) -> KeptSession:
    periods = await db.scalars(select(Usage).where(Usage.session_id == session.id).order_by(Usage.starts))
    return KeptSession(
        session=await export_session(db, session),
        applications=await saves.applications_of(db, session),
        usage=[
            KeptUsage(application=one.application, kind=one.kind, start=moment(one.starts), end=moment(one.ends))
            for one in periods
        ],
    )


async def erase_collected(db: AsyncSession, clock: Clock, user: User) -> None:
    """Erase what was collected about a person, who stays. The hours stay in the totals, and belong to nobody.

    What they saved themselves stays, too.
    """
    await keeper.give_hours_to_nobody(db, clock, user)
    sessions = await _sessions(db, user)
    await db.execute(delete(DeviceSnapshot).where(DeviceSnapshot.user_id == user.id))
    await db.execute(delete(Usage).where(Usage.session_id.in_([session.id for session in sessions])))
    await tell_devices(db, clock, user.id)


async def erase_person(db: AsyncSession, clock: Clock, user: User, *, by: User) -> None:
    """Erase who a person was, with their sessions and all that these tell. The hours stay in the totals.

    Raises Problem 403 for an administrator where `by` is none any more.
    """
    for session in await _sessions(db, user):
        await delete_session(db, session)
    for table in (DeviceSnapshot, TrackingChoice, Restore):
        await db.execute(delete(table).where(table.user_id == user.id))
    await leave_one(db, by, user)
    await keeper.erase(db, clock, user)
