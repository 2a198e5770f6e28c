"""What may be tracked: what the groups of a person say, or the server's settings, and the person."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.groups.tracking import rule_for
from deskbay.accounts.models import User
from deskbay.activity.models import SignIn
from deskbay.activity.sign_ins import online
from deskbay.database import emit
from deskbay.devices.models import Device
from deskbay.kit.clock import Clock
from deskbay.kit.events import Event
from deskbay.sessions.agent_schemas import Policy
from deskbay.sessions.models import Session, TrackingChoice
from deskbay.sessions.schemas import KeptFor, TrackingChoiceIn, TrackingOut
from deskbay.settings import Settings, Tracking

POLICY = "agent-policy"
"""The event that something else may be tracked on a device, its subject."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What may be kept of a person."""

    tracking: bool
    titles: bool
    excluded: frozenset[str]
    paused_until: datetime | None


NOTHING = Allowance(tracking=False, titles=False, excluded=frozenset(), paused_until=None)


async def allowance_of(db: AsyncSession, settings: Settings, user_id: int) -> Allowance:
    """Return what may be kept of a person, when they have not paused it."""
    rule = await rule_for(db, settings, user_id)
    choice = await db.get(TrackingChoice, user_id)
    consents = choice is not None and choice.consented_at is not None
    is_tracked = rule.tracking is Tracking.NOTICE or (rule.tracking is Tracking.CONSENT and consents)
    return Allowance(
        tracking=is_tracked,
        titles=rule.window_titles and rule.tracking is not Tracking.OFF,
        excluded=frozenset(json.loads(choice.excluded)) if choice else frozenset(),
        paused_until=choice.paused_until if choice else None,
    )


async def policy_of(db: AsyncSession, clock: Clock, settings: Settings, device_id: int) -> Policy:
    """Return what a device may report, and for which run."""
    user_id = await person_at(db, clock.now(), device_id)
    allowed = NOTHING if user_id is None else await allowance_of(db, settings, user_id)
    active = await db.scalar(select(Session).where(Session.active_on == device_id))
    theirs = active is not None and active.user_id == user_id
    return Policy(
        tracking=allowed.tracking,
        titles=allowed.titles,
        run=active.run_id if active and theirs and allowed.tracking else None,
        excluded=tuple(sorted(allowed.excluded)),
        paused_until=allowed.paused_until,
    )


async def person_at(db: AsyncSession, now: datetime, device_id: int) -> int | None:
    """Return whose device it is, or who sits at it now."""
    owner: int | None = await db.scalar(select(Device.owner_id).where(Device.id == device_id))
    if owner is not None:
        return owner
    there = select(SignIn.user_id).where(SignIn.device_id == device_id, *online(now)).order_by(SignIn.id.desc())
    sitting: int | None = await db.scalar(there.limit(1))
    return sitting


def tell_device(db: AsyncSession, device_id: int) -> None:
    """Have a device told, once committed, what it may report."""
    emit(db, Event(POLICY, device_id, 0))


async def tell_devices(db: AsyncSession, clock: Clock, user_id: int) -> None:
    """Have every device told at which a person is."""
    for device_id in await devices_of(db, clock.now(), [user_id]):
        tell_device(db, device_id)


async def devices_of(db: AsyncSession, now: datetime, user_ids: Collection[int]) -> set[int]:
    """Return the ids of the devices that belong to any of these people, or at which one sits now."""
    own = select(Device.id).where(Device.owner_id.in_(user_ids))
    sits_at = select(SignIn.device_id).where(SignIn.user_id.in_(user_ids), *online(now))
    return {*await db.scalars(own), *await db.scalars(sits_at)}


async def show_choice(db: AsyncSession, clock: Clock, settings: Settings, user: User) -> TrackingOut:
    """Return what is collected about a person, and what they said to it."""
    choice = await db.get(TrackingChoice, user.id)
    rule = await rule_for(db, settings, user.id)
    allowed = await allowance_of(db, settings, user.id)
    paused_until = choice.paused_until if choice and (choice.paused_until or clock.now()) > clock.now() else None
    return TrackingOut(
        policy=rule.tracking,
        groups=list(rule.groups),
        window_titles=allowed.titles,
        is_asked=choice is None and bool(rule.groups) and rule.tracking is Tracking.CONSENT,
        consent=choice is not None and choice.consented_at is not None,
        excluded_applications=json.loads(choice.excluded) if choice else [],
        paused_until=paused_until,
        is_tracked=allowed.tracking and paused_until is None,
        kept_for=KeptFor.model_validate(settings),
    )


async def choose(db: AsyncSession, clock: Clock, user: User, given: TrackingChoiceIn) -> None:
    """Keep what a person says to being tracked, and tell their devices."""
    choice = await db.get(TrackingChoice, user.id)
    if choice is None:
        choice = TrackingChoice(user_id=user.id, consented_at=None)
        db.add(choice)
    choice.consented_at = (choice.consented_at or clock.now()) if given.consent else None
    choice.excluded = json.dumps(sorted(set(given.excluded_applications)))
    choice.paused_until = given.paused_until
    await db.flush()
    await tell_devices(db, clock, user.id)
