"""A real provider of OpenID Connect, a process of its own, and people's browsers at it."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from scripts.setup import WEB
from scripts.setup.web import node_environment
from tests.serving import PATIENCE, eventually

from deskbay.kit.sign_in_places import OidcProvider

PACKAGE = WEB / "node_modules" / "oidc-provider" / "lib" / "index.js"
SCRIPT = Path(__file__).with_name("provider.mjs")
SECRET = "kept between us"


class School:
    """The provider of a school: whoever types a name there is that person."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.settings = OidcProvider.model_validate(
            {
                "name": "school",
                "title": "School account",
                "url": self.url,
                "client_id": "deskbay",
                "client_secret": SECRET,
                "makes_accounts": True,
                "groups": {"students": "class-7b", "teachers": "staff"},
            }
        )

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/jwks", timeout=PATIENCE).is_success
        except httpx.TransportError:
            return False


class Browser:
    """Somebody's browser at the provider, with its cookies there."""

    def __init__(self) -> None:
        self._http = httpx.Client(timeout=PATIENCE)

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def sign_in(self, authorization_url: str, username: str) -> dict[str, str]:
        """Sign in and agree. Return what the provider sends back to our page with."""
        answer = self._http.get(authorization_url)
        while True:
            if answer.is_redirect:
                target = httpx.URL(answer.url).join(answer.headers["Location"])
                if target.path == "/sign-in/callback":
                    return {name: texts[0] for name, texts in parse_qs(urlsplit(str(target)).query).items()}
                answer = self._http.get(target)
            else:
                answer = self._submit(answer, {"login": username, "password": "any"})

    def sign_out(self, end_session_url: str) -> httpx.URL:
        """Agree to be signed out. Return where the provider sends the browser."""
        answer = self._submit(self._http.get(end_session_url), {"logout": "yes"})
        assert answer.is_redirect, answer.text
        return httpx.URL(answer.headers["Location"])

    def _submit(self, page: httpx.Response, fields: dict[str, str]) -> httpx.Response:
        assert page.is_success, page.text
        form = re.search(r'<form[^>]*action="([^"]+)"', page.text)
        assert form, page.text
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
        return self._http.post(unescape(form[1]), data=hidden | fields)


@contextmanager
def school(port: int, client_url: str) -> Iterator[School]:
    """Run the provider, for a client at an address. Without its package the test fails and says what to do."""
    if not PACKAGE.exists():
        pytest.fail("oidc-provider is not installed. Run: npm ci --prefix web", pytrace=False)
    node = shutil.which("node", path=node_environment().get("PATH"))
    assert node
    process = subprocess.Popen(
        [node, str(SCRIPT), str(PACKAGE), str(port), client_url],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        running = School(port)
        eventually(running.answers, "the provider answers")
        yield running
    finally:
        process.terminate()
        process.wait()
