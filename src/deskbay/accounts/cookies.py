"""The cookies of a signed-in page.

Scripts can't read them, and pages of other sites can't have them sent. Over HTTPS they carry a prefix, with which
a browser takes them from this very host by HTTPS only.
"""

from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response
from starlette.requests import HTTPConnection

from deskbay.accounts.tokens import Tokens
from deskbay.settings import Settings

ACCESS = "deskbay_access"
REFRESH = "deskbay_refresh"
REFRESH_PATH = "/api/v1/auth"
BROWSER = "deskbay_browser"
BROWSER_PATH = "/api/v1/auth/oidc"
PENDING = "deskbay_pending"
PENDING_PATH = "/api/v1/auth/second-step"


def access_cookie(connection: HTTPConnection) -> str:
    """Return the access token that a page's cookie carries, or nothing."""
    return connection.cookies.get(_access_name(secure=_is_secure(connection)), "")


class PageCookies:
    """The cookies that a page has sent, and those that it gets back."""

    def __init__(self, request: Request, response: Response) -> None:
        self._request = request
        self._response = response
        self._secure = _is_secure(request)

    @property
    def refresh(self) -> str:
        """The refresh token, or nothing."""
        return self._request.cookies.get(_refresh_name(secure=self._secure), "")

    @property
    def browser(self) -> str | None:
        """What tells the browser that began to sign in at a provider from others."""
        return self._request.cookies.get(_browser_name(secure=self._secure))

    def put_browser(self, secret: str, lifetime: timedelta) -> None:
        """Have the browser keep that for a while."""
        self._set(_browser_name(secure=self._secure), secret, BROWSER_PATH, int(lifetime.total_seconds()))

    @property
    def pending(self) -> str:
        """The secret of a sign-in that waits for its second step, or nothing."""
        return self._request.cookies.get(_pending_name(secure=self._secure), "")

    def put_pending(self, secret: str, lifetime: timedelta) -> None:
        """Have the browser keep that until the second step."""
        self._set(_pending_name(secure=self._secure), secret, PENDING_PATH, int(lifetime.total_seconds()))

    def put(self, tokens: Tokens) -> None:
        """Have the browser keep the tokens."""
        self._set(_access_name(secure=self._secure), tokens.access, "/", tokens.expires_in)
        self._set(_refresh_name(secure=self._secure), tokens.refresh, REFRESH_PATH, tokens.refresh_expires_in)

    def clear(self) -> None:
        """Have the browser forget the tokens."""
        self._set(_access_name(secure=self._secure), "", "/", 0)
        self._set(_refresh_name(secure=self._secure), "", REFRESH_PATH, 0)

    def _set(self, name: str, value: str, path: str, seconds: int) -> None:
        self._response.set_cookie(
            name, value, max_age=seconds, path=path, secure=self._secure, httponly=True, samesite="strict"
        )


async def _page_cookies(request: Request, response: Response) -> PageCookies:
    return PageCookies(request, response)


CookiesOfPage = Annotated[PageCookies, Depends(_page_cookies)]


def _access_name(*, secure: bool) -> str:
    return f"__Host-{ACCESS}" if secure else ACCESS


def _refresh_name(*, secure: bool) -> str:
    return f"__Secure-{REFRESH}" if secure else REFRESH  # __Host- allows no path


def _browser_name(*, secure: bool) -> str:
    return f"__Secure-{BROWSER}" if secure else BROWSER


def _pending_name(*, secure: bool) -> str:
    return f"__Secure-{PENDING}" if secure else PENDING


def _is_secure(connection: HTTPConnection) -> bool:
    """Tell whether the browser speaks HTTPS, also where a proxy in front ends it."""
    settings: Settings = connection.app.state.settings
    public = urlsplit(settings.public_url or "")
    by_proxy = public.scheme == "https" and public.netloc == connection.headers.get("host")
    return by_proxy or connection.scope["scheme"] in {"https", "wss"}
