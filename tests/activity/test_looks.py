"""Who looks after people sees their activity, and nobody else's."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest
from fastapi import FastAPI
from fastapi.sse import ServerSentEvent
from httpx import AsyncClient
from sqlalchemy import delete, select, update
from tests.activity.test_routes import SIGN_INS, enrolled, signed_in
from tests.clock import FrozenClock
from tests.people import People

from deskbay.accounts.access import Caller
from deskbay.accounts.groups.models import Group, Member
from deskbay.accounts.models import Role, User
from deskbay.accounts.rights.rights import Rights
from deskbay.accounts.rights.scopes import Scope, granted
from deskbay.activity import lookout
from deskbay.activity.routes import stream_sign_ins
from deskbay.activity.schemas import SignInBatch, SignOutBatch
from deskbay.database.audit.models import Action, AuditEntry

DAY = {"from": "2026-01-05", "to": "2026-01-05"}


@dataclass
class School:
    """Ada, Bob and Grace, who administers the server, sit at computers. Tim looks after Ada and Grace."""

    people: People
    ada: User
    bob: User
    grace: User
    tim: User
    group: Group
    sign_ins: dict[str, str]

    async def seen_by(self, user: User) -> list[str]:
        """Return who is on now for somebody."""
        answer = await (await self.people.program(user)).get(SIGN_INS, params={"online": True})
        assert answer.status_code == 200, answer.text
        assert answer.json()["total"] == len(answer.json()["items"])
        return sorted(one["username"] for one in answer.json()["items"])

    async def statuses(self, user: User, of: User) -> list[int]:
        """Return what somebody gets who asks for a person's sign-ins, time line and hours."""
        program = await self.people.program(user)
        paths = (SIGN_INS, "/api/v1/activity", "/api/v1/reports/hours", "/api/v1/reports/hours.csv")
        asked = {"user_id": of.id}
        days = [asked if path == SIGN_INS else asked | DAY for path in paths]
        return [(await program.get(path, params=params)).status_code for path, params in zip(paths, days, strict=True)]


@pytest.fixture
async def school(app: FastAPI, administrator_client: AsyncClient, people: People) -> School:
    async with people.database.read() as db:
        grace = (await db.scalars(select(User).where(User.username == "grace"))).one()
    ada, bob, tim = [await people.add(name) for name in ("ada", "bob", "tim")]
    sign_ins = {}
    for name in ("ada", "bob", "grace"):
        sign_ins[name] = await signed_in(await enrolled(app, administrator_client, f"pc-{name}"), name)
    return School(people, ada, bob, grace, tim, await people.look_after(tim, ada, grace), sign_ins)


class TestLists:
    async def test_who_looks_after_people_sees_who_of_them_is_on(self, school: School) -> None:
        assert await school.seen_by(school.tim) == ["ada"]
        assert await school.seen_by(school.grace) == ["ada", "bob", "grace"]

    async def test_a_computer_tells_of_them_alone(self, school: School) -> None:
        program = await school.people.program(school.tim)
        answer = (await program.get(SIGN_INS, params={"since": "2026-01-01T00:00:00Z"})).json()
        assert [one["device"] for one in answer["items"]] == ["pc-ada"]
        (ada,) = answer["items"]
        bobs = (await program.get(SIGN_INS, params={"device_id": ada["device_id"] + 1})).json()
        assert bobs["items"] == []

    async def test_of_each_of_them_everything_is_seen_and_of_others_nothing(self, school: School) -> None:
        assert await school.statuses(school.tim, school.ada) == [200, 200, 200, 200]
        assert await school.statuses(school.tim, school.tim) == [200, 200, 200, 200]
        assert await school.statuses(school.tim, school.bob) == [403, 403, 403, 403]

    async def test_an_administrator_of_the_server_is_in_nobodys_reach(self, school: School) -> None:
        assert await school.statuses(school.tim, school.grace) == [403, 403, 403, 403]

    async def test_members_of_the_group_see_themselves_alone(self, school: School) -> None:
        assert await school.statuses(school.ada, school.tim) == [403, 403, 403, 403]
        assert (await (await school.people.program(school.ada)).get(SIGN_INS)).status_code == 403

    async def test_a_role_reaches_as_far_as_it_says(self, school: School) -> None:
        await school.people.give(school.bob, "activity:read!all")
        assert await school.seen_by(school.bob) == ["ada", "bob", "grace"]
        assert await school.statuses(school.bob, school.grace) == [200, 200, 200, 200]
        await school.people.give(school.ada, "activity:read!group")
        assert await school.seen_by(school.ada) == ["ada"], "she looks after nobody"

    async def test_looks_at_others_are_told_in_the_audit(self, school: School) -> None:
        await school.statuses(school.tim, school.ada)
        await school.statuses(school.tim, school.tim)
        await school.statuses(school.tim, school.bob)
        async with school.people.database.read() as db:
            looks = await db.execute(
                select(AuditEntry.actor_id, AuditEntry.owner_id).where(AuditEntry.action == Action.LOOKED)
            )
            assert [tuple(look) for look in looks] == [(school.tim.id, school.ada.id)]


