"""What people do with their own account: no token of the API may do it for them."""

from typing import Annotated

from fastapi import Depends

from deskbay.accounts.access import Caller, Needs, NeedsBriefly
from deskbay.accounts.rights.scopes import Scope

OwnReader = Annotated[Caller, Depends(Needs(Scope.PROFILE_READ, private=True, in_person=True))]
OwnWriter = Annotated[Caller, Depends(Needs(Scope.PROFILE_WRITE, private=True, in_person=True))]
OwnWriterBriefly = Annotated[Caller, Depends(NeedsBriefly(Scope.PROFILE_WRITE, private=True, in_person=True))]
