"""Having the agent start by itself whenever its person signs in; a file for each system."""

import sys

if sys.platform == "win32":
    from deskbay.agent.services.windows_task import install
elif sys.platform == "darwin":
    from deskbay.agent.services.launchd import install
else:
    from deskbay.agent.services.systemd import install

__all__ = ["install"]
