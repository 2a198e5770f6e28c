"""The programs that local desktops need, and the Debian packages that have them."""

import shutil

_ALL = {
    "bwrap": "bubblewrap",
    "slirp4netns": "slirp4netns",
    "setpriv": "util-linux",
    "Xvnc": "tigervnc-standalone-server",
    "dbus-daemon": "dbus",
}
_OPENBOX = {"openbox": "openbox"}
_BY_PROFILE = {
    "desktop": {**_OPENBOX, "tint2": "tint2", "pcmanfm": "pcmanfm", "xterm": "xterm"},
    "full-desktop": {"xfce4-session": "xfce4", "xfce4-terminal": "xfce4-terminal"},
    "browser": {**_OPENBOX, "chromium": "chromium"},
}


def missing_packages(profile: str) -> list[str]:
    """The packages that a profile needs and this computer lacks."""
    needed = _ALL | _BY_PROFILE.get(profile, {})
    return sorted({package for program, package in needed.items() if shutil.which(program) is None})


def missing_sentence(profile: str) -> str | None:
    """Which programs are missing for a profile and the command that installs them; None when all are there."""
    packages = missing_packages(profile)
    if not packages:
        return None
    listed = " ".join(packages)
    return f"This computer lacks {', '.join(packages)}. Install with: apt-get install {listed}"
