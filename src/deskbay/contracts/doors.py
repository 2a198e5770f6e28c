"""Who may use a contract whose clients send no credentials."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from deskbay.accounts.access import same_origin
from deskbay.kit.setting_kinds import Network
from deskbay.settings import Settings

Address = IPv4Address | IPv6Address
FORWARDED = {b"x-forwarded-for", b"forwarded", b"x-real-ip"}
PEER = "deskbay.peer"
"""The extension of a request's scope with the address at the other end of the connection. uvicorn puts the one that a
proxy on this machine tells in the place of the client's, whether or not the proxy is declared."""
FROM_A_PAGE = {b"origin", b"sec-fetch-site"}
REMEMBERED = 100_000


class Doors:
    """Tells whom to trust by address, and remembers it."""

    def __init__(self, settings: Settings) -> None:
        self._proxies = settings.trusted_proxies
        self._networks = settings.session_manager_trusted_networks
        self._remembered = lru_cache(REMEMBERED)(self._trust_peer)

    def trust(self, connection: HTTPConnection) -> bool:
        """Tell whether the caller's address is in a trusted network.

        What a page of another site makes a browser send comes from the browser's address: it is not trusted.
        """
        headers = {name for name, _ in connection.scope["headers"]}
        if FROM_A_PAGE & headers and not same_origin(connection):
            return False
        if FORWARDED & headers:
            return _is_in(self._passed_on(connection), self._networks)
        return self._remembered(_peer(connection))

    def _trust_peer(self, host: str) -> bool:
        return _is_in(_parsed(host), self._networks)

    def _passed_on(self, connection: HTTPConnection) -> Address | None:
        """Return who calls: behind declared proxies the last address that is not theirs; None behind any other."""
        if not _is_in(_parsed(_peer(connection)), self._proxies):
            return None
        passed = [_parsed(part) for part in connection.headers.get("x-forwarded-for", "").split(",")]
        return next((one for one in reversed(passed) if one is None or not _is_in(one, self._proxies)), None)


def _peer(connection: HTTPConnection) -> str:
    host: str = (connection.scope.get("extensions", {}).get(PEER) or connection.client or ("", 0))[0]
    return host


def _parsed(text: str) -> Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_in(address: Address | None, networks: tuple[Network, ...]) -> bool:
    return address is not None and any(
        address.version == network.version and address in network for network in networks
    )


async def _doors(connection: HTTPConnection) -> Doors:
    doors: Doors = connection.app.state.doors
    return doors


DoorsOfApp = Annotated[Doors, Depends(_doors)]
