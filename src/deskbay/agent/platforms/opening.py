"""Which platform this is. What the others need is not read: each has libraries of its own."""

import os
import sys

from deskbay.agent.platforms import NoDesktop, Platform
from deskbay.agent.platforms.banner import Banner
from deskbay.agent.platforms.sign import Sign


def open_platform() -> Platform:
    """The desktop of this process. Raises NoDesktop."""
    if sys.platform == "win32":
        from deskbay.agent.platforms.windows import Windows

        return Windows()
    if sys.platform == "darwin":
        from deskbay.agent.platforms.macos import MacOS

        return MacOS()
    if os.environ.get("WAYLAND_DISPLAY"):  # DISPLAY is there, too, for older programs
        from deskbay.agent.platforms.wayland import Wayland

        return Wayland()
    from deskbay.agent.platforms.x11 import X11

    return X11()


def open_sign() -> Sign | None:
    """The sign that its person sees of the agent; None where there is nothing to show it on."""
    try:
        return _sign()
    except NoDesktop:
        return None


def open_banner() -> Banner | None:
    """What warns of a stop; None where only desktops of other systems have one."""
    if sys.platform in {"win32", "darwin"}:
        return None
    from deskbay.agent.platforms.x11_banner import X11Banner

    try:
        return X11Banner()
    except NoDesktop:
        return None


def _sign() -> Sign:
    if sys.platform == "win32":
        from deskbay.agent.platforms.windows_sign import WindowsSign

        return WindowsSign()
    if sys.platform == "darwin":
        from deskbay.agent.platforms.macos_sign import MacSign

        return MacSign()
    from deskbay.agent.platforms.x11_sign import X11Sign

    return X11Sign()  # on Wayland by way of Xwayland
