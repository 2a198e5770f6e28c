"""Access tokens for clients that know no refresh: they last for a working day, or until their sign-in ends."""

from datetime import timedelta

from deskbay.accounts.tokens import TokenIssuer, Tokens

LIFETIME = timedelta(hours=12)


def long_token(issuer: TokenIssuer, tokens: Tokens) -> str:
    """Return the one token in place of those that were just issued."""
    claims = issuer.verify(tokens.access)
    assert claims is not None  # noqa: S101 - it was signed just now
    return issuer.sign(claims, LIFETIME)
