"""Rights as sets: reading them, adding them up, narrowing them down."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbay.accounts.rights.built_in import ADMINISTRATOR, GROUP_ADMINISTRATOR, USER
from deskbay.accounts.rights.scopes import GRANTABLE, IN_PERSON, Granted, Reach, Scope, granted, narrower, together

REACHES = st.sampled_from(Reach)
SETS = st.dictionaries(st.sampled_from(Scope), REACHES)
WRITTEN = st.lists(st.builds("{}!{}".format, st.sampled_from(Scope), REACHES))


def covers(more: Granted, less: Granted) -> bool:
    return all(scope in more and more[scope].covers(reach) for scope, reach in less.items())


@given(REACHES, REACHES)
def test_of_two_reaches_one_covers_the_other(one: Reach, other: Reach) -> None:
    assert one.covers(other) or other.covers(one)
    assert (one.covers(other) and other.covers(one)) is (one is other)


@given(REACHES)
def test_all_covers_each_and_each_covers_own(reach: Reach) -> None:
    assert Reach.ALL.covers(reach)
    assert reach.covers(Reach.OWN)


def test_without_a_filter_one_reaches_everyones() -> None:
    assert granted(["activity:read"]) == {Scope.ACTIVITY_READ: Reach.ALL}


def test_to_write_is_to_read_as_far() -> None:
    assert granted(["desktops:write!group"]) == {
        Scope.DESKTOPS_WRITE: Reach.GROUP,
        Scope.DESKTOPS_READ: Reach.GROUP,
    }


def test_to_read_farther_than_to_write() -> None:
    rights = granted(["desktops:read!all", "desktops:write!own"])
    assert rights == {Scope.DESKTOPS_WRITE: Reach.OWN, Scope.DESKTOPS_READ: Reach.ALL}


@pytest.mark.parametrize("written", ["", "desktops", "desktops:fly", "desktops:read!theirs", "!own", "Desktops:read"])
def test_what_is_no_right(written: str) -> None:
    with pytest.raises(ValueError, match="is not a valid"):
        granted([written])


@given(WRITTEN, WRITTEN)
def test_more_is_never_less(some: list[str], more: list[str]) -> None:
    assert covers(granted(some + more), granted(some))
    assert granted(some + more) == together(granted(some), granted(more))


@given(SETS, SETS, SETS)
def test_the_order_in_which_rights_come_together_is_the_same(a: Granted, b: Granted, c: Granted) -> None:
    assert together(a, b) == together(b, a)
    assert together(together(a, b), c) == together(a, together(b, c))
    assert together(a, a) == a


@given(SETS, SETS)
def test_together_one_has_either_and_no_more(a: Granted, b: Granted) -> None:
    both = together(a, b)
    assert covers(both, a)
    assert covers(both, b)
    for scope, reach in both.items():
        assert reach in {a.get(scope), b.get(scope)}


@given(st.none() | REACHES, st.none() | REACHES)
def test_the_narrower_of_two_is_covered_by_both(one: Reach | None, other: Reach | None) -> None:
    found = narrower(one, other)
    assert found is narrower(other, one)
    if one is None or other is None:
        assert found is None
    else:
        assert found in {one, other}
        assert one.covers(found or Reach.ALL)
        assert other.covers(found or Reach.ALL)


def test_everyone_has_what_users_have_and_administrators_all() -> None:
    assert covers(GROUP_ADMINISTRATOR.rights, USER.rights)
    assert covers(ADMINISTRATOR.rights, GROUP_ADMINISTRATOR.rights)
    assert set(ADMINISTRATOR.rights) == set(Scope)
    assert set(USER.rights.values()) == {Reach.OWN}


def test_ones_account_is_nothing_to_give() -> None:
    assert set(GRANTABLE) == set(Scope) - IN_PERSON
    assert {scope.partition(":")[0] for scope in IN_PERSON} == {"profile"}
