"""One provider of OpenID Connect: what it tells of itself, and of people, as far as that can be believed.

https://openid.net/specs/openid-connect-core-1_0.html, with PKCE (RFC 7636).
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import quote_plus, urlencode

import httpx
import structlog
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, Field, JsonValue, TypeAdapter, ValidationError

from deskbay.accounts.oidc.claims import Claims
from deskbay.accounts.oidc.pkce import challenge
from deskbay.kit.clock import Clock
from deskbay.kit.problems import Problem
from deskbay.kit.sign_in_places import OidcProvider

# A provider's secret signs nothing here: who has an asymmetric key alone can have signed what it says.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
ESSENTIAL = jwt.ClaimsOption(essential=True)
PATIENCE_SECONDS = 10.0
SKEW_SECONDS = 60
METADATA_LIFETIME = timedelta(hours=1)
KEYS_PAUSE = timedelta(minutes=1)
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
SIGNED_OUT_WITHIN = timedelta(minutes=5)

log = structlog.get_logger(__name__)
Shape = TypeVar("Shape")


class Metadata(BaseModel):
    """What a provider publishes at `/.well-known/openid-configuration`, as far as it is used."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]


class Redeemed(BaseModel):
    """What a code was traded for."""

    id_token: str = Field(repr=False)
    access_token: str = Field(repr=False)


class Keys(BaseModel):
    """What a provider publishes as its keys (RFC 7517)."""

    keys: list[dict[str, JsonValue]]

    def without_shared_ones(self) -> KeySet:
        texts = ({name: part for name, part in key.items() if isinstance(part, str)} for key in self.keys)
        return KeySet.import_key_set({"keys": [{**key} for key in texts if key.get("kty") != "oct"]})


OBJECT: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])
METADATA = TypeAdapter(Metadata)
REDEEMED = TypeAdapter(Redeemed)
KEYS = TypeAdapter(Keys)


