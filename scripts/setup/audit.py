"""What scripts/audit does: asks a database of advisories, OSV, for every package that is locked here."""

import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.request import Request, urlopen

from scripts.setup import ROOT, WEB
from scripts.setup.steps import tell

ADVISORIES = "https://api.osv.dev"
REQUIREMENTS = ("server.txt", "develop.txt", "tools.txt", "windows.txt")
PINNED = re.compile(r"^([a-z0-9._-]+)(?:\[[a-z,-]+\])?==([^\s;\\]+)", re.MULTILINE)
MOST_AT_ONCE = 500
PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, order=True, slots=True)
class Package:
    """A package that is locked, and where it comes from."""

    ecosystem: str
    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name} {self.version} ({self.ecosystem})"


def python_packages(folder: Path) -> Iterator[Package]:
    """Yield what the lock files of Python packages name."""
    for file in REQUIREMENTS:
        for name, version in PINNED.findall((folder / file).read_text()):
            yield Package("PyPI", name, version)


def web_packages(lock: Path) -> Iterator[Package]:
    """Yield what the lock file of the web page names."""
    for place, details in json.loads(lock.read_text())["packages"].items():
        name = place.rpartition("node_modules/")[2]
        if name and "version" in details:
            yield Package("npm", details.get("name", name), details["version"])


def holes(packages: Sequence[Package], advisories: str) -> Iterator[tuple[Package, list[str]]]:
    """Yield the packages with known holes, and what these are called. Raises OSError or HTTPException."""
    for start in range(0, len(packages), MOST_AT_ONCE):
        asked = packages[start : start + MOST_AT_ONCE]
        for package, found in zip(asked, _ask(asked, advisories), strict=True):
            if known := [hole["id"] for hole in found.get("vulns", ())]:
                yield package, known


def _ask(packages: Sequence[Package], advisories: str) -> list[dict[str, list[dict[str, str]]]]:
    queries = [{"package": {"ecosystem": one.ecosystem, "name": one.name}, "version": one.version} for one in packages]
    body = json.dumps({"queries": queries}).encode()
    request = Request(f"{advisories}/v1/querybatch", body, {"Content-Type": "application/json"})  # noqa: S310 - HTTP(S)
    with urlopen(request, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310
        results: list[dict[str, list[dict[str, str]]]] = json.load(answer)["results"]
    return results


def main() -> int:
    """Return 1 where there is a known hole, 0 where there is none or nobody could be asked."""
    packages = sorted({*python_packages(ROOT / "requirements"), *web_packages(WEB / "package-lock.json")})
    try:
        found = list(holes(packages, os.environ.get("DESKBAY_ADVISORIES", ADVISORIES)))
    except (OSError, HTTPException, ValueError, KeyError) as error:
        tell(f"- audit: nobody could be asked about {len(packages)} packages ({error}). Nothing is known of holes.")
        return 0
    for package, known in found:
        tell(f"✗ {package} has known holes: {', '.join(known)}. Take a newer one in requirements/ or web/package.json.")
    tell(f"{'✗' if found else '✓'} audit: {len(packages)} packages, {len(found)} with known holes")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
