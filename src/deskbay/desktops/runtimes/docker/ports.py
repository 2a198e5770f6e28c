"""The port at which a container of an image that is not Deskbay's shows itself, as its label says."""

from deskbay.desktops.runtimes import Unreachable
from deskbay.desktops.runtimes.docker.answers import Container

PORT_LABEL = "deskbay.port"


def port_of(container: Container) -> int:
    """Which it is."""
    return int(container.config.labels[PORT_LABEL].removesuffix("/tcp"))


def published_port_of(container: Container) -> int:
    """Where it is on the loopback of the engine's host. Raises Unreachable when it is nowhere."""
    published = container.network.ports.get(container.config.labels[PORT_LABEL]) or []
    if not published:
        raise Unreachable("The desktop's container shows nothing. Stop the desktop, and start it again.")
    return published[0].port
