"""What the agent asks of Windows, by ctypes: each call with its types, as Microsoft documents them."""

import ctypes
import sys
from ctypes import wintypes

assert sys.platform == "win32"  # noqa: S101 - for checkers of types: the rest has no meaning elsewhere

user32 = ctypes.WinDLL("user32", use_last_error=True)
kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
dwmapi = ctypes.WinDLL("dwmapi")

EVENT_SYSTEM_FOREGROUND, EVENT_SYSTEM_MOVESIZEEND = 0x0003, 0x000B
EVENT_SYSTEM_MINIMIZESTART, EVENT_SYSTEM_MINIMIZEEND = 0x0016, 0x0017
EVENT_OBJECT_CREATE, EVENT_OBJECT_HIDE = 0x8000, 0x8003
EVENT_OBJECT_LOCATIONCHANGE, EVENT_OBJECT_NAMECHANGE = 0x800B, 0x800C
WINEVENT_OUTOFCONTEXT = 0
OBJID_WINDOW = 0

GWL_STYLE, GWL_EXSTYLE = -16, -20
GW_OWNER = 4
GA_ROOTOWNER = 3
WS_CAPTION = 0x00C00000
WS_EX_TOOLWINDOW, WS_EX_APPWINDOW, WS_EX_NOACTIVATE = 0x80, 0x40000, 0x8000000
DWMWA_CLOAKED = 14
SW_MAXIMIZE, SW_SHOWMINNOACTIVE, SW_RESTORE = 3, 7, 9
SWP_NOSIZE, SWP_NOMOVE, SWP_NOZORDER, SWP_NOACTIVATE = 0x1, 0x2, 0x4, 0x10
SWP_NOOWNERZORDER, SWP_ASYNCWINDOWPOS = 0x200, 0x4000
HWND_TOP = None
MONITORINFOF_PRIMARY = 1
MONITOR_DEFAULTTONEAREST = 2
PER_MONITOR_AWARE_V2 = -4
QS_ALLINPUT = 0x04FF
MWMO_INPUTAVAILABLE = 4
PM_REMOVE = 1
WM_NULL = 0
SMTO_NORMAL = 0
WAIT_OBJECT_0 = 0


class WindowPlacement(ctypes.Structure):
    """Where a window lies, and lay before it was minimised or maximised (WINDOWPLACEMENT)."""

    _fields_ = (
        ("length", wintypes.UINT),
        ("flags", wintypes.UINT),
        ("show", wintypes.UINT),
        ("minimized", wintypes.POINT),
        ("maximized", wintypes.POINT),
        ("normal", wintypes.RECT),
    )


class MonitorInfo(ctypes.Structure):
    """A screen, and what the task bar leaves of it (MONITORINFO)."""

    _fields_ = (
        ("size", wintypes.DWORD),
        ("whole", wintypes.RECT),
        ("work", wintypes.RECT),
        ("flags", wintypes.DWORD),
    )


class LastInput(ctypes.Structure):
    """When keyboard or mouse were last touched (LASTINPUTINFO)."""

    _fields_ = (("size", wintypes.UINT), ("time", wintypes.DWORD))


WindowVisitor = ctypes.WINFUNCTYPE(wintypes.BOOL, wintypes.HWND, wintypes.LPARAM)
MonitorVisitor = ctypes.WINFUNCTYPE(
    wintypes.BOOL, wintypes.HMONITOR, wintypes.HDC, ctypes.POINTER(wintypes.RECT), wintypes.LPARAM
)
EventListener = ctypes.WINFUNCTYPE(
    None,
    wintypes.HANDLE,
    wintypes.DWORD,
    wintypes.HWND,
    wintypes.LONG,
    wintypes.LONG,
    wintypes.DWORD,
    wintypes.DWORD,
)

_HWND, _RECT = wintypes.HWND, ctypes.POINTER(wintypes.RECT)

