"""What a request tells of where it comes from, and under which address it found us."""

from typing import Annotated

from fastapi import Depends, Request

from deskbay.accounts.service import Visit
from deskbay.settings import SettingsOfApp


async def _visit(request: Request) -> Visit:
    address = request.client.host if request.client else None
    return Visit(address=address, program=request.headers.get("user-agent"))


async def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"


async def _base_url(request: Request, settings: SettingsOfApp) -> str:
    return (settings.public_url or str(request.base_url)).rstrip("/")


VisitOfRequest = Annotated[Visit, Depends(_visit)]
CallerAddress = Annotated[str, Depends(_address)]
"""The address that a request comes from, as far as proxies are believed."""
BaseUrl = Annotated[str, Depends(_base_url)]
"""The address of our page, without a slash at its end."""
