"""Somebody who copies text on an X display, and tells whether anybody else has."""

import os
import select
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import xcffib
from xcffib import xproto


def _atom(connection: xcffib.Connection, name: str) -> int:
    return int(xproto.xprotoExtension(connection).InternAtom(False, len(name), name).reply().atom)


def is_filled(display: str) -> bool:
    """Tell whether anybody has something in the clipboard."""
    connection = xcffib.connect(display=display)
    try:
        return bool(xproto.xprotoExtension(connection).GetSelectionOwner(_atom(connection, "CLIPBOARD")).reply().owner)
    finally:
        connection.disconnect()


@contextmanager
def copied(display: str, text: bytes) -> Iterator[None]:
    """Have a text in the clipboard for as long as the context lasts."""
    connection = xcffib.connect(display=display)
    reading, writing = os.pipe()
    window = connection.generate_id()
    root = connection.get_setup().roots[0].root
    xproto.xprotoExtension(connection).CreateWindow(
        0, window, root, 0, 0, 1, 1, 0, xproto.WindowClass.InputOnly, 0, 0, []
    )
    xproto.xprotoExtension(connection).SetSelectionOwner(
        window, _atom(connection, "CLIPBOARD"), xproto.Time.CurrentTime
    )
    connection.flush()
    answering = threading.Thread(target=_answer, args=(connection, text, reading))
    answering.start()
    try:
        yield
    finally:
        os.close(writing)
        answering.join()
        os.close(reading)
        connection.disconnect()


def _answer(connection: xcffib.Connection, text: bytes, told_to_end: int) -> None:
    targets, utf8 = _atom(connection, "TARGETS"), _atom(connection, "UTF8_STRING")
    while True:
        while event := connection.poll_for_event():
            if isinstance(event, xproto.SelectionRequestEvent):
                _give(connection, event, text, targets, utf8)
        ready, _, _ = select.select([connection.get_file_descriptor(), told_to_end], [], [])
        if told_to_end in ready:
            return


def _give(
    connection: xcffib.Connection, wish: xproto.SelectionRequestEvent, text: bytes, targets: int, utf8: int
) -> None:
    kind, width, data = (xproto.Atom.ATOM, 32, [targets, utf8]) if wish.target == targets else (utf8, 8, text)
    xproto.xprotoExtension(connection).ChangeProperty(
        xproto.PropMode.Replace, wish.requestor, wish.property, kind, width, len(data), data
    )
    there = xproto.SelectionNotifyEvent.synthetic(wish.time, wish.requestor, wish.selection, wish.target, wish.property)
    xproto.xprotoExtension(connection).SendEvent(False, wish.requestor, 0, there.pack())
    connection.flush()