for _function, _result, *_arguments in (
    (user32.EnumWindows, wintypes.BOOL, WindowVisitor, wintypes.LPARAM),
    (user32.EnumDisplayMonitors, wintypes.BOOL, wintypes.HDC, _RECT, MonitorVisitor, wintypes.LPARAM),
    (user32.GetMonitorInfoW, wintypes.BOOL, wintypes.HMONITOR, ctypes.POINTER(MonitorInfo)),
    (user32.MonitorFromWindow, wintypes.HMONITOR, _HWND, wintypes.DWORD),
    (user32.IsWindow, wintypes.BOOL, _HWND),
    (user32.IsWindowVisible, wintypes.BOOL, _HWND),
    (user32.IsIconic, wintypes.BOOL, _HWND),
    (user32.IsZoomed, wintypes.BOOL, _HWND),
    (user32.GetWindow, _HWND, _HWND, wintypes.UINT),
    (user32.GetAncestor, _HWND, _HWND, wintypes.UINT),
    (user32.GetWindowLongW, wintypes.LONG, _HWND, ctypes.c_int),
    (user32.GetWindowTextLengthW, ctypes.c_int, _HWND),
    (user32.GetWindowTextW, ctypes.c_int, _HWND, wintypes.LPWSTR, ctypes.c_int),
    (user32.GetClassNameW, ctypes.c_int, _HWND, wintypes.LPWSTR, ctypes.c_int),
    (user32.GetWindowThreadProcessId, wintypes.DWORD, _HWND, ctypes.POINTER(wintypes.DWORD)),
    (user32.GetForegroundWindow, _HWND),
    (user32.SetForegroundWindow, wintypes.BOOL, _HWND),
    (user32.GetWindowRect, wintypes.BOOL, _HWND, _RECT),
    (user32.GetClientRect, wintypes.BOOL, _HWND, _RECT),
    (user32.ClientToScreen, wintypes.BOOL, _HWND, ctypes.POINTER(wintypes.POINT)),
    (user32.GetWindowPlacement, wintypes.BOOL, _HWND, ctypes.POINTER(WindowPlacement)),
    (user32.ShowWindowAsync, wintypes.BOOL, _HWND, ctypes.c_int),
    (user32.SetWindowPos, wintypes.BOOL, _HWND, _HWND, *[ctypes.c_int] * 4, wintypes.UINT),
    (
        user32.SendMessageTimeoutW,
        ctypes.c_ssize_t,
        _HWND,
        wintypes.UINT,
        wintypes.WPARAM,
        wintypes.LPARAM,
        *[wintypes.UINT] * 2,
        ctypes.c_void_p,
    ),
    (user32.GetLastInputInfo, wintypes.BOOL, ctypes.POINTER(LastInput)),
    (user32.SetProcessDpiAwarenessContext, wintypes.BOOL, ctypes.c_ssize_t),
    (
        user32.SetWinEventHook,
        wintypes.HANDLE,
        wintypes.DWORD,
        wintypes.DWORD,
        wintypes.HMODULE,
        EventListener,
        *[wintypes.DWORD] * 3,
    ),
    (user32.UnhookWinEvent, wintypes.BOOL, wintypes.HANDLE),
    (user32.PeekMessageW, wintypes.BOOL, ctypes.POINTER(wintypes.MSG), _HWND, *[wintypes.UINT] * 3),
    (user32.DispatchMessageW, ctypes.c_ssize_t, ctypes.POINTER(wintypes.MSG)),
    (
        user32.MsgWaitForMultipleObjectsEx,
        wintypes.DWORD,
        wintypes.DWORD,
        ctypes.POINTER(wintypes.HANDLE),
        *[wintypes.DWORD] * 3,
    ),
    (kernel32.GetTickCount, wintypes.DWORD),
    (dwmapi.DwmGetWindowAttribute, ctypes.c_long, _HWND, wintypes.DWORD, ctypes.c_void_p, wintypes.DWORD),
):
    _function.restype, _function.argtypes = _result, _arguments  # type: ignore[attr-defined]

ws2_32 = ctypes.WinDLL("ws2_32", use_last_error=True)

FD_READ, FD_CLOSE = 0x01, 0x20

ws2_32.WSACreateEvent.restype, ws2_32.WSACreateEvent.argtypes = wintypes.HANDLE, ()
ws2_32.WSACloseEvent.restype, ws2_32.WSACloseEvent.argtypes = wintypes.BOOL, (wintypes.HANDLE,)
ws2_32.WSAEventSelect.restype = ctypes.c_int
ws2_32.WSAEventSelect.argtypes = (ctypes.c_size_t, wintypes.HANDLE, ctypes.c_long)
