"""Who may use a contract whose clients send no credentials."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

from starlette.requests import HTTPConnection

from deskbay.accounts.access import same_origin
from deskbay.settings import Network, Settings

Address = IPv4Address | IPv6Address
FORWARDED = {"x-forwarded-for", "forwarded", "x-real-ip"}
PEER = "deskbay.peer"
"""The extension of a request's scope with the address at the other end of the connection. uvicorn puts the one that a
proxy on this machine tells in the place of the client's, whether or not the proxy is declared."""
FROM_A_PAGE = {"origin", "sec-fetch-site"}
REMEMBERED = 100_000


def is_trusted(connection: HTTPConnection) -> bool:
    """Tell whether the caller's address is in a trusted network.

    What a page of another site makes a browser send comes from the browser's address: it is not trusted.
    """
    settings: Settings = connection.app.state.settings
    headers = set(connection.headers)
    if FROM_A_PAGE & headers and not same_origin(connection):
        return False
    peer = _peer(connection)
    address = _passed_on(connection, peer, settings.trusted_proxies) if FORWARDED & headers else peer
    return address is not None and _is_in(address, settings.session_manager_trusted_networks)


def _peer(connection: HTTPConnection) -> Address | None:
    host, _ = connection.scope.get("extensions", {}).get(PEER) or connection.client or ("", 0)
    return _parsed(host)


def _passed_on(connection: HTTPConnection, peer: Address | None, proxies: tuple[Network, ...]) -> Address | None:
    """Return who calls: behind declared proxies the last address that is not theirs; None behind any other proxy."""
    if peer is None or not _is_in(peer, proxies):
        return None
    passed = [_parsed(part) for part in connection.headers.get("x-forwarded-for", "").split(",")]
    return next((one for one in reversed(passed) if one is None or not _is_in(one, proxies)), None)


@lru_cache(REMEMBERED)
def _parsed(text: str) -> Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


@lru_cache(REMEMBERED)
def _is_in(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address.version == network.version and address in network for network in networks)
