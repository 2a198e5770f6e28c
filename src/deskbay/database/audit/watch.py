"""Tells what is remembered of others' rows when that is no longer so: every change is in the audit, in one order."""

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from deskbay.database.audit.models import Action, AuditEntry, AuditHead


class Watch:
    """Looks whether columns of any row have changed since it looked last."""

    def __init__(self, *columns: InstrumentedAttribute[str]) -> None:
        self._changed = or_(
            *(
                and_(
                    AuditEntry.object_kind == column.class_.__tablename__,
                    AuditEntry.after.contains(f'"{column.key}":', autoescape=True),
                )
                for column in columns
            )
        )
        self._seen_to = -1

    async def has_changed(self, db: AsyncSession) -> bool:
        """Tell so the first time, too, and when the audit no longer reaches back to the last."""
        ends = (await db.execute(select(AuditHead.cut_id, AuditHead.last_id))).one()
        seen_to, self._seen_to = self._seen_to, ends.last_id
        if not ends.cut_id <= seen_to <= ends.last_id:
            return True
        since = AuditEntry.id > seen_to, AuditEntry.action == Action.CHANGED
        return await db.scalar(select(AuditEntry.id).where(*since, self._changed).limit(1)) is not None
