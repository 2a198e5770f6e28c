"""Settings over HTTP: they can be seen, and are changed where they come from."""

from http import HTTPStatus

from fastapi import APIRouter, Depends

from deskbay.accounts.access import Needs
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.accounts.settings.schemas import SettingList
from deskbay.accounts.settings.service import list_settings
from deskbay.kit.problems import documented
from deskbay.settings import SettingsOfApp

router = APIRouter(
    prefix="/api/v1/settings",
    tags=["server"],
    responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT),
)


@router.get("", name="list_settings", dependencies=[Depends(Needs(Scope.SERVER_READ, Reach.ALL))])
async def get_settings(settings: SettingsOfApp) -> SettingList:
    """List every setting with its value and where that comes from."""
    return SettingList(items=list(list_settings(settings)))
