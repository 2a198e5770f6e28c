"""Desktops as plain processes of this machine: a display server and a session inside a bubblewrap sandbox."""

from deskbay.desktops.runtimes.local.runtime import LocalRuntime

__all__ = ["LocalRuntime"]
