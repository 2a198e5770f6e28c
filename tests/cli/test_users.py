"""`deskbay users create`, with a server running and without."""

from pathlib import Path

import httpx
import pytest
from tests.cli.conftest import Deskbay
from tests.people import PASSWORD
from tests.serving import PATIENCE, ServerProcess

from deskbay.cli.failures import ExitCode


def may_sign_in(server: ServerProcess, username: str, password: str) -> bool:
    given = {"username": username, "password": password}
    return httpx.post(f"{server.url}/api/v1/auth/token", json=given, trust_env=False, timeout=PATIENCE).is_success


def test_a_user_with_a_piped_password_may_sign_in(server: ServerProcess, deskbay: Deskbay) -> None:
    words = ["users", "create", "ada", "--email", "Ada@example.org", "--password-stdin"]
    told = deskbay(*words, "--data", server.data, "--json", typed=f"{PASSWORD}\n")
    assert told.code == 0
    assert {name: told.document[name] for name in ("username", "email", "role")} == {
        "username": "ada",
        "email": "ada@example.org",
        "role": "user",
    }
    assert PASSWORD not in told.out
    assert may_sign_in(server, "ada", PASSWORD)


def test_a_generated_password_is_shown_once(server: ServerProcess, deskbay: Deskbay) -> None:
    told = deskbay("users", "create", "grace", "--administrator", "--data", server.data)
    password = told.out.rpartition(": ")[2].strip()
    assert len(password) >= 12
    assert may_sign_in(server, "grace", password)


def test_without_a_server_the_database_is_made(deskbay: Deskbay, data: Path) -> None:
    told = deskbay("users", "create", "ada", "--administrator", "--data", data, "--json")
    assert told.document["role"] == "administrator"
    assert (data / "deskbay.sqlite").exists()
    again = deskbay("users", "create", "ADA", "--data", data, "--json")
    assert (again.code, again.document["type"], again.document["status"]) == (ExitCode.FAILED, "taken", 409)


@pytest.mark.parametrize(
    ("name", "password", "email"),
    [("a b", PASSWORD, "a@example.org"), ("", PASSWORD, "a@example.org"), ("ada", "short", "a@example.org"),
     ("ada", PASSWORD, "nowhere")],
)  # fmt: skip
def test_words_that_can_not_be_are_refused(deskbay: Deskbay, data: Path, name: str, password: str, email: str) -> None:
    words = ["users", "create", name, "--email", email, "--password-stdin"]
    told = deskbay(*words, "--data", data, typed=password)
    assert told.code == ExitCode.MISUSED
    assert "The user can't be added" in told.err
    assert password not in told.err
    assert not data.exists()
