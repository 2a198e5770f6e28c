"""The agent as a package that pip installs (PEP 427): for computers that have nothing else of Deskbay."""

import base64
import hashlib
import io
from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from fastapi import APIRouter, Response

from deskbay import agent
from deskbay.accounts.access import PUBLIC
from deskbay.agent.reporter import VERSION
from deskbay.kit.problems import Problem, documented

FILE = f"deskbay_agent-{VERSION}-py3-none-any.whl"
_ABOUT = f"deskbay_agent-{VERSION}.dist-info"
_METADATA = f"""Metadata-Version: 2.1
Name: deskbay-agent
Version: {VERSION}
Summary: Reports which applications are used on this device, and brings sessions back
Requires-Python: >=3.11
Requires-Dist: xcffib; sys_platform == "linux"
Requires-Dist: pyobjc-framework-ApplicationServices; sys_platform == "darwin"
Requires-Dist: pyobjc-framework-Cocoa; sys_platform == "darwin"
Requires-Dist: pyobjc-framework-Quartz; sys_platform == "darwin"
"""
_WHEEL = "Wheel-Version: 1.0\nGenerator: deskbay\nRoot-Is-Purelib: true\nTag: py3-none-any\n"

router = APIRouter(prefix="/api/v1/agent", tags=["agent"])
WHEEL: dict[int | str, dict[str, object]] = {200: {"description": "The package", "content": {"application/zip": {}}}}


@router.get(
    "/package/{file}",
    response_class=Response,
    responses=WHEEL | documented(HTTPStatus.NOT_FOUND),
    dependencies=[PUBLIC],
)
async def download_agent(file: str) -> Response:
    """Download the agent as a package for pip, which wants its name to be that of this version's file."""
    if file != FILE:
        raise Problem(HTTPStatus.NOT_FOUND, f"There is no such package. This server has {FILE}.")
    return Response(package(), media_type="application/zip")


@cache
def package() -> bytes:
    """The wheel, the same bytes each time."""
    contents = dict(_files())
    contents |= {f"{_ABOUT}/METADATA": _METADATA.encode(), f"{_ABOUT}/WHEEL": _WHEEL.encode()}
    record = [f"{name},sha256={_digest(content)},{len(content)}" for name, content in contents.items()]
    contents[f"{_ABOUT}/RECORD"] = "\n".join([*record, f"{_ABOUT}/RECORD,,", ""]).encode()
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as wheel:
        for name, content in contents.items():
            wheel.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return made.getvalue()


def _files() -> Iterator[tuple[str, bytes]]:
    """What there is of `deskbay.agent`, by the path that it is imported from."""
    folder = Path(agent.__file__).parent
    for file in sorted(folder.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            yield file.relative_to(folder.parents[1]).as_posix(), file.read_bytes()


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
