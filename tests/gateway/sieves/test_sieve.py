"""Steps done with a stream that comes cut anywhere."""

from hypothesis import given
from hypothesis import strategies as st

from deskbay.gateway.sieves.sieve import Drop, Pass, Read, Say, Sieve, Steps, look


def parcels() -> Steps:
    """Each parcel has a length; those of odd lengths are dropped, of others the length is halved."""
    while True:
        (length,) = yield Read(1)
        if length % 2:
            yield Drop(length)
        else:
            yield Say(bytes([length // 2]))
            yield Pass(length)


def sifted(parts: list[bytes]) -> bytes:
    sieve = Sieve(parcels())
    return b"".join(sieve.sift(part) for part in parts)


def test_what_is_dropped_and_what_goes_on() -> None:
    assert sifted([b"\x03abc\x02de\x00\x01x"]) == b"\x01de\x00"


def test_nothing_waits_that_may_go_on() -> None:
    sieve = Sieve(parcels())
    assert sieve.sift(b"\x04a") == b"\x02a"
    assert sieve.sift(b"") == b""
    assert sieve.sift(b"bc") == b"bc"


def test_what_is_looked_at_goes_on_whole() -> None:
    def two_at_a_time() -> Steps:
        while True:
            assert (yield from look(2)) == b"ab"

    sieve = Sieve(two_at_a_time())
    assert sieve.sift(b"a") == b""
    assert sieve.sift(b"ba") == b"ab"


@given(st.lists(st.binary(max_size=9)))
def test_cuts_make_no_difference(parts: list[bytes]) -> None:
    assert sifted(parts) == sifted([b"".join(parts)])
