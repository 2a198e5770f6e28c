"""The ways to an engine: a socket of this host, or a port that is guarded by TLS on both sides."""

import os
import re
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import aiohttp
from aiodocker import Docker
from aiohttp.client_proto import ResponseHandler
from aiohttp.client_reqrep import ConnectionKey
from cryptography import x509


class Way(Protocol):
    """How an engine is reached. `name` is what people are told of it, the subject of a sentence."""

    @property
    def name(self) -> str: ...

    async def prepare(self) -> None:
        """Make the way, if need be. Raises Unreachable."""

    def open(self) -> Docker:
        """Return the engine. It connects when it is first asked something. ValueError, a sentence, when it can't be."""

    def refusal(self, complaint: str) -> str:
        """Say why it can't be reached, and what to do, from what was said when it was tried."""


@dataclass(frozen=True, slots=True)
class SocketWay:
    """By a socket on the server's host, its own engine's or one that leads elsewhere."""

    socket: Path

    @property
    def name(self) -> str:
        return f"The Docker engine at {self.socket}"

    async def prepare(self) -> None:
        pass

    def open(self) -> Docker:
        return Docker(url=f"unix://{self.socket}")

    def refusal(self, complaint: str) -> str:  # noqa: ARG002 - the socket itself tells more
        if not self.socket.exists():
            return f"{self.name} is not there. Start it, or correct the path."
        if not os.access(self.socket, os.R_OK | os.W_OK):
            return f"{self.name} may not be used by the server's user. Add the user to the socket's group."
        return f"{self.name} does not listen. Start it."


@dataclass(frozen=True, slots=True)
class Papers:
    """What each side of a TLS connection proves itself by, as PEM."""

    authority: str
    certificate: str
    key: str = field(repr=False)

    def context(self) -> ssl.SSLContext:
        """Return them as Python uses them. ValueError, a sentence, when they can't be used."""
        try:
            # What stands beside a certificate may be in any letters, and Python takes no others than ASCII's.
            context = ssl.create_default_context(cadata=self.authority.encode("ascii", "ignore").decode())
        except ssl.SSLError as error:
            raise ValueError("the authority's certificate can't be read: give it as PEM") from error
        memory = os.memfd_create("certificate")
        try:
            os.write(memory, f"{self.certificate}\n{self.key}\n".encode())
            context.load_cert_chain(f"/proc/self/fd/{memory}", password="")
        except ssl.SSLError as error:
            raise ValueError("the client's certificate and its key don't belong together, or are no PEM") from error
        finally:
            os.close(memory)
        return context

    @property
    def end(self) -> datetime:
        """Until when the client's certificate is good. ValueError when it can't be read."""
        return x509.load_pem_x509_certificate(self.certificate.encode()).not_valid_after_utc


CUT_OFF = re.compile("reset by peer|[Bb]roken pipe|disconnected|closing transport")
"""What is left of a refusal where the reason was lost: TLS 1.3 lets who is refused speak before that comes."""


class HangingUp(aiohttp.TCPConnector):
    """Ends at once what is not kept: TLS would wait until the other side has said what nobody wants to hear."""

    def _release(self, key: ConnectionKey, protocol: ResponseHandler, *, should_close: bool = False) -> None:
        ends = should_close or protocol.should_close
        if ends:
            protocol.abort()
        super()._release(key, protocol, should_close=ends)


@dataclass(frozen=True, slots=True)
class TlsWay:
    """By a port, both sides proving who they are."""

    host: str
    port: int
    papers: Papers

    @property
    def name(self) -> str:
        return f"The Docker engine at {self.host}:{self.port}"

    async def prepare(self) -> None:
        pass

    def open(self) -> Docker:
        return Docker(url=f"https://{self.host}:{self.port}", connector=HangingUp(ssl=self.papers.context()))

    def refusal(self, complaint: str) -> str:
        if self.papers.end < datetime.now(UTC):
            return f"{self.name} lets us in no more: our certificate ended on {self.papers.end:%F}. Enter another."
        if "CERTIFICATE_VERIFY_FAILED" in complaint:
            why = re.search(r"certificate verify failed: (.+?)[.]? \(_ssl", complaint)
            what = f"{self.name} does not prove who it is ({why[1] if why else 'its certificate is another’s'})."
            return f"{what} Correct the authority's certificate, or the address."
        if "alert" in complaint.lower():
            return f"{self.name} does not take our certificate. Enter one that its authority has signed."
        if CUT_OFF.search(complaint):
            what = f"{self.name} cut us off: most likely it does not take our certificate."
            return f"{what} Enter one that its authority has signed, or look at its log."
        return f"{self.name} can't be reached. Start it, or correct the address."
