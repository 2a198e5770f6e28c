"""What the system tells of the processes of a person; a file for each system."""

import sys

from deskbay.agent.processes.process import Process

if sys.platform == "win32":
    from deskbay.agent.processes.windows import (
        children_of,
        environment_of,
        folder_of,
        foreground_of,
        open_files,
        processes_with,
        read_process,
        sandbox_of,
        watched_inodes,
    )
elif sys.platform == "darwin":
    from deskbay.agent.processes.macos import (
        children_of,
        environment_of,
        folder_of,
        foreground_of,
        open_files,
        processes_with,
        read_process,
        sandbox_of,
        watched_inodes,
    )
else:
    from deskbay.agent.processes.linux import (
        children_of,
        environment_of,
        folder_of,
        foreground_of,
        open_files,
        processes_with,
        read_process,
        sandbox_of,
        watched_inodes,
    )

__all__ = [
    "Process",
    "children_of",
    "environment_of",
    "folder_of",
    "foreground_of",
    "open_files",
    "processes_with",
    "read_process",
    "sandbox_of",
    "watched_inodes",
]