class Provider:
    """Talks to one provider. Its metadata and keys are remembered, and fetched anew when they may have changed."""

    def __init__(
        self, config: OidcProvider, http: httpx.AsyncClient, clock: Clock, patience: float = PATIENCE_SECONDS
    ) -> None:
        self.config = config
        self._http = http
        self._clock = clock
        self._patience = patience
        self._metadata: tuple[Metadata, datetime] | None = None
        self._keys: tuple[KeySet, datetime] | None = None

    async def authorization_url(self, redirect_uri: str, state: str, nonce: str, verifier: str) -> str:
        """Return where a browser has to go to sign in. Raises Problem 502 when the provider can't be reached."""
        metadata = await self._told()
        query = {
            "response_type": "code",
            "client_id": self.config.client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(self.config.scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge(verifier),
            "code_challenge_method": "S256",
        }
        return _with_query(metadata.authorization_endpoint, query)

    async def redeem(self, code: str, redirect_uri: str, nonce: str, verifier: str) -> Claims:
        """Return who signed in. Raises Problem 401 when that can't be believed, 502 when the provider is away."""
        metadata = await self._told()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        redeemed = await self._redeem(metadata, form)
        claims = await self._verified(redeemed.id_token, sub=ESSENTIAL, nonce={"essential": True, "value": nonce})
        self._refuse_others_token(claims)
        more: Mapping[str, JsonValue] = await self._user_info(metadata, redeemed.access_token)
        if more and more.get("sub") != claims["sub"]:
            raise self._untrusted("its two answers are about different people")
        return self._readable({**more, **claims})

    async def read_logout(self, token: str) -> tuple[str | None, str | None]:
        """Return of a log-out token the subject and the session that end. Raises Problem 401, 502.

        https://openid.net/specs/openid-connect-backchannel-1_0.html
        """
        claims = await self._verified(token, events=ESSENTIAL)
        subject, session, issued = claims.get("sub"), claims.get("sid"), claims.get("iat")
        events = claims["events"]
        if not isinstance(events, dict) or LOGOUT_EVENT not in events or "nonce" in claims:
            raise self._untrusted("this is no log-out token")
        oldest = (self._clock.now() - SIGNED_OUT_WITHIN).timestamp()
        if not isinstance(issued, int | float) or issued < oldest:
            raise self._untrusted("the log-out token is old")
        if subject is None and session is None:
            raise self._untrusted("the log-out token names nobody")
        return None if subject is None else str(subject), None if session is None else str(session)

    async def sign_out_url(self, return_to: str) -> str | None:
        """Return where a browser is signed out of the provider, too; None when it offers no such page or is away."""
        try:
            page = (await self._told()).end_session_endpoint
        except Problem:
            return None
        return page and _with_query(page, {"client_id": self.config.client_id, "post_logout_redirect_uri": return_to})

    async def _told(self) -> Metadata:
        if self._metadata and self._clock.now() < self._metadata[1] + METADATA_LIFETIME:
            return self._metadata[0]
        url = f"{self.config.url.rstrip('/')}/.well-known/openid-configuration"
        metadata = await self._ask(METADATA, self._http.build_request("GET", url))
        if metadata.issuer != self.config.url:
            raise self._untrusted(f"it calls itself {metadata.issuer}, and its url in the settings is another")
        self._metadata = metadata, self._clock.now()
        return metadata

    async def _redeem(self, metadata: Metadata, form: dict[str, str]) -> Redeemed:
        secret = self.config.client_secret
        auth: httpx.BasicAuth | None = None
        if secret is None:
            form["client_id"] = self.config.client_id
        elif "client_secret_basic" in metadata.token_endpoint_auth_methods_supported:
            auth = httpx.BasicAuth(quote_plus(self.config.client_id), quote_plus(secret.get_secret_value()))
        else:
            form |= {"client_id": self.config.client_id, "client_secret": secret.get_secret_value()}
        request = self._http.build_request("POST", metadata.token_endpoint, data=form)
        return await self._ask(REDEEMED, request, auth)

    async def _user_info(self, metadata: Metadata, access_token: str) -> dict[str, JsonValue]:
        if metadata.userinfo_endpoint is None:
            return {}
        headers = {"Authorization": f"Bearer {access_token}"}
        return await self._ask(OBJECT, self._http.build_request("GET", metadata.userinfo_endpoint, headers=headers))

    async def _verified(self, token: str, **more: jwt.ClaimsOption) -> Mapping[str, JsonValue]:
        try:
            try:
                claims = _decode(token, await self._known_keys())
            except (InvalidKeyIdError, BadSignatureError):
                claims = _decode(token, await self._newest_keys())
            self._registry(**more).validate(claims)
        except (JoseError, ValueError) as error:
            log.warning("token of a provider refused", provider=self.config.name, why=str(error))
            raise self._untrusted(str(error)) from error
        return claims

    def _registry(self, **more: jwt.ClaimsOption) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            int(self._clock.now().timestamp()),
            SKEW_SECONDS,
            iss={"essential": True, "value": self.config.url},
            aud={"essential": True, "value": self.config.client_id},
            exp=ESSENTIAL,
            iat=ESSENTIAL,
            **more,
        )

    def _refuse_others_token(self, claims: Mapping[str, JsonValue]) -> None:
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else self.config.client_id) != self.config.client_id:
            raise self._untrusted("the token was given to another program")

    async def _known_keys(self) -> KeySet:
        return self._keys[0] if self._keys else await self._newest_keys()

    async def _newest_keys(self) -> KeySet:
        """Fetch the keys, at most once a minute: a forged token must not make us a nuisance to the provider."""
        if self._keys and self._clock.now() < self._keys[1] + KEYS_PAUSE:
            return self._keys[0]
        request = self._http.build_request("GET", (await self._told()).jwks_uri)
        keys = (await self._ask(KEYS, request)).without_shared_ones()
        self._keys = keys, self._clock.now()
        return keys

    async def _ask(
        self, shape: TypeAdapter[Shape], request: httpx.Request, auth: httpx.BasicAuth | None = None
    ) -> Shape:
        try:
            async with asyncio.timeout(self._patience):
                response = await self._http.send(request, auth=auth)
        except (httpx.HTTPError, TimeoutError) as error:
            log.warning("provider can't be reached", provider=self.config.name, url=str(request.url), why=repr(error))
            raise self._away() from error
        if response.status_code in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED}:
            raise self._refused(response)
        try:
            response.raise_for_status()
            return shape.validate_json(response.content)
        except (httpx.HTTPStatusError, ValidationError) as error:
            log.warning("provider's answer is odd", provider=self.config.name, url=str(request.url), why=repr(error))
            raise self._away() from error

    def _readable(self, claims: Mapping[str, JsonValue]) -> Claims:
        try:
            return Claims.of(claims, self.config.groups_claim)
        except ValidationError as error:
            raise self._untrusted("what it tells of you can't be read") from error

    def _away(self) -> Problem:
        what = f"{self.config.title} does not answer as it should. Try again in a minute, or sign in another way."
        return Problem(HTTPStatus.BAD_GATEWAY, what, kind="provider-away")

    def _refused(self, response: httpx.Response) -> Problem:
        try:
            why = str(OBJECT.validate_json(response.content).get("error", response.status_code))[:100]
        except ValidationError:
            why = str(response.status_code)
        log.warning("provider refused", provider=self.config.name, url=str(response.request.url), why=why)
        what = f"{self.config.title} did not confirm the sign-in ({why}). Sign in again."
        return Problem(HTTPStatus.UNAUTHORIZED, what, kind="provider-refused")

    def _untrusted(self, why: str) -> Problem:
        what = f"The answer of {self.config.title} can't be trusted: {why}. Sign in again, or tell an administrator."
        return Problem(HTTPStatus.UNAUTHORIZED, what, kind="provider-untrusted")


def _decode(token: str, keys: KeySet) -> dict[str, JsonValue]:
    return jwt.decode(token, keys, algorithms=ALGORITHMS).claims


def _with_query(url: str, query: Mapping[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"
