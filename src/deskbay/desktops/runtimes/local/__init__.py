"""Desktops as plain processes of this machine: a display server and a session inside a bubblewrap sandbox."""

from deskbay.desktops.runtimes.kinds import Place, RuntimeSettings
from deskbay.desktops.runtimes.local.runtime import LocalRuntime

__all__ = ["LocalRuntime", "LocalSettings"]


class LocalSettings(RuntimeSettings):
    """Nothing: there is one machine that a server runs on."""

    def open(self, place: Place) -> LocalRuntime:
        """Return the desktops of this machine."""
        return LocalRuntime(place.data)
