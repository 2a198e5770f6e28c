"""The machine's clock tells aware UTC times that go on."""

from datetime import UTC, datetime, timedelta

from deskbay.kit.clock import SystemClock


def test_it_tells_the_time_in_utc() -> None:
    before, told, after = datetime.now(UTC), SystemClock().now(), datetime.now(UTC)
    assert before <= told <= after
    assert told.utcoffset() == timedelta(0)
