"""The sign in a Mac's menu bar that tells whether it is recorded what is used; a click pauses it.

Written after Apple's documentation and tested against a double of AppKit; it has not run on a Mac yet.
"""

import AppKit

from deskbay.agent.platforms.sign import PAUSED, RECORDING, state_of

_LOOKS = {
    RECORDING: ("🔴", "Deskbay records which applications you use. Click to pause."),
    PAUSED: ("⏸", "Deskbay is paused. Click to let it go on."),
}


class _Clicks(AppKit.NSObject):  # type: ignore[misc] # of a framework without types
    """What a click is told to."""

    count = 0

    def clicked_(self, _: object) -> None:
        type(self).count += 1


class MacSign:
    """A dot among the menu bar's extras; with the mouse over it, it says what it stands for."""

    def __init__(self) -> None:
        self._application = AppKit.NSApplication.sharedApplication()
        self._application.setActivationPolicy_(AppKit.NSApplicationActivationPolicyAccessory)  # no place in the Dock
        self._bar = AppKit.NSStatusBar.systemStatusBar()
        self._item = self._bar.statusItemWithLength_(AppKit.NSVariableStatusItemLength)
        self._clicks = _Clicks.alloc().init()
        button = self._item.button()
        button.setTarget_(self._clicks)
        button.setAction_("clicked:")
        self._item.setVisible_(False)
        self._counted = _Clicks.count

    @property
    def wakers(self) -> tuple[int, ...]:
        """A click waits until it is asked for: AppKit keeps it."""
        return ()

    def show(self, *, tracking: bool, paused: bool) -> None:
        """Show whether it is recorded what is used. Without tracking there is nothing to see."""
        state = state_of(tracking=tracking, paused=paused)
        self._item.setVisible_(state is not None)
        if state is not None:
            title, meaning = _LOOKS[state]
            self._item.button().setTitle_(title)
            self._item.button().setToolTip_(meaning)

    def clicked(self) -> bool:
        """Return whether it was clicked since it was asked last."""
        self._handle_events()
        clicked, self._counted = _Clicks.count != self._counted, _Clicks.count
        return clicked

    def _handle_events(self) -> None:
        while event := self._application.nextEventMatchingMask_untilDate_inMode_dequeue_(
            AppKit.NSEventMaskAny, None, AppKit.NSDefaultRunLoopMode, True
        ):
            self._application.sendEvent_(event)
