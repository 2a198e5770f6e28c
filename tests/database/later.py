"""A later Deskbay: the same migrations, and one more."""

import shutil
from pathlib import Path

from alembic.script import ScriptDirectory

from deskbay.database.migrations import SCRIPTS, config_of

LATER = "later"
TEMPLATE = """
import sqlalchemy as sa
from alembic import op

revision = {revision!r}
down_revision = {previous!r}


def upgrade() -> None:
    {body}
"""


def newest_revision() -> str:
    """Return the revision of the newest migration that there is."""
    return str(ScriptDirectory.from_config(config_of(SCRIPTS)).get_current_head())


def later_scripts(folder: Path, body: str) -> Path:
    """Return a folder with our migrations and one after them that does what `body` says."""
    scripts = folder / "later"
    shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    script = TEMPLATE.format(revision=LATER, previous=newest_revision(), body=body)
    (scripts / "versions" / "later.py").write_text(script)
    return scripts
