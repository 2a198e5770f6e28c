"""`python3 -m deskbay.agent`."""

import sys
from pathlib import Path

if Path("/run/deskbay/server").exists():
    # Inside most desktops the server is on a Unix socket: http.client does without OpenSSL, which takes 5 MB of memory.
    sys.modules["ssl"] = None  # type: ignore[assignment] # so Python says that it is not there

for archives in ("bz2", "lzma"):  # shutil reads both for archives, which nobody packs here
    sys.modules[archives] = None  # type: ignore[assignment]

from deskbay.agent.commands import main  # noqa: E402 - it reads shutil

sys.exit(main())
