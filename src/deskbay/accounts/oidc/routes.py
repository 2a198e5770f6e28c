"""Signing in at a provider over HTTP."""

from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form

from deskbay.accounts.access import PUBLIC, refuse_other_pages
from deskbay.accounts.attempts import Attempt, AttemptsOfApp, counted
from deskbay.accounts.cookies import CookiesOfPage
from deskbay.accounts.oidc.schemas import BegunOut, CallbackIn, LogoutToken, ProviderName
from deskbay.accounts.oidc.service import STATE_LIFETIME, OidcOfApp
from deskbay.accounts.routes import EntranceOfPage
from deskbay.accounts.schemas import MeOut
from deskbay.accounts.visits import BaseUrl
from deskbay.database import DatabaseOfApp
from deskbay.kit.problems import documented
from deskbay.kit.secrets import new_secret

router = APIRouter(prefix="/api/v1/auth/oidc", tags=["accounts"])
CALLBACK_PAGE = "/sign-in/callback"
AWAY = documented(HTTPStatus.BAD_GATEWAY)


@router.post(
    "/{provider}/begin",
    name="begin_oidc_sign_in",
    summary="Begin to sign in at a provider",
    dependencies=[PUBLIC, Depends(refuse_other_pages), counted(Attempt.PROVIDER)],
    responses=documented(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS) | AWAY,
)
async def begin(
    provider: ProviderName, page: CookiesOfPage, database: DatabaseOfApp, oidc: OidcOfApp, base: BaseUrl
) -> BegunOut:
    """Return where to go on. Only the browser that asked can finish, within ten minutes."""
    browser = page.browser or new_secret()
    url = await oidc.begin(database, provider, base + CALLBACK_PAGE, browser)
    page.put_browser(browser, STATE_LIFETIME)
    return BegunOut(authorization_url=url)


@router.post(
    "/callback",
    name="finish_oidc_sign_in",
    summary="Sign in with what a provider answered",
    dependencies=[PUBLIC, Depends(refuse_other_pages)],
    responses=documented(HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT)
    | AWAY,
)
async def finish(  # noqa: PLR0917 - each is a part of the request
    given: CallbackIn,
    page: CookiesOfPage,
    database: DatabaseOfApp,
    oidc: OidcOfApp,
    entrance: EntranceOfPage,
    attempts: AttemptsOfApp,
) -> MeOut:
    """Trade the code for who the person is, and set the page's cookies. A state is good once."""
    code, state = given.code.get_secret_value(), given.state.get_secret_value()
    async with attempts.told(Attempt.PROVIDER):
        arrival = await oidc.finish(database, code, state, page.browser)
    visit = replace(entrance.visit, identity_id=arrival.identity_id, provider_session=arrival.provider_session)
    page.put_browser("", timedelta())
    async with attempts.told(Attempt.PROVIDER), database.write() as db:
        return await replace(entrance, visit=visit).admit_proven(db, arrival.user)


@router.post(
    "/{provider}/back-channel",
    name="back_channel_sign_out",
    summary="For providers: someone has signed out there",
    dependencies=[PUBLIC],
    responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND) | AWAY,
)
async def back_channel(
    provider: ProviderName, logout_token: Annotated[LogoutToken, Form()], database: DatabaseOfApp, oidc: OidcOfApp
) -> None:
    """End the sign-ins that came from a session at the provider (OpenID Connect Back-Channel Logout 1.0)."""
    await oidc.end_sessions(database, provider, logout_token.get_secret_value())
