"""What is told a host of a desktop arrives as it was."""

import json
from dataclasses import replace
from types import MappingProxyType
from uuid import uuid4

from tests.desktops.runtimes.launchable import a_desktop

from deskbay.desktops.runtimes import DisplayProtocol, Network
from deskbay.desktops.runtimes.ssh.wire import line_of, spec_from, text_of
from deskbay.desktops.runtimes.volumes import SHARED, STORAGE, Mount


def test_a_desktop_arrives_as_it_was() -> None:
    spec = replace(
        a_desktop(),
        owner_name="Zoë “the\nsecond”",
        network=Network.NONE,
        protocol=DisplayProtocol.VNC,
        environment={"COURSE": "'; reboot #", "EMPTY": ""},
        agent_token="the agent's secret",
        keeps_home=False,
        volumes=(Mount(uuid4(), STORAGE), Mount(uuid4(), f"{SHARED}/data", is_read_only=True)),
    )
    assert spec_from(text_of(spec)) == spec
    assert spec_from(text_of(replace(spec, environment=MappingProxyType(spec.environment)))) == spec


def test_a_message_is_one_line_whatever_is_in_it() -> None:
    desktop = uuid4()
    line = line_of(id=7, value={"words": ["a\nb", desktop]})
    assert line.endswith("\n")
    assert line.count("\n") == 1
    assert json.loads(line) == {"id": 7, "value": {"words": ["a\nb", str(desktop)]}}
