"""Guacamole's protocol: `4.size,4.1024,3.768,2.96;` is an instruction, its first element says what is to be done.

Lengths count Unicode characters, not bytes. What comes from a network may be cut anywhere, within a character too.
Browsers count otherwise: in JavaScript a character beyond U+FFFF, such as an emoji, has the length 2.
"""

import codecs
import re
from collections.abc import Callable
from functools import lru_cache

MOST_DIGITS = 5
MOST_ELEMENTS = 128
LONGEST = 32 * 1024
"""Bytes of an instruction: as many as guacd takes (GUAC_INSTRUCTION_MAX_LENGTH)."""
INTERNAL = b"0."
"""How instructions begin that are between the browser and the server alone."""
MORE, END = b",;"
BEYOND = re.compile(rb"[\xf0-\xf4]")
"""How characters begin in UTF-8 that have the length 2 in a browser."""


Measure = Callable[[bytes, int, int], int]
"""Tells where an element of a length ends that starts somewhere in data: at the end, when some of it is to come."""


class BadInstruction(ConnectionError):
    """What came is not Guacamole's protocol, or too long."""


def instruction(*elements: str) -> bytes:
    """Return an instruction as it is sent."""
    return (",".join(f"{len(element)}.{element}" for element in elements) + ";").encode()


def for_browser(whole: bytes) -> bytes:
    """Return an instruction with lengths as browsers count them."""
    if not BEYOND.search(whole):
        return whole
    return (",".join(f"{len(_units(element))}.{element}" for element in elements_of(whole)) + ";").encode()


def from_browser(whole: bytes) -> bytes:
    """Return an instruction of a browser's with lengths as guacd counts them. Raises BadInstruction."""
    if not BEYOND.search(whole):
        return whole
    return instruction(*map(_characters, _elements(_units(whole.decode()))))


def _units(text: str) -> str:
    """Return text as JavaScript has it: of units of UTF-16."""
    return "".join(map(chr, memoryview(text.encode("utf-16-le")).cast("H")))


def _characters(units: str) -> str:
    try:
        return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError as error:
        raise BadInstruction("An element ends within a character.") from error


def elements_of(whole: bytes) -> list[str]:
    """Return the elements of a whole instruction."""
    return _elements(whole.decode())


def _elements(text: str) -> list[str]:
    at, elements = 0, []
    while at < len(text):
        dot = text.index(".", at)
        end = dot + 1 + int(text[at:dot])
        elements.append(text[dot + 1 : end])
        at = end + 1
    return elements


class Cutter:
    """Finds where the instructions of a stream end. Give it what is left of the last one again, with what came."""

    def __init__(self, end_of: Measure | None = None) -> None:
        self._end_of = end_of or end_of_characters
        self._at = 0
        self._elements = 0

    def cut(self, data: bytes) -> list[int]:
        """Return where each whole instruction in `data` ends. Raises BadInstruction."""
        at, start, elements, ends, is_ascii = self._at, 0, self._elements, [], data.isascii()
        while (dot := data.find(b".", at, at + MOST_DIGITS + 1)) >= 0:
            length = _length(data[at:dot])
            end = dot + 1 + length if is_ascii else self._end_of(data, dot + 1, length)
            if end >= len(data):
                break
            at, elements = end + 1, elements + 1
            if data[end] == END:
                _refuse(at - start, elements)
                ends.append(at)
                start, elements = at, 0
            elif data[end] != MORE:
                raise BadInstruction("An element does not end where its length says.")
        if dot < 0 and len(data) - at > MOST_DIGITS:
            raise BadInstruction("An element does not begin with its length.")
        _refuse(len(data) - start, elements)
        self._at, self._elements = at - start, elements
        return ends


def _refuse(size: int, elements: int) -> None:
    if size > LONGEST or elements > MOST_ELEMENTS:
        raise BadInstruction("An instruction is too long.")


@lru_cache(maxsize=10_000)
def _length(digits: bytes) -> int:
    if not digits.isdigit():
        raise BadInstruction("The length of an element is no number.")
    return int(digits)


def end_of_characters(data: bytes, start: int, count: int) -> int:
    """Where so many characters end. Raises BadInstruction."""
    text = _decoded(data[start : start + 4 * count])
    return start + len(text[:count].encode()) if len(text) >= count else len(data)


def end_of_units(data: bytes, start: int, count: int) -> int:
    """Where so many units of UTF-16 end, as browsers count. Raises BadInstruction."""
    units = _units(_decoded(data[start : start + 4 * count]))
    return start + len(_characters(units[:count]).encode()) if len(units) >= count else len(data)


def _decoded(data: bytes) -> str:
    try:
        return codecs.utf_8_decode(data, "strict", False)[0]
    except UnicodeDecodeError as error:
        raise BadInstruction("An element is not in UTF-8.") from error
