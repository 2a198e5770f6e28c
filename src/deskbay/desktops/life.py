"""What happens to desktops besides starting and stopping: other names, other owners, and messages."""

from http import HTTPStatus
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.models import User
from deskbay.database import emit
from deskbay.desktops import history, mounting, service, timetable
from deskbay.desktops.models import Desktop, State, Wanted
from deskbay.devices.models import Device
from deskbay.kit.clock import Clock
from deskbay.kit.events import Event
from deskbay.kit.problems import Problem

SAID = "desktop-message"
"""The event that a desktop's owner is told something; the desktop is the subject."""


def rename(db: AsyncSession, desktop: Desktop, name: str) -> None:
    desktop.name = name
    service.announce(db, desktop)


async def transfer(db: AsyncSession, clock: Clock, desktop: Desktop, owner: User, *, by: User, limit: int) -> None:
    """Give a stopped desktop to somebody else, who finds their own home in it.

    From then on it reports as another device: what it reported stays with whom it is about. Raises Problem 409 while
    it runs, and where the new owner has as many desktops as the limit allows.
    """
    await service.lock(db, desktop)
    await service.lock_owner(db, owner)
    _refuse_unfit(desktop, owner)
    if len(await service.names_of(db, owner)) >= limit:
        what = f"{owner.username} may have {limit} desktops, and has as many. One of them has to be deleted first."
        raise Problem(HTTPStatus.CONFLICT, what, kind="limit-reached")
    await _retire_device(db, clock, desktop)
    await timetable.drop_schedule(db, desktop)
    service.announce_gone(db, desktop)
    desktop.reason = f"{by.username} handed it over from {desktop.owner.username} to {owner.username}."
    await _give(db, clock, desktop, owner)
    desktop.wanted_by_id = by.id
    history.note(db, desktop, clock.now())
    service.announce(db, desktop)


def _refuse_unfit(desktop: Desktop, owner: User) -> None:
    if desktop.wanted is not Wanted.STOPPED or desktop.state not in {State.STOPPED, State.FAILED}:
        what = f"“{desktop.name}” is {desktop.state}. Stop it first: its programs have the home of its owner open."
        raise Problem(HTTPStatus.CONFLICT, what, kind="not-stopped")
    if owner.id == desktop.owner_id:
        what = f"“{desktop.name}” is {owner.username}’s already. Choose somebody else."
        raise Problem(HTTPStatus.CONFLICT, what, kind="same-owner")


async def _give(db: AsyncSession, clock: Clock, desktop: Desktop, owner: User) -> None:
    """Make a desktop somebody's, without what is private to its owner before."""
    desktop.owner = await db.get_one(User, owner.id)
    desktop.device = service.as_device(desktop, clock, uuid4())
    desktop.idempotency_key = desktop.message = desktop.message_at = desktop.sealed_password = None
    desktop.session_id = desktop.save_id = desktop.restore_id = None
    await mounting.release(db, desktop.id)
    await db.flush()


async def _retire_device(db: AsyncSession, clock: Clock, desktop: Desktop) -> None:
    if desktop.device_id is not None:
        device = await db.get_one(Device, desktop.device_id)
        device.token_digest, device.revoked_at = None, clock.now()


def say(db: AsyncSession, clock: Clock, desktop: Desktop, text: str) -> None:
    """Tell a desktop's owner something: in the desktop now, and on the page until they take it away."""
    desktop.message, desktop.message_at = text, clock.now()
    service.announce(db, desktop)
    emit(db, Event(SAID, desktop.id, desktop.owner_id))


def unsay(db: AsyncSession, desktop: Desktop) -> None:
    """Take the message away."""
    desktop.message = desktop.message_at = None
    service.announce(db, desktop)
