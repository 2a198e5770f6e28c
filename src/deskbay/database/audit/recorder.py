"""Sees what a session changes, whichever way: no code has to remember to tell, and none can forget."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Column, ColumnElement, Delete, Result, Update, event, inspect, select, tuple_
from sqlalchemy.orm import InstanceState, Mapper, ORMExecuteState, Session, SessionTransaction, UOWTransaction

from deskbay.database.audit.happenings import Happening, Told, told
from deskbay.database.audit.marks import is_audited, is_busy, is_masked, owner_column
from deskbay.database.audit.models import Action

HAPPENINGS = "audit"
SAVEPOINTS = "audit savepoints"
Row = Mapping[str, object]


class AuditedSession(Session):
    """A session whose changes are noted as they are written; `Database.write` puts them into the audit."""


def happenings_of(session: Session) -> list[Happening]:
    """Return what the session's transaction has done so far."""
    noted: list[Happening] = session.info.setdefault(HAPPENINGS, [])
    return noted


@event.listens_for(AuditedSession, "after_flush")
def _note_flushed(session: Session, _: UOWTransaction) -> None:
    noted = happenings_of(session)
    for group, note in ((session.new, _created), (session.dirty, _changed), (session.deleted, _deleted)):
        for row in group:
            state: InstanceState[object] = inspect(row)
            if is_audited(state.mapper) and (happening := note(state)):
                noted.append(happening)


@event.listens_for(AuditedSession, "do_orm_execute")
def _note_statement(execution: ORMExecuteState) -> Result[tuple[object, ...]] | None:
    """Note what a statement changes that goes by the objects: the rows are read before, and after a change again."""
    mapper, statement = execution.bind_mapper, execution.statement
    if mapper is None or not isinstance(statement, Update | Delete) or not is_audited(mapper):
        return None
    if isinstance(statement, Update) and _is_busy_only(statement):
        return None
    session, columns = execution.session, _columns(mapper)
    rows = select(*columns.values()).with_for_update()
    where = statement.whereclause
    before = _rows(session, columns, rows if where is None else rows.where(where))
    result = execution.invoke_statement()
    if isinstance(statement, Delete):
        happenings_of(session).extend(_gone(mapper, row) for row in before)
    elif before:
        after = _rows(session, columns, select(*columns.values()).where(_are_among(mapper, before)))
        happenings_of(session).extend(_differences(mapper, before, after))
    return result


@event.listens_for(AuditedSession, "after_transaction_create")
def _remember_savepoint(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault(SAVEPOINTS, {})[transaction] = len(happenings_of(session))


@event.listens_for(AuditedSession, "after_soft_rollback")
def _forget_rolled_back(session: Session, transaction: SessionTransaction) -> None:
    number = session.info.get(SAVEPOINTS, {}).pop(transaction, None)
    if number is not None:
        del happenings_of(session)[number:]


def _columns(mapper: Mapper[object]) -> dict[str, Column[object]]:
    return {attribute.key: attribute.columns[0] for attribute in mapper.column_attrs}  # type: ignore[misc] # of tables


def _is_busy_only(statement: Update) -> bool:
    changed = statement._values  # noqa: SLF001 - SQLAlchemy tells nowhere else what a statement changes
    return bool(changed) and all(isinstance(column, Column) and is_busy(column) for column in changed or ())


def _rows(session: Session, columns: Mapping[str, Column[object]], wanted: object) -> list[Row]:
    found = session.execute(wanted)  # type: ignore[call-overload] # a statement of any kind
    return [dict(zip(columns, row, strict=True)) for row in found]


def _are_among(mapper: Mapper[object], rows: Sequence[Row]) -> ColumnElement[bool]:
    names = [mapper.get_property_by_column(column).key for column in mapper.primary_key]
    if len(names) == 1:
        return mapper.primary_key[0].in_([row[names[0]] for row in rows])
    return tuple_(*mapper.primary_key).in_([tuple(row[name] for name in names) for row in rows])


def _created(state: InstanceState[object]) -> Happening:
    values = _loaded(state)
    return _happening(state.mapper, Action.CREATED, values, after=_told(state.mapper, values))


def _deleted(state: InstanceState[object]) -> Happening:
    return _gone(state.mapper, _loaded(state))


def _gone(mapper: Mapper[object], values: Row) -> Happening:
    return _happening(mapper, Action.DELETED, values, before=_told(mapper, values))


def _changed(state: InstanceState[object]) -> Happening | None:
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    for name in _columns(state.mapper):
        history = state.attrs[name].history
        if history.added:
            after[name] = history.added[0]
            before |= {name: history.deleted[0]} if history.deleted else {}
    return _change(state.mapper, _loaded(state), before, after)


def _differences(mapper: Mapper[object], before: Sequence[Row], after: Sequence[Row]) -> Iterator[Happening]:
    there = {_key(mapper, row): row for row in after}
    for old in before:
        new = there.get(_key(mapper, old), {})
        names = [name for name in new if new[name] != old[name]]
        change = _change(mapper, old, {name: old[name] for name in names}, {name: new[name] for name in names})
        if change is not None:
            yield change


def _change(mapper: Mapper[object], values: Row, before: Row, after: Row) -> Happening | None:
    new = _told(mapper, after)
    return _happening(mapper, Action.CHANGED, values, before=_told(mapper, before), after=new) if new else None


def _happening(
    mapper: Mapper[object],
    action: Action,
    values: Row,
    *,
    before: dict[str, Told] | None = None,
    after: dict[str, Told] | None = None,
) -> Happening:
    owner = values.get(owner_column(mapper) or "")
    owner_id = owner if isinstance(owner, int) else None
    return Happening(action, str(mapper.local_table), _key(mapper, values), owner_id, before, after)


def _key(mapper: Mapper[object], values: Row) -> str:
    names = (mapper.get_property_by_column(column).key for column in mapper.primary_key)
    return "/".join(str(values.get(name)) for name in names)


def _loaded(state: InstanceState[object]) -> Row:
    """Return the values that a row's object has; what the database fills in is left out rather than fetched."""
    return {name: state.dict[name] for name in _columns(state.mapper) if name in state.dict}


def _told(mapper: Mapper[object], values: Row) -> dict[str, Told]:
    columns = _columns(mapper)
    names = (name for name in values if not is_busy(columns[name]))
    return {name: told(values[name], is_masked=is_masked(columns[name])) for name in names}
