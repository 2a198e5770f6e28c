"""The kind of runtime that needs no settings."""

from deskbay.desktops.runtimes.kinds import Place, RuntimeSettings
from deskbay.desktops.runtimes.local.runtime import LocalRuntime


class LocalSettings(RuntimeSettings):
    """Nothing: there is one machine that a server runs on."""

    def open(self, place: Place) -> LocalRuntime:
        """Return the desktops of this machine."""
        return LocalRuntime(place.data)
