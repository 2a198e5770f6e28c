"""The listening socket, and who has the port."""

import os
import socket

import pytest

from deskbay.cli.failures import Failure
from deskbay.cli.listening import address_of, listen


def test_port_zero_takes_a_free_one() -> None:
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        assert port > 0
        assert address_of(listener) == f"http://127.0.0.1:{port}"


def test_a_taken_port_names_who_has_it_and_a_free_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(
            Failure, match=rf"Port {port} is taken by .* \(process {os.getpid()}\).*--port (\d+)"
        ) as taken:
            listen("127.0.0.1", port)
    offered = int(taken.value.detail.rpartition(" ")[2].rstrip("."))
    listen("127.0.0.1", offered).close()


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host", "256.1.1.1"])
def test_an_address_of_another_machine_is_refused(host: str) -> None:
    with pytest.raises(Failure, match="--host"):
        listen(host, 0)


def test_every_address_is_reached_on_this_machine_by_loopback() -> None:
    with listen("0.0.0.0", 0) as listener:  # noqa: S104 - what is tested; nothing is accepted
        assert address_of(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_an_ipv6_address_stands_in_brackets() -> None:
    with listen("::1", 0) as listener:
        assert address_of(listener) == f"http://[::1]:{listener.getsockname()[1]}"
