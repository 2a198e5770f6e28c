"""What can be launched now: a template needs a runtime that suits it, and a way from the browser to its desktops."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.desktops import placing
from deskbay.desktops.models import Template
from deskbay.desktops.pool import PoolOfApp, RuntimePool
from deskbay.desktops.runtimes import DisplayProtocol, Unreachable
from deskbay.kit.problems import Problem
from deskbay.settings import SettingsOfApp


@dataclass(frozen=True, slots=True)
class Availability:
    """The runtimes of this server, and where its guacd is, if it has one."""

    pool: RuntimePool
    guacd: str | None

    async def reason_against(self, db: AsyncSession, template: Template) -> str | None:
        """Why a template can be launched on none of the runtimes that suit it, full or not; None when it can on one."""
        reason: str | None = self._missing_for(template)
        if reason is not None:
            return reason
        reason = await placing.none_for(db, template)
        for row in await placing.candidates(db, template):
            try:
                reason = await self.pool.get(row).unavailable(template.profile)
            except Unreachable as error:
                reason = str(error)
            if reason is None:
                break
        return reason

    def require_way_to(self, template: Template) -> None:
        """Raise Problem 409 when nobody could open a desktop of this template."""
        if reason := self._missing_for(template):
            raise Problem(HTTPStatus.CONFLICT, reason, kind="no-guacd")

    def _missing_for(self, template: Template) -> str | None:
        if template.protocol is DisplayProtocol.VNC or self.guacd is not None:
            return None
        what = (
            f"“{template.name}” is shown by {template.protocol.upper()}, which takes guacd, and this server has none."
        )
        return f"{what} Install Apache Guacamole's guacd and name its address in the setting guacd, as 127.0.0.1:4822."


def _availability(pool: PoolOfApp, settings: SettingsOfApp) -> Availability:
    return Availability(pool, settings.guacd)


AvailabilityOfApp = Annotated[Availability, Depends(_availability)]
