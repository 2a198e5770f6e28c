"""Relays between real sockets: what goes through, what holds back, and how each kind of end is told."""

import asyncio
import os
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.gateway.doubles import (
    PATIENCE,
    FakeVncServer,
    Gateway,
    RudeClient,
    read_all,
    self_signed,
    serving,
    settled,
    until,
)
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed
from websockets.frames import Close, Frame, Opcode

from deskbay.gateway import relay as relay_module
from deskbay.gateway.protocol import LARGEST_FRAME, GatewayProtocol
from deskbay.gateway.relay import FINAL_BINARY, HEAD_ROOM, NOT_RUNNING, READ_SIZE, RelayEnd, RelayReport, frame_in_place

MIB = 1024 * 1024
KERNEL_BUFFERS = 12 * MIB
"""More than loopback sockets hold by themselves (tcp_rmem and tcp_wmem end at 6 and 4 MiB)."""


class ImpatientProtocol(GatewayProtocol):
    """Waits a moment only for a client to finish."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.close_timeout = 0.2


def impatient(vnc: FakeVncServer, *, ping_seconds: float = 20) -> AbstractAsyncContextManager[Gateway]:
    return serving(vnc.path, ImpatientProtocol, ping_seconds=ping_seconds)


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture(autouse=True)
async def faultless() -> AsyncIterator[None]:
    """Fail when a callback of the event loop raised."""
    faults: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, fault: faults.append(fault))
    yield
    assert not faults


class TestWhole:
    """Every byte arrives, once and in order."""

    async def test_large_stream_to_the_client(self, vnc: FakeVncServer, gateway: Gateway) -> None:
        data = os.urandom(64 * MIB)
        vnc.behaviour = vnc.sends(data, chunk=777_777)
        async with gateway.connect() as client:
            assert await read_all(client) == data
        assert await gateway.report() == RelayReport(RelayEnd.DESKTOP_CLOSED, len(data), 0)

    async def test_large_streams_both_ways_through_tls(self, vnc: FakeVncServer, tmp_path: Path) -> None:
        messages = [os.urandom(300_000) for _ in range(30)]
        tls = serving(vnc.path, certificate=self_signed(tmp_path / "tls.pem"))
        async with tls as gateway, gateway.connect() as client:
            assert await echoed(client, messages) == b"".join(messages)

    async def test_large_stream_to_the_desktop(self, vnc: FakeVncServer, gateway: Gateway) -> None:
        data = os.urandom(64 * MIB)
        vnc.behaviour = vnc.listens
        async with gateway.connect() as client:
            for start in range(0, len(data), 300_000):
                await client.send(data[start : start + 300_000])
        report = await gateway.report()
        assert vnc.received == data
        assert report == RelayReport(RelayEnd.CLIENT_CLOSED, 0, len(data))

    @settings(
        max_examples=30,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(sizes=st.lists(st.sampled_from([0, 1, 125, 126, 127, 65535, 65536, 300_000]) | st.integers(0, 70_000)))
    async def test_any_chunks_come_back_from_an_echo(
        self, vnc: FakeVncServer, gateway: Gateway, sizes: list[int]
    ) -> None:
        vnc.behaviour = vnc.echoes
        messages = [os.urandom(size) for size in sizes]
        async with gateway.connect() as client:
            assert await echoed(client, messages) == b"".join(messages)

    @pytest.mark.usefixtures("vnc")
    async def test_fragments_of_a_message_go_through_as_they_come(self, gateway: Gateway) -> None:
        async with RudeClient(gateway.port) as client:
            await client.send(b"one ", fin=False)
            assert await client.read_frame() == (Opcode.BINARY, b"one ")
            await client.send(b"", Opcode.PING)
            await client.send(b"two ", Opcode.CONT, fin=False)
            await client.send(b"three", Opcode.CONT)
            assert await client.read_frame() == (Opcode.PONG, b"")
            assert await client.read_frame() == (Opcode.BINARY, b"two three")

    async def test_a_message_may_be_as_long_as_it_likes(self, vnc: FakeVncServer, gateway: Gateway) -> None:
        vnc.behaviour = vnc.listens
        async with gateway.connect() as client:
            await client.send([b"x" * LARGEST_FRAME] * 5)
        assert await gateway.report() == RelayReport(RelayEnd.CLIENT_CLOSED, 0, 5 * LARGEST_FRAME)

    @pytest.mark.usefixtures("vnc")
    async def test_what_is_sent_before_the_relay_begins_is_not_lost(self, gateway: Gateway) -> None:
        gateway.before_relaying.clear()
        async with RudeClient(gateway.port) as client:
            frames = [Frame(Opcode.BINARY, b"early "), Frame(Opcode.BINARY, b"bird ", fin=False)]
            await client.send_raw(b"".join(frame.serialize(mask=True) for frame in frames))
            await asyncio.sleep(0.1)
            gateway.before_relaying.set()
            await client.send(b"sings", Opcode.CONT)
            heard = b""
            while len(heard) < len(b"early bird sings"):
                heard += (await client.read_frame())[1]
            assert heard == b"early bird sings"

    async def test_a_client_in_small_sips_gets_all(self, vnc: FakeVncServer, gateway: Gateway) -> None:
        data = os.urandom(4 * MIB)
        vnc.behaviour = vnc.sends(data)
        heard = bytearray()
        async with RudeClient(gateway.port, receive_buffer=4096) as client:
            while len(heard) < len(data):
                heard += (await client.read_frame())[1]
        assert heard == data

    @given(payload=st.binary(max_size=300) | st.integers(65_000, 66_000).map(bytes))
    def test_a_frame_is_what_the_protocol_library_writes(self, payload: bytes) -> None:
        memory = memoryview(bytearray(HEAD_ROOM + READ_SIZE))
        memory[HEAD_ROOM : HEAD_ROOM + len(payload)] = payload
        assert frame_in_place(memory, FINAL_BINARY, len(payload)) == Frame(Opcode.BINARY, payload).serialize(mask=False)


class TestBackPressure:
    """Neither side is read while the other one is stuck."""

    async def test_a_client_that_does_not_read_stops_the_desktop(self, vnc: FakeVncServer, gateway: Gateway) -> None:
        data = os.urandom(64 * MIB)
        vnc.behaviour = vnc.sends(data)
        heard = bytearray()
        async with RudeClient(gateway.port) as client:
            assert 0 < await settled(lambda: vnc.sent) < KERNEL_BUFFERS
            while len(heard) < len(data):
                heard += (await client.read_frame())[1]
        assert heard == data

    async def test_little_waits_in_the_kernel_for_a_client_on_a_slow_link(
        self, vnc: FakeVncServer, gateway: Gateway
    ) -> None:
        vnc.behaviour = vnc.streams_for_ever
        async with RudeClient(gateway.port, receive_buffer=4096):
            assert await settled(lambda: vnc.sent) < MIB

    async def test_a_desktop_that_does_not_read_stops_the_client(self, vnc: FakeVncServer, gateway: Gateway) -> None:
        vnc.behaviour = vnc.listens_when_told
        message, sent = os.urandom(65536), 0

        async def send_for_ever(client: RudeClient) -> None:
            nonlocal sent
            frame = Frame(Opcode.BINARY, message).serialize(mask=True)
            while True:
                await asyncio.get_running_loop().sock_sendall(client.socket, frame)
                sent += 1

        async with RudeClient(gateway.port) as client:
            sending = asyncio.create_task(send_for_ever(client))
            assert 0 < await settled(lambda: sent) * len(message) < KERNEL_BUFFERS
            vnc.go_on.set()
            whole = sent
            await until(lambda: len(vnc.received) >= whole * len(message))
            sending.cancel()
        assert vnc.received[: whole * len(message)] == message * whole

    async def test_a_stuck_relay_leaves_the_others_alone(self, vnc: FakeVncServer, gateway: Gateway) -> None:
        vnc.behaviour = vnc.streams_for_ever
        async with RudeClient(gateway.port):
            await settled(lambda: vnc.sent)
            vnc.behaviour = vnc.echoes
            async with gateway.connect() as other:
                await other.send(b"hello")
                assert await other.recv() == b"hello"

    async def test_a_flood_of_pings_that_nobody_reads_answers_to_is_cut_off(
        self, vnc: FakeVncServer, gateway: Gateway
    ) -> None:
        vnc.behaviour = vnc.streams_for_ever
        pings = Frame(Opcode.PING, b"x" * 125).serialize(mask=True) * 8000

        async def flood(client: RudeClient) -> None:
            for _ in range(KERNEL_BUFFERS // len(pings)):
                await client.send_raw(pings)

        async with RudeClient(gateway.port) as client:
            await settled(lambda: vnc.sent)
            with pytest.raises((ConnectionResetError, BrokenPipeError)):
                await flood(client)
        assert (await gateway.report()).end is RelayEnd.CLIENT_LOST


class TestControlFrames:
    """Pings are answered between frames, never within one."""

    async def test_pings_are_answered_while_a_stream_flows(self, vnc: FakeVncServer, gateway: Gateway) -> None:
        data = os.urandom(16 * MIB)
        vnc.behaviour = vnc.sends(data)
        heard, pongs = bytearray(), []
        async with RudeClient(gateway.port, receive_buffer=16384) as client:
            for number in range(20):
                await client.send(str(number).encode(), Opcode.PING)
                opcode = Opcode.CONT
                while opcode is not Opcode.PONG:
                    opcode, payload = await client.read_frame()
                    if opcode is Opcode.PONG:
                        pongs.append(int(payload))
                    else:
                        heard += payload
            while len(heard) < len(data):
                heard += (await client.read_frame())[1]
        assert pongs == list(range(20))
        assert heard == data

    async def test_a_client_that_answers_no_ping_is_given_up(self, vnc: FakeVncServer) -> None:
        async with impatient(vnc, ping_seconds=0.1) as gateway, RudeClient(gateway.port) as client:
            close = await client.read_close()
            assert close.code == 1011
            assert (await gateway.report()).end is RelayEnd.CLIENT_LOST

    async def test_a_slow_client_that_answers_no_ping_is_kept_while_it_reads(self, vnc: FakeVncServer) -> None:
        vnc.behaviour = vnc.streams_for_ever
        async with impatient(vnc, ping_seconds=1) as gateway, RudeClient(gateway.port) as client:
            end = asyncio.get_running_loop().time() + 4
            while asyncio.get_running_loop().time() < end:
                await asyncio.sleep(0.01)
                for _ in range(4):
                    await client.read_frame()
            assert gateway.reports.empty()
            assert (await gateway.report()).end is RelayEnd.CLIENT_LOST


class TestRefusals:
    """A client that breaks the protocol is told so, and the desktop is left."""

    async def test_text(self, vnc: FakeVncServer, gateway: Gateway) -> None:
        async with gateway.connect() as client:
            await client.send("hello")
            await client.wait_closed()
            assert client.close_code == 1003
        assert (await gateway.report()).end is RelayEnd.CLIENT_MISBEHAVED
        await vnc.left.wait()

    @pytest.mark.usefixtures("vnc")
    async def test_text_before_the_relay_begins(self, gateway: Gateway) -> None:
        gateway.before_relaying.clear()
        async with gateway.connect() as client:
            await client.send("hello")
            await asyncio.sleep(0.1)
            gateway.before_relaying.set()
            await client.wait_closed()
            assert client.close_code == 1003

    async def test_too_large_a_frame(self, vnc: FakeVncServer, gateway: Gateway) -> None:
        async with RudeClient(gateway.port) as client:
            await client.send(bytes(LARGEST_FRAME + 1))
            assert (await client.read_close()).code == 1009
        assert await gateway.report() == RelayReport(RelayEnd.CLIENT_MISBEHAVED, 0, 0)
        await vnc.left.wait()

    async def test_the_largest_frame_is_taken(self, vnc: FakeVncServer, gateway: Gateway) -> None:
        vnc.behaviour = vnc.listens
        async with gateway.connect() as client:
            await client.send(bytes(LARGEST_FRAME))
        assert await gateway.report() == RelayReport(RelayEnd.CLIENT_CLOSED, 0, LARGEST_FRAME)

    @pytest.mark.usefixtures("vnc")
    async def test_an_unmasked_frame(self, gateway: Gateway) -> None:
        async with RudeClient(gateway.port) as client:
            await client.send(b"bare", mask=False)
            assert (await client.read_close()).code == 1002
        assert (await gateway.report()).end is RelayEnd.CLIENT_MISBEHAVED

    @pytest.mark.usefixtures("vnc")
    @pytest.mark.parametrize("opcode", [Opcode.CONT, Opcode.PING])
    async def test_a_misplaced_fragment(self, gateway: Gateway, opcode: Opcode) -> None:
        async with RudeClient(gateway.port) as client:
            await client.send(b"part", Opcode.BINARY)
            await client.send_raw(bytes([opcode, 0x80]) + bytes(4))
            assert (await client.read_close()).code == 1002

    @pytest.mark.usefixtures("vnc")
    async def test_a_close_within_a_message(self, gateway: Gateway) -> None:
        async with RudeClient(gateway.port) as client:
            await client.send(b"part", fin=False)
            await client.send(b"", Opcode.CLOSE)
            assert (await client.read_close()).code == 1002
            with pytest.raises(EOFError):
                await client.read_raw(1)

    @pytest.mark.usefixtures("vnc")
    async def test_garbage(self, gateway: Gateway) -> None:
        async with RudeClient(gateway.port) as client:
            await client.send_raw(b"GET / HTTP/1.1\r\n" * 2_000_000)
            assert (await client.read_close()).code == 1002

    @pytest.mark.usefixtures("vnc")
    async def test_nothing_is_compressed(self, gateway: Gateway) -> None:
        async with RudeClient(gateway.port) as client:
            assert b"extensions" not in client.head.lower()


class TestEnds:
    """Each side learns of the other one's end."""

    async def test_a_client_that_closes_is_answered_and_its_last_word_arrives(
        self, vnc: FakeVncServer, gateway: Gateway
    ) -> None:
        vnc.behaviour = vnc.listens
        async with RudeClient(gateway.port) as client:
            await client.send(b"last word")
            await client.send(struct.pack("!H", 1000) + b"bye", Opcode.CLOSE)
            assert await client.read_close() == Close(1000, "bye")
            with pytest.raises(EOFError):
                await client.read_raw(1)
        await vnc.left.wait()
        assert vnc.received == b"last word"
        assert (await gateway.report()).end is RelayEnd.CLIENT_CLOSED

    @pytest.mark.parametrize("linger", [None, struct.pack("ii", 1, 0)], ids=["end", "reset"])
    async def test_a_client_that_vanishes(self, vnc: FakeVncServer, gateway: Gateway, linger: bytes | None) -> None:
        async with RudeClient(gateway.port) as client:
            await client.send(b"hello")
            await client.read_frame()
            if linger is not None:
                client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        await vnc.left.wait()
        assert await gateway.report() == RelayReport(RelayEnd.CLIENT_LOST, 5, 5)

    async def test_clients_that_vanish_in_mid_stream(self, vnc: FakeVncServer, gateway: Gateway) -> None:
        vnc.behaviour = vnc.streams_for_ever
        for _ in range(30):
            async with RudeClient(gateway.port) as client:
                await client.read_raw(100_000)
            assert (await gateway.report()).end is RelayEnd.CLIENT_LOST
        await vnc.left.wait()

    async def test_a_client_that_closes_and_never_reads_is_cut_off(self, vnc: FakeVncServer) -> None:
        vnc.behaviour = vnc.streams_for_ever
        async with impatient(vnc) as gateway, RudeClient(gateway.port) as client:
            await settled(lambda: vnc.sent)
            await client.send(b"", Opcode.CLOSE)
            assert (await gateway.report()).end is RelayEnd.CLIENT_CLOSED
            await until(lambda: gateway.connections == 0)
            with pytest.raises((ConnectionResetError, EOFError)):
                await client.read_close()

    async def test_a_desktop_that_closes(self, vnc: FakeVncServer, gateway: Gateway) -> None:
        vnc.behaviour = vnc.hangs_up
        async with gateway.connect() as client:
            await client.wait_closed()
            assert (client.close_code, client.close_reason) == (1001, "The desktop closed the connection.")
        assert await gateway.report() == RelayReport(RelayEnd.DESKTOP_CLOSED, 0, 0)

    async def test_what_a_client_says_after_the_desktop_closed_is_dropped(
        self, vnc: FakeVncServer, gateway: Gateway
    ) -> None:
        vnc.behaviour = vnc.hangs_up
        async with RudeClient(gateway.port) as client:
            assert (await client.read_close()).code == 1001
            assert await gateway.report() == RelayReport(RelayEnd.DESKTOP_CLOSED, 0, 0)
            await client.send(b"late")
            await asyncio.sleep(0.05)
            await client.send(struct.pack("!H", 1001), Opcode.CLOSE)
            with pytest.raises(EOFError):
                await client.read_raw(1)

    async def test_a_desktop_that_closes_its_sending_side_only(self, vnc: FakeVncServer, gateway: Gateway) -> None:
        async def half_closes(client: socket.socket) -> None:
            client.shutdown(socket.SHUT_WR)
            await vnc.listens(client)

        vnc.behaviour = half_closes
        async with gateway.connect() as client:
            await client.wait_closed()
            assert client.close_code == 1001
        await vnc.left.wait()

    async def test_a_desktop_without_a_socket(self, gateway: Gateway) -> None:
        async with gateway.connect() as client:
            await client.wait_closed()
            assert (client.close_code, client.close_reason) == (NOT_RUNNING, "The desktop does not answer.")
        assert await gateway.report() == RelayReport(RelayEnd.DESKTOP_UNREACHABLE, 0, 0)

    async def test_a_desktop_that_refuses(self, vnc_socket: Path, gateway: Gateway) -> None:
        with socket.socket(socket.AF_UNIX) as deaf:
            deaf.bind(str(vnc_socket))
            async with gateway.connect() as client:
                await client.wait_closed()
                assert client.close_code == NOT_RUNNING

    async def test_a_desktop_that_is_stuck_is_left_in_the_end(
        self, vnc: FakeVncServer, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(relay_module, "CLOSE_TIMEOUT", 0.2)
        vnc.behaviour = vnc.listens_when_told
        async with gateway.connect() as client:
            await client.send(bytes(MIB))
        assert (await gateway.report()).end is RelayEnd.CLIENT_CLOSED
        vnc.go_on.set()
        await vnc.left.wait()
        assert len(vnc.received) < MIB

    async def test_an_end_from_outside(self, vnc: FakeVncServer, gateway: Gateway) -> None:
        async with gateway.connect() as client:
            await client.send(b"hello")
            await client.recv()
            gateway.relays[0].end(4403, "Your access was revoked.")
            gateway.relays[0].end(4404, "Too late.")
            await client.wait_closed()
            assert (client.close_code, client.close_reason) == (4403, "Your access was revoked.")
        await vnc.left.wait()
        assert await gateway.report() == RelayReport(RelayEnd.ENDED, 5, 5)

    @pytest.mark.usefixtures("vnc")
    async def test_what_a_desktop_says_in_the_moment_of_the_end_is_dropped(self, gateway: Gateway) -> None:
        async with gateway.connect() as client:
            await client.send(b"hello")
            await client.recv()
            gateway.relays[0].end(4409, "The desktop was stopped.")
            gateway.relays[0].buffer_updated(len(b"hello"))
            with pytest.raises(ConnectionClosed):
                await client.recv()
        assert await gateway.report() == RelayReport(RelayEnd.ENDED, 5, 5)

    async def test_an_end_from_outside_waits_for_the_frame_under_way(
        self, vnc: FakeVncServer, gateway: Gateway
    ) -> None:
        vnc.behaviour = vnc.streams_for_ever
        async with RudeClient(gateway.port) as client:
            await settled(lambda: vnc.sent)
            gateway.relays[0].end(4409, "The desktop was stopped.")
            await vnc.left.wait()
            assert (await gateway.report()).end is RelayEnd.ENDED
            assert (await client.read_close()).code == 4409

    async def test_an_end_from_outside_cuts_a_client_off_that_never_reads(self, vnc: FakeVncServer) -> None:
        vnc.behaviour = vnc.streams_for_ever
        async with impatient(vnc) as gateway, RudeClient(gateway.port) as client:
            await settled(lambda: vnc.sent)
            gateway.relays[0].end(4409, "The desktop was stopped.")
            await until(lambda: gateway.connections == 0)
            with pytest.raises((ConnectionResetError, EOFError)):
                await client.read_close()

    async def test_an_end_from_outside_reaches_a_client_that_is_held_back(
        self, vnc: FakeVncServer, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(relay_module, "CLOSE_TIMEOUT", 0.2)
        vnc.behaviour = vnc.listens_when_told
        async with gateway.connect() as client:
            sending = asyncio.create_task(client.send([bytes(65536)] * 200))
            await asyncio.sleep(0.2)
            assert not sending.done()
            gateway.relays[0].end(4409, "The desktop was stopped.")
            async with asyncio.timeout(PATIENCE):
                await client.wait_closed()
            assert client.close_code == 4409
            await asyncio.gather(sending, return_exceptions=True)
        assert (await gateway.report()).end is RelayEnd.ENDED

    async def test_a_server_that_stops(self, vnc: FakeVncServer) -> None:
        async with serving(vnc.path) as gateway:
            client = await gateway.connect()
            await client.send(b"hello")
            await client.recv()
        await client.wait_closed()
        assert (client.close_code, client.close_reason) == (1012, "The server is stopping.")
        assert await gateway.report() == RelayReport(RelayEnd.ENDED, 5, 5)

    @pytest.mark.parametrize("leaving", [False, True])
    async def test_a_server_that_stops_waits_for_no_stuck_client(self, vnc: FakeVncServer, *, leaving: bool) -> None:
        vnc.behaviour = vnc.streams_for_ever
        async with asyncio.timeout(None) as ending, AsyncExitStack() as clients:
            async with serving(vnc.path, ImpatientProtocol, grace_seconds=600) as gateway:
                client = await clients.enter_async_context(RudeClient(gateway.port))
                await settled(lambda: vnc.sent)
                if leaving:
                    await client.send(b"", Opcode.CLOSE)
                ending.reschedule(asyncio.get_running_loop().time() + PATIENCE)
            ending.reschedule(None)

    async def test_a_cancelled_relay_says_goodbye(self, vnc: FakeVncServer, gateway: Gateway) -> None:
        async with gateway.connect() as client:
            await client.send(b"hello")
            await client.recv()
            gateway.tasks[0].cancel()
            await client.wait_closed()
            assert client.close_code == 1001
        await vnc.left.wait()


async def test_nothing_is_left_behind(vnc: FakeVncServer, gateway: Gateway) -> None:
    async def polite_client() -> None:
        async with gateway.connect() as client:
            await client.send(b"hello")
            await client.recv()

    async def vanishing_client() -> None:
        async with RudeClient(gateway.port) as client:
            await client.send(b"hello")
            await client.read_raw(1)

    async def desktop_leaves() -> None:
        vnc.behaviour = vnc.hangs_up
        with pytest.raises(ConnectionClosed):
            async with gateway.connect() as client:
                await client.recv()
        vnc.behaviour = vnc.echoes

    async def misbehaving_client() -> None:
        async with RudeClient(gateway.port) as client:
            await client.send(b"", mask=False)
            await client.read_close()

    async def rounds(count: int) -> None:
        for _ in range(count):
            for visit in (polite_client, vanishing_client, desktop_leaves, misbehaving_client):
                await visit()
                await gateway.report()
        await until(lambda: gateway.connections == 0)

    await rounds(1)
    files, tasks = open_files(), len(asyncio.all_tasks())
    await rounds(20)
    await until(lambda: open_files() <= files and len(asyncio.all_tasks()) <= tasks)


async def echoed(client: ClientConnection, messages: list[bytes]) -> bytes:
    """Send `messages` while reading until as much has come back."""

    async def send_all() -> None:
        for message in messages:
            await client.send(message)

    back, size = bytearray(), sum(map(len, messages))
    async with asyncio.TaskGroup() as group:
        group.create_task(send_all())
        while len(back) < size:
            part = await client.recv()
            assert isinstance(part, bytes)
            back += part
    return bytes(back)
