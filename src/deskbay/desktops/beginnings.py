"""Sessions that templates begin with: an administrator's, of which everyone has a copy of their own."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.models import User
from deskbay.desktops import service
from deskbay.desktops.models import Template
from deskbay.kit.clock import Clock
from deskbay.sessions import life, transfer
from deskbay.sessions import service as sessions
from deskbay.sessions.models import Session
from deskbay.sessions.schemas import CopiesIn


async def begin_with(db: AsyncSession, user: User, template: Template, session_id: int | None) -> None:
    """Have a template begin with a session of the user's from now on, or with none.

    What it begins with already may stay, whosever it is. Raises Problem 404 for another's, 409 for one in the trash.
    """
    if session_id is not None and session_id != template.session_id:
        life.refuse_trash(await sessions.get_session(db, user.id, session_id))
    template.session_id = session_id


async def names(db: AsyncSession, templates: Iterable[Template]) -> dict[int, str]:
    """Return the names of the sessions that templates begin with, by their ids."""
    ids = {template.session_id for template in templates} - {None}
    rows = await db.execute(select(Session.id, Session.name).where(Session.id.in_(ids), Session.deleted_at.is_(None)))
    return dict(rows.all())


async def own_copy(db: AsyncSession, clock: Clock, user: User, template: Template) -> Session | None:
    """Return the user's own copy of the session that a template begins with; it is made when they have none yet.

    None where it begins with nothing, or its session lies in the trash.
    """
    source = await sessions.find_session(db, template.session_id) if template.session_id else None
    if source is None or source.deleted_at is not None:
        return None
    if source.user_id == user.id:
        return source
    await service.lock_owner(db, user)  # so that two launches at once make one
    own = (Session.user_id == user.id, Session.source_id == source.id, Session.deleted_at.is_(None))
    known: Session | None = await db.scalar(select(Session).where(*own).order_by(Session.id).limit(1))
    if known is not None:
        return known
    (copy,) = await transfer.hand_out(db, clock, source, CopiesIn(user_ids=[user.id]), User.id == user.id)
    copy.source_id = source.id
    return copy
