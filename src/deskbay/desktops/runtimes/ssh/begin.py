"""What is run first on a host, as `__main__.py` of the archive that is put there: unpacks that, begins the steward."""

import os
import shutil
import sys
from pathlib import Path
from tempfile import mkdtemp
from zipfile import ZipFile

NEEDED = (3, 11)


def begin(archive: Path) -> None:
    """Begin, from the archive `programs/<name>.zip` below the folder of what is kept."""
    folder = archive.with_suffix("")
    if not folder.is_dir():
        unpack(archive, folder)
    sys.path[0] = str(folder)
    import asyncio

    from deskbay.desktops.runtimes.ssh.steward import serve

    asyncio.run(serve(folder.parents[1], folder))


def unpack(archive: Path, folder: Path) -> None:
    """Make the folder whole in one step, as two may begin at once. People in desktops read what is in it."""
    os.umask(0o022)
    made = mkdtemp(dir=archive.parent)
    try:
        with ZipFile(archive) as packed:
            for entry in packed.infolist():
                Path(packed.extract(entry, made)).chmod(entry.external_attr >> 16)
        Path(made).chmod(0o755)
        Path(made).rename(folder)
    except OSError:
        shutil.rmtree(made, ignore_errors=True)
        if not folder.is_dir():
            raise


if __name__ == "__main__":
    if sys.version_info < NEEDED:
        sys.exit("its python3 is older than 3.11")
    begin(Path(__file__).parent)
