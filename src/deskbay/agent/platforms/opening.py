"""Which platform this is."""

from deskbay.agent.platforms import Platform
from deskbay.agent.platforms.x11 import X11


def open_platform() -> Platform:
    """The desktop of this process. Raises NoDesktop."""
    return X11()
