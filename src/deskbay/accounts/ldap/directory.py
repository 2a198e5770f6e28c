"""What a directory is asked: who somebody is, whether that is their password, and to which groups they belong."""

import asyncio
import ssl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from http import HTTPStatus
from pathlib import Path

import ldap3
import structlog
from ldap3.core.exceptions import LDAPException, LDAPInvalidCredentialsResult, LDAPSASLPrepError
from ldap3.utils.conv import escape_filter_chars

from deskbay.accounts.ldap.person import Person
from deskbay.kit.problems import Problem
from deskbay.kit.sign_in_places import USERNAME, LdapDirectory, LdapEncryption

PATIENCE_SECONDS = 5
AT_ONCE = 8
LASTING_IDS = ("entryUUID", "objectGUID", "ipaUniqueID", "nsUniqueId")
"""Attributes that stay with an entry when it is renamed: of OpenLDAP, Active Directory, FreeIPA and 389."""
SUCCESS = 0

log = structlog.get_logger(__name__)
Attributes = Mapping[str, list[str | bytes]]


class Directory:
    """A directory at which people have accounts. It is asked in threads, and not for long."""

    def __init__(self, config: LdapDirectory, patience: int = PATIENCE_SECONDS) -> None:
        self.config = config
        self._patience = patience
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="ldap")

    async def find(self, username: str, password: str) -> Person | None:
        """Return whose name and password these are; None when they are nobody's.

        Raises Problem 503 when the directory is away or can't be trusted.
        """
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._find, username, password)
        except (LDAPException, OSError) as error:
            log.warning("directory can't be asked", url=self.config.url, why=repr(error))
            what = f"{self.config.title} does not answer, so its passwords can't be checked. Try again in a minute."
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, what, kind="directory-away") from error

    def close(self) -> None:
        """Wait for no answer any more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _find(self, username: str, password: str) -> Person | None:
        if not password:  # which directories take for a visit without a name, and let in
            return None
        with closing(_Talk(self.config, self._patience)) as talk:
            talk.open()
            talk.introduce()
            found = talk.entry_of(username)
            if found is None or not self._is_password(found[0], password):
                return None
            return self._person(talk, *found)

    def _is_password(self, dn: str, password: str) -> bool:
        with closing(_Talk(self.config, self._patience)) as talk:
            talk.open()
            return talk.lets_in(dn, password)

    def _person(self, talk: "_Talk", dn: str, attributes: Attributes) -> Person:
        config = self.config
        username = _first(attributes, config.username_attribute) or ""
        return Person(
            id=next(filter(None, (_first(attributes, name) for name in LASTING_IDS)), dn.lower()),
            username=username,
            email=_first(attributes, config.email_attribute),
            full_name=_first(attributes, config.full_name_attribute),
            groups=talk.groups_of(dn, username) if config.groups else frozenset(),
        )


class _Tls(ldap3.Tls):
    """Checks certificates as Python does: the library's own check of the host is by a function that Python dropped."""

    def __init__(self, ca_file: Path | None) -> None:
        super().__init__(validate=ssl.CERT_REQUIRED)
        self._ca_file = ca_file

    def wrap_socket(self, connection: ldap3.Connection, do_handshake: bool = False) -> None:
        context = ssl.create_default_context(cafile=self._ca_file)
        connection.socket = context.wrap_socket(
            connection.socket, server_hostname=connection.server.host, do_handshake_on_connect=do_handshake
        )


class _Talk:
    """One connection to a directory, encrypted as is set. Every method blocks, and raises LDAPException or OSError."""

    def __init__(self, config: LdapDirectory, patience: int) -> None:
        self._config = config
        server = ldap3.Server(config.url, tls=_Tls(config.ca_file), get_info=ldap3.NONE, connect_timeout=patience)
        self._connection = ldap3.Connection(
            server, receive_timeout=patience, auto_referrals=False, raise_exceptions=True, read_only=True
        )

    def open(self) -> None:
        """Reach the directory, and encrypt what is said from now on."""
        self._connection.open()
        if not self._config.url.startswith("ldaps:") and self._config.encryption is LdapEncryption.STARTTLS:
            self._connection.start_tls()

    def close(self) -> None:
        with suppress(LDAPException, OSError):
            self._connection.unbind()
        if self._connection.socket is not None:
            self._connection.socket.close()

    def introduce(self) -> None:
        """Say who searches: the account that is set for it, else nobody."""
        config = self._config
        if config.search_dn is not None and config.search_password is not None:
            self._bind(config.search_dn, config.search_password.get_secret_value())
        else:
            self._connection.bind()

    def lets_in(self, dn: str, password: str) -> bool:
        """Tell whether this is the password of an entry, and the directory has nothing else against it."""
        try:
            self._bind(dn, password)
        except (LDAPInvalidCredentialsResult, LDAPSASLPrepError):  # the second: with characters that nobody can type
            return False
        return True

    def entry_of(self, username: str) -> tuple[str, Attributes] | None:
        """Return the name and attributes of the one entry of a username; None for none, or for several."""
        config = self._config
        wanted = [config.username_attribute, config.email_attribute, config.full_name_attribute]
        search = config.user_filter.replace(USERNAME, escape_filter_chars(username))
        found = self._search(config.base, search, [*wanted, *LASTING_IDS])
        return found[0] if len(found) == 1 else None

    def groups_of(self, dn: str, username: str) -> frozenset[str]:
        """Return the names (cn) of the groups whose entries list somebody."""
        name, uid = escape_filter_chars(dn), escape_filter_chars(username)
        search = f"(|(member={name})(uniqueMember={name})(memberUid={uid}))"
        found = self._search(self._config.group_base or self._config.base, search, ["cn"])
        return frozenset(filter(None, (_first(attributes, "cn") for _, attributes in found)))

    def _bind(self, dn: str, password: str) -> None:
        self._connection.rebind(user=dn, password=password, authentication=ldap3.SIMPLE)

    def _search(self, base: str, search: str, attributes: list[str]) -> list[tuple[str, Attributes]]:
        self._connection.search(base, search, attributes=attributes)
        entries = self._connection.response or []
        return [(one["dn"], one["raw_attributes"]) for one in entries if one["type"] == "searchResEntry"]


def _first(attributes: Attributes, name: str) -> str | None:
    values = attributes.get(name) or [""]
    value = values[0]
    text = value.decode(errors="replace") if isinstance(value, bytes) else value
    return text.strip() or None
