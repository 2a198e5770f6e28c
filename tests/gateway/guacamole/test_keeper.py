"""Guacamole is kept in step, whatever happens there and here."""

import asyncio

import pytest
from structlog.testing import capture_logs
from tests.gateway.doubles import until
from tests.gateway.guacamole.doubles import School
from tests.guacamole_rest import ADMINISTRATOR, SimulatedRest
from tests.servers import Backend

from deskbay.accounts.models import Role, User
from deskbay.desktops.models import Clipboard, Desktop, State, Template
from deskbay.desktops.releases import release_of
from deskbay.gateway.guacamole import keeper as keeping
from deskbay.gateway.guacamole import rest as asking
from deskbay.gateway.guacamole.keeper import PAUSE, PAUSE_AFTER_WRONG_PASSWORD, UNEXPECTED
from deskbay.settings import Settings

PARAMETERS = {"hostname": "10.0.0.5", "port": "3389", "username": "ada", "password": "pässword"}


@pytest.fixture
def backend() -> Backend:
    """The ledger has its own tests on each kind of database."""
    return Backend.SQLITE


async def change(school: School, person: User, **columns: object) -> None:
    async with school.database.write() as db:
        row = await db.get_one(User, person.id)
        for name, value in columns.items():
            setattr(row, name, value)


class TestPeople:
    async def test_everyone_has_an_account_in_the_group_of_all(self, school: School) -> None:
        await school.person("grace", Role.ADMINISTRATOR)
        standing = await school.look()
        assert set(school.there.users) == {ADMINISTRATOR[0], "ada", "grace"}
        assert dict(school.there.members) == {"all_users": {"ada", "grace"}, "admins": {"grace"}}
        assert (standing.accounts, standing.reason, standing.failures) == (2, None, 0)

    async def test_who_is_disabled_or_removed_loses_it(self, school: School) -> None:
        grace = await school.person("grace", Role.ADMINISTRATOR)
        bob = await school.person("bob")
        await school.look()
        await change(school, grace, disabled_at=school.clock.now())
        await change(school, bob, removed_at=school.clock.now(), username="removed-7")
        await school.look()
        assert set(school.there.users) == {ADMINISTRATOR[0], "ada"}
        assert dict(school.there.members) == {"all_users": {"ada"}, "admins": set()}
        await change(school, grace, disabled_at=None)
        await school.look()
        assert school.there.members["admins"] == {"grace"}

    async def test_who_is_connected_while_disabled_is_cut_off(self, school: School) -> None:
        bob = await school.person("bob")
        await school.look()
        school.there.use(school.there.add_connection("by hand"), "bob")
        other = school.there.use("1", "ada")
        await change(school, bob, disabled_at=school.clock.now())
        await school.look()
        assert set(school.there.active) == {other}

    async def test_who_administers_no_longer_leaves_the_group(self, school: School) -> None:
        grace = await school.person("grace", Role.ADMINISTRATOR)
        await school.look()
        await change(school, grace, role=Role.USER)
        await school.look()
        assert school.there.members["admins"] == set()

    async def test_accounts_that_were_changed_by_hand_are_mended(self, school: School) -> None:
        await school.look()
        school.there.users["ada"] |= {"disabled": "true", "guac-full-name": "Ada"}
        school.there.members["all_users"].discard("ada")
        school.there.members["admins"].add("ada")
        await school.review()
        assert school.there.users["ada"]["disabled"] is None
        assert school.there.users["ada"]["guac-full-name"] == "Ada"
        assert dict(school.there.members) == {"all_users": {"ada"}, "admins": set()}
        del school.there.users["ada"], school.there.groups["admins"]
        await school.review()
        assert {"ada"} < set(school.there.users)
        assert set(school.there.groups) == {"all_users", "admins"}

    async def test_a_stranger_of_the_same_name_is_left_alone_and_told(self, school: School) -> None:
        school.there.users["ada"] = {"guac-organization": "another's", "disabled": "true"}
        school.there.members["admins"].add("ada")
        school.there.groups["admins"] = {}
        desktop = await school.desktop()
        standing = await school.look()
        assert standing.reason is not None
        assert "The account ada in Guacamole is not Deskbay's" in standing.reason
        assert school.there.users["ada"] == {"guac-organization": "another's", "disabled": "true"}
        assert school.there.members["admins"] == {"ada"}
        assert school.there.may("users", "ada") == {}
        assert not (await school.made())[desktop.id].is_granted
        await change(school, school.stage.person, disabled_at=school.clock.now())
        await school.look()
        assert "ada" in school.there.users

    async def test_nobody_is_put_into_a_group_that_administers_guacamole(self, school: School) -> None:
        school.there.groups["admins"] = {}
        school.there.rights["userGroups", "admins"].system.add("ADMINISTER")
        await school.person("grace", Role.ADMINISTRATOR)
        standing = await school.look()
        assert school.there.members["admins"] == set()
        assert standing.reason is not None
        assert "put grace in by hand" in standing.reason
        school.there.members["admins"].add("grace")
        assert (await school.review()).reason is None
        assert school.there.members["admins"] == {"grace"}

    async def test_names_with_signs_are_fine(self, school: School) -> None:
        await school.person("A.b-c_9")
        assert (await school.look()).reason is None
        assert "A.b-c_9" in school.there.members["all_users"]


