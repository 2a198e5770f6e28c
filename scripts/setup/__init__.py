"""From a bare machine to a running server. Only the standard library: nothing else may be there yet."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
WEB = ROOT / "web"

os.environ.pop("PYTHONPATH", None)  # it was for finding this package alone

if sys.version_info < (3, 11):  # noqa: UP036 - it is the machine's Python that gets here first
    sys.exit("Deskbay needs Python 3.11 or newer. Run this on Debian 12, or put a newer python3 first in PATH.")
