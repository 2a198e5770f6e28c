from hypothesis import given
from hypothesis import strategies as st

from deskbay.agent.matching import by_contents, rearranged
from deskbay.agent.shapes import Window

contents = st.lists(st.sampled_from("abcd"), max_size=3).map(tuple)
shown = st.dictionaries(st.integers(0, 9), contents, max_size=5)


def windows(*contents: tuple[str, ...]) -> dict[int, Window]:
    return {index: Window(0, 0, 1, 1, contents=each) for index, each in enumerate(contents)}


def test_a_window_is_known_by_what_it_shows() -> None:
    assert by_contents({7: ["/a"], 8: ["/b"]}, windows(("/b",), ("/a",))) == {0: 8, 1: 7}


def test_the_window_that_shows_nothing_more_is_taken_first() -> None:
    assert by_contents({7: ["/a", "/b"], 8: ["/a"]}, windows(("/a",))) == {0: 8}


def test_two_that_show_the_same_need_two_windows() -> None:
    assert by_contents({7: ["/a"]}, windows(("/a",), ("/a",))) == {0: 7}


def test_an_empty_window_is_known_by_nothing() -> None:
    assert by_contents({7: []}, windows(())) == {}


@given(shown, st.lists(contents, max_size=5))
def test_no_window_is_used_twice_and_each_shows_what_was_wished(
    open_: dict[int, tuple[str, ...]], wished: list[tuple[str, ...]]
) -> None:
    found = by_contents(open_, windows(*wished))
    assert len(set(found.values())) == len(found)
    assert all(set(wished[index]) <= set(open_[id_]) for index, id_ in found.items())


def test_windows_taken_for_one_another_are_exchanged() -> None:
    assert rearranged({0: 7, 1: 8}, {7: ["/b"], 8: ["/a"]}, windows(("/a",), ("/b",))) == {0: 8, 1: 7}


def test_a_window_nothing_is_known_of_makes_room() -> None:
    assert rearranged({0: 7, 1: 8}, {8: ["/a"]}, windows(("/a",), ("/b",))) == {0: 8, 1: 7}


def test_without_knowledge_nothing_is_exchanged() -> None:
    assert rearranged({0: 7, 1: 8}, {}, windows(("/a",), ("/b",))) == {0: 7, 1: 8}


@given(st.dictionaries(st.integers(0, 4), st.integers(10, 14)), shown, st.lists(contents, min_size=5, max_size=5))
def test_exchanging_loses_no_window(
    pairs: dict[int, int], open_: dict[int, tuple[str, ...]], wished: list[tuple[str, ...]]
) -> None:
    taken = {index: id_ for number, (index, id_) in enumerate(pairs.items()) if id_ not in [*pairs.values()][:number]}
    better = rearranged(taken, {id_ + 10: each for id_, each in open_.items()}, windows(*wished))
    assert set(better) == set(taken)
    assert sorted(better.values()) == sorted(taken.values())
