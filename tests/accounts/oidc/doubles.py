"""A provider that says what it is told to, true or not."""

import asyncio
import base64
import json
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import RSAKey
from pydantic import JsonValue
from tests.clock import FrozenClock

from deskbay.accounts.oidc.pkce import challenge
from deskbay.kit.sign_in_places import OidcProvider

URL = "https://login.example.org"
SETTINGS = OidcProvider(name="school", title="School account", url=URL, client_id="deskbay", makes_accounts=True)
OLD_KEY = RSAKey.generate_key(2048, {"kid": "old"})
NEW_KEY = RSAKey.generate_key(2048, {"kid": "new"})


class FakeProvider:
    """Checks the code's verifier as a real one does; the claims and the key of its tokens may be changed.

    A claim that is None is left out.
    """

    def __init__(self, clock: FrozenClock) -> None:
        self.clock = clock
        self.claims: dict[str, JsonValue] = {}
        self.info: dict[str, JsonValue] = {"sub": "ada-1"}
        self.metadata: dict[str, JsonValue] = {}
        self.signs_with = OLD_KEY
        self.published = [OLD_KEY]
        self.asked: list[str] = []
        self.token: str | None = None
        self.answers: dict[str, httpx.Response] = {}
        self._begun: dict[str, str] = {}
        self.http = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))

    def agree(self, authorization_url: str) -> dict[str, str]:
        """Return what the browser of somebody who agrees is sent back with."""
        self._begun = {name: texts[0] for name, texts in parse_qs(urlsplit(authorization_url).query).items()}
        return {"code": "a-code", "state": self._begun["state"]}

    def id_token(self) -> str:
        now = int(self.clock.now().timestamp())
        claims: dict[str, JsonValue] = {"iss": URL, "aud": "deskbay", "sub": "ada-1", "iat": now, "exp": now + 300}
        return self.signed({**claims, "nonce": self._begun.get("nonce"), **self.claims})

    def logout_token(self, **different: JsonValue) -> str:
        now = int(self.clock.now().timestamp())
        event: JsonValue = {"http://schemas.openid.net/event/backchannel-logout": {}}
        claims: dict[str, JsonValue] = {"iss": URL, "aud": "deskbay", "sub": "ada-1", "iat": now, "exp": now + 120}
        return self.signed({**claims, "events": event, **different})

    def signed(self, claims: Mapping[str, JsonValue]) -> str:
        header = {"alg": "RS256", "kid": self.signs_with.kid}
        return jwt.encode(header, {name: value for name, value in claims.items() if value is not None}, self.signs_with)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.asked.append(path)
        if path in self.answers:
            return self.answers[path]
        if path == "/.well-known/openid-configuration":
            return httpx.Response(200, json=self._document())
        if path == "/jwks":
            return httpx.Response(200, json={"keys": [key.as_dict(private=False) for key in self.published]})
        if path == "/info":
            return httpx.Response(200, json=self.info)
        assert path == "/token"
        return self._redeem(request)

    def _document(self) -> dict[str, JsonValue]:
        pages = {"authorization": "authorize", "token": "token", "userinfo": "info", "end_session": "logout"}
        return {
            "issuer": URL,
            **{f"{name}_endpoint": f"{URL}/{path}" for name, path in pages.items()},
            "jwks_uri": f"{URL}/jwks",
            **self.metadata,
        }

    def _redeem(self, request: httpx.Request) -> httpx.Response:
        form = parse_qs(request.content.decode())
        if challenge(form["code_verifier"][0]) != self._begun["code_challenge"]:
            return httpx.Response(400, json={"error": "invalid_grant"})
        return httpx.Response(200, json={"id_token": self.token or self.id_token(), "access_token": "an-access-token"})


class SilentProvider(httpx.AsyncBaseTransport):
    """Takes every request, and never answers."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002 - as it is called
        await asyncio.Event().wait()
        raise AssertionError


class AbsentProvider(httpx.AsyncBaseTransport):
    """Is not there."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("Connection refused", request=request)


def unsigned(claims: Mapping[str, JsonValue]) -> str:
    """Return a token without a signature."""
    parts = ({"alg": "none"}, claims)
    return ".".join([*(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts), ""])
