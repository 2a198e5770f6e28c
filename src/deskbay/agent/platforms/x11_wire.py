"""Questions to an X server, many at once: each is sent when asked and answered when its answer is called for."""

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import xcffib
import xcffib.randr
import xcffib.res
import xcffib.screensaver
import xcffib.xproto

from deskbay.agent.platforms import NoDesktop
from deskbay.agent.shapes import Monitor

_MEBIBYTE_IN_WORDS = 2**18
_MOST_RINGS = 2**15 - 1
_LOCAL_PROCESS = xcffib.res.ClientIdMask.LocalClientPID
_GONE = (xcffib.xproto.WindowError, xcffib.xproto.DrawableError, xcffib.xproto.MatchError)

_ATOMS = (
    "WM_CHANGE_STATE",
    "WM_CLASS",
    "WM_CLIENT_MACHINE",
    "WM_NAME",
    "WM_STATE",
    "WM_TRANSIENT_FOR",
    "_NET_ACTIVE_WINDOW",
    "_NET_CLIENT_LIST",
    "_NET_CLIENT_LIST_STACKING",
    "_NET_CURRENT_DESKTOP",
    "_NET_FRAME_EXTENTS",
    "_NET_MOVERESIZE_WINDOW",
    "_NET_STARTUP_ID",
    "_NET_SUPPORTING_WM_CHECK",
    "_NET_WM_DESKTOP",
    "_NET_WM_NAME",
    "_NET_WM_STATE",
    "_NET_WM_STATE_FULLSCREEN",
    "_NET_WM_STATE_HIDDEN",
    "_NET_WM_STATE_MAXIMIZED_HORZ",
    "_NET_WM_STATE_MAXIMIZED_VERT",
    "_NET_WM_STATE_SKIP_TASKBAR",
    "_NET_WM_WINDOW_TYPE",
    "_NET_WM_WINDOW_TYPE_DESKTOP",
    "_NET_WM_WINDOW_TYPE_DOCK",
    "_NET_WM_WINDOW_TYPE_MENU",
    "_NET_WM_WINDOW_TYPE_NOTIFICATION",
    "_NET_WM_WINDOW_TYPE_SPLASH",
    "_NET_WM_WINDOW_TYPE_TOOLBAR",
    "_NET_WM_WINDOW_TYPE_UTILITY",
    "_NET_WORKAREA",
)


class _Connection(xcffib.Connection):
    """A connection that says of a server that has gone, whatever it is asked then, that the desktop has ended."""

    def invalid(self) -> None:
        try:
            super().invalid()  # type: ignore[no-untyped-call]
        except xcffib.ConnectionException as error:
            raise NoDesktop("The desktop has ended.") from error

    def wait_for_reply(self, sequence: int) -> object:
        try:
            return super().wait_for_reply(sequence)
        except xcffib.XcffibException:
            self.invalid()
            raise


