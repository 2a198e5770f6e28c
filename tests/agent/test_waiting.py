"""How long an agent waits before it tries again."""

from deskbay.agent.waiting import LONGEST, Patience


def test_waits_get_longer_up_to_a_minute_and_begin_anew() -> None:
    patience = Patience()
    waits = [patience.next() for _ in range(10)]
    for number, wait in enumerate(waits):
        longest = min(2**number, LONGEST)
        assert longest / 2 <= wait <= longest
    patience.reset()
    assert patience.next() <= 1


def test_agents_do_not_come_all_at_once() -> None:
    assert len({Patience().next() for _ in range(10)}) > 1
