"""What differs between two snapshots."""

from tests.sessions.doubles import Json, application, snapshot, window

from deskbay.sessions.comparing import compare
from deskbay.sessions.schemas import Comparison
from deskbay.sessions.snapshots import Snapshot, digest_of, without


def taken(*applications: Json) -> Snapshot:
    return Snapshot.model_validate(snapshot(*applications))


def names(comparison: Comparison) -> tuple[list[str], list[str], list[tuple[str, list[str]]], int]:
    changed = [(one.application, one.changes) for one in comparison.changed]
    came, went = ([one.application for one in part] for part in (comparison.came, comparison.went))
    return came, went, changed, comparison.same


def test_the_same_differs_in_nothing() -> None:
    one = taken(application("xterm"), application("gimp"))
    assert names(compare(one, one)) == ([], [], [], 2)


def test_what_came_and_went_and_changed() -> None:
    before = taken(application("xterm"), application("gimp"), application("mousepad", "a.txt"))
    after = taken(application("gimp"), application("mousepad", "b.txt", windows=[window(9)]), application("inkscape"))
    assert names(compare(before, after)) == (
        ["inkscape"],
        ["xterm"],
        [("mousepad", ["command", "windows"])],
        1,
    )


def test_a_window_that_was_lifted_is_no_difference() -> None:
    below, above = (taken(application("gimp", windows=[window(stacking=layer)])) for layer in (0, 7))
    assert names(compare(below, above)) == ([], [], [], 1)
    assert digest_of(below) != digest_of(above), "what lay above is brought back, too"


def test_a_program_that_was_started_again_is_the_same() -> None:
    before = taken(application("xterm", key="xterm-1"), application("xterm", "-e", "top", key="xterm-2"))
    after = taken(application("xterm", "-e", "top", key="xterm-8"), application("xterm", key="xterm-9"))
    assert names(compare(before, after)) == ([], [], [], 2)


def test_of_two_of_a_kind_one_went() -> None:
    before = taken(application("xterm", key="xterm-1"), application("xterm", key="xterm-2"))
    after = taken(application("xterm", key="xterm-2"))
    assert names(compare(before, after)) == ([], ["xterm"], [], 1)


def test_when_it_was_taken_makes_no_difference() -> None:
    one = taken(application("xterm"))
    later = one.model_copy(update={"taken_at": one.taken_at.replace(hour=20)})
    assert digest_of(one) == digest_of(later) != digest_of(taken())


def test_what_may_not_be_kept_is_taken_out() -> None:
    one = taken(application("keepassxc"), application("mousepad", windows=[window(title="Diary")]))
    kept = without(one, frozenset({"keepassxc"}), titles=False)
    assert [(each.application, each.windows[0].title) for each in kept.applications] == [("mousepad", None)]
    assert without(one, frozenset(), titles=True) == one


def test_what_changed_is_found_in_both() -> None:
    before = taken(application("mousepad", "a.txt", key="mousepad-1"))
    after = taken(application("mousepad", "b.txt", key="mousepad-7"))
    assert [(one.before_key, one.key) for one in compare(before, after).changed] == [("mousepad-1", "mousepad-7")]
