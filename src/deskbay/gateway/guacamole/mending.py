"""Brings a Guacamole to what is wanted of it, whatever it was before. Of strangers nothing is changed.

A connection is ours that has the name of one of our desktops, or the identifier and the way of one that we made.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from deskbay.desktops.releases import desktop_in
from deskbay.gateway.guacamole.ledger import Ledger, Made
from deskbay.gateway.guacamole.models import GuacamoleConnection
from deskbay.gateway.guacamole.people import ADMINS, People, bring_people, cut_off
from deskbay.gateway.guacamole.rest import ROOT, Active, FoundConnection, Refused, Rest
from deskbay.gateway.guacamole.tickets import Connection
from deskbay.gateway.guacamole.wishes import Wish, WishedConnection

READ = "READ"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is there now, and what could not be brought about, in sentences."""

    accounts: int
    connections: Made
    notes: tuple[str, ...]


async def mend(rest: Rest, wish: Wish, ledger: Ledger, mark: str, *, is_thorough: bool) -> Outcome:
    """Bring all of it about. A thorough look takes in what those may open who have no desktop running.

    Raises Trouble, and may be called again after it, or after the end of this server at any line.
    """
    active = await rest.active()
    people = await bring_people(rest, wish.accounts, mark, active)
    mending = _Mending(rest, wish, ledger, active)
    await mending.bring_connections()
    await mending.bring_permissions(people, is_thorough=is_thorough)
    return Outcome(len(people.accounts), mending.there, (*people.notes, *mending.notes))


class _Mending:
    """The connections of one look: `there` is what is there of them so far."""

    def __init__(self, rest: Rest, wish: Wish, ledger: Ledger, active: Mapping[str, Active]) -> None:
        self._rest = rest
        self._wish = wish
        self._ledger = ledger
        self._active = active
        self._made: Made = {}
        self.there: dict[int, GuacamoleConnection] = {}
        self.notes: list[str] = []

    async def bring_connections(self) -> None:
        self._made = await self._ledger.made()
        kept: dict[int, FoundConnection] = {}
        for desktop_id, found in await self._ours():
            if desktop_id not in kept and self._is_wanted(desktop_id, found):
                kept[desktop_id] = found
            else:
                await self._delete(found)
        for desktop_id, wished in self._wish.connections.items():
            try:
                await self._bring(desktop_id, wished, kept.get(desktop_id))
            except Refused as refused:
                self.notes.append(f"Guacamole refuses the connection {wished.name}: {refused}")

    async def _ours(self) -> list[tuple[int, FoundConnection]]:
        found = await self._rest.connections()
        named = {one.identifier: desktop for one in found.values() if (desktop := desktop_in(one.name))}
        ids = await self._ledger.keys_of(named.values())
        ours = [(ids[named[key]], one) for key, one in found.items() if key in named and named[key] in ids]
        taken = {one.identifier for _, one in ours}
        for desktop_id, made in self._made.items():
            other = found.get(made.identifier)
            if other and other.identifier not in taken and await self._leads_to(other, made.endpoint):
                ours.append((desktop_id, other))
        return ours

    async def _leads_to(self, found: FoundConnection, endpoint: str) -> bool:
        try:
            return _endpoint(await self._rest.parameters(found.identifier)) == endpoint
        except Refused:
            return False

    def _is_wanted(self, desktop_id: int, found: FoundConnection) -> bool:
        """One that was made for somebody else goes, and what they were permitted with it."""
        made, wished = self._made.get(desktop_id), self._wish.connections.get(desktop_id)
        if made is None or wished is None:
            return False
        return (made.identifier, made.owner_id) == (found.identifier, wished.desktop.owner_id)

    async def _delete(self, found: FoundConnection) -> None:
        try:
            await self._rest.delete_connection(found.identifier)
        except Refused as refused:
            self.notes.append(f"Guacamole refuses to delete the connection {found.name}: {refused}")
        await cut_off(self._rest, [one for one in self._active.values() if one.connection == found.identifier])

    async def _bring(self, desktop_id: int, wished: WishedConnection, found: FoundConnection | None) -> None:
        if wished.way is None:
            self.notes.append(f"The runtime of {wished.name} gives no answer, so its connection waits.")
            if found is not None:
                self.there[desktop_id] = _noted(wished, found.identifier, self._made[desktop_id].endpoint)
        elif found is None:
            identifier = await self._rest.add_connection(wished.name, wished.way)
            self.there[desktop_id] = _noted(wished, identifier, _endpoint(wished.way.parameters))
            await self._ledger.note(self.there[desktop_id])
        else:
            await self._mend(found, wished.name, wished.way)
            self.there[desktop_id] = _noted(wished, found.identifier, _endpoint(wished.way.parameters))

    async def _mend(self, found: FoundConnection, name: str, way: Connection) -> None:
        is_right = (found.name, found.parent or ROOT, found.protocol) == (name, ROOT, way.protocol)
        if not is_right or await self._rest.parameters(found.identifier) != way.parameters:
            await self._rest.change_connection(found, name, way)

    async def bring_permissions(self, people: People, *, is_thorough: bool) -> None:
        """Have owners and administrators open what is there; nobody of ours may do more."""
        may_open: dict[str, set[str]] = defaultdict(set)
        for desktop_id, made in self.there.items():
            owner = self._wish.connections[desktop_id].owner
            if owner in people.accounts:
                may_open[owner].add(made.identifier)
                made.is_granted = True
        for name in sorted(people.accounts if is_thorough else may_open):
            await self._permit("users", name, may_open[name])
        await self._permit("userGroups", ADMINS, {made.identifier for made in self.there.values()})

    async def _permit(self, kind: Literal["users", "userGroups"], name: str, wanted: set[str]) -> None:
        try:
            given = (await self._rest.permissions(kind, name)).connections
            ours = {made.identifier for made in self.there.values()}
            have = {(one, permission) for one in ours for permission in given.get(one, ())}
            want = {(one, READ) for one in wanted}
            await self._rest.change_permissions(kind, name, add=sorted(want - have), remove=sorted(have - want))
        except Refused as refused:
            self.notes.append(f"Guacamole refuses what {name} may open: {refused}")


def _endpoint(parameters: Mapping[str, str]) -> str:
    return f"{parameters.get('hostname', '')}:{parameters.get('port', '')}"


def _noted(wished: WishedConnection, identifier: str, endpoint: str) -> GuacamoleConnection:
    return GuacamoleConnection(
        desktop_id=wished.desktop.id,
        identifier=identifier,
        owner_id=wished.desktop.owner_id,
        endpoint=endpoint,
        is_granted=False,
    )
