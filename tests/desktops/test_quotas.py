"""How much may run at once: on every database, and however many ask at once."""

import asyncio

import pytest
from tests.desktops.allowing import allow, desktops_of, in_group, launch, somebody
from tests.desktops.conftest import Stage

from deskbay.desktops.launching import Size
from deskbay.desktops.models import Desktop
from deskbay.desktops.service import Right
from deskbay.kit.problems import Problem


async def of_ten_at_once(stage: Stage) -> list[Desktop | BaseException]:
    return await asyncio.gather(*(launch(stage) for _ in range(10)), return_exceptions=True)


def refusals(results: list[Desktop | BaseException]) -> list[str]:
    return [result.kind for result in results if isinstance(result, Problem)]


async def test_of_ten_launches_at_once_under_a_limit_of_one_one_is(stage: Stage) -> None:
    await allow(stage, stage.person, desktops=1)
    assert refusals(await of_ten_at_once(stage)) == ["quota-reached"] * 9
    assert len(await desktops_of(stage)) == 1


async def test_of_ten_launches_of_two_members_who_share_one_one_is(stage: Stage) -> None:
    bob = await somebody(stage)
    await allow(stage, await in_group(stage, stage.person, bob), shared=True, desktops=1)
    wishes = [launch(stage, who) for who in (stage.person, bob) * 5]
    assert refusals(await asyncio.gather(*wishes, return_exceptions=True)) == ["quota-reached"] * 9
    assert len(await desktops_of(stage)) == 1


async def test_a_stopped_desktop_makes_room_and_is_not_started_into_a_full_quota(stage: Stage) -> None:
    await allow(stage, stage.person, desktops=1)
    first = await launch(stage)
    await stage.stop(first)
    with pytest.raises(Problem, match="1 desktop running at once, and 1 would go on"):
        await launch(stage)  # it is on its way to be stopped, and takes its room until it is
    await stage.settle(first)
    await launch(stage)
    with pytest.raises(Problem) as refused:
        await stage.start(first)
    assert refused.value.kind == "quota-reached"


@pytest.mark.parametrize(
    ("most", "size", "words"),
    [
        ({"memory_mb": 4096}, Size(memory_mb=3072), "You may have 4096 MiB of memory in all that runs at once"),
        ({"cpus": 3}, Size(cpus=2), "You may have 3 cores in all that runs at once"),
    ],
)
async def test_memory_and_cores_count_together(stage: Stage, most: dict[str, float], size: Size, words: str) -> None:
    await allow(stage, stage.person, shared=False, **most)
    await launch(stage, size=size)
    with pytest.raises(Problem, match=words):
        await launch(stage, size=size)
    assert len(await desktops_of(stage)) == 1


async def test_the_default_holds_where_no_rule_says_otherwise(stage: Stage) -> None:
    right = Right(running=1)
    await launch(stage, right=right)
    with pytest.raises(Problem):
        await launch(stage, right=right)
    await allow(stage, await in_group(stage, stage.person), desktops=2)
    await launch(stage, right=right)


async def test_ones_own_rule_goes_before_those_of_groups_and_of_those_the_most_generous(stage: Stage) -> None:
    await allow(stage, await in_group(stage, stage.person, name="Lab"), desktops=1)
    await allow(stage, await in_group(stage, stage.person, name="Staff"), desktops=2)
    await launch(stage)
    await launch(stage)
    with pytest.raises(Problem):
        await launch(stage)
    await allow(stage, stage.person, desktops=3)
    await launch(stage)
    with pytest.raises(Problem):
        await launch(stage)


async def test_members_of_a_group_in_the_group_share_with_it(stage: Stage) -> None:
    bob, group = await somebody(stage), await in_group(stage, stage.person, name="School")
    await stage.nest(group, await in_group(stage, bob, name="Class"))
    await allow(stage, group, shared=True, desktops=1)
    await launch(stage, bob)
    with pytest.raises(Problem, match="The group “School” may have 1 desktop"):
        await launch(stage)


async def test_others_are_not_counted(stage: Stage) -> None:
    await allow(stage, stage.person, desktops=1)
    await launch(stage, await somebody(stage))
    await launch(stage)
