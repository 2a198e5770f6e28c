"""Every way in that can be guessed at, or that costs the server something, answers 429 to who goes on."""

from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from tests.devices.computers import told
from tests.people import PASSWORD

from deskbay.accounts.attempts import Attempt

SECRET = "A" * 43
NEW = {"username": "bob", "password": PASSWORD}
PERSON = {"name": "Bob", "surname": "Byte", "email": "bob@example.org", "password": PASSWORD}
CREDENTIALS = {"username": "ada", "password": PASSWORD}
WAYS_IN: list[tuple[Attempt, str, dict[str, Any]]] = [
    (Attempt.SIGN_IN, "POST /api/v1/auth/sign-in", {"json": CREDENTIALS}),
    (Attempt.SIGN_IN, "POST /api/v1/auth/token", {"json": CREDENTIALS}),
    (Attempt.SIGN_IN, "POST /api/auth/login", {"json": CREDENTIALS}),
    (Attempt.SIGN_IN, "POST /auth/token", {"data": CREDENTIALS}),
    (Attempt.SIGN_IN_LINK, "POST /api/v1/auth/link", {"json": {"token": SECRET}}),
    (Attempt.SIGN_UP, "POST /api/v1/auth/sign-up", {"json": NEW}),
    (Attempt.SIGN_UP, "POST /auth/signup", {"json": PERSON}),
    (Attempt.MAIL, "POST /api/v1/auth/forgotten-password", {"json": {"email": "ada@example.org"}}),
    (Attempt.MAIL_LINK, "POST /api/v1/auth/new-password", {"json": {"token": SECRET, "new_password": PASSWORD}}),
    (Attempt.MAIL_LINK, "POST /api/v1/auth/verify", {"json": {"token": SECRET}}),
    (Attempt.PROVIDER, "POST /api/v1/auth/oidc/school/begin", {}),
    (Attempt.PROVIDER, "GET /api/auth/oidc/login", {}),
    (Attempt.PAIRING, "POST /api/v1/agent/pair", {"json": told("AAAAA-AAAAA")}),
]


@pytest.mark.parametrize(("kind", "way", "sent"), WAYS_IN, ids=[way for _, way, _ in WAYS_IN])
async def test_too_many_are_refused(
    app: FastAPI, client: AsyncClient, kind: Attempt, way: str, sent: dict[str, Any]
) -> None:
    for _ in range(60 if kind in {Attempt.SIGN_UP, Attempt.PROVIDER} else 10):
        await app.state.attempts.count(kind, address="127.0.0.1")
    method, path = way.split()
    answer = await client.request(method, path, **sent)
    assert answer.status_code == 429, answer.text
    assert answer.headers["Retry-After"] == "60"
    assert "Try again in 60 seconds" in answer.text
