"""A guard in front of an engine of this host: a process that lets through what a server's desktops take, and no more.

The server then has no need of the engine's own socket, with which it would be root.
"""


class Refused(Exception):
    """The guard does not let something through. The text is a sentence that says why."""
