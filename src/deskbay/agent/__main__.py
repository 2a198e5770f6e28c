"""`python3 -m deskbay.agent`."""

import sys

from deskbay.agent.commands import main

sys.exit(main())
