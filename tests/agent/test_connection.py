"""The way to the server: which addresses are taken, whose certificates are believed, what answers mean."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import trustme
from tests.agent.servers import Heard, loopback_server, unix_server

from deskbay.agent import connection
from deskbay.agent.connection import Address, BadAddress, NoServer, Refused, Server


@pytest.mark.parametrize(
    "text",
    [
        "https://desk.example.org",
        "https://desk.example.org:8443",
        "http://127.0.0.1:8000",
        "http://localhost",
        "unix:/s",
    ],
)
def test_addresses(text: str) -> None:
    assert Address(text).text == text


@pytest.mark.parametrize(
    "text",
    ["desk.example.org", "ftp://desk.example.org", "https://", "https://ada:secret@desk.example.org", "https://x?a"],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(BadAddress, match="is no server's address"):
        Address(text)


def test_nothing_is_sent_in_the_clear_to_another_device() -> None:
    with pytest.raises(BadAddress, match="begins with https://"):
        Address("http://desk.example.org")


def test_a_request_carries_the_token_and_the_answer_comes_back() -> None:
    heard = Heard(answer={"device_id": 7})
    with loopback_server(heard) as port:
        server = Server(Address(f"http://127.0.0.1:{port}"), "dd_token")
        assert server.post("/api/v1/agent/reports", {"periods": []}) == {"device_id": 7}
        assert server.post("/again", {}) == {"device_id": 7}
        server.close()
    assert heard.requests == [
        ("POST", "/api/v1/agent/reports", "Bearer dd_token", {"periods": []}),
        ("POST", "/again", "Bearer dd_token", {}),
    ]


def test_a_unix_socket() -> None:
    heard = Heard(answer={"fine": True})
    with TemporaryDirectory() as folder, unix_server(heard, path := Path(folder) / "socket"):
        server = Server(Address(f"unix:{path}"), "dd_token")
        assert server.post("/path", {"a": 1}) == {"fine": True}
        server.close()
    assert heard.bodies == [{"a": 1}]


def test_a_connection_that_was_closed_meanwhile_is_opened_again() -> None:
    heard = Heard(close_after_answer=True)
    with loopback_server(heard) as port:
        server = Server(Address(f"http://127.0.0.1:{port}"))
        server.post("/first", {})
        server.post("/second", {})
        server.close()
    assert [path for _, path, _, _ in heard.requests] == ["/first", "/second"]


def test_where_nobody_listens() -> None:
    with loopback_server(Heard()) as port:
        pass
    with pytest.raises(NoServer, match="refused"):
        Server(Address(f"http://127.0.0.1:{port}")).post("/", {})


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_server_that_can_not_answer_now(status: int) -> None:
    with loopback_server(Heard(status=status, answer={"detail": "Later."})) as port:
        server = Server(Address(f"http://127.0.0.1:{port}"))
        with pytest.raises(NoServer, match="Later"):
            server.post("/", {})
        with pytest.raises(NoServer, match="Later"):
            server.stream("/events", 10)
        server.close()


@pytest.mark.parametrize(("status", "unauthorized"), [(401, True), (404, False), (422, False)])
def test_a_server_that_refuses(status: int, *, unauthorized: bool) -> None:
    with loopback_server(Heard(status=status, answer={"detail": "No, because."})) as port:
        server = Server(Address(f"http://127.0.0.1:{port}"))
        with pytest.raises(Refused, match="No, because") as refused:
            server.post("/", {})
        assert refused.value.is_unauthorized is unauthorized
        with pytest.raises(Refused):
            server.stream("/events", 10)
        server.close()


class TestCertificates:
    """Each is issued by an authority that this device believes, or doesn't."""

    @pytest.fixture(autouse=True)
    def anew(self) -> None:
        """Whom a process believes it asks once; each test is another process in that."""
        connection._authorities.cache_clear()

    @pytest.fixture
    def authority(self) -> trustme.CA:
        return trustme.CA()

    @pytest.fixture
    def believed(self, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        authority.cert_pem.write_to_path(str(tmp_path / "authorities.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authorities.pem"))

    def post(self, certificate: trustme.LeafCert) -> Heard:
        heard = Heard()
        with certificate.private_key_and_cert_chain_pem.tempfile() as file, loopback_server(heard, Path(file)) as port:
            server = Server(Address(f"https://127.0.0.1:{port}"), "dd_secret")
            try:
                server.post("/", {})
            finally:
                server.close()
        return heard

    @pytest.mark.usefixtures("believed")
    def test_a_good_one(self, authority: trustme.CA) -> None:
        assert self.post(authority.issue_cert("127.0.0.1")).bodies == [{}]

    def test_one_of_an_authority_that_nobody_knows(self, authority: trustme.CA) -> None:
        with pytest.raises(NoServer, match=r"not to be trusted: unable to get local issuer certificate"):
            self.post(authority.issue_cert("127.0.0.1"))

    @pytest.mark.usefixtures("believed")
    def test_one_of_another_server(self, authority: trustme.CA) -> None:
        with pytest.raises(NoServer, match="not to be trusted: IP address mismatch"):
            self.post(authority.issue_cert("other.example.org"))

    @pytest.mark.usefixtures("believed")
    def test_an_old_one(self, authority: trustme.CA) -> None:
        yesterday = datetime.now(UTC) - timedelta(days=1)
        with pytest.raises(NoServer, match="not to be trusted: certificate has expired"):
            self.post(authority.issue_cert("127.0.0.1", not_after=yesterday))
