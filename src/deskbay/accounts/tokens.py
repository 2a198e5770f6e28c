"""Access tokens, which are signed, and refresh tokens, which are random."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from deskbay.kit.clock import Clock
from deskbay.kit.secrets import digest, new_secret
from deskbay.settings import Settings

ALGORITHM = "HS256"
ESSENTIAL = jwt.ClaimsOption(essential=True)
WRITTEN = re.compile(r"([1-9][0-9]{0,17})\.([\w-]{43})\.([\w-]{43})", re.ASCII)


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """Whom an access token was given to, and at which sign-in."""

    user_id: int
    login_id: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a browser or program gets when it signs in: the tokens, and how many seconds each is good for."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_in: int
    refresh_expires_in: int


class TokenIssuer:
    """Signs access tokens and knows how long tokens last."""

    def __init__(self, key: str, clock: Clock, settings: Settings) -> None:
        self._key = OctKey.import_key(key)
        self.clock = clock
        self.access_lifetime = timedelta(minutes=settings.access_token_minutes)
        self.refresh_lifetime = timedelta(days=settings.refresh_token_days)
        self.longest_sign_in = timedelta(days=settings.sign_in_days_at_most)

    def end_of(self, began: datetime) -> datetime:
        """Return when a sign-in that began then is over, unless it is used again: never after its longest time."""
        return min(self.clock.now() + self.refresh_lifetime, began + self.longest_sign_in)

    def sign(self, claims: AccessClaims, lifetime: timedelta | None = None) -> str:
        """Return an access token (RFC 7519), good for as long as is set, unless a lifetime is given."""
        now = self.clock.now()
        payload = {
            "sub": str(claims.user_id),
            "sid": str(claims.login_id),
            "iat": int(now.timestamp()),
            "exp": int((now + (lifetime or self.access_lifetime)).timestamp()),
        }
        return jwt.encode({"alg": ALGORITHM}, payload, self._key)

    def verify(self, token: str) -> AccessClaims | None:
        """Return what a token says, None unless it is ours and still good."""
        now = int(self.clock.now().timestamp())
        registry = jwt.JWTClaimsRegistry(now, exp=ESSENTIAL, sub=ESSENTIAL, sid=ESSENTIAL)
        try:
            claims = jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
            registry.validate(claims)
        except (JoseError, ValueError):
            return None
        return AccessClaims(int(claims["sub"]), int(claims["sid"]))

    def is_expired(self, token: str) -> bool:
        """Tell whether a token is ours and was good until its time was over."""
        try:
            expires = jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims.get("exp")
        except (JoseError, ValueError):
            return False
        return isinstance(expires, int) and expires <= self.clock.now().timestamp()


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """`<sign-in>.<secret of the family>.<secret of this token>`."""

    login_id: int
    family: str = field(repr=False)
    secret: str = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "RefreshToken | None":
        parts = WRITTEN.fullmatch(text)
        return cls(int(parts[1]), parts[2], parts[3]) if parts else None

    def successor(self) -> "RefreshToken":
        """Return the next token of the family."""
        return RefreshToken(self.login_id, self.family, new_secret())

    @property
    def family_digest(self) -> str:
        return digest(self.family)

    @property
    def digest(self) -> str:
        return digest(self.secret)

    def __str__(self) -> str:
        return f"{self.login_id}.{self.family}.{self.secret}"
