"""Templates that begin with a session: everyone has a copy of their own, on every database."""

import asyncio

import pytest
from sqlalchemy import select
from tests.desktops.conftest import Stage, a_person
from tests.desktops.test_templates import add, add_person, wish
from tests.sessions.doubles import application, snapshot

from deskbay.accounts.models import Role, User
from deskbay.desktops import beginnings, templates
from deskbay.desktops.models import Template
from deskbay.kit.problems import Problem
from deskbay.sessions import life, places, saves
from deskbay.sessions.models import SaveReason, Session
from deskbay.sessions.service import NewSession, create_session
from deskbay.sessions.snapshots import Snapshot


@pytest.fixture
async def grace(stage: Stage) -> User:
    person = a_person(stage.clock, "grace", Role.ADMINISTRATOR)
    async with stage.database.write() as db:
        db.add(person)
    return person


@pytest.fixture
async def course(stage: Stage, grace: User) -> Session:
    """Grace's session, saved with one program."""
    async with stage.database.write() as db:
        device = await places.make_device(db, stage.clock, grace)
        new = NewSession("Course", "", is_tracking=False)
        session = await create_session(db, stage.clock, grace.id, device.id, new)
        open_there = Snapshot.model_validate(snapshot(application("xterm")))
        await saves.add_save(db, stage.clock, session, open_there, SaveReason.SAVED)
    return session


@pytest.fixture
async def template(stage: Stage, grace: User, course: Session) -> Template:
    made = await add(stage, wish())
    await begin_with(stage, grace, made, course.id)
    return made


async def begin_with(stage: Stage, who: User, template: Template, session_id: int | None) -> None:
    async with stage.database.write() as db:
        await beginnings.begin_with(db, who, await templates.get_template(db, template.id), session_id)


async def copy_for(stage: Stage, person: User, template: Template) -> Session | None:
    async with stage.database.write() as db:
        return await beginnings.own_copy(db, stage.clock, person, await templates.get_template(db, template.id))


async def own(stage: Stage, person: User, template: Template) -> Session:
    copy = await copy_for(stage, person, template)
    assert copy is not None
    return copy


async def throw_away(stage: Stage, session: Session) -> None:
    async with stage.database.write() as db:
        await life.throw_away(db, stage.clock, await db.get_one(Session, session.id))


async def test_each_person_gets_one_copy_and_keeps_it(stage: Stage, template: Template, course: Session) -> None:
    first = await own(stage, stage.person, template)
    again = await own(stage, stage.person, template)
    other = await own(stage, await add_person(stage, "emmy"), template)
    assert (first.id, first.user_id, first.name) == (again.id, stage.person.id, "Course")
    assert len({course.id, first.id, other.id}) == 3
    async with stage.database.read() as db:
        state = await life.saved_state(db, first)
    assert state is not None
    assert [one.application for one in state.applications] == ["xterm"]


async def test_two_launches_at_once_make_one_copy(stage: Stage, template: Template) -> None:
    made = await asyncio.gather(*(own(stage, stage.person, template) for _ in range(4)))
    assert len({one.id for one in made}) == 1


async def test_whose_it_is_begins_with_the_session_itself(
    stage: Stage, template: Template, grace: User, course: Session
) -> None:
    assert (await own(stage, grace, template)).id == course.id


async def test_a_copy_in_the_trash_is_made_anew(stage: Stage, template: Template) -> None:
    first = await own(stage, stage.person, template)
    await throw_away(stage, first)
    second = await own(stage, stage.person, template)
    assert second.id != first.id


async def test_a_session_in_the_trash_is_no_beginning(stage: Stage, template: Template, course: Session) -> None:
    await throw_away(stage, course)
    assert await copy_for(stage, stage.person, template) is None
    async with stage.database.read() as db:
        assert await beginnings.names(db, [template]) == {}


async def test_without_a_session_there_is_nothing(stage: Stage, grace: User, template: Template) -> None:
    await begin_with(stage, grace, template, None)
    assert await copy_for(stage, stage.person, template) is None
    async with stage.database.read() as db:
        assert (await db.scalars(select(Session))).one().user_id == grace.id


async def test_only_a_session_of_ones_own_is_chosen_and_what_is_there_may_stay(
    stage: Stage, template: Template, course: Session
) -> None:
    other = await add(stage, wish("Other"))
    with pytest.raises(Problem) as refused:
        await begin_with(stage, stage.person, other, course.id)
    assert refused.value.status == 404
    await begin_with(stage, stage.person, template, course.id)
    assert await copy_for(stage, stage.person, template)


async def test_a_copied_template_begins_with_the_same(stage: Stage, template: Template, course: Session) -> None:
    async with stage.database.write() as db:
        copy = await templates.clone_template(db, await templates.get_template(db, template.id))
    assert copy.session_id == course.id
