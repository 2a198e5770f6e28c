"""Access tokens can't be forged or outlive their time; refresh tokens read back as written."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from joserfc import jwt
from joserfc.jwk import OctKey
from tests.clock import FrozenClock

from deskbay.accounts.tokens import AccessClaims, RefreshToken, TokenIssuer, Tokens
from deskbay.kit.secrets import new_secret
from deskbay.settings import Settings

KEY = new_secret()
CLAIMS = AccessClaims(user_id=7, login_id=9)


@pytest.fixture
def issuer(clock: FrozenClock) -> TokenIssuer:
    return TokenIssuer(KEY, clock, Settings())


def signed(clock: FrozenClock, *, key: str = KEY, algorithm: str = "HS256", **changes: object) -> str:
    """Return a token that is good but for the changes; a claim that is changed to None is left out."""
    now = int(clock.now().timestamp())
    claims = {"sub": "7", "sid": "9", "iat": now, "exp": now + 900, **changes}
    given = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": algorithm}, given, OctKey.import_key(key), algorithms=[algorithm])


def part(content: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def test_a_token_says_who_and_which_sign_in(issuer: TokenIssuer) -> None:
    assert issuer.verify(issuer.sign(CLAIMS)) == CLAIMS


def test_the_helper_of_these_tests_makes_good_tokens(issuer: TokenIssuer, clock: FrozenClock) -> None:
    assert issuer.verify(signed(clock)) == CLAIMS


def test_it_is_good_for_fifteen_minutes_to_the_second(issuer: TokenIssuer, clock: FrozenClock) -> None:
    token = issuer.sign(CLAIMS)
    clock.advance(minutes=14, seconds=59)
    assert issuer.verify(token) == CLAIMS
    clock.advance(seconds=1)
    assert issuer.verify(token) is None


@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_token_of_which_any_part_was_changed_is_refused(issuer: TokenIssuer, position: int) -> None:
    parts = issuer.sign(CLAIMS).split(".")
    parts[position] = ("A" if parts[position][5] != "A" else "B").join((parts[position][:5], parts[position][6:]))
    assert issuer.verify(".".join(parts)) is None


def test_an_old_token_of_ours_is_told_from_a_bad_one(issuer: TokenIssuer, clock: FrozenClock) -> None:
    token = issuer.sign(CLAIMS)
    assert not issuer.is_expired(token)
    clock.advance(minutes=15)
    assert issuer.is_expired(token)
    for bad in ("", "nonsense", signed(clock, key=new_secret(), exp=1), signed(clock, exp=None)):
        assert not issuer.is_expired(bad)


def test_a_signature_does_not_serve_another_user(issuer: TokenIssuer) -> None:
    header, _, signature = issuer.sign(CLAIMS).split(".")
    assert issuer.verify(f"{header}.{part({'sub': '1', 'sid': '9', 'exp': 9999999999})}.{signature}") is None


def test_a_token_without_signature_is_refused(issuer: TokenIssuer) -> None:
    payload = part({"sub": "7", "sid": "9", "exp": 9999999999})
    for algorithm in ("none", "None", "HS256"):
        assert issuer.verify(f"{part({'alg': algorithm, 'typ': 'JWT'})}.{payload}.") is None


def test_another_key_and_another_algorithm_are_refused(issuer: TokenIssuer, clock: FrozenClock) -> None:
    assert issuer.verify(signed(clock, key=new_secret())) is None
    assert issuer.verify(signed(clock, key=KEY * 2, algorithm="HS512")) is None


@pytest.mark.parametrize("claim", ["sub", "sid", "exp"])
def test_each_claim_is_needed(issuer: TokenIssuer, clock: FrozenClock, claim: str) -> None:
    changes: dict[str, Any] = {claim: None}
    assert issuer.verify(signed(clock, **changes)) is None


@given(text=some.text() | some.from_regex(r"[\w-]*\.[\w-]*\.[\w-]*", fullmatch=True))
def test_whatever_is_sent_as_a_token_is_refused_without_an_error(text: str) -> None:
    assert TokenIssuer(KEY, FrozenClock(), Settings()).verify(text) is None


def test_a_refresh_token_reads_back_as_written() -> None:
    token = RefreshToken(7, new_secret(), new_secret())
    assert RefreshToken.parse(str(token)) == token


def test_the_next_one_is_of_the_same_family_with_a_secret_of_its_own() -> None:
    token = RefreshToken(7, new_secret(), new_secret())
    following = token.successor()
    assert (following.login_id, following.family) == (7, token.family)
    assert following.secret != token.secret
    assert following.family_digest == token.family_digest
    assert following.digest != token.digest


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7",
        f"7.{'a' * 43}",
        f"0.{'a' * 43}.{'b' * 43}",
        f"-7.{'a' * 43}.{'b' * 43}",
        f"{'9' * 19}.{'a' * 43}.{'b' * 43}",
        f"٧.{'a' * 43}.{'b' * 43}",
        f"7.{'a' * 42}.{'b' * 43}",
        f"7.{'a' * 43}.{'b' * 43}.c",
        f"7.{'a' * 43}.{'b' * 43}\n",
        f"7.{'ä' * 43}.{'b' * 43}",
    ],
)
def test_what_was_never_written_by_us_is_no_refresh_token(text: str) -> None:
    assert RefreshToken.parse(text) is None


@given(text=some.text())
def test_no_text_makes_the_parser_fail(text: str) -> None:
    assert RefreshToken.parse(text) is None


def test_tokens_and_secrets_do_not_show_when_printed() -> None:
    assert "hidden" not in repr(Tokens("hidden", "hidden", 900, 900))
    assert "hidden" not in repr(RefreshToken(7, "hidden", "hidden"))