class TestHours:
    @pytest.fixture(autouse=True)
    def small_groups_are_shown(self, app: FastAPI) -> None:
        app.state.settings = app.state.settings.model_copy(update={"smallest_group_shown": 1})

    @pytest.mark.parametrize(
        ("by", "labels"),
        [("user", ["ada"]), ("device", ["pc-ada"]), ("room", ["no room"]), ("template", ["no template"])],
    )
    async def test_only_theirs_count(self, school: School, by: str, labels: list[str]) -> None:
        program = await school.people.program(school.tim)
        found = (await program.get("/api/v1/reports/hours", params=DAY | {"by": by, "period": "day"})).json()
        assert ([row["label"] for row in found["rows"]], found["total_seconds"]) == (labels, 60)
        assert (found["totals"], found["rest"]) == ({"2026-01-05": 60}, None)

    async def test_the_range_before_is_theirs_too(self, school: School) -> None:
        program = await school.people.program(school.tim)
        before = {"compare_from": "2026-01-05", "compare_to": "2026-01-05"}
        found = (await program.get("/api/v1/reports/hours", params=DAY | before)).json()
        assert (found["total_seconds"], found["compared_total_seconds"]) == (60, 60)


async def told(stream: AsyncIterator[ServerSentEvent]) -> tuple[list[str], list[str]]:
    """Return the ids of who comes and of who goes, up to the end of the next look that tells of any."""
    came: list[str] = []
    gone: list[str] = []
    async for event in stream:
        assert event.raw_data
        if event.event == "sign-ins":
            came += [str(one.id) for one in SignInBatch.model_validate_json(event.raw_data).items]
        elif event.event == "sign-outs":
            gone += [str(one) for one in SignOutBatch.model_validate_json(event.raw_data).ids]
        elif came or gone:
            break
    return came, gone


class TestStream:
    @pytest.fixture(autouse=True)
    def quick_looks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(lookout, "LOOK_SECONDS", 0.02)

    @pytest.fixture
    async def tim(self, school: School) -> Caller:
        return await school.people.caller(school.tim, Scope.ACTIVITY_READ)

    @pytest.fixture
    def stream(self, app: FastAPI, tim: Caller) -> AsyncIterator[ServerSentEvent]:
        return stream_sign_ins(tim, app.state.database, app.state.presence)

    async def test_it_follows_the_group(
        self, school: School, stream: AsyncIterator[ServerSentEvent], clock: FrozenClock
    ) -> None:
        assert await told(stream) == ([school.sign_ins["ada"]], [])
        async with school.people.database.write() as db:
            db.add(Member(group_id=school.group.id, user_id=school.bob.id))
        clock.advance(seconds=1)
        assert await told(stream) == ([school.sign_ins["bob"]], [])
        async with school.people.database.write() as db:
            await db.execute(delete(Member).where(Member.user_id == school.ada.id))
        clock.advance(seconds=1)
        assert await told(stream) == ([], [school.sign_ins["ada"]])

    async def test_who_goes_is_told(
        self, school: School, stream: AsyncIterator[ServerSentEvent], clock: FrozenClock
    ) -> None:
        await told(stream)
        clock.advance(seconds=61)
        assert await told(stream) == ([], [school.sign_ins["ada"]])

    async def test_it_ends_for_who_looks_after_nobody_any_more(
        self, school: School, stream: AsyncIterator[ServerSentEvent], clock: FrozenClock
    ) -> None:
        await told(stream)
        async with school.people.database.write() as db:
            await db.execute(update(Member).where(Member.user_id == school.tim.id).values(is_administrator=False))
        clock.advance(seconds=1)
        assert await told(stream) == ([], [])

    async def test_a_token_shows_no_more_than_its_scopes(self, app: FastAPI, school: School, tim: Caller) -> None:
        async with school.people.database.write() as db:
            await db.execute(update(User).where(User.id == school.tim.id).values(role=Role.ADMINISTRATOR))
        narrow = replace(tim, rights=Rights(school.tim, granted(["activity:read!group"])))
        stream = stream_sign_ins(narrow, app.state.database, app.state.presence)
        assert await told(stream) == ([school.sign_ins["ada"]], [])
        whole = stream_sign_ins(tim, app.state.database, app.state.presence)
        assert sorted((await told(whole))[0]) == sorted(school.sign_ins.values())
