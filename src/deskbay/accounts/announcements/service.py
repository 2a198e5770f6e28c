"""The rules on announcements."""

from collections.abc import Collection, Sequence
from http import HTTPStatus

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.announcements.models import Announcement, AnnouncementGroup
from deskbay.accounts.announcements.schemas import AnnouncementIn, AnnouncementOut
from deskbay.accounts.groups.models import Group
from deskbay.accounts.groups.schemas import GroupBrief
from deskbay.accounts.groups.service import find_groups, groups_of
from deskbay.accounts.models import User
from deskbay.database import emit
from deskbay.kit.clock import Clock
from deskbay.kit.events import Event
from deskbay.kit.problems import Problem

CHANGED = "announcements"
NOBODYS = 0
"""In place of an owner: it concerns everybody."""


async def list_for(db: AsyncSession, clock: Clock, user: User) -> Sequence[Announcement]:
    """Return what a person is to see now, the newest first."""
    theirs = select(AnnouncementGroup.announcement_id).where(
        AnnouncementGroup.group_id.in_(await groups_of(db, user.id))
    )
    return await _now(db, clock, or_(Announcement.is_for_everyone, Announcement.id.in_(theirs)))


async def list_for_visitors(db: AsyncSession, clock: Clock) -> Sequence[Announcement]:
    """Return what is said on the page on which people sign in."""
    return await _now(db, clock, Announcement.is_on_sign_in_page.is_(True))


async def _now(db: AsyncSession, clock: Clock, among: ColumnElement[bool]) -> Sequence[Announcement]:
    now = clock.now()
    lasts = or_(Announcement.ends_at.is_(None), Announcement.ends_at > now)
    shown = select(Announcement).where(Announcement.starts_at <= now, lasts, among)
    return (await db.scalars(shown.order_by(Announcement.id.desc()))).all()


async def list_all(db: AsyncSession) -> list[AnnouncementOut]:
    """Return every announcement, past and to come."""
    return await describe(db, (await db.scalars(select(Announcement).order_by(Announcement.id.desc()))).all())


async def get_announcement(db: AsyncSession, announcement_id: int) -> Announcement:
    """Return an announcement. Raises Problem 404."""
    announcement = await db.get(Announcement, announcement_id)
    if announcement is None:
        what = f"There is no announcement {announcement_id}. GET /api/v1/announcements/all lists them."
        raise Problem(HTTPStatus.NOT_FOUND, what, kind="no-announcement")
    return announcement


async def create_announcement(db: AsyncSession, clock: Clock, wish: AnnouncementIn) -> Announcement:
    """Add an announcement. Raises Problem 422 for groups that there are not."""
    announcement = Announcement(**_columns(wish), created_at=clock.now())
    db.add(announcement)
    await db.flush()
    await _set_groups(db, announcement, wish.groups)
    return announcement


async def change_announcement(db: AsyncSession, announcement: Announcement, wish: AnnouncementIn) -> None:
    """Make an announcement as it is wished for. Raises Problem 422 for groups that there are not."""
    for name, value in _columns(wish).items():
        setattr(announcement, name, value)
    await _set_groups(db, announcement, wish.groups)


async def delete_announcement(db: AsyncSession, announcement: Announcement) -> None:
    """Take an announcement away."""
    await db.delete(announcement)
    _tell(db, announcement)


def _columns(wish: AnnouncementIn) -> dict[str, object]:
    told = wish.model_dump(exclude={"groups", "severity"})
    return {**told, "severity": wish.severity, "is_for_everyone": not wish.groups}


async def _set_groups(db: AsyncSession, announcement: Announcement, groups: Collection[int]) -> None:
    await find_groups(db, groups)
    await db.execute(delete(AnnouncementGroup).where(AnnouncementGroup.announcement_id == announcement.id))
    db.add_all(AnnouncementGroup(announcement_id=announcement.id, group_id=group_id) for group_id in groups)
    _tell(db, announcement)


def _tell(db: AsyncSession, announcement: Announcement) -> None:
    emit(db, Event(CHANGED, announcement.id, NOBODYS))


async def describe(db: AsyncSession, announcements: Sequence[Announcement]) -> list[AnnouncementOut]:
    """Return announcements with the groups that they are for."""
    ids = [one.id for one in announcements]
    links = select(AnnouncementGroup.announcement_id, Group).join(Group, Group.id == AnnouncementGroup.group_id)
    groups: dict[int, list[GroupBrief]] = {}
    for announcement_id, group in await db.execute(links.where(AnnouncementGroup.announcement_id.in_(ids))):
        groups.setdefault(announcement_id, []).append(GroupBrief.model_validate(group))
    return [
        AnnouncementOut(
            id=one.id,
            text=one.text,
            severity=one.severity,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            is_on_sign_in_page=one.is_on_sign_in_page,
            groups=sorted(groups.get(one.id, []), key=lambda group: group.name),
        )
        for one in announcements
    ]
