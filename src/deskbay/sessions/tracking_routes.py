"""What is collected about a person, and what they say to it, over HTTP."""

from http import HTTPStatus

from fastapi import APIRouter

from deskbay.accounts.access import Administrator, SignedIn
from deskbay.accounts.models import User
from deskbay.database import Transaction
from deskbay.devices.pairing import forget_owner
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.keys import Key
from deskbay.kit.problems import Problem, documented
from deskbay.sessions import policy, privacy
from deskbay.sessions.schemas import KeptOfPerson, TrackingChoiceIn, TrackingOut
from deskbay.settings import SettingsOfApp

router = APIRouter(
    prefix="/api/v1", tags=["tracking"], responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
)
NOT_FOUND = documented(HTTPStatus.NOT_FOUND)


@router.get("/tracking")
async def get_tracking(user: SignedIn, db: Transaction, clock: ClockOfApp, settings: SettingsOfApp) -> TrackingOut:
    """Show what is collected about you, and what you said to it."""
    return await policy.show_choice(db, clock, settings, user)


@router.put("/tracking")
async def choose_tracking(
    given: TrackingChoiceIn, user: SignedIn, db: Transaction, clock: ClockOfApp, settings: SettingsOfApp
) -> TrackingOut:
    """Consent, or take that back; leave applications out; pause. Your devices are told at once."""
    await policy.choose(db, clock, user, given)
    return await policy.show_choice(db, clock, settings, user)


@router.get("/tracking/export")
async def export_tracking(user: SignedIn, db: Transaction, clock: ClockOfApp, settings: SettingsOfApp) -> KeptOfPerson:
    """Download all that is kept of what you did."""
    return await privacy.kept_of(db, clock, settings, user)


@router.delete("/tracking", status_code=HTTPStatus.NO_CONTENT)
async def erase_collected(user: SignedIn, db: Transaction, clock: ClockOfApp) -> None:
    """Erase what was collected about you. Your hours stay in the totals of devices and applications, without you.

    Your account and what you saved yourself stay. It can't be undone.
    """
    await privacy.erase_collected(db, clock, user)


@router.delete("/users/{user_id}/activity", status_code=HTTPStatus.NO_CONTENT, responses=NOT_FOUND)
async def erase_person(user_id: Key, db: Transaction, clock: ClockOfApp, _: Administrator) -> None:
    """Erase who a person was, where they sat, and their sessions; revoke their devices.

    The totals stay. It can't be undone.
    """
    person = await db.get(User, user_id)
    if person is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"There is no user {user_id}.", kind="no-user")
    await forget_owner(db, clock, person)
    await privacy.erase_person(db, person)
