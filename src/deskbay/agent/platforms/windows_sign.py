"""The sign in a corner of a Windows desktop that tells whether it is recorded what is used; a click pauses it."""

import ctypes
import socket
import sys
from contextlib import suppress
from ctypes import wintypes

from deskbay.agent.platforms import NoDesktop
from deskbay.agent.platforms.sign import RECORDING, Picture, picture_of, state_of

assert sys.platform == "win32"  # noqa: S101 - for checkers of types: the rest has no meaning elsewhere

from deskbay.agent.platforms import windows_sign_calls as calls  # noqa: E402 - nor has this
from deskbay.agent.platforms.windows_sign_calls import gdi32, kernel32, user32  # noqa: E402

CLASS = "DeskbaySign"
_PLAIN_DPI = 96
_TITLES = {True: "Deskbay records which applications you use", False: "Deskbay is paused"}


class WindowsSign:
    """A dot; under the mouse it says what it stands for. It belongs to the thread that made it, which has to look for
    messages: `Windows.wait` does."""

    def __init__(self) -> None:
        self._scale = max(1, round(user32.GetDpiForSystem() / _PLAIN_DPI))
        self._state: str | None = None
        self._told = self._clicked = False
        self._wake, self._waker = socket.socketpair()
        self._wake.setblocking(False)
        self._procedure = calls.WindowProcedure(self._handle)  # as long as the window lives somebody has to hold it
        self._window = self._made()

    def _made(self) -> int:
        module = kernel32.GetModuleHandleW(None)
        arrow = user32.LoadCursorW(None, calls.IDC_ARROW)
        kind = calls.WindowClass(procedure=self._procedure, module=module, cursor=arrow, name=CLASS)
        user32.RegisterClassW(ctypes.byref(kind))
        style = calls.WS_EX_TOPMOST | calls.WS_EX_TOOLWINDOW | calls.WS_EX_NOACTIVATE
        window = user32.CreateWindowExW(
            style, CLASS, "", calls.WS_POPUP, 0, 0, 1, 1, None, None, module, None
        )  # fmt: skip
        if not window:
            raise NoDesktop("There is no desktop to show the sign on. Start the agent as the person who is signed in.")
        return int(window)

    @property
    def wakers(self) -> tuple[int, ...]:
        return (self._wake.fileno(),)

    def show(self, *, tracking: bool, paused: bool) -> None:
        """Show whether it is recorded what is used. Without tracking there is nothing to see."""
        state = state_of(tracking=tracking, paused=paused)
        if state != self._state:
            self._state = state
            self._draw()

    def clicked(self) -> bool:
        """Return whether it was clicked since it was asked last."""
        with suppress(BlockingIOError):
            self._wake.recv(4096)
        clicked, self._clicked = self._clicked, False
        return clicked

    def _handle(self, window: int, message: int, word: int, more: int) -> int:
        """Called by Windows within a look for messages."""
        match message:
            case calls.WM_PAINT:
                self._paint()
                return 0
            case calls.WM_LBUTTONUP:
                self._clicked = True
                self._waker.send(b".")
            case calls.WM_MOUSEMOVE | calls.WM_MOUSELEAVE:
                self._tell(told=message == calls.WM_MOUSEMOVE)
            case calls.WM_DISPLAYCHANGE | calls.WM_SETTINGCHANGE:
                self._draw()
        return int(user32.DefWindowProcW(window, message, word, more))

    def _tell(self, *, told: bool) -> None:
        """Say in words what it stands for, as long as the mouse is over it."""
        if told != self._told:
            self._told = told
            leaving = calls.Tracking(size=ctypes.sizeof(calls.Tracking), flags=calls.TME_LEAVE, window=self._window)
            if told:
                user32.TrackMouseEvent(ctypes.byref(leaving))
            self._draw()

    def _picture(self) -> Picture:
        return picture_of(str(self._state), told=self._told)

    def _draw(self) -> None:
        if self._state is None:
            user32.ShowWindow(self._window, calls.SW_HIDE)
            return
        user32.SetWindowTextW(self._window, _TITLES[self._state == RECORDING])
        right, bottom = _corner()
        width, height = self._size(self._picture())
        place = (right - width, bottom - height, width, height)
        user32.SetWindowPos(self._window, calls.HWND_TOPMOST, *place, calls.SWP_NOACTIVATE | calls.SWP_SHOWWINDOW)
        user32.InvalidateRect(self._window, None, False)

    def _size(self, picture: Picture) -> tuple[int, int]:
        return picture.width * self._scale, picture.height * self._scale

    def _paint(self) -> None:
        painting = calls.Painting()
        context = user32.BeginPaint(self._window, ctypes.byref(painting))
        if self._state is not None:
            picture = self._picture()
            head = calls.PictureHead(
                size=ctypes.sizeof(calls.PictureHead), width=picture.width, height=-picture.height, planes=1, bits=32
            )
            gdi32.StretchDIBits(
                context, 0, 0, *self._size(picture), 0, 0, picture.width, picture.height,
                picture.pixels, ctypes.byref(head), calls.DIB_RGB_COLORS, calls.SRCCOPY,
            )  # fmt: skip
        user32.EndPaint(self._window, ctypes.byref(painting))


def _corner() -> tuple[int, int]:
    """Return the lower right of what the task bar leaves."""
    area = wintypes.RECT()
    user32.SystemParametersInfoW(calls.SPI_GETWORKAREA, 0, ctypes.byref(area), 0)
    return area.right, area.bottom
