"""`deskbay audit verify`: whole, or broken where."""

import sqlite3
from pathlib import Path

from tests.cli.conftest import Deskbay

from deskbay.cli.failures import ExitCode


def change(data: Path) -> None:
    """Change the first entry as somebody does who takes the trigger away."""
    with sqlite3.connect(data / "deskbay.sqlite") as db:
        db.execute("DROP TRIGGER audit_entries_stay")
        db.execute("UPDATE audit_entries SET actor_id = 5 WHERE id = 1")
    db.close()


def test_it_tells_whether_the_audit_is_whole(deskbay: Deskbay, data: Path) -> None:
    deskbay("users", "create", "ada", "--password-stdin", "--data", data, typed="correct horse battery")
    whole = deskbay("audit", "verify", "--data", data, "--json")
    assert (whole.code, whole.document["entries"], whole.document["broken_id"]) == (0, 1, None)
    assert whole.document["digest"] in deskbay("audit", "verify", "--data", data).out
    change(data)
    broken = deskbay("audit", "verify", "--data", data)
    assert (broken.code, broken.out) == (
        ExitCode.FAILED,
        "The audit is broken at entry 1: it is not what was written.\n",
    )
