"""What the agent's sign asks of Windows, by ctypes: each call with its types, as Microsoft documents them."""

import ctypes
import sys
from ctypes import wintypes

assert sys.platform == "win32"  # noqa: S101 - for checkers of types: the rest has no meaning elsewhere

user32 = ctypes.WinDLL("user32", use_last_error=True)
gdi32 = ctypes.WinDLL("gdi32", use_last_error=True)
kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)

WS_POPUP = 0x80000000
WS_EX_TOPMOST, WS_EX_TOOLWINDOW, WS_EX_NOACTIVATE = 0x8, 0x80, 0x8000000
WM_PAINT, WM_SETTINGCHANGE, WM_DISPLAYCHANGE = 0x000F, 0x001A, 0x007E
WM_MOUSEMOVE, WM_LBUTTONUP, WM_MOUSELEAVE = 0x0200, 0x0202, 0x02A3
SW_HIDE = 0
SWP_NOACTIVATE, SWP_SHOWWINDOW = 0x10, 0x40
HWND_TOPMOST = -1
IDC_ARROW = 32512
TME_LEAVE = 2
SPI_GETWORKAREA = 0x30
DIB_RGB_COLORS, SRCCOPY = 0, 0x00CC0020

WindowProcedure = ctypes.WINFUNCTYPE(ctypes.c_ssize_t, wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM)


class WindowClass(ctypes.Structure):
    """What windows of a kind have in common (WNDCLASSW)."""

    _fields_ = (
        ("style", wintypes.UINT),
        ("procedure", WindowProcedure),
        ("class_extra", ctypes.c_int),
        ("window_extra", ctypes.c_int),
        ("module", wintypes.HINSTANCE),
        ("icon", wintypes.HICON),
        ("cursor", wintypes.HANDLE),
        ("brush", wintypes.HBRUSH),
        ("menu", wintypes.LPCWSTR),
        ("name", wintypes.LPCWSTR),
    )


class Painting(ctypes.Structure):
    """What is to be painted anew (PAINTSTRUCT)."""

    _fields_ = (
        ("context", wintypes.HDC),
        ("erase", wintypes.BOOL),
        ("part", wintypes.RECT),
        ("restore", wintypes.BOOL),
        ("update", wintypes.BOOL),
        ("reserved", ctypes.c_byte * 32),
    )


class PictureHead(ctypes.Structure):
    """How the pixels of a picture lie (BITMAPINFOHEADER); with a negative height the upper row comes first."""

    _fields_ = (
        ("size", wintypes.DWORD),
        ("width", wintypes.LONG),
        ("height", wintypes.LONG),
        ("planes", wintypes.WORD),
        ("bits", wintypes.WORD),
        ("compression", wintypes.DWORD),
        ("bytes", wintypes.DWORD),
        ("across", wintypes.LONG),
        ("down", wintypes.LONG),
        ("colours", wintypes.DWORD),
        ("important", wintypes.DWORD),
    )


class Tracking(ctypes.Structure):
    """When to be told that the mouse is elsewhere (TRACKMOUSEEVENT)."""

    _fields_ = (
        ("size", wintypes.DWORD),
        ("flags", wintypes.DWORD),
        ("window", wintypes.HWND),
        ("hover", wintypes.DWORD),
    )


_HWND, _INT = wintypes.HWND, ctypes.c_int

for _function, _result, *_arguments in (
    (kernel32.GetModuleHandleW, wintypes.HMODULE, wintypes.LPCWSTR),
    (user32.RegisterClassW, wintypes.ATOM, ctypes.POINTER(WindowClass)),
    (user32.LoadCursorW, wintypes.HANDLE, wintypes.HINSTANCE, ctypes.c_void_p),
    (
        user32.CreateWindowExW,
        _HWND,
        wintypes.DWORD,
        wintypes.LPCWSTR,
        wintypes.LPCWSTR,
        wintypes.DWORD,
        *[_INT] * 4,
        _HWND,
        wintypes.HMENU,
        wintypes.HINSTANCE,
        wintypes.LPVOID,
    ),
    (user32.DefWindowProcW, ctypes.c_ssize_t, _HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM),
    (user32.GetDpiForSystem, wintypes.UINT),
    (user32.SetWindowTextW, wintypes.BOOL, _HWND, wintypes.LPCWSTR),
    (user32.ShowWindow, wintypes.BOOL, _HWND, _INT),
    (user32.SetWindowPos, wintypes.BOOL, _HWND, _HWND, *[_INT] * 4, wintypes.UINT),
    (user32.InvalidateRect, wintypes.BOOL, _HWND, ctypes.c_void_p, wintypes.BOOL),
    (user32.BeginPaint, wintypes.HDC, _HWND, ctypes.POINTER(Painting)),
    (user32.EndPaint, wintypes.BOOL, _HWND, ctypes.POINTER(Painting)),
    (user32.TrackMouseEvent, wintypes.BOOL, ctypes.POINTER(Tracking)),
    (user32.SystemParametersInfoW, wintypes.BOOL, wintypes.UINT, wintypes.UINT, ctypes.c_void_p, wintypes.UINT),
    (
        gdi32.StretchDIBits,
        _INT,
        wintypes.HDC,
        *[_INT] * 8,
        ctypes.c_char_p,
        ctypes.c_void_p,
        wintypes.UINT,
        wintypes.DWORD,
    ),
):
    _function.restype, _function.argtypes = _result, _arguments  # type: ignore[attr-defined]
