"""Server-sent events, line by line."""

from deskbay.agent.events import Event, read_events


def test_events_and_signs_of_life() -> None:
    lines = [b":\n", b"\n", b"event: policy\n", b'data: {"tracking":true}\n', b"\n", b"event:notice\r\n", b"data:a\r\n"]
    lines += [b"data: b\r\n", b"\r\n", b"data: without a name\n", b"\n"]
    assert list(read_events(lines)) == [
        None,
        Event("policy", '{"tracking":true}'),
        Event("notice", "a\nb"),
        Event("", "without a name"),
    ]


def test_what_breaks_off_is_no_event() -> None:
    assert list(read_events([b"event: policy\n", b"data: {}\n"])) == []


def test_what_is_not_known_is_passed_over() -> None:
    assert list(read_events([b"id: 7\n", b"retry: 1\n", b"event: a\n", b"\n", b"data: x\n", b"\n"])) == [
        Event("a", "x")
    ]
