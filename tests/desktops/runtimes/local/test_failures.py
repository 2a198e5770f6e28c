import errno
from pathlib import Path
from uuid import UUID

import pytest

from deskbay.desktops.runtimes import LaunchError
from deskbay.desktops.runtimes.local.failures import TRY_AGAIN, explained
from deskbay.desktops.runtimes.local.folders import DesktopFolder


@pytest.fixture
def folder(tmp_path: Path) -> DesktopFolder:
    folder = DesktopFolder.of(tmp_path, UUID(int=1))
    folder.create()
    return folder


@pytest.mark.parametrize(("error", "sentence"), [
    (OSError(errno.ENOSPC, "No space"), "The disk that holds {data} is full. Free some space on it and launch again."),
    (OSError(errno.EDQUOT, "Quota"), "The disk that holds {data} is full. Free some space on it and launch again."),
    (OSError(errno.EACCES, "No", "/x"), "The server may not write to /x. Give that folder to the server's user."),
    (OSError(errno.EROFS, "Read-only"), "The server may not write to {data}. Give that folder to the server's user."),
    (OSError(errno.EMFILE, "Too many"), "The server has too many files open. Raise its limit: ulimit -n 65536"),
    (OSError(errno.EIO, "Input/output error"), "The desktop could not start: Input/output error. {again}"),
    (TimeoutError(), "This computer is too busy to start a desktop. End another one or try again later."),
    (ChildProcessError(), "The desktop's sandbox could not start (it said nothing). {again}"),
    (LaunchError("As it is."), "As it is."),
])  # fmt: skip
def test_each_error_has_a_sentence(folder: DesktopFolder, error: Exception, sentence: str) -> None:
    with pytest.raises(LaunchError) as raised, explained(folder):
        raise error
    assert str(raised.value) == sentence.format(data=folder.path.parents[1], again=TRY_AGAIN)


def test_a_sandbox_that_needs_namespaces_says_how_to_get_them(folder: DesktopFolder) -> None:
    folder.log.write_text(
        "bwrap: No permissions to create new namespace, likely because the kernel does not allow it\n"
    )
    sentence = r"Start the server as root, or .* kernel.unprivileged_userns_clone=1"
    with pytest.raises(LaunchError, match=sentence), explained(folder):
        raise ChildProcessError


def test_other_errors_are_not_explained_away(folder: DesktopFolder) -> None:
    with pytest.raises(ZeroDivisionError), explained(folder):
        raise ZeroDivisionError
