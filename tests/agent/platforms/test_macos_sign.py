"""The sign in a Mac's menu bar, against a double of AppKit."""

from collections.abc import Iterator

import pytest
from tests.agent.platforms.fake_mac import FakeMac, MenuBar, installed

from deskbay.agent.platforms.sign import Sign


@pytest.fixture
def bar() -> Iterator[MenuBar]:
    for mac in installed(FakeMac()):
        yield mac.menu_bar


@pytest.fixture
def sign(bar: MenuBar) -> Sign:
    from deskbay.agent.platforms.macos_sign import MacSign

    sign = MacSign()
    assert bar.policies == [1], "it has no place in the Dock"
    return sign


def test_where_nothing_may_be_recorded_there_is_nothing_to_see(bar: MenuBar, sign: Sign) -> None:
    seen = [bar.is_visible]
    for tracking in (True, False):
        sign.show(tracking=tracking, paused=False)
        seen.append(bar.is_visible)
    assert seen == [False, True, False]


def test_recording_and_a_pause_look_different_and_say_so_in_words(bar: MenuBar, sign: Sign) -> None:
    sign.show(tracking=True, paused=False)
    recording = bar.button.title
    assert "records which applications you use" in bar.button.tip
    sign.show(tracking=True, paused=True)
    assert bar.button.title != recording
    assert "paused" in bar.button.tip


def test_a_click_is_told_once(bar: MenuBar, sign: Sign) -> None:
    sign.show(tracking=True, paused=False)
    assert not sign.clicked()
    bar.click()
    assert sign.clicked()
    assert not sign.clicked()


def test_it_is_what_a_mac_has_for_a_sign(bar: MenuBar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    from deskbay.agent.platforms.opening import open_sign

    sign = open_sign()
    assert sign is not None
    sign.show(tracking=True, paused=False)
    bar.click()
    assert sign.clicked()
    assert sign.wakers == ()
