"""What is collected about a person, and what they say to it, over HTTP."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends

from deskbay.accounts.access import Caller, Needs
from deskbay.accounts.rights.scopes import Scope
from deskbay.accounts.user_routes import AnotherUser
from deskbay.accounts.user_routes import Writer as PeopleWriter
from deskbay.database import Transaction
from deskbay.devices.pairing import forget_owner
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.problems import documented
from deskbay.sessions import policy, privacy
from deskbay.sessions.schemas import KeptOfPerson, TrackingChoiceIn, TrackingOut
from deskbay.settings import SettingsOfApp

router = APIRouter(
    prefix="/api/v1", tags=["tracking"], responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
)
NOT_FOUND = documented(HTTPStatus.NOT_FOUND)
Reader = Annotated[Caller, Depends(Needs(Scope.ACTIVITY_READ, private=True))]
Writer = Annotated[Caller, Depends(Needs(Scope.ACTIVITY_WRITE, private=True))]


@router.get("/tracking")
async def get_tracking(caller: Reader, db: Transaction, clock: ClockOfApp, settings: SettingsOfApp) -> TrackingOut:
    """Show what is collected about you, and what you said to it."""
    return await policy.show_choice(db, clock, settings, caller.user)


@router.put("/tracking")
async def choose_tracking(
    given: TrackingChoiceIn, caller: Writer, db: Transaction, clock: ClockOfApp, settings: SettingsOfApp
) -> TrackingOut:
    """Consent, or take that back; leave applications out; pause. Your devices are told at once."""
    await policy.choose(db, clock, caller.user, given)
    return await policy.show_choice(db, clock, settings, caller.user)


@router.get("/tracking/export")
async def export_tracking(caller: Reader, db: Transaction, clock: ClockOfApp, settings: SettingsOfApp) -> KeptOfPerson:
    """Download all that is kept of what you did."""
    return await privacy.kept_of(db, clock, settings, caller.user)


@router.delete("/tracking", status_code=HTTPStatus.NO_CONTENT)
async def erase_collected(caller: Writer, db: Transaction, clock: ClockOfApp) -> None:
    """Erase what was collected about you. Your hours stay in the totals of devices and applications, without you.

    Your account and what you saved yourself stay. It can't be undone.
    """
    await privacy.erase_collected(db, clock, caller.user)


@router.delete(
    "/users/{user_id}/activity",
    status_code=HTTPStatus.NO_CONTENT,
    responses=NOT_FOUND | documented(HTTPStatus.CONFLICT),
)
async def erase_person(person: AnotherUser, by: PeopleWriter, db: Transaction, clock: ClockOfApp) -> None:
    """Erase who a person was, where they sat, and their sessions; revoke their devices. They are signed out at once.

    The totals stay. It can't be undone; nobody erases themselves.
    """
    await forget_owner(db, clock, person)
    await privacy.erase_person(db, clock, person, by=by.user)
