"""The script for a lab's start-up, run as a lab runs it."""

import os
import signal
import subprocess
from datetime import date, timedelta
from pathlib import Path

import httpx
from tests.serving import ServerProcess, eventually

SCRIPT = Path(__file__).parents[2] / "scripts" / "lab-client" / "lab-client.sh"


def online(client: httpx.Client) -> list[dict[str, str]]:
    items: list[dict[str, str]] = client.get("/sign-ins", params={"online": True}).raise_for_status().json()["items"]
    return items


def test_a_computer_enrols_signs_its_person_in_and_pings(
    server: ServerProcess, administrator: httpx.Client, tmp_path: Path
) -> None:
    environment = os.environ | {"DESKBAY_URL": server.url, "DESKBAY_STATE": str(tmp_path), "DESKBAY_SECONDS": "1"}
    code = administrator.post("/devices/codes", json={}).raise_for_status().json()["code"]
    subprocess.run([str(SCRIPT), "enrol", code], env=environment, check=True)
    assert (tmp_path / "token").stat().st_mode & 0o077 == 0
    running = subprocess.Popen([str(SCRIPT), "run", "grace"], env=environment, start_new_session=True)
    try:
        eventually(lambda: bool(online(administrator)), "grace is signed in")
        first = online(administrator)[0]
        assert first["username"] == "grace"
        eventually(lambda: any(one["ends_at"] > first["ends_at"] for one in online(administrator)), "a ping has come")
        subprocess.run([str(SCRIPT), "event", "lesson"], env=environment, check=True)
        day = date.fromisoformat(first["started_at"][:10])
        asked = {"by": "event", "from": str(day), "to": str(day + timedelta(days=1))}
        rows = administrator.get("/reports/hours", params=asked).raise_for_status().json()["rows"]
        assert [row["key"] for row in rows] == ["lesson"]
    finally:
        os.killpg(running.pid, signal.SIGTERM)
        running.wait()


def test_a_computer_that_is_on_is_free(server: ServerProcess, administrator: httpx.Client, tmp_path: Path) -> None:
    environment = os.environ | {"DESKBAY_URL": server.url, "DESKBAY_STATE": str(tmp_path), "DESKBAY_SECONDS": "1"}
    made = administrator.post("/devices", json={"name": "pc-on"}).raise_for_status().json()
    (tmp_path / "token").write_text(made["token"])
    path = f"/devices/{made['device']['id']}"
    running = subprocess.Popen([str(SCRIPT), "on"], env=environment, start_new_session=True)
    try:
        eventually(lambda: administrator.get(path).json()["state"] == "free", "the computer is free")
        first = administrator.get(path).json()["last_seen_at"]
        eventually(lambda: administrator.get(path).json()["last_seen_at"] > first, "it says so again")
    finally:
        os.killpg(running.pid, signal.SIGTERM)
        running.wait()


def test_a_wrong_code_is_told(server: ServerProcess, tmp_path: Path) -> None:
    environment = os.environ | {"DESKBAY_URL": server.url, "DESKBAY_STATE": str(tmp_path)}
    tried = subprocess.run(
        [str(SCRIPT), "enrol", "wrong"], env=environment, capture_output=True, text=True, check=False
    )
    assert tried.returncode != 0
    assert "Ask an administrator for a new one" in tried.stderr
