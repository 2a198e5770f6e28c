"""Links to our page, by which one is signed in at once."""

from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.access import Caller, Credential
from deskbay.accounts.service import create_sign_in_link
from deskbay.kit.clock import Clock


async def link_to(db: AsyncSession, clock: Clock, caller: Caller, base_url: str, path: str) -> str:
    """Return a link that opens a page once, within ten minutes; for a narrow token one that signs nobody in."""
    if caller.credential is Credential.TOKEN:
        return base_url + path
    return f"{base_url}/#/link/{await create_sign_in_link(db, clock, caller.user)}?next={path}"
