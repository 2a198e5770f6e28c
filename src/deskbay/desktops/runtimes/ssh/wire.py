"""What the server and its steward on a host say to each other: a line of JSON each. Only the standard library."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from uuid import UUID

from deskbay.desktops.runtimes import DisplayProtocol, LaunchSpec, Network
from deskbay.desktops.runtimes.volumes import Mount

Words = Mapping[str, str]
"""What a question is about."""


def line_of(**words: object) -> str:
    """Return a message as it is sent, with UUIDs as texts."""
    return f"{json.dumps(words, default=str)}\n"


def text_of(spec: LaunchSpec) -> str:
    """Return all that a host needs to know of a desktop."""
    return json.dumps(asdict(replace(spec, environment=dict(spec.environment), cluster=None)), default=str)


def spec_from(text: str) -> LaunchSpec:
    """Return what `text_of` was given."""
    words = json.loads(text)
    words["desktop"], words["owner"] = UUID(words["desktop"]), UUID(words["owner"])
    words["network"], words["protocol"] = Network(words["network"]), DisplayProtocol(words["protocol"])
    mounts = [Mount(**{**mount, "volume": UUID(mount["volume"])}) for mount in words["volumes"]]
    return LaunchSpec(**{**words, "volumes": tuple(mounts)})
