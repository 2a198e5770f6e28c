"""`deskbay serve` as a process: it announces itself, ends cleanly, and refuses without a trace."""

import json
import re
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from tests.cli.conftest import Deskbay
from tests.serving import DESKBAY, PATIENCE, ServerProcess, eventually


def test_it_announces_itself_and_keeps_its_files_private(server: ServerProcess) -> None:
    assert httpx.get(f"{server.url}/api/health", trust_env=False, timeout=PATIENCE).json()["status"] == "healthy"
    for name in ("deskbay.sqlite", "secret.key"):
        assert stat.S_IMODE((server.data / name).stat().st_mode) == 0o600


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_on_a_signal_with_code_0(data: Path, number: signal.Signals) -> None:
    command: list[str | Path] = [DESKBAY, "serve", "--data", data, "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        eventually((data / "server.json").exists, "the server announces itself")
        process.send_signal(number)
        printed, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert json.loads(printed)["pid"] == process.pid
    assert not (data / "server.json").exists()


def test_its_log_has_no_query_strings(server: ServerProcess) -> None:
    httpx.get(f"{server.url}/api/health?ticket=secret", trust_env=False, timeout=PATIENCE)
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        handshake = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        path = "/api/v1/desktops/1/vnc?ticket=secret"
        key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n{handshake}{key}\r\n".encode())
        connection.recv(100)
    eventually(lambda: "path=/api/health" in server.log.read_text(), "the request is in the log")
    assert "secret" not in server.log.read_text()


def test_a_taken_port_leaves_no_data_folder(deskbay: Deskbay, data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        told = deskbay("serve", "--data", data, "--port", port, "--json")
    assert told.code == 1
    assert told.document["type"] == "port-taken"
    assert not data.exists()


def test_a_second_server_on_the_same_data_is_refused(server: ServerProcess, deskbay: Deskbay) -> None:
    told = deskbay("serve", "--data", server.data, "--port", "0")
    assert told.code == 1
    assert re.search(r"Another Deskbay server \(process \d+, http://127.0.0.1:\d+\) uses", told.err)
    assert httpx.get(f"{server.url}/api/health", trust_env=False, timeout=PATIENCE).is_success


def test_a_damaged_database_is_refused_and_left_alone(deskbay: Deskbay, data: Path) -> None:
    data.mkdir(mode=0o700)
    database = data / "deskbay.sqlite"
    database.write_bytes(b"no database at all" * 100)
    told = deskbay("serve", "--data", data, "--port", "0", "--json")
    assert (told.code, told.document["type"]) == (1, "damaged")
    assert "backup" in told.document["detail"]
    assert database.read_bytes() == b"no database at all" * 100
    assert list(data.iterdir()) == [database]


def test_a_newer_database_is_refused_and_left_alone(deskbay: Deskbay, data: Path, migrated_file: Path) -> None:
    data.mkdir(mode=0o700)
    database = data / "deskbay.sqlite"
    shutil.copy(migrated_file, database)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    told = deskbay("serve", "--data", data, "--port", "0", "--json")
    assert (told.code, told.document["type"]) == (1, "newer-database")
    assert not (data / "secret.key").exists()
