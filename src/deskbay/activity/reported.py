"""Sign-ins that an agent tells of as it goes, without asking whether the person may come."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.activity.models import SignIn
from deskbay.activity.pings import hour_of
from deskbay.activity.sign_ins import NewSignIn
from deskbay.kit.intervals import Interval


async def add_reported(db: AsyncSession, new: NewSignIn, user_id: int, device_id: int) -> SignIn:
    """Add the sign-in that an agent on a person's own device tells of: they may use several of these at a time."""
    sign_in = new.at_device(user_id, device_id)
    db.add(sign_in)
    await db.flush()
    return sign_in


def prolong(sign_in: SignIn, present: Interval, promise_seconds: int) -> None:
    """Write down that the person was there, and is expected to be for so many seconds more."""
    sign_in.started_at = min(sign_in.started_at, present.start)
    sign_in.ends_at = max(sign_in.ends_at, present.end + timedelta(seconds=promise_seconds))
    sign_in.ends_hour = hour_of(sign_in.ends_at)
    sign_in.last_ping_at = max(sign_in.last_ping_at, present.end)
    sign_in.input_at = max(sign_in.input_at or present.end, present.end)
