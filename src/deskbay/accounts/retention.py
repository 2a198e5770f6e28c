"""How long it is kept that somebody was signed in, and what was sent to them."""

from collections.abc import Iterator

from deskbay.accounts.models import ApiToken, Login, MailLink, OidcState, SignInLink
from deskbay.accounts.passkeys.models import PasskeyChallenge
from deskbay.accounts.second_step.models import PendingSignIn
from deskbay.database.retention import A_DAY, Rule, of_days
from deskbay.settings import Settings

GOOD_FOR_A_WHILE = (MailLink, SignInLink, PendingSignIn, PasskeyChallenge, OidcState)


def rules(settings: Settings) -> Iterator[Rule]:
    """Yield what of sign-ins is forgotten when."""
    kept = of_days(settings.login_days)
    yield Rule(Login, kept, lambda before: (Login.ended_at < before) | (Login.expires_at < before))
    yield Rule(ApiToken, kept, lambda before: (ApiToken.revoked_at < before) | (ApiToken.expires_at < before))
    for model in GOOD_FOR_A_WHILE:
        yield Rule(model, A_DAY, model.expires_at.__lt__)
