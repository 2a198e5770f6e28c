"""Which spares are alike."""

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from tests.desktops.runtimes.launchable import a_desktop

from deskbay.desktops.runtimes import LaunchSpec, Network
from deskbay.desktops.runtimes.local import LocalRuntime
from deskbay.desktops.runtimes.spares import spare_for, spares_of
from deskbay.desktops.runtimes.volumes import Mount

DATA, OTHER = Mount(uuid4(), "/shared/data"), Mount(uuid4(), "/shared/other", is_read_only=True)
WISH = replace(
    a_desktop("deskbay/desktop"),
    agent_token="the agent's secret",
    environment={"COURSE": "chemistry 1", "LANG": "de_DE.UTF-8"},
    volumes=(DATA, OTHER),
)


def recipe(spec: LaunchSpec) -> str:
    spare = spare_for(spec)
    assert spare is not None
    return spare.recipe


@pytest.mark.parametrize(
    "alike",
    [
        {"desktop": uuid4()},
        {"owner": uuid4(), "owner_id": 11, "owner_name": "Bob", "name": "Bob's desktop", "agent_token": "another"},
        {"keeps_home": False},
        {"environment": {"LANG": "de_DE.UTF-8", "COURSE": "chemistry 1"}},
        {"volumes": (OTHER, DATA)},
    ],
)
def test_who_it_is_for_makes_no_difference(alike: dict[str, object]) -> None:
    assert recipe(replace(WISH, **alike)) == recipe(WISH)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "unlike",
    [
        {"image": "deskbay/browser"},
        {"network": Network.NONE},
        {"memory_mb": 1025},
        {"cpus": 1.9},
        {"width": 1920},
        {"height": 1080},
        {"environment": {"COURSE": "physics", "LANG": "de_DE.UTF-8"}},
        {"volumes": (DATA,)},
        {"volumes": (replace(DATA, is_read_only=True), OTHER)},
        {"volumes": (replace(DATA, path="/storage"), OTHER)},
    ],
)
def test_what_it_is_does(unlike: dict[str, object]) -> None:
    assert recipe(replace(WISH, **unlike)) != recipe(WISH)  # type: ignore[arg-type]


@pytest.mark.parametrize("different", [{"image": None}, {"port": 5900}, {"agent_token": None}])
def test_some_begin_with_no_spare(different: dict[str, object]) -> None:
    assert spare_for(replace(WISH, **different)) is None  # type: ignore[arg-type]


def test_nothing_that_is_secret_is_told_of_a_spare() -> None:
    assert "chemistry" not in repr(spare_for(WISH))


def test_a_runtime_that_offers_none_has_none(tmp_path: Path) -> None:
    assert spares_of(LocalRuntime(tmp_path)) is None