class TestConnections:
    async def test_one_is_there_while_its_desktop_runs(self, school: School) -> None:
        desktop = await school.desktop(State.STARTING)
        await school.look()
        assert school.there.connections == {}
        await school.stage.enter(desktop, State.RUNNING)
        assert (await school.look()).connections == 1
        (there,) = school.there.connections.values()
        assert (there.name, there.protocol) == (f"desktop-{desktop.uuid}", "rdp")
        assert there.parameters == PARAMETERS
        assert school.there.may("users", "ada") == {there.identifier: {"READ"}}
        assert school.there.may("userGroups", "admins") == {there.identifier: {"READ"}}
        assert await school.identifier(desktop) == there.identifier
        await school.stage.stop(desktop)
        assert (await school.look()).connections == 0
        assert (school.there.connections, await school.made()) == ({}, {})

    async def test_what_is_deleted_goes_and_whoever_uses_it(self, school: School) -> None:
        desktop = await school.desktop()
        await school.look()
        school.there.use(await school.identifier(desktop), "ada")
        await school.stage.delete(desktop)
        await school.look()
        assert (school.there.connections, school.there.active) == ({}, {})

    async def test_what_has_no_port_has_none(self, school: School) -> None:
        school.runtime.is_reached = False
        await school.desktop()
        standing = await school.look()
        assert (school.there.connections, standing.reason) == ({}, None)

    async def test_what_is_recorded_has_none_and_a_clipboard_is_held_to_its_policy(self, school: School) -> None:
        desktop = await school.desktop()
        async with school.database.write() as db:
            template = await db.get_one(Template, desktop.template_id)
            template.clipboard = Clipboard.NONE
        await school.look()
        (there,) = school.there.connections.values()
        assert there.parameters == {**PARAMETERS, "disable-copy": "true", "disable-paste": "true"}
        async with school.database.write() as db:
            (await db.get_one(Template, desktop.template_id)).is_recorded = True
        await school.look()
        assert school.there.connections == {}

    async def test_what_was_changed_by_hand_is_mended(self, school: School) -> None:
        desktop = await school.desktop()
        await school.look()
        identifier = await school.identifier(desktop)
        there = school.there.connections[identifier]
        there.attributes = {"max-connections": "3"}
        there.protocol, there.parameters = "ssh", {"hostname": "evil.example", "port": "22"}
        await school.review()
        mended = school.there.connections[identifier]
        assert (mended.protocol, mended.parameters) == ("rdp", PARAMETERS)
        assert mended.attributes == {"max-connections": "3"}
        school.there.remove_connection(identifier)
        await school.review()
        assert set(school.there.connections) == {await school.identifier(desktop)}
        assert school.there.may("users", "ada") == {await school.identifier(desktop): {"READ"}}

    async def test_one_under_another_name_is_known_again(self, school: School) -> None:
        desktop = await school.desktop()
        await school.look()
        identifier = await school.identifier(desktop)
        school.there.connections[identifier].name = "My favourite"
        await school.review()
        assert school.there.connections[identifier].name == f"desktop-{desktop.uuid}"
        school.there.connections[identifier].name = "Hidden"
        await school.stage.stop(desktop)
        await school.look()
        assert school.there.connections == {}

    async def test_permissions_that_were_changed_by_hand_are_mended(self, school: School) -> None:
        desktop = await school.desktop()
        await school.person("bob")
        await school.look()
        identifier = await school.identifier(desktop)
        strange = school.there.add_connection("a stranger's")
        school.there.rights["users", "bob"].connections |= {identifier: {"READ"}, strange: {"READ"}}
        school.there.rights["users", "ada"].connections[identifier] = {"DELETE"}
        school.there.rights["userGroups", "admins"].connections[identifier].clear()
        await school.review()
        assert school.there.may("users", "bob") == {strange: {"READ"}}
        assert school.there.may("users", "ada") == {identifier: {"READ"}}
        assert school.there.may("userGroups", "admins") == {identifier: {"READ"}}

    async def test_who_is_given_a_desktop_has_it_alone(self, school: School) -> None:
        desktop = await school.desktop()
        bob = await school.person("bob")
        await school.look()
        old = await school.identifier(desktop)
        school.there.use(old, "ada")
        async with school.stage.changing(desktop) as row:
            row.owner_id = bob.id
        await school.look()
        new = await school.identifier(desktop)
        assert new != old
        assert (set(school.there.connections), school.there.active) == ({new}, {})
        assert school.there.may("users", "bob") == {new: {"READ"}}
        assert school.there.may("users", "ada") == {}

    async def test_a_start_anew_at_another_port_is_followed(self, school: School) -> None:
        desktop = await school.desktop()
        await school.look()
        school.runtime.port = 3390
        async with school.stage.changing(desktop) as row:
            row.launch += 1
        await school.look()
        (there,) = school.there.connections.values()
        assert there.parameters["port"] == "3390"

    async def test_strangers_stay_as_they_are(self, school: School) -> None:
        strangers = [
            school.there.add_connection("Server room", hostname="10.9.9.9", port="5900"),
            school.there.add_connection("box-5e1f2a3b-1111-4222-8333-944455556666", hostname="10.0.0.5", port="3389"),
        ]
        await school.person("grace", Role.ADMINISTRATOR)
        school.there.users["trainer"] = {"guac-organization": "Deskbay another"}
        school.there.groups["trainers"] = {}
        school.there.members["all_users"].add("trainer")
        school.there.groups["all_users"] = {}
        school.there.rights["users", "trainer"].connections[strangers[0]].add("READ")
        school.there.use(strangers[0], "trainer")
        before = [school.there.connections[one].model_copy(deep=True) for one in strangers]
        desktop = await school.desktop()
        await school.look()
        await school.review()
        await school.stage.delete(desktop)
        await school.review()
        assert [school.there.connections[one] for one in strangers] == before
        assert "trainer" in school.there.users
        assert "trainer" in school.there.members["all_users"]
        assert "trainers" in school.there.groups
        assert school.there.may("users", "trainer") == {strangers[0]: {"READ"}}
        assert len(school.there.active) == 1

    async def test_an_identifier_that_is_a_strangers_now_is_not_taken(self, school: School) -> None:
        """Guacamole was installed anew, and counts from 1."""
        desktop = await school.desktop()
        await school.look()
        there = school.there.connections.pop(await school.identifier(desktop))
        there.name, there.parameters = "Payroll", {"hostname": "10.9.9.9", "port": "3389"}
        assert there.identifier
        school.there.connections[there.identifier] = there
        await school.review()
        assert school.there.connections[there.identifier].name == "Payroll"
        assert await school.identifier(desktop) != there.identifier
        await school.stage.delete(desktop)
        await school.look()
        assert [one.name for one in school.there.connections.values()] == ["Payroll"]

    async def test_a_runtime_that_is_silent_leaves_what_is_there(self, school: School) -> None:
        desktop = await school.desktop()
        await school.look()
        identifier = await school.identifier(desktop)
        school.runtime.is_silent = True
        second = await school.desktop()
        standing = await school.review()
        assert set(school.there.connections) == {identifier}
        assert school.there.may("users", "ada") == {identifier: {"READ"}}
        assert standing.reason == f"{waits(desktop)} {waits(second)}"
        school.runtime.is_silent = False
        assert (await school.review()).reason is None
        assert len(school.there.connections) == 2

    async def test_one_that_guacamole_refuses_is_told_and_others_come_about(self, school: School) -> None:
        first, second = await school.desktop(), await school.desktop()
        school.there.refused_names.add(f"desktop-{first.uuid}")
        standing = await school.look()
        assert standing.reason == f"Guacamole refuses the connection desktop-{first.uuid}: It may not be."
        assert set(await school.made()) == {second.id}


