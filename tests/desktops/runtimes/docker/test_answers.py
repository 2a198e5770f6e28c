"""What engines answer is read as each of them writes it."""

import pytest

from deskbay.desktops.runtimes.docker.answers import EngineInfo


@pytest.mark.parametrize(
    ("told", "maps_users"),
    [
        ({"SecurityOptions": ["name=seccomp,profile=default"]}, False),
        ({"SecurityOptions": ["name=seccomp,profile=default", "name=userns"]}, True),
        ({"SecurityOptions": ["name=seccomp,profile=builtin", "name=rootless", "name=cgroupns"]}, True),
        ({"SecurityOptions": ["name=seccomp,profile=default"], "Rootless": False}, False),
        ({"SecurityOptions": ["name=seccomp,profile=default"], "Rootless": True}, True),
        ({"SecurityOptions": None}, False),
        ({}, False),
    ],
)
def test_engines_say_whether_users_inside_are_others_outside(told: dict[str, object], maps_users: bool) -> None:
    assert EngineInfo.model_validate(told).maps_users is maps_users
