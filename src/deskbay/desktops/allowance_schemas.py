"""Allowances on the wire: as administrators set them, and as people see what is left of theirs."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from deskbay.accounts.groups.schemas import GroupBrief
from deskbay.accounts.schemas import OwnerOut
from deskbay.kit.intervals import Period
from deskbay.kit.keys import LARGEST_KEY

MOST = 1_000_000
BUDGET_PERIODS = {Period.WEEK, Period.MONTH}

PersonKey = Annotated[int, Field(ge=1, le=LARGEST_KEY)]


class Amounts(BaseModel):
    """What may run at once, and for how long altogether. Null says nothing."""

    desktops: Annotated[int, Field(ge=0, le=MOST)] | None = Field(None, description="Running at once", examples=[2])
    memory_mb: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = Field(
        None, description="Of all that run, in MiB", examples=[8192]
    )
    cpus: Annotated[float, Field(ge=0, le=MOST, allow_inf_nan=False)] | None = Field(
        None, description="Of all that run, in cores", examples=[4.0]
    )
    hours: Annotated[float, Field(ge=0, le=MOST, allow_inf_nan=False)] | None = Field(
        None, description="Of running desktops in each `period`: two desktops use two hours in an hour", examples=[40.0]
    )
    period: Period | None = Field(None, description="`week`, from Monday, or `month`", examples=["month"])


class AllowanceIn(Amounts):
    """A rule for a user or for a group."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"user_id": 1, "desktops": 2}]})

    user_id: PersonKey | None = None
    group_id: PersonKey | None = None
    is_shared: bool = Field(False, description="Whether all members of the group share it; else each has it")

    @model_validator(mode="after")
    def _means_somebody_and_something(self) -> Self:
        if (self.user_id is None) == (self.group_id is None):
            raise ValueError("either user_id or group_id says for whom it is")
        if self.is_shared and self.group_id is None:
            raise ValueError("only a group can share an allowance")
        if self.desktops is self.memory_mb is self.cpus is self.hours is None:
            raise ValueError("one of desktops, memory_mb, cpus and hours has to be there")
        if (self.hours is None) != (self.period is None) or self.period not in {None, *BUDGET_PERIODS}:
            raise ValueError("hours need a period, week or month, and a period needs hours")
        return self


class AllowanceOut(Amounts):
    """A rule."""

    model_config = ConfigDict(from_attributes=True)

    id: int = Field(examples=[1])
    user: OwnerOut | None
    group: GroupBrief | None
    is_shared: bool


class AllowanceList(BaseModel):
    items: list[AllowanceOut]


class BudgetOut(BaseModel):
    """Hours of running desktops that somebody has in this week or month."""

    group: str | None = Field(description="The group that gives them; null: you yourself", examples=["Class 7b"])
    is_shared: bool = Field(description="Whether all members of the group use the same hours")
    period: Period
    hours: float = Field(examples=[40.0])
    used_hours: float = Field(examples=[12.5])
    resets_at: datetime = Field(description="When they start anew")


class OwnAllowances(BaseModel):
    """What you may have."""

    most_running: int | None = Field(description="How many desktops may run at once; null: as many as you like")
    running: int = Field(description="How many do", examples=[1])
    budgets: list[BudgetOut]
