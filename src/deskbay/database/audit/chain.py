"""The chain: each entry's digest covers the one before, so that nothing can be changed or left out unseen."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.database.audit.circumstances import Circumstances
from deskbay.database.audit.happenings import Happening, canonical, written
from deskbay.database.audit.models import AuditEntry, AuditHead

COVERED = (
    "id",
    "at",
    "actor_kind",
    "actor_id",
    "token_id",
    "action",
    "object_kind",
    "object_id",
    "owner_id",
    "before",
    "after",
    "address",
    "request_id",
)
BATCH = 1000
THE_ONE = AuditHead.id == 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many entries hang together, up to which digest; and what is wrong with the first that does not."""

    entries: int
    digest: str
    broken_id: int | None = None
    why: str | None = None

    @property
    def words(self) -> str:
        if self.broken_id is not None:
            return f"The audit is broken at entry {self.broken_id}: {self.why}."
        return f"The audit is whole: {self.entries} entries. The last one's digest is {self.digest or 'none yet'}."

    def as_document(self) -> dict[str, str | int | None]:
        return asdict(self)


def digest_of(entry: Mapping[str, object], previous: str) -> str:
    """Return the SHA-256, in hex, of an entry as canonical JSON with the digest of the one before as `previous`."""
    at = entry["at"]
    covered = {**{name: entry[name] for name in COVERED}, "previous": previous}
    covered["at"] = at.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(at, datetime) else at
    return sha256(canonical(covered).encode()).hexdigest()


async def append(db: AsyncSession, happenings: Sequence[Happening], given: Circumstances, at: datetime) -> None:
    """Add entries to the end of the chain, of which this transaction has hold from now on."""
    head = await hold(db)
    rows, previous = [], head.last_digest
    for number, happening in enumerate(happenings, start=head.last_id + 1):
        row = {"id": number, "at": at, **_actor(given), **_object(happening)}
        previous = digest_of(row, previous)
        rows.append({**row, "digest": previous})
    await db.execute(insert(AuditEntry), rows)
    last = {"last_id": head.last_id + len(rows), "last_digest": previous}
    await db.execute(update(AuditHead).where(THE_ONE).values(last))


async def hold(db: AsyncSession) -> AuditHead:
    """Have hold of the end of the chain until the transaction ends: nobody else adds anything meanwhile."""
    head = await db.scalar(select(AuditHead).where(THE_ONE).with_for_update().execution_options(populate_existing=True))
    if head is None:
        raise LookupError("the audit has lost its end: the row of audit_head is gone")
    return head


def _actor(given: Circumstances) -> dict[str, object]:
    return {
        "actor_kind": given.actor.kind,
        "actor_id": given.actor.id,
        "token_id": given.actor.token_id,
        "address": given.address,
        "request_id": given.request_id,
    }


def _object(happening: Happening) -> dict[str, object]:
    return {
        "action": happening.action,
        "object_kind": happening.kind,
        "object_id": happening.id,
        "owner_id": happening.owner_id,
        "before": written(happening.before),
        "after": written(happening.after),
    }


async def verify(db: AsyncSession) -> Verdict:
    """Follow the chain from where it begins to its end, as it is at this moment."""
    head = (await db.scalars(select(AuditHead).where(THE_ONE))).one_or_none()
    if head is None:
        return Verdict(0, "", 1, "the row that says where the chain ends is gone")
    number, previous = head.cut_id, head.cut_digest
    async for entry in entries(db, after=head.cut_id, until=head.last_id):
        number += 1
        if entry["id"] != number:
            return Verdict(number - 1 - head.cut_id, previous, number, "it is missing")
        if digest_of(entry, previous) != entry["digest"]:
            return Verdict(number - 1 - head.cut_id, previous, number, "it is not what was written")
        previous = str(entry["digest"])
    if (number, previous) != (head.last_id, head.last_digest):
        return Verdict(number - head.cut_id, previous, number + 1, "the end of the chain is missing")
    return Verdict(number - head.cut_id, previous)


async def entries(db: AsyncSession, *, after: int, until: int) -> AsyncIterator[Mapping[str, object]]:
    """Yield what entries say, in order, some at a time."""
    columns = [getattr(AuditEntry, name) for name in (*COVERED, "digest")]
    while after < until:
        wanted = select(*columns).where(AuditEntry.id > after, AuditEntry.id <= until)
        rows = (await db.execute(wanted.order_by(AuditEntry.id).limit(BATCH))).mappings().all()
        if not rows:
            return
        for row in rows:
            yield dict(row)
        after = rows[-1]["id"]


async def cut(db: AsyncSession, before: datetime) -> int | None:
    """Take away the entries from before a time, and keep where the rest begins. Return the last one's number, if any.

    Only the oldest part goes: an entry that a later one of before that time stands behind, whatever the clock did.
    """
    head = (await db.scalars(select(AuditHead).where(THE_ONE).with_for_update())).one()
    kept = select(AuditEntry.id).where(AuditEntry.at >= before).order_by(AuditEntry.id).limit(1)
    first_kept = await db.scalar(kept)
    last = (first_kept or head.last_id + 1) - 1
    digest = await db.scalar(select(AuditEntry.digest).where(AuditEntry.id == last))
    if digest is None:
        return None
    await db.execute(update(AuditHead).where(THE_ONE).values(cut_id=last, cut_digest=digest))
    await db.execute(delete(AuditEntry).where(AuditEntry.id <= last))
    return last
