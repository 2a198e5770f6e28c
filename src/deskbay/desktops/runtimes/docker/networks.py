"""The networks of desktops on an engine."""

from collections.abc import Mapping

from aiodocker.types import JSONObject

from deskbay.desktops.runtimes import Network
from deskbay.desktops.runtimes.docker.engine import Engine

USER_MODE_ROUTER = "slirp4netns"
BRIDGE: JSONObject = {"Driver": "bridge", "Options": {"com.docker.network.bridge.enable_icc": "false"}}


async def network_of(engine: Engine, labels: Mapping[str, str], wanted: Network, *, is_podman: bool) -> str:
    """Return the network of desktops that have the internet, in which they can't reach each other; made on first use.

    Podman has nothing that keeps them apart on a bridge: there each has a router of its own, as local desktops do.
    """
    if wanted is not Network.INTERNET:
        return ""
    if is_podman:
        return USER_MODE_ROUTER
    name = f"deskbay-{labels['deskbay.server'][:12]}"
    return await engine.need_network(name, {**BRIDGE, "Labels": dict(labels)})
