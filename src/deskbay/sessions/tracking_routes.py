"""What is collected about a person, and what they say to it, over HTTP."""

from http import HTTPStatus

from fastapi import APIRouter

from deskbay.accounts.access import SignedIn
from deskbay.database import Transaction
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.problems import documented
from deskbay.sessions import policy
from deskbay.sessions.schemas import TrackingChoiceIn, TrackingOut
from deskbay.settings import SettingsOfApp

router = APIRouter(
    prefix="/api/v1", tags=["tracking"], responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
)


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
