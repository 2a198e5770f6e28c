"""Which platform this is."""

from deskbay.agent.platforms import Platform
from deskbay.agent.platforms.x11 import X11
from deskbay.agent.platforms.x11_sign import X11Sign


def open_platform() -> Platform:
    """The desktop of this process. Raises NoDesktop."""
    return X11()


def open_sign() -> X11Sign:
    """The sign that its person sees of the agent. Raises NoDesktop."""
    return X11Sign()
