"""The vector of the contract, and what Guacamole's own way back makes of a ticket."""

from datetime import UTC, datetime

from deskbay.desktops.models import Clipboard
from deskbay.desktops.runtimes import DisplayProtocol, TcpDisplay
from deskbay.gateway.guacamole.tickets import Connection, seal, ticket_json

KEY = bytes.fromhex("4C0B569E4C96DF157EEE1B65DD0E4D41")
DOCUMENT = (
    b'{"username":"alice","expires":1893456000000,"connections":{"desk":{"protocol":"vnc",'
    b'"parameters":{"hostname":"10.0.0.5","port":"5900","password":"pw"}}}}'
)
SEALED = (
    "5peu1MIaAnSOOSo3DeUjS/WE/DLGXHpNsY0NsPzTuhcpvvN0dFytekEaNiOfuWLi/9uEEEuxxKGaPyi6tCtg9V/0MUK1XjsEgXNWPVDajIlWpLyr"
    "53SNzuhbRCr/vA2H89RIdppO39moB4gnvv8vaeJh0YtO/ELIxKTTI5oloCjoXxvyha5fepsJ7O5UzdLXAmho9Bjtm7hJXPBf/MqpfyErHq5GXSiE"
    "nkI5Uz7D/gVfMuGTaNL8cS7OGd8drzT5"
)


def test_the_vector_of_the_contract() -> None:
    display = TcpDisplay("10.0.0.5", 5900, password="pw")
    document = ticket_json("alice", datetime(2030, 1, 1, tzinfo=UTC), {"desk": Connection.to(display, Clipboard.BOTH)})
    assert document == DOCUMENT
    assert seal(KEY, document) == SEALED


def test_a_connection_by_rdp_has_its_user() -> None:
    connection = Connection.to(TcpDisplay("desk", 3389, DisplayProtocol.RDP, "ada", "secret"), Clipboard.BOTH)
    assert connection.protocol == "rdp"
    assert connection.parameters == {"hostname": "desk", "port": "3389", "username": "ada", "password": "secret"}
