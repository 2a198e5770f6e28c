"""The Debian packages that local desktops need, and which of them this computer lacks."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LIST = Path(__file__).with_name("system.txt")
"""`package  # proof` a line; `requirements/system.txt` is the same file."""

_EVERY = {"# the sandbox", "# every profile"}
_PROFILE = "# profile "


@dataclass(frozen=True, slots=True)
class Package:
    """A package, the program or path that proves it is there, and the profile that needs it (None: every one)."""

    name: str
    proof: str
    profile: str | None

    @property
    def is_program(self) -> bool:
        """Whether nothing starts without it; others only spoil the look."""
        return not self.proof.startswith("/")

    @property
    def is_installed(self) -> bool:
        """Whether its proof is there."""
        return shutil.which(self.proof) is not None if self.is_program else Path(self.proof).exists()


@cache
def packages(file: Path = LIST) -> tuple[Package, ...]:
    """Every package of the list."""
    profile: str | None = None
    found = []
    for line in file.read_text().splitlines():
        if line in _EVERY:
            profile = None
        elif line.startswith(_PROFILE):
            profile = line.removeprefix(_PROFILE)
        elif line and not line.startswith("#"):
            name, _, proof = line.partition("#")
            found.append(Package(name.strip(), proof.strip(), profile))
    return tuple(found)


def missing_packages(profile: str) -> list[Package]:
    """The packages that a profile needs and this computer lacks."""
    return [package for package in packages() if package.profile in {None, profile} and not package.is_installed]


def install_command(names: Sequence[str]) -> str:
    """What root runs to install packages."""
    return f"apt-get install --no-install-recommends {' '.join(sorted(set(names)))}"


def missing_sentence(profile: str) -> str | None:
    """Which programs are missing for a profile and the command that installs them; None when it can start."""
    missing = [package for package in missing_packages(profile) if package.is_program]
    if not missing:
        return None
    programs = ", ".join(sorted(package.proof for package in missing))
    return f"This computer lacks {programs}. As root, run: {install_command([package.name for package in missing])}"
