"""What the agent asks of the system beside windows and processes; a file for each system."""

import sys

if sys.platform == "win32":
    from deskbay.agent.system.windows import (
        COMMAND,
        ENDING,
        boot_of,
        elapsed,
        give_back,
        lock,
        machine,
        notify,
        state_home,
        unhindered,
    )
elif sys.platform == "darwin":
    from deskbay.agent.system.macos import COMMAND, boot_of, machine, notify, state_home
    from deskbay.agent.system.posix import ENDING, elapsed, give_back, lock, unhindered
else:
    from deskbay.agent.system.linux import COMMAND, boot_of, machine, notify, state_home
    from deskbay.agent.system.posix import ENDING, elapsed, give_back, lock, unhindered

__all__ = [
    "COMMAND",
    "ENDING",
    "boot_of",
    "elapsed",
    "give_back",
    "lock",
    "machine",
    "notify",
    "state_home",
    "unhindered",
]