@dataclass(frozen=True, slots=True)
class Property:
    """What a window says under one name; empty where it says nothing."""

    raw: bytes

    def __bool__(self) -> bool:
        return bool(self.raw)

    @property
    def numbers(self) -> tuple[int, ...]:
        return struct.unpack(f"={len(self.raw) // 4}I", self.raw[: len(self.raw) // 4 * 4])

    @property
    def number(self) -> int | None:
        return next(iter(self.numbers), None)

    @property
    def text(self) -> str:
        try:
            return self.raw.decode()
        except UnicodeDecodeError:
            return self.raw.decode("latin-1")


@dataclass(frozen=True, slots=True)
class Rectangle:
    """In pixels, from the upper left of the whole screen."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that an X server told: of a property, of where a window lies, or of a bell: `name` says which."""

    window: int
    name: str


class Wire:
    """A connection to an X server."""

    def __init__(self, display: str | None) -> None:
        try:
            self._connection = _Connection(display)  # type: ignore[no-untyped-call]
        except NoDesktop as error:
            raise NoDesktop("No X11 desktop can be reached. Start this inside one, with DISPLAY set.") from error
        self._core = xcffib.xproto.xprotoExtension(self._connection)
        setup = self._connection.get_setup()
        self._client_mask: int = ~setup.resource_id_mask & 0xFFFFFFFF
        self.root: int = setup.roots[self._connection.pref_screen].root
        self._bell, self._rings = self._make_bell(), 0
        self._atoms = self._intern()
        self._names = {number: name for name, number in self._atoms.items()}
        self._monitors = self._connection(xcffib.randr.key)
        self._saver = self._connection(xcffib.screensaver.key)
        self._resources = self._connection(xcffib.res.key)
        self._resources.QueryVersion(1, 2).reply()
        self._monitors.QueryVersion(1, 5).reply()

    def _make_bell(self) -> int:
        """A window that is never shown."""
        bell, told = int(self._connection.generate_id()), xcffib.xproto.EventMask.StructureNotify
        only_input = (0, xcffib.xproto.WindowClass.InputOnly, 0)
        self._core.CreateWindow(0, bell, self.root, 0, 0, 1, 1, *only_input, xcffib.xproto.CW.EventMask, [told])
        return bell

    def _intern(self) -> dict[str, int]:
        questions = [self._core.InternAtom(False, len(name), name) for name in _ATOMS]
        return {name: question.reply().atom for name, question in zip(_ATOMS, questions, strict=True)}

    def close(self) -> None:
        self._connection.disconnect()  # type: ignore[no-untyped-call]

    def fileno(self) -> int:
        return int(self._connection.get_file_descriptor())

    def atom(self, name: str) -> int:
        """The number of a name."""
        return self._atoms[name]

    def names(self, numbers: Sequence[int]) -> set[str]:
        """The names that numbers stand for, as far as this program uses them."""
        return {self._names[number] for number in numbers if number in self._names}

    def ask(self, window: int, name: str) -> Callable[[], Property]:
        """What a window says under a name; nothing where the window is gone."""
        question = self._core.GetProperty(False, window, self._atoms[name], 0, 0, _MEBIBYTE_IN_WORDS)

        def answer() -> Property:
            try:
                return Property(bytes(question.reply().value.buf()))
            except _GONE:
                return Property(b"")

        return answer

    def ask_where(self, window: int) -> Callable[[], Rectangle | None]:
        """Where a window's inside lies; None where the window is gone."""
        size = self._core.GetGeometry(window)
        corner = self._core.TranslateCoordinates(window, self.root, 0, 0)

        def answer() -> Rectangle | None:
            try:
                found, offset = size.reply(), corner.reply()
            except _GONE:
                return None
            return Rectangle(offset.dst_x, offset.dst_y, found.width, found.height)

        return answer

    def ask_processes(self, windows: Sequence[int]) -> Callable[[], dict[int, int]]:
        """The process behind each window, as far as the server knows it: the one at the other end of its socket."""
        specs = [xcffib.res.ClientIdSpec.synthetic(window, _LOCAL_PROCESS) for window in windows]
        question = self._resources.QueryClientIds(len(specs), specs)

        def answer() -> dict[int, int]:
            found = {value.spec.client: value.value[0] for value in question.reply().ids if value.length}
            clients = {window: window & self._client_mask for window in windows}
            return {window: found[client] for window, client in clients.items() if client in found}

        return answer

    def monitors(self) -> list[Monitor]:
        """Whole screens, as they are plugged in."""
        found = self._monitors.GetMonitors(self.root, True).reply().monitors
        return [Monitor(each.x, each.y, each.width, each.height, bool(each.primary)) for each in found]

    def idle_seconds(self) -> float:
        return float(self._saver.QueryInfo(self.root).reply().ms_since_user_input / 1000)

    def listen(self, window: int) -> None:
        """Be told from now on when properties of a window change, or where it lies."""
        mask = xcffib.xproto.EventMask.PropertyChange | xcffib.xproto.EventMask.StructureNotify
        self._core.ChangeWindowAttributes(window, xcffib.xproto.CW.EventMask, [mask])

    def listen_to_monitors(self) -> None:
        """Be told from now on when monitors come, go or change."""
        self._monitors.SelectInput(self.root, xcffib.randr.NotifyMask.ScreenChange)

    def happenings(self) -> Iterator[Happening]:
        """What the server told since; of windows that are gone it may only complain."""
        while True:
            try:
                event = self._connection.poll_for_event()
            except _GONE:
                continue
            if event is None:
                return
            if isinstance(event, xcffib.xproto.PropertyNotifyEvent):
                yield Happening(event.window, self._names.get(event.atom, ""))
            elif isinstance(event, xcffib.xproto.ConfigureNotifyEvent):
                yield Happening(event.window, "bell" if event.window == self._bell else "place")
            elif isinstance(event, xcffib.randr.ScreenChangeNotifyEvent):
                yield Happening(self.root, "monitors")

    def tell_manager(self, window: int, name: str, *numbers: int) -> None:
        """Ask the window manager for something that concerns a window."""
        data = xcffib.xproto.ClientMessageData.synthetic([*numbers, *[0] * (5 - len(numbers))], "I" * 5)
        event = xcffib.xproto.ClientMessageEvent.synthetic(32, window, self._atoms[name], data)
        mask = xcffib.xproto.EventMask.SubstructureNotify | xcffib.xproto.EventMask.SubstructureRedirect
        self._core.SendEvent(False, self.root, mask, event.pack())
        self._connection.flush()

    def ring(self) -> Callable[[], bool]:
        """Ask something of the window manager that nobody sees; gives the question whether it has answered.

        It does what it is asked in turn, and has to let a window that was never shown go where that likes: once the
        bell is there, all is done that was asked before. Without a window manager the server itself answers at once.
        """
        self._rings = ring = self._rings % _MOST_RINGS + 1
        self._core.ConfigureWindow(self._bell, xcffib.xproto.ConfigWindow.X, [ring])
        self._connection.flush()
        return lambda: (where := self.ask_where(self._bell)()) is not None and where.x == ring

    def ask_to_map(self, window: int) -> None:
        """Have the window manager show a window that is put away, without bringing it to the front."""
        self._core.MapWindow(window)
        self._connection.flush()

    def ask_to_lift(self, window: int) -> None:
        """Have the window manager put a window above the others."""
        self._core.ConfigureWindow(window, xcffib.xproto.ConfigWindow.StackMode, [xcffib.xproto.StackMode.Above])
        self._connection.flush()