def waits(desktop: Desktop) -> str:
    return f"The runtime of {release_of(desktop)} gives no answer, so its connection waits."


class TestLooking:
    async def test_nothing_is_written_or_asked_while_nothing_changes(self, school: School) -> None:
        await school.desktop()
        await school.look()
        before = (school.there.requests, school.there.changes)
        await school.look()
        assert (school.there.requests, school.there.changes) == before
        await school.review()
        assert school.there.requests > before[0]
        assert school.there.changes == before[1]

    async def test_a_look_that_changes_bring_does_not_put_off_the_thorough_one(self, school: School) -> None:
        await school.look()
        school.there.rights["users", "ada"]
        school.clock.advance(seconds=40)
        desktop = await school.desktop()
        await school.person("bob")
        await school.look()
        school.there.rights["users", "bob"].connections[await school.identifier(desktop)].add("READ")
        school.clock.advance(seconds=20)
        await school.look()
        assert school.there.may("users", "bob") == {}

    async def test_one_server_at_a_time_works_on_it(self, school: School) -> None:
        school.there.mute_after = 1
        working = asyncio.create_task(school.look())
        await until(lambda: school.there.changes >= 1)
        other = school.another_keeper()
        requests = school.there.requests
        await school.look(other)
        assert school.there.requests == requests
        school.there.mute_after = None
        school.there.voice.set()
        await working
        assert "ada" in school.there.users

    async def test_a_lease_is_renewed_as_long_as_the_work_goes_on(
        self, school: School, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(school.keeper, "_lease", school.keeper._lease / 100)
        school.there.mute_after = 1
        working = asyncio.create_task(school.look())
        await until(lambda: school.there.changes >= 1)
        school.clock.advance(minutes=1)
        async with asyncio.timeout(30):
            while ((await school.ledger.standing()).lease_until or school.clock.now()) <= school.clock.now():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await school.look(school.another_keeper())
        assert school.there.sign_ins == 1
        school.there.mute_after = None
        school.there.voice.set()
        await working

    async def test_who_has_lost_the_lease_stops(self, school: School, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(school.keeper, "_lease", school.keeper._lease / 100)
        school.there.mute_after = 1
        with capture_logs() as logs:
            working = asyncio.create_task(school.look())
            await until(lambda: school.there.changes >= 1)
            school.clock.advance(minutes=1)
            async with asyncio.timeout(30):
                while not await school.ledger.take_lease("other", school.clock.now(), keeping.EVERY):
                    school.clock.advance(seconds=1)
            await working
        assert [line["event"] for line in logs] == ["another server works on Guacamole now"]
        assert (await school.ledger.standing()).lease_owner == "other"

    async def test_where_no_account_is_named_all_is_forgotten(self, school: School, settings: Settings) -> None:
        await school.desktop()
        await school.look()
        keeper = keeping.GuacamoleKeeper(school.database, school.clock, settings, None, None)  # type: ignore[arg-type]
        await keeper.run()
        assert await school.made() == {}

    async def test_it_goes_on_by_itself(self, school: School, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(keeping, "LOOK_SECONDS", 0.01)
        looking = asyncio.create_task(school.keeper.run())
        await until(lambda: "ada" in school.there.users)
        await school.person("bob")
        await until(lambda: "bob" in school.there.users)
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


class TestTrouble:
    async def test_an_expired_session_is_renewed_once(self, school: School) -> None:
        async with school.keeper.rest() as rest:
            await school.keeper.look(rest)
            school.there.tokens.clear()
            school.clock.advance(hours=2)
            await school.keeper.look(rest)
        assert school.there.sign_ins == 2
        assert (await school.ledger.standing()).failures == 0

    async def test_a_password_that_is_wrong_is_not_tried_often(self, school: School) -> None:
        school.there.password = "another"
        standing = await school.look()
        assert standing.reason is not None
        assert "GUACAMOLE_PASSWORD" in standing.reason
        assert standing.retry_at == school.clock.now() + PAUSE_AFTER_WRONG_PASSWORD
        await school.review()
        assert school.there.sign_ins == 1
        school.there.password = ADMINISTRATOR[1]
        school.clock.advance(minutes=10)
        assert (await school.look()).reason is None

    async def test_a_server_that_is_started_anew_tries_at_once(self, school: School) -> None:
        school.there.password = "another"
        await school.look()
        school.there.password = ADMINISTRATOR[1]
        await school.ledger.begin_anew()
        assert (await school.look()).reason is None

    @pytest.mark.parametrize(
        ("status", "words"),
        [(403, "has to have the permission to administer"), (500, "status 500"), (302, "status 302"), (404, "404")],
    )
    async def test_what_it_answers_is_told_and_tried_again_ever_later(
        self, school: School, status: int, words: str
    ) -> None:
        school.there.status = status
        standing = await school.look()
        assert standing.reason is not None
        assert words in standing.reason
        waits = []
        for _ in range(8):
            assert standing.retry_at
            waits.append((standing.retry_at - school.clock.now()) / PAUSE)
            await school.look()
            school.clock.time = standing.retry_at
            standing = await school.look()
        assert waits == [1, 2, 4, 8, 16, 32, 64, 64]
        school.there.status = None
        school.clock.advance(minutes=10)
        standing = await school.look()
        assert (standing.reason, standing.failures, standing.retry_at) == (None, 0, None)

    async def test_nonsense_is_told(self, school: School) -> None:
        school.there.answers_nonsense = True
        assert "can't be understood" in ((await school.look()).reason or "")

    async def test_one_that_is_down_or_hangs_is_told(self, school: School, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(asking, "ANSWER_SECONDS", 0.2)
        school.there.mute_after = 0
        assert "gives no answer" in ((await school.look()).reason or "")

    async def test_an_error_of_ours_is_logged_and_tried_again(
        self, school: School, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def fail(*_: object, **__: object) -> None:
            raise RuntimeError("bug")

        monkeypatch.setattr(keeping, "mend", fail)
        with capture_logs() as logs:
            standing = await school.look()
        assert (standing.reason, standing.failures) == (UNEXPECTED, 1)
        assert logs[0]["log_level"] == "error"

    async def test_no_secret_is_told(self, school: School) -> None:
        school.there.password = "another"
        with capture_logs() as logs:
            await school.look()
        assert ADMINISTRATOR[1] not in str(logs) + str((await school.ledger.standing()).reason)


async def arranged(school: School) -> None:
    """Bring it to where much has to be changed: an account and a connection to go, others to come and to be mended."""
    bob = await school.person("bob")
    gone = await school.desktop()
    kept = await school.desktop()
    await school.look()
    await change(school, bob, disabled_at=school.clock.now())
    await school.person("grace", Role.ADMINISTRATOR)
    await school.stage.delete(gone)
    await school.desktop()
    school.there.connections[await school.identifier(kept)].protocol = "vnc"
    school.clock.advance(minutes=1)


async def is_in_step(school: School) -> None:
    standing = await school.look()
    assert (standing.reason, standing.failures, standing.accounts, standing.connections) == (None, 0, 2, 2)
    made = {one.identifier for one in (await school.made()).values()}
    assert set(school.there.connections) == made
    assert set(school.there.users) == {ADMINISTRATOR[0], "ada", "grace"}
    assert dict(school.there.members) == {"all_users": {"ada", "grace"}, "admins": {"grace"}}
    for subject in (("users", "ada"), ("userGroups", "admins")):
        assert school.there.may(*subject) == {identifier: {"READ"} for identifier in made}
    assert {one.protocol for one in school.there.connections.values()} == {"rdp"}


CHANGES = 9
"""How many there are after `arranged`, the sign-in not counted."""


async def test_so_many_changes_are_needed(school: School) -> None:
    await arranged(school)
    before = school.there.changes
    await is_in_step(school)
    assert school.there.changes - before == CHANGES


@pytest.mark.parametrize("step", [0, CHANGES // 2, CHANGES - 1])
async def test_one_that_breaks_between_steps_is_mended(school: School, step: int) -> None:
    await arranged(school)
    school.there.breaks_after = school.there.changes + step
    assert (await school.look()).failures == 1
    school.there.breaks_after = None
    school.clock.advance(minutes=1)
    await is_in_step(school)


@pytest.mark.parametrize("step", range(1, CHANGES + 1))
async def test_a_server_that_is_killed_at_any_step_is_followed_by_another(school: School, step: int) -> None:
    """Guacamole has done what it was told, and the server never hears of it."""
    await arranged(school)
    school.there.mute_after = school.there.changes + step
    killed = asyncio.create_task(school.look())
    await until(lambda: has_come_to(school.there))
    killed.cancel()
    await asyncio.gather(killed, return_exceptions=True)
    school.there.mute_after = None
    school.there.voice.set()
    school.keeper = school.another_keeper()
    school.clock.advance(seconds=30)
    await is_in_step(school)


def has_come_to(there: SimulatedRest) -> bool:
    return there.mute_after is not None and there.changes >= there.mute_after
