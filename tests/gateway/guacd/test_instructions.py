"""Guacamole's protocol, cut anywhere."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbay.gateway.guacd.instructions import (
    LONGEST,
    MOST_ELEMENTS,
    BadInstruction,
    Cutter,
    elements_of,
    end_of_units,
    for_browser,
    from_browser,
    instruction,
)

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
instructions = st.lists(words, min_size=1, max_size=6)


def take_in_pieces(stream: bytes, cuts: list[int], cutter: Cutter | None = None) -> list[bytes]:
    """The instructions of a stream that comes in pieces which end at `cuts`."""
    cutter, rest, whole = cutter or Cutter(), b"", []
    places = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    for start, end in pairwise(places):
        rest += stream[start:end]
        begin = 0
        for at in cutter.cut(rest):
            whole.append(rest[begin:at])
            begin = at
        rest = rest[begin:]
    assert rest == b""
    return whole


def test_lengths_count_characters() -> None:
    assert instruction("name", "Ünï😀") == "4.name,4.Ünï😀;".encode()
    assert elements_of("4.name,4.Ünï😀;".encode()) == ["name", "Ünï😀"]


@given(st.lists(instructions, min_size=1, max_size=5), st.lists(st.integers(0, 10_000), max_size=12))
def test_a_stream_that_is_cut_anywhere_gives_the_same_instructions(told: list[list[str]], cuts: list[int]) -> None:
    whole = [instruction(*elements) for elements in told]
    assert take_in_pieces(b"".join(whole), cuts) == whole
    assert [elements_of(one) for one in whole] == told


def in_javascript(*elements: str) -> bytes:
    """An instruction as guacamole-common-js makes it, with the length of strings there."""
    return (",".join(f"{len(one.encode('utf-16-le')) // 2}.{one}" for one in elements) + ";").encode()


def test_browsers_count_an_emoji_twice() -> None:
    assert in_javascript("name", "Ünï😀") == "4.name,5.Ünï😀;".encode()
    assert for_browser(instruction("name", "Ünï😀")) == "4.name,5.Ünï😀;".encode()
    assert from_browser("4.name,5.Ünï😀;".encode()) == instruction("name", "Ünï😀")


@given(st.lists(instructions, min_size=1, max_size=5), st.lists(st.integers(0, 10_000), max_size=12))
def test_a_browser_and_guacd_understand_each_other(told: list[list[str]], cuts: list[int]) -> None:
    of_browser, of_guacd = [in_javascript(*one) for one in told], [instruction(*one) for one in told]
    assert [for_browser(one) for one in of_guacd] == of_browser
    assert [from_browser(one) for one in of_browser] == of_guacd
    assert take_in_pieces(b"".join(of_browser), cuts, Cutter(end_of_units)) == of_browser


def test_a_length_of_a_browser_that_ends_within_a_character_is_refused() -> None:
    with pytest.raises(BadInstruction):
        Cutter(end_of_units).cut("1.😀;".encode())


def test_every_byte_by_itself() -> None:
    whole = [instruction("blob", "1", "a;b,1.c"), instruction("", "ping", "🙂;"), instruction("sync", "")]
    stream = b"".join(whole)
    assert take_in_pieces(stream, list(range(len(stream)))) == whole


@pytest.mark.parametrize(
    "wrong",
    [
        b"4name;",
        b"four.name;",
        b"-1.a;",
        b"+1.a;",
        b" 1.a;",
        b"1_0.aaaaaaaaaa;",
        b".;",
        b"000001.a;",
        b"123456",
        b"4.names;",
        b"4.name\0",
        b"2.\xff\xfe;",
        b"3.\xc3\xa4\xe2;;",
    ],
)
def test_what_is_no_protocol_is_refused(wrong: bytes) -> None:
    with pytest.raises(BadInstruction):
        Cutter().cut(wrong)


def test_what_is_too_long_is_refused_however_it_comes() -> None:
    long = instruction("blob", "1", "a" * LONGEST)
    with pytest.raises(BadInstruction):
        Cutter().cut(long)
    with pytest.raises(BadInstruction):
        Cutter().cut(long[: LONGEST + 1])
    with pytest.raises(BadInstruction):
        Cutter().cut(instruction(*"a" * (MOST_ELEMENTS + 1)))
    assert Cutter().cut(instruction(*"a" * MOST_ELEMENTS)) != []
