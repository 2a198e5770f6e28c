"""Paths and addresses of files as they are on this device, for a session that was saved on another one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

_WINDOWS_DRIVE = re.compile(r"^[A-Za-z]:[\\/]")


@dataclass(frozen=True, slots=True)
class PathMap:
    """Folders of the other device, each with the one of this device that stands for it; of two the longer counts."""

    folders: Mapping[str, str]

    @classmethod
    def between(cls, their_home: str, our_home: str, more: Mapping[str, str]) -> "PathMap":
        """The other home is ours, and what a person's rules say beside."""
        folders = {_plain(there): _plain(here) for there, here in {their_home: our_home, **more}.items() if there}
        return cls({there: here for there, here in folders.items() if there != here})

    def word(self, word: str) -> str:
        """A path, a `file:` address, or an option that has one of them behind `=`; any other word as it is."""
        if word.startswith("file://"):
            return "file://" + quote(self.path(unquote(word.removeprefix("file://"))))
        if word.startswith("-") and "=" in word:
            option, _, value = word.partition("=")
            return f"{option}={self.word(value)}"
        return self.path(word)

    def path(self, path: str) -> str:
        """A path below one of the folders as it is here; any other as it is."""
        plain = _plain(path)
        for there in sorted(self.folders, key=len, reverse=True):
            if plain == there or plain.startswith(f"{there}/"):
                return self.folders[there] + plain.removeprefix(there)
        return path


def _plain(path: str) -> str:
    r"""A path with `/` between its parts: `C:\Users\ada` is `C:/Users/ada`."""
    plain = path.replace("\\", "/") if _WINDOWS_DRIVE.match(path) or path.startswith("\\\\") else path
    return plain.rstrip("/") or plain
