"""Brings accounts and groups in Guacamole to what is wanted of them. What carries another's mark, or none, stays."""

from collections.abc import Mapping
from dataclasses import dataclass

from deskbay.gateway.guacamole.rest import Account, Active, Refused, Rest

ALL_USERS = "all_users"
ADMINS = "admins"
MARK = "guac-organization"
"""Guacamole keeps no attribute but its own; this one says to whom an account belongs."""
LOCKS = ("disabled", "expired")


@dataclass(frozen=True, slots=True)
class People:
    """The accounts that are ours now, and what could not be brought about."""

    accounts: frozenset[str]
    notes: tuple[str, ...]


async def bring_people(rest: Rest, wished: Mapping[str, bool], mark: str, active: Mapping[str, Active]) -> People:
    """Bring accounts and groups to what is wished: who administers, by the name of each account. Raises Trouble."""
    found = await rest.accounts()
    ours = {name for name, account in found.items() if account.attributes.get(MARK) == mark}
    notes = [_is_strange(name) for name in sorted(found.keys() & wished.keys() - ours)]
    accounts = set()
    for name in sorted(ours - wished.keys()):
        try:
            await _delete(rest, name, active)
        except Refused as refused:
            notes.append(f"Guacamole refuses to delete the account {name}: {refused}")
    for name in sorted(wished.keys() - (found.keys() - ours)):
        try:
            await _bring_account(rest, name, found.get(name), mark)
            accounts.add(name)
        except Refused as refused:
            notes.append(f"Guacamole refuses the account {name}: {refused}")
    notes += await _bring_groups(rest, {name: wished[name] for name in accounts}, ours)
    return People(frozenset(accounts), tuple(notes))


def _is_strange(name: str) -> str:
    return f"The account {name} in Guacamole is not Deskbay's, and is left alone. Rename it there, or the person here."


async def _delete(rest: Rest, name: str, active: Mapping[str, Active]) -> None:
    await rest.delete_account(name)
    await cut_off(rest, [one for one in active.values() if one.username == name])


async def cut_off(rest: Rest, active: list[Active]) -> None:
    """End what is used now and may not be any more. Raises Trouble."""
    for one in active:
        try:
            await rest.end(one.identifier)
        except Refused:
            continue  # it has ended by itself


async def _bring_account(rest: Rest, name: str, found: Account | None, mark: str) -> None:
    if found is None:
        await rest.add_account(name, {MARK: mark})
    elif any(found.attributes.get(lock) for lock in LOCKS):
        await rest.change_account(name, dict.fromkeys(LOCKS, ""))


async def _bring_groups(rest: Rest, accounts: Mapping[str, bool], ours: set[str]) -> list[str]:
    there = await rest.groups()
    administrators = {name for name, is_administrator in accounts.items() if is_administrator}
    notes = []
    for group, wanted in ((ALL_USERS, set(accounts)), (ADMINS, administrators)):
        try:
            if group not in there:
                await rest.add_group(group)
            notes += await _bring_members(rest, group, wanted, ours)
        except Refused as refused:
            notes.append(f"Guacamole refuses the group {group}: {refused}")
    return notes


async def _bring_members(rest: Rest, group: str, wanted: set[str], ours: set[str]) -> list[str]:
    """Of members that are not ours none is put out; and nobody is put in who would administer Guacamole by it."""
    members = await rest.members(group)
    gives_power = (await rest.permissions("userGroups", group)).system
    add = sorted(wanted - members)
    if add and gives_power:
        add, notes = [], [f"The group {group} has power over Guacamole itself: put {', '.join(add)} in by hand."]
    else:
        notes = []
    await rest.change_members(group, add=add, remove=sorted((members & ours) - wanted))
    return notes
