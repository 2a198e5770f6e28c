"""Whatever keeps a database from being used is said in a sentence, and nothing is left half-made."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from tests.database.later import LATER, later_scripts, newest_revision
from tests.servers import PASSWORD, Backend, Servers

from deskbay.database.migrations import SCRIPTS
from deskbay.database.upgrade import upgrade
from deskbay.kit.refusals import Refusal

ADDING = "op.add_column('users', sa.Column('nickname', sa.String(64)))"
USER = "INSERT INTO users (uuid, username, username_key, role, created_at) VALUES ('1', 'ada', 'ada', 'user', '2026')"
IN_A_SANDBOX = """
import asyncio, sys
from deskbay.database.upgrade import upgrade
from deskbay.kit.refusals import Refusal
try:
    asyncio.run(upgrade(sys.argv[1]))
except Refusal as refusal:
    print(refusal.kind, refusal)
"""


def address(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def query(file: Path, statement: str) -> object:
    with closing(sqlite3.connect(file)) as database:
        return database.execute(statement).fetchone()[0]


def upgraded_in_sandbox(file: Path, *options: str) -> str:
    """Upgrade a database where the file system is as the options of bubblewrap say. Return the refusal."""
    command: Sequence[str] = ["bwrap", "--dev-bind", "/", "/", *options, sys.executable, "-c", IN_A_SANDBOX]
    done = subprocess.run([*command, address(file)], capture_output=True, text=True, check=True)
    assert "Traceback" not in done.stderr
    return done.stdout


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder / "deskbay.sqlite"


def upgraded(url: str, scripts: Path = SCRIPTS) -> None:
    asyncio.run(upgrade(url, scripts))


def refusal(url: str, scripts: Path = SCRIPTS) -> Refusal:
    with pytest.raises(Refusal) as refused:
        upgraded(url, scripts)
    return refused.value


class TestSqlite:
    def test_a_new_file_is_its_owners_alone(self, file: Path) -> None:
        before = os.umask(0)
        try:
            upgraded(address(file))
        finally:
            os.umask(before)
        assert file.stat().st_mode & 0o777 == 0o600
        assert [path.name for path in file.parent.iterdir()] == [file.name]

    def test_up_to_date_it_is_left_alone(self, file: Path) -> None:
        upgraded(address(file))
        before = file.read_bytes()
        upgraded(address(file))
        assert file.read_bytes() == before
        assert [path.name for path in file.parent.iterdir()] == [file.name]

    def test_before_an_upgrade_a_copy_is_kept(self, file: Path, tmp_path: Path) -> None:
        upgraded(address(file))
        upgraded(address(file), later_scripts(tmp_path, ADDING))
        copy = file.with_name(f"{file.name}.{newest_revision()}")
        assert query(file, "SELECT version_num FROM alembic_version") == LATER
        assert query(copy, "SELECT version_num FROM alembic_version") == newest_revision()
        assert copy.stat().st_mode & 0o777 == 0o600
        assert {path.name for path in file.parent.iterdir()} == {file.name, copy.name}

    def test_a_copy_has_what_another_connection_wrote_last(self, file: Path, tmp_path: Path) -> None:
        upgraded(address(file))
        with closing(sqlite3.connect(file)) as other:
            other.execute("PRAGMA wal_autocheckpoint=0")
            other.execute(USER)
            other.commit()
            upgraded(address(file), later_scripts(tmp_path, ADDING))
        assert query(file.with_name(f"{file.name}.{newest_revision()}"), "SELECT username FROM users") == "ada"

    def test_an_upgrade_that_fails_changes_nothing_and_may_be_tried_again(self, file: Path, tmp_path: Path) -> None:
        upgraded(address(file))
        broken = later_scripts(tmp_path / "broken", f"{ADDING}; op.execute('nonsense')")
        refused = refusal(address(file), broken)
        assert refused.kind == "database-unusable"
        assert "nonsense" in str(refused)
        assert query(file, "SELECT version_num FROM alembic_version") == newest_revision()
        upgraded(address(file), later_scripts(tmp_path / "mended", ADDING))

    def test_a_new_file_that_can_not_be_filled_is_taken_away(self, file: Path, tmp_path: Path) -> None:
        refusal(address(file), later_scripts(tmp_path, "op.execute('nonsense')"))
        assert list(file.parent.iterdir()) == []

    def test_a_file_that_is_no_database(self, file: Path) -> None:
        file.write_bytes(b"This is a letter. " * 500)
        refused = refusal(address(file))
        assert refused.kind == "damaged"
        assert str(file) in str(refused)
        assert "backup" in str(refused)
        assert file.read_bytes().startswith(b"This is a letter.")

    def test_a_database_that_is_damaged_inside(self, file: Path) -> None:
        upgraded(address(file))
        content = bytearray(file.read_bytes())
        content[8192:16384] = bytes(8192)
        file.write_bytes(content)
        assert (refusal(address(file))).kind == "damaged"
        assert file.read_bytes() == content

    def test_one_of_a_newer_deskbay(self, file: Path, tmp_path: Path) -> None:
        upgraded(address(file), later_scripts(tmp_path, ADDING))
        before = file.read_bytes()
        refused = refusal(address(file))
        assert (refused.kind, file.read_bytes()) == ("newer-database", before)

    def test_one_of_another_program(self, file: Path) -> None:
        with closing(sqlite3.connect(file)) as database:
            database.execute("CREATE TABLE recipes (id INTEGER)")
        assert (refusal(address(file))).kind == "foreign-database"

    def test_a_folder_in_its_place(self, file: Path) -> None:
        file.mkdir()
        assert (refusal(address(file))).kind == "not-writable"
        assert file.is_dir()

    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        refused = refusal(address(tmp_path / "nowhere" / "deskbay.sqlite"))
        assert "nowhere" in str(refused)

    def test_a_folder_that_can_not_be_written_to(self, file: Path) -> None:
        said = upgraded_in_sandbox(file, "--ro-bind", str(file.parent), str(file.parent))
        assert said.startswith("not-writable ")
        assert list(file.parent.iterdir()) == []

    def test_a_file_that_can_not_be_written_to(self, file: Path) -> None:
        upgraded(address(file))
        said = upgraded_in_sandbox(file, "--ro-bind", str(file.parent), str(file.parent))
        assert said.startswith("not-writable ")

    def test_a_full_disk(self, file: Path) -> None:
        said = upgraded_in_sandbox(file, "--size", "65536", "--tmpfs", str(file.parent))
        assert said.startswith("disk-full ")
        assert "Make room" in said


@pytest.mark.parametrize("backend", [Backend.POSTGRESQL, Backend.MARIADB])
class TestServers:
    def test_made_and_brought_up_to_date(self, empty_database: str, tmp_path: Path) -> None:
        upgraded(empty_database)
        upgraded(empty_database, later_scripts(tmp_path, ADDING))
        assert (refusal(empty_database)).kind == "newer-database"

    def test_a_wrong_password(self, backend: Backend, servers: Servers) -> None:
        refused = refusal(servers[backend].url("deskbay", password="not this one"))
        assert refused.kind == "database-refused"
        assert "database_url" in str(refused)

    def test_an_unknown_user(self, backend: Backend, servers: Servers) -> None:
        assert (refusal(servers[backend].url("deskbay", user="stranger"))).kind == "database-refused"

    def test_an_unknown_database(self, backend: Backend, servers: Servers) -> None:
        refused = refusal(servers[backend].url("nowhere"))
        assert refused.kind == "no-database"
        assert "/nowhere" in str(refused)

    def test_the_password_is_never_shown(self, backend: Backend, servers: Servers) -> None:
        for url in (servers[backend].url("nowhere"), servers[backend].url("deskbay", user="stranger")):
            refused = refusal(url)
            for shown in (str(refused), repr(refused), str(refused.__cause__)):
                assert PASSWORD not in shown
                assert PASSWORD.replace(" ", "%20") not in shown


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+asyncpg://deskbay:hidden@127.0.0.1:1/deskbay",
        "postgresql+asyncpg://deskbay:hidden@/deskbay?host=/nonexistent",
        "mysql+aiomysql://deskbay:hidden@127.0.0.1:1/deskbay",
        "mysql+aiomysql://deskbay:hidden@/deskbay?unix_socket=/nonexistent",
    ],
)
def test_a_server_that_is_not_there(url: str) -> None:
    refused = refusal(url)
    assert refused.kind == "database-unreachable"
    assert "hidden" not in str(refused)
    assert "***" in str(refused)
