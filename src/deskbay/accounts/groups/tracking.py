"""What may be tracked of a person at most: the strictest of their groups says it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.groups.models import Group
from deskbay.accounts.groups.service import groups_of
from deskbay.settings import Settings, Tracking

STRICTEST_FIRST = (Tracking.OFF, Tracking.CONSENT, Tracking.NOTICE)


@dataclass(frozen=True, slots=True)
class TrackingRule:
    """What may be tracked, and the names of the groups that say so; none: the settings of the server."""

    tracking: Tracking
    window_titles: bool
    groups: tuple[str, ...] = ()


async def rule_for(db: AsyncSession, settings: Settings, user_id: int) -> TrackingRule:
    """Return what every group of a person allows; for who belongs to none, what the server's settings do."""
    theirs = select(Group).where(Group.id.in_(await groups_of(db, user_id))).order_by(Group.name_key)
    groups = (await db.scalars(theirs)).all()
    if not groups:
        return TrackingRule(settings.tracking, settings.window_titles)
    strictest = min((group.tracking for group in groups), key=STRICTEST_FIRST.index)
    because_of = tuple(group.name for group in groups if group.tracking is strictest)
    return TrackingRule(strictest, all(group.window_titles for group in groups), because_of)
