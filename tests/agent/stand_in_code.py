"""A stand-in for Visual Studio Code, which can't be had here: a window a folder, its list of folders, one process.

The first start opens the windows. Later ones hand their folder over to it and end, as the real one does.
"""

import json
import socket
import sys
from contextlib import suppress
from pathlib import Path

import xcffib
import xcffib.xproto as x

STORAGE = Path.home() / ".config/Code/User/globalStorage/storage.json"
DOOR = Path.home() / "code.sock"


class StandInCode:
    def __init__(self) -> None:
        self._x = xcffib.connect()
        self._folders: list[str] = []

    def open(self, folder: str) -> None:
        """Show a window as the real one names it, and write its folder down."""
        screen = self._x.get_setup().roots[0]
        window = self._x.generate_id()
        core = x.xprotoExtension(self._x)
        core.CreateWindow(
            0, window, screen.root, 0, 0, 640, 400, 0, x.WindowClass.InputOutput, screen.root_visual, 0, []
        )
        title = f"main.py - {Path(folder).name} - Visual Studio Code".encode()
        for name, value in ((x.Atom.WM_NAME, title), (x.Atom.WM_CLASS, b"code\0Code\0")):
            core.ChangeProperty(x.PropMode.Replace, window, name, x.Atom.STRING, 8, len(value), value)
        core.MapWindow(window)
        self._x.flush()
        self._folders.append(folder)
        said = {"backupWorkspaces": {"folders": [{"folderUri": Path(each).as_uri()} for each in self._folders]}}
        STORAGE.parent.mkdir(parents=True, exist_ok=True)
        STORAGE.write_text(json.dumps(said, indent=4))


def main() -> None:
    folder = sys.argv[-1]
    with socket.socket(socket.AF_UNIX) as other, suppress(OSError):
        other.connect(str(DOOR))
        other.sendall(folder.encode())
        return
    DOOR.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(DOOR))
        door.listen()
        code = StandInCode()
        code.open(folder)
        while True:
            with door.accept()[0] as later:
                code.open(later.makefile().read())


if __name__ == "__main__":
    main()
