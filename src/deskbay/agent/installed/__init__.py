"""Which applications a system offers; a file for each system."""

import sys

if sys.platform == "win32":
    from deskbay.agent.installed.windows import installed
elif sys.platform == "darwin":
    from deskbay.agent.installed.macos import installed
else:
    from deskbay.agent.installed.linux import installed

__all__ = ["installed"]
