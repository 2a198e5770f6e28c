"""Run inside a container: carries bytes between the input and output of the engine's exec, and the screen's socket."""

import os
import socket
import threading

PIECE = 65536


def carry_in(screen: socket.socket) -> None:
    while data := os.read(0, PIECE):
        screen.sendall(data)
    screen.shutdown(socket.SHUT_WR)


def carry_out(screen: socket.socket) -> None:
    while data := screen.recv(PIECE):
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(1, rest) :]


if __name__ == "__main__":
    with socket.socket(socket.AF_UNIX) as vnc:
        vnc.connect("/run/deskbay/screen/vnc")
        threading.Thread(target=carry_in, args=[vnc], daemon=True).start()
        carry_out(vnc)
