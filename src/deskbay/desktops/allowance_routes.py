"""What people and groups may have of running desktops, over HTTP."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends

from deskbay.accounts.access import Caller, Needs
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.database import Transaction
from deskbay.desktops import allowances, budgets, quotas
from deskbay.desktops.allowance_schemas import AllowanceIn, AllowanceList, AllowanceOut, BudgetOut, OwnAllowances
from deskbay.desktops.budgets import Budget
from deskbay.desktops.models import Allowance
from deskbay.desktops.service import Right
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.keys import Key
from deskbay.kit.problems import documented
from deskbay.settings import SettingsOfApp

router = APIRouter(prefix="/api/v1/allowances", tags=["allowances"], responses=documented(HTTPStatus.UNAUTHORIZED))
FORBIDDEN = documented(HTTPStatus.FORBIDDEN)
NOT_FOUND = documented(HTTPStatus.NOT_FOUND)
CONFLICT = documented(HTTPStatus.CONFLICT)


ReaderOfOwn = Annotated[Caller, Depends(Needs(Scope.PEOPLE_READ, private=True))]
ReaderOfAll = Annotated[Caller, Depends(Needs(Scope.PEOPLE_READ, Reach.ALL))]
WriterOfAll = Annotated[Caller, Depends(Needs(Scope.PEOPLE_WRITE, Reach.ALL))]


async def _managed(allowance_id: Key, db: Transaction, _: WriterOfAll) -> Allowance:
    return await allowances.get_allowance(db, allowance_id)


ManagedAllowance = Annotated[Allowance, Depends(_managed)]


@router.get("", responses=FORBIDDEN)
async def list_allowances(db: Transaction, _: ReaderOfAll) -> AllowanceList:
    """List the rules, oldest first."""
    return AllowanceList(items=[_shown(one) for one in await allowances.list_allowances(db)])


@router.get("/mine")
async def get_own_allowances(
    db: Transaction, caller: ReaderOfOwn, clock: ClockOfApp, settings: SettingsOfApp
) -> OwnAllowances:
    """Show what you may have, and what is left of it."""
    user, right = caller.user, Right.of(settings)
    most = quotas.most_of_each(await allowances.holding_for(db, user.id), right.running)
    return OwnAllowances(
        most_running=None if most.desktops is None else int(most.desktops),
        running=(await quotas.load_of(db, {user.id})).desktops,
        budgets=[_told(budget) for budget in await budgets.budgets_of(db, user.id, right.zone, clock.now())],
    )


@router.post("", status_code=HTTPStatus.CREATED, responses=FORBIDDEN | NOT_FOUND | CONFLICT)
async def create_allowance(wish: AllowanceIn, db: Transaction, _: WriterOfAll) -> AllowanceOut:
    """Make a rule for a user, for each member of a group, or for all its members together."""
    return _shown(await allowances.create_allowance(db, wish))


@router.put("/{allowance_id}", responses=FORBIDDEN | NOT_FOUND | CONFLICT)
async def change_allowance(allowance: ManagedAllowance, wish: AllowanceIn, db: Transaction) -> AllowanceOut:
    """Change a rule, whole. What runs goes on; it holds from the next launch on, its hours at once."""
    await allowances.change_allowance(db, allowance, wish)
    return _shown(allowance)


@router.delete("/{allowance_id}", status_code=HTTPStatus.NO_CONTENT, responses=FORBIDDEN | NOT_FOUND)
async def delete_allowance(allowance: ManagedAllowance, db: Transaction) -> None:
    """Take a rule away."""
    await allowances.delete_allowance(db, allowance)


def _shown(allowance: Allowance) -> AllowanceOut:
    return AllowanceOut.model_validate(allowance)


def _told(budget: Budget) -> BudgetOut:
    assert budget.rule.hours is not None  # noqa: S101 - else it were no budget
    assert budget.rule.period is not None  # noqa: S101
    return BudgetOut(
        group=budget.rule.group.name if budget.rule.group else None,
        is_shared=budget.rule.is_shared,
        period=budget.rule.period,
        hours=budget.rule.hours,
        used_hours=round(budget.used / timedelta(hours=1), 3),
        resets_at=budget.window.end,
    )
