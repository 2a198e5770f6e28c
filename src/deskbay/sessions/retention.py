"""How long it is kept what was open in sessions, and what became of restores."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import aliased

from deskbay.activity.stretches import microseconds
from deskbay.database.retention import Rule, of_days
from deskbay.sessions.models import DeviceSnapshot, Restore, Run, Save, Usage
from deskbay.settings import Settings


def rules(settings: Settings) -> Iterator[Rule]:
    """Yield what of sessions is forgotten when. How long applications were open is activity as any other."""
    yield Rule(Save, of_days(settings.save_days), _is_superseded)
    yield Rule(DeviceSnapshot, of_days(settings.save_days), lambda before: DeviceSnapshot.received_at < before)
    yield Rule(Restore, of_days(settings.history_days), lambda before: Restore.finished_at < before)
    yield Rule(Usage, of_days(settings.activity_days), lambda before: Usage.ends < microseconds(before))
    yield Rule(Run, of_days(settings.activity_days), lambda before: Run.ended_at < before)


def _is_superseded(before: datetime) -> ColumnElement[bool]:
    newer = aliased(Save)
    return (Save.saved_at < before) & exists().where(newer.session_id == Save.session_id, newer.id > Save.id)
