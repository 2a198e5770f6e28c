"""What may be tracked of a person at most: on each database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from tests.clock import FrozenClock
from tests.people import as_caller

from deskbay.accounts.groups.members import put_members
from deskbay.accounts.groups.models import Group
from deskbay.accounts.groups.schemas import GroupIn, MemberIn
from deskbay.accounts.groups.service import create_group, nest
from deskbay.accounts.groups.tracking import TrackingRule, rule_for
from deskbay.accounts.models import Role, User
from deskbay.accounts.rights.scopes import Scope
from deskbay.accounts.schemas import NewUser
from deskbay.accounts.service import create_user
from deskbay.database import Database
from deskbay.settings import Settings, Tracking

OFF, CONSENT, NOTICE = Tracking.OFF, Tracking.CONSENT, Tracking.NOTICE


SERVER = Settings(tracking=NOTICE, window_titles=True)


@dataclass
class Stage:
    """Ada, groups with these policies to which she does not belong yet, and grace, who is an administrator."""

    grace: User
    ada: User
    groups: list[Group]

    @classmethod
    async def make(cls, db: AsyncSession, clock: FrozenClock, policies: Sequence[tuple[Tracking, bool]]) -> Self:
        grace = await create_user(db, clock, NewUser(username="grace"), role=Role.ADMINISTRATOR)
        ada = await create_user(db, clock, NewUser(username="ada"))
        wishes = [
            GroupIn(name=f"Group {number}", tracking=tracking, window_titles=titles)
            for number, (tracking, titles) in enumerate(policies)
        ]
        return cls(grace, ada, [await create_group(db, clock, wish) for wish in wishes])


@pytest.mark.parametrize(
    ("groups", "rule"),
    [
        ([], TrackingRule(NOTICE, window_titles=True)),
        ([(OFF, False)], TrackingRule(OFF, window_titles=False, groups=("Group 0",))),
        ([(NOTICE, True)], TrackingRule(NOTICE, window_titles=True, groups=("Group 0",))),
        ([(NOTICE, True), (CONSENT, True)], TrackingRule(CONSENT, window_titles=True, groups=("Group 1",))),
        ([(CONSENT, True), (OFF, True), (NOTICE, True)], TrackingRule(OFF, window_titles=True, groups=("Group 1",))),
        (
            [(CONSENT, False), (CONSENT, True)],
            TrackingRule(CONSENT, window_titles=False, groups=("Group 0", "Group 1")),
        ),
    ],
)
async def test_the_strictest_group_says_what_may_be_tracked(
    database: Database, clock: FrozenClock, groups: Sequence[tuple[Tracking, bool]], rule: TrackingRule
) -> None:
    async with database.write() as db:
        stage = await Stage.make(db, clock, groups)
        grace = as_caller(stage.grace, Scope.PEOPLE_WRITE)
        for group in stage.groups:
            await put_members(db, grace, group, [MemberIn(user_id=stage.ada.id)])
        assert await rule_for(db, SERVER, stage.ada.id) == rule
        assert await rule_for(db, SERVER, stage.grace.id) == TrackingRule(NOTICE, window_titles=True)


async def test_groups_around_those_of_a_person_count(database: Database, clock: FrozenClock) -> None:
    async with database.write() as db:
        stage = await Stage.make(db, clock, [(NOTICE, True), (NOTICE, True), (CONSENT, False)])
        inner, middle, outer = stage.groups
        await put_members(db, as_caller(stage.grace, Scope.PEOPLE_WRITE), inner, [MemberIn(user_id=stage.ada.id)])
        await nest(db, middle, inner)
        assert (await rule_for(db, SERVER, stage.ada.id)).tracking is NOTICE
        await nest(db, outer, middle)
        assert await rule_for(db, SERVER, stage.ada.id) == TrackingRule(
            CONSENT, window_titles=False, groups=("Group 2",)
        )


async def test_of_the_people_of_a_new_group_nothing_is_tracked(database: Database, clock: FrozenClock) -> None:
    async with database.write() as db:
        stage = await Stage.make(db, clock, [])
        group = await create_group(db, clock, GroupIn(name="Class 7b"))
        await put_members(db, as_caller(stage.grace, Scope.PEOPLE_WRITE), group, [MemberIn(user_id=stage.ada.id)])
        assert await rule_for(db, SERVER, stage.ada.id) == TrackingRule(OFF, window_titles=False, groups=("Class 7b",))
