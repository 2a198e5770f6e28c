"""Finding entries of the audit, and the names of what they are about."""

import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Table, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.audit.schemas import ActorOut, AuditEntryOut, AuditQuestion, HistoryEntry, ObjectOut, Said
from deskbay.accounts.models import ApiToken, User
from deskbay.database.audit.chain import BATCH
from deskbay.database.audit.circumstances import ActorKind
from deskbay.database.audit.models import AuditEntry
from deskbay.database.base import Base
from deskbay.kit.paging import Page, cut

NAMES = ("name", "slug")
NAMELESS = {"sessions"}
"""What people call their sessions is nobody else's business."""
PEOPLE = (ActorKind.PERSON, ActorKind.TOKEN)
OWN_DOINGS = "desktops"
"""Deskbay itself does something to a person's things where it stops their desktops."""
Keys = Mapping[str, set[int]]


def conditions(asked: AuditQuestion) -> Iterator[ColumnElement[bool]]:
    """Yield what entries have to be like."""
    for name in ("actor_kind", "action", "object_kind", "object_id", "owner_id", "request_id"):
        if (value := getattr(asked, name)) is not None:
            yield getattr(AuditEntry, name) == value
    if asked.actor_id is not None:
        yield AuditEntry.actor_id == asked.actor_id
        yield AuditEntry.actor_kind.in_([asked.actor_kind] if asked.actor_kind else PEOPLE)
    if asked.actor:
        called_so = select(User.id).where(User.username_key.contains(asked.actor.lower(), autoescape=True))
        yield AuditEntry.actor_kind.in_(PEOPLE) & AuditEntry.actor_id.in_(called_so)
    if asked.since is not None:
        yield AuditEntry.at >= asked.since
    if asked.until is not None:
        yield AuditEntry.at < asked.until


def concerns(user: User) -> ColumnElement[bool]:
    """Return the condition that something was done to or with a thing of a person's, or tried, and not by them."""
    by_others = AuditEntry.actor_kind.in_(PEOPLE) & (AuditEntry.actor_id != user.id)
    by_deskbay = (AuditEntry.actor_kind == ActorKind.SYSTEM) & (AuditEntry.object_kind == OWN_DOINGS)
    by_nobody = AuditEntry.actor_kind == ActorKind.NOBODY
    return and_(AuditEntry.owner_id == user.id, or_(by_others, by_deskbay, by_nobody))


async def list_entries(
    db: AsyncSession, page: Page, *wanted: ColumnElement[bool]
) -> tuple[Sequence[AuditEntry], int | None]:
    """Return a page of entries, newest first, and the cursor of the next page."""
    found = select(AuditEntry).where(*wanted).order_by(AuditEntry.id.desc()).limit(page.limit + 1)
    if page.cursor is not None:
        found = found.where(AuditEntry.id < page.cursor)
    return cut((await db.scalars(found)).all(), page.limit)


async def stream_entries(db: AsyncSession, *wanted: ColumnElement[bool]) -> AsyncIterator[AuditEntryOut]:
    """Yield entries from the oldest on, some at a time."""
    last = 0
    while True:
        part = select(AuditEntry).where(AuditEntry.id > last, *wanted).order_by(AuditEntry.id).limit(BATCH)
        rows = (await db.scalars(part)).all()
        for shown in await describe(db, rows):
            yield shown
        if len(rows) < BATCH:
            return
        last = rows[-1].id
        db.expunge_all()


@dataclass(frozen=True, slots=True)
class Names:
    """What people, devices, tokens and things are called today, by table and number."""

    by_kind: dict[str, dict[int, str]] = field(default_factory=dict)

    def of(self, kind: str, number: str | int | None) -> str | None:
        known = self.by_kind.get(kind, {})
        return known.get(int(number)) if number is not None and str(number).isdecimal() else None

    def actor(self, entry: AuditEntry) -> ActorOut:
        kind = "devices" if entry.actor_kind is ActorKind.DEVICE else User.__tablename__
        token = self.of(ApiToken.__tablename__, entry.token_id)
        return ActorOut(kind=entry.actor_kind, id=entry.actor_id, name=self.of(kind, entry.actor_id), token=token)

    def object(self, entry: AuditEntry) -> ObjectOut:
        name = self.of(_kind_of_name(entry.object_kind), entry.object_id)
        return ObjectOut(kind=entry.object_kind, id=entry.object_id, name=name)


async def describe(db: AsyncSession, entries: Sequence[AuditEntry]) -> list[AuditEntryOut]:
    """Return entries as they are shown to administrators."""
    names = await find_names(db, entries)
    return [
        AuditEntryOut.model_validate({**_shown(entry, names), **{name: getattr(entry, name) for name in MORE}})
        for entry in entries
    ]


MORE = ("owner_id", "address", "request_id", "digest")


async def tell_owner(db: AsyncSession, entries: Sequence[AuditEntry]) -> list[HistoryEntry]:
    """Return entries as they are shown to whom they concern: without the address of who did it."""
    names = await find_names(db, entries)
    return [HistoryEntry.model_validate(_shown(entry, names)) for entry in entries]


def _shown(entry: AuditEntry, names: Names) -> dict[str, object]:
    return {
        "id": entry.id,
        "at": entry.at,
        "actor": names.actor(entry),
        "action": entry.action,
        "object": names.object(entry),
        "before": _said(entry.before),
        "after": _said(entry.after),
    }


def _said(text: str | None) -> Said | None:
    return None if text is None else dict(json.loads(text))


async def find_names(db: AsyncSession, entries: Iterable[AuditEntry]) -> Names:
    """Look up what all that the entries are about is called today."""
    wanted: dict[str, set[int]] = {}
    for entry in entries:
        actor = "devices" if entry.actor_kind is ActorKind.DEVICE else User.__tablename__
        told = (
            (actor, entry.actor_id),
            (ApiToken.__tablename__, entry.token_id),
            (_kind_of_name(entry.object_kind), entry.object_id),
        )
        for kind, number in told:
            if number is not None and str(number).isdecimal():
                wanted.setdefault(kind, set()).add(int(number))
    return Names({kind: await _names(db, Base.metadata.tables.get(kind), ids) for kind, ids in wanted.items()})


def _kind_of_name(kind: str) -> str:
    return User.__tablename__ if kind == "activity" else kind


async def _names(db: AsyncSession, table: Table | None, ids: Iterable[int]) -> dict[int, str]:
    if table is None or table.name in NAMELESS or "id" not in table.columns:
        return {}
    if table.name == User.__tablename__:
        named = select(User.id, User.username).where(User.id.in_(ids), User.removed_at.is_(None))
        return dict((await db.execute(named)).all())
    column = next((table.columns[name] for name in NAMES if name in table.columns), None)
    if column is None:
        return {}
    return dict((await db.execute(select(table.columns["id"], column).where(table.columns["id"].in_(ids)))).all())
